/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_OFFICE_KIND_H
#define RENDER_WORKER_OFFICE_KIND_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Telling Office files by their content, whatever their sender calls them.
 * Works in place, in time bounded by the number of names it looks at.
 */
struct office_kind {
	const char *name; /* "docx", as file names end */
	const char *type; /* its MIME type */
	bool encrypted;   /* it certainly wants a password */
};

/*
 * NULL: no Office file. Formats: OOXML, ODF and what came before it (ZIP
 * files), the binary formats of Word, Excel, PowerPoint, Visio, Publisher,
 * Works and StarOffice (compound files, [MS-CFB]), RTF, WordPerfect, what old
 * programs wrote, and those that are one XML file: flat ODF, and Word's and
 * Excel's of 2003. Drawings that only LibreOffice reads are among them: their
 * types begin with "image/".
 */
const struct office_kind *office_kind_of(const void *data, size_t len);

#endif
