/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_CONVERT_H
#define RENDER_WORKER_CONVERT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "render/worker/control.h"

/*
 * Documents that this worker cannot draw are made into a PDF by an engine of
 * the daemon's; see render/protocol.h.
 */

/* What the document shows by name. All borrowed. */
struct convert_file {
	const char *name;     /* its Content-ID, else its file name */
	const char *location; /* Content-Location, "" if none */
	const char *type;
	const void *data;
	size_t len;
};

struct convert_request {
	const char *part;   /* its id in the ledger */
	const char *engine; /* "html", "office", "postscript" */
	const char *name;   /* what the file is: "html", "docx" */
	const void *document;
	size_t len;
	const struct convert_file *files;
	size_t n_files;
	unsigned max_pages; /* of a document; more are no use; 0: all */
	bool is_unfit; /* HTML that has to be looked at before it is printed */
	/* files of the web that it is printed without; NULL: nobody asks */
	unsigned *n_left_out;
};

/*
 * The document as PDF, appended to *pdf. Waits for it.
 *
 *   -ENOTSUP  that engine is not there (nor is any when run by hand)
 *   -EIO      the engine could not, the sentence says why
 *   -EFBIG    more bytes than PROTOCOL_CONVERT_MAX
 *   -errno    the daemon is gone or talks nonsense
 */
int convert_to_pdf(struct control *control,
                   const struct convert_request *request, struct buf *pdf,
                   struct err *err);

#endif
