/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_CONVERT_H
#define RENDER_CONVERT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/list.h"

/*
 * Making a PDF of what a worker cannot draw itself: HTML, Office files. The
 * work is done by an engine, a foreign program kept warm in a box; the worker
 * that asked draws the PDF. Everything runs on the loop.
 */

/* What a document asks for by name: a picture of the mail. All owned. */
struct convert_resource {
	char *name;     /* its Content-ID without <>, else its file name */
	char *location; /* its Content-Location, "" if none */
	char *type;     /* MIME type */
	struct buf bytes;
};

/*
 * Where a page of the web was found. It may run its scripts, and what it asks
 * for by http and https is fetched; a document of a mail has no network and no
 * scripts.
 */
struct convert_web {
	const char *url;
	bool is_screen;          /* as on a screen, not as it prints itself */
	struct fetcher *fetcher; /* borrowed; outlives every job */
};

/* The paper, in 1/100 mm. */
struct convert_page {
	unsigned width, height;
	unsigned margin_left, margin_right, margin_top, margin_bottom;
};

/* Beside 0 and -errno, which is the engine's fault. */
#define CONVERT_FAILED 1 /* the document's fault, see the sentence */

struct convert_job;

/*
 * The end. 0: *pdf holds the document and may be taken (left empty). Else
 * `sentence` says why for the sender: "it takes too long to print".
 */
typedef void convert_done_cb(struct convert_job *job, int status,
                             struct buf *pdf, const char *sentence);

/* One document. Belongs to who asks, and is still while an engine has it. */
struct convert_job {
	const char *name; /* "html", "docx": what it is, as a file name ends */
	struct buf document; /* HTML is UTF-8 */
	struct convert_resource *resources;
	size_t n_resources;
	unsigned max_pages; /* of a document; more are no use; 0: all */
	bool is_unfit; /* HTML that has to be looked at before it is printed */
	const struct convert_web *web; /* NULL: it came by mail */
	struct fetcher *pictures;      /* gets those of the web; NULL: none */
	struct convert_page page;
	convert_done_cb *done;
	void *arg;
	unsigned n_left_out; /* when done: files of the web it lacks */

	/* the engine's while it has the job */
	struct list link;
	void *engine_data;
	unsigned tries;
};

/* Embedded in what the engine really is. */
struct convert_engine {
	/* done comes exactly once, later, unless the job is cancelled. */
	void (*start)(struct convert_engine *engine, struct convert_job *job);
	/* The engine lets go of the job at once; done does not come. */
	void (*cancel)(struct convert_engine *engine, struct convert_job *job);
};

/* What the job owns: document and resources; not the job itself. */
void convert_job_fini(struct convert_job *job);

/* The resource of that name, in any case, or NULL. */
const struct convert_resource *convert_job_find(const struct convert_job *job,
                                                const char *name);

/*
 * The resource that was found at this address (RFC 2557), or NULL. Of an
 * address that is relative to where the document stands now, `base`, the end of
 * the resource's own counts.
 */
const struct convert_resource *
convert_job_find_location(const struct convert_job *job, const char *url,
                          const char *base);

#endif
