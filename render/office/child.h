/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_OFFICE_CHILD_H
#define RENDER_OFFICE_CHILD_H

#include <sys/types.h>

#include "base/err.h"

/*
 * The process that opens one document, and no other: forked ahead from one that
 * runs LibreOffice, it gives up what it does not need, and waits for the word.
 */
struct child {
	pid_t pid;
	int go_fd; /* ours; -1: the word was given */
};

/* How it ended, beside the kit's outcomes. */
enum child_end {
	CHILD_CONVERTED = 0,
	CHILD_BROKE = 100, /* a signal, or a status that makes no sense */
	CHILD_TOO_LONG,
};

/*
 * Fork it. Of our descriptors it keeps those that LibreOffice has opened; the
 * two of not_for_it are closed.
 */
int child_start(struct child *child, const int not_for_it[2], struct err *err);

/*
 * Convert the document of this type ("docx") in the scratch folder, or the
 * first max_pages of it, unless that is 0; waits up to `seconds` and kills
 * whatever is left. Returns an enum child_end or an enum kit_outcome.
 */
int child_convert(struct child *child, const char *type, unsigned max_pages,
                  unsigned seconds);

/* Without a document. */
void child_drop(struct child *child);

/* The names in the scratch folder; out has PATH_SIZE bytes. */
#define CHILD_PATH_SIZE 64
void child_document_path(char *out, const char *type);
#define CHILD_PDF_PATH "/tmp/document.pdf"

#endif
