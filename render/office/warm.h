/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_OFFICE_WARM_H
#define RENDER_OFFICE_WARM_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Documents of our own that LibreOffice opens before a process is forked for a
 * stranger's: the first document of its kind pays for fonts, filters and tables
 * of the layout. Made by warm/make, put into the program by embed.cmake.
 */
struct warm_document {
	const char *name; /* as file names end: "docx" */
	const unsigned char *data;
	size_t len;
};

extern const struct warm_document warm_documents[];
extern const size_t n_warm_documents;

/*
 * After a while of rest, convert them, one after another, unless an order can
 * be read from order_fd: whoever waits is served better by a cold process at
 * once. What does not work is passed over; it says so again of documents that
 * somebody wants. True: it is warm, and so are all children from now on.
 */
bool warm_up(int order_fd);

#endif
