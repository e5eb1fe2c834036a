/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_POOL_H
#define RENDER_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

#include "base/err.h"
#include "render/convert.h"

/*
 * The workers, seen from the daemon. A worker is one process for one message:
 * it starts ahead, loads its fonts, gives up its rights and waits. A render is
 * one message on its way through a worker: bytes go in, headers and a list of
 * parts come out, the owner says which parts to print and for what paper, pages
 * come out.
 *
 * Everything here runs on the loop; no call blocks, and no callback comes from
 * inside a call.
 */
struct render_pool;
struct render;

struct render_limits {
	unsigned seconds;        /* of wall clock for one message */
	uint64_t memory;         /* bytes of address space of a worker */
	unsigned pages;          /* of one message */
	uint64_t output_bytes;   /* print data of one message */
	unsigned parts, nesting; /* of one message; 0: as many as it can */
	unsigned pixels;         /* of one picture; 0: as many as it can */
};

/* Who makes PDFs for the workers; NULL: not there. Borrowed. */
struct convert_engines {
	struct convert_engine *html, *office, *postscript;
};

struct render_pool_options {
	const char *worker_path; /* platen-render; borrowed during new */
	unsigned workers;        /* messages at a time; at least 1 */
	unsigned spares;         /* started ahead, waiting */
	struct render_limits limits;
	bool allow_unsandboxed; /* the admin's word, else the worker refuses */
	int nice;               /* 0..19, of work that nobody waits for */
	struct convert_engines engines; /* outlive the pool */
	struct fetcher *fetcher;        /* for pages of the web; NULL: none */
};

/* Starts the spares. -ENOENT, -EACCES when the program cannot be run. */
int render_pool_new(uv_loop_t *loop, const struct render_pool_options *options,
                    struct render_pool **out, struct err *err);

/*
 * Kills what runs; every render still ends with -ECANCELED first. `closed` (may
 * be NULL) is called once, when the pool is gone.
 */
void render_pool_close(struct render_pool *pool, void (*closed)(void *arg),
                       void *arg);

/* Whether HTML is printed by an engine; without one it becomes text. */
bool render_pool_has_html(const struct render_pool *pool);

/* What the pages are for. Strings are copied; lengths in 1/100 mm. */
struct render_target {
	const char *format; /* MIME type; those of render/worker/control.c */
	unsigned dpi;
	unsigned repeat_across, repeat_along; /* pixels in PWG raster */
	bool colour;
	const char *ink;       /* "black_1", "sgray_1"; NULL: 8 bits */
	unsigned strip_height; /* PCLm: lines in a strip; 0: any */
	const char *media;     /* PWG name, as "iso_a4_210x297mm" */
	unsigned media_width, media_height;
	unsigned margin_left, margin_right, margin_top, margin_bottom;
	const char *sides;       /* IPP "sides": "one-sided", ... */
	const char *sheet_back;  /* PWG "pwg-raster-document-sheet-back" */
	const char *cover;       /* text of a page in front; NULL: none */
	const char *page_ranges; /* IPP "page-ranges": "1-5,8"; NULL: all */
	const char *side_ranges; /* of what comes out, as above; NULL: all */
	unsigned number_up;      /* IPP "number-up": 1, 2, 4; 0 is 1 */
	const char *scaling;     /* IPP "print-scaling"; NULL: "auto" */
	bool head;               /* From, To, Date, Subject above the body */
	bool banner;             /* a page in front that names the job */
	int64_t job;             /* its number there; 0: none */
	bool pass;            /* "application/pdf": a PDF alone goes as it is */
	bool remote_pictures; /* HTML shows those that it left on the web */
	bool drawings;        /* a PDF to print from later, whatever `format` */
	unsigned max_pages;   /* fewer than render_limits.pages; 0: those */
	bool is_ahead;        /* no printer waits for it: others go first */
};

/* One line of the part ledger. Text is valid UTF-8, and a stranger's. */
struct render_part {
	char id[64];        /* "1.2", as IMAP numbers parts */
	char type[128];     /* as declared */
	char detected[128]; /* by content */
	uint64_t size;      /* bytes, decoded */
	char name[256];
	char disposition[32]; /* "inline", "attachment" or "" */
	bool referenced;      /* the HTML shows it by its cid */
	bool hollow;          /* HTML: its words are in pictures on the web */
	bool encrypted;
	bool attached;  /* of an attached mail, not of this one */
	bool printable; /* this build can print it */
	char note[160]; /* why not, if not */
	/* "GROUP:BRANCH,..." of each multipart/alternative around it */
	char alternative[256];
	char hash[65]; /* SHA-256 of pictures and texts, in hex; else "" */
	unsigned width, height; /* of a picture, in pixels; 0 not known */
};

/* on_end's status, beside 0 and -errno (the machine's fault: may be retried) */
#define RENDER_FAILED 1 /* the document's fault, see the sentence */

/* Any but on_end may be NULL. Pointers are valid during the call. */
struct render_events {
	void (*on_header)(struct render *render, const char *name,
	                  const char *value, void *arg);
	void (*on_part)(struct render *render, const struct render_part *part,
	                void *arg);
	/*
	 * A web address in the mail's body; `bare`: the body is nothing but
	 * such addresses. Before on_ledger.
	 */
	void (*on_link)(struct render *render, const char *url, bool bare,
	                void *arg);
	/*
	 * All headers and parts are told: call render_plan(), now or later.
	 * Comes again after each render_attach().
	 */
	void (*on_ledger)(struct render *render, void *arg);
	/* render_feed() has said no and would now say yes. */
	void (*on_feed_drain)(struct render *render, void *arg);
	/* The print data, in order. */
	void (*on_data)(struct render *render, const void *data, size_t len,
	                void *arg);
	/* Page (from 1) ends at end_offset; those bytes were in on_data. */
	void (*on_page)(struct render *render, unsigned page,
	                uint64_t end_offset, const char *part, void *arg);
	/* This part gave no (more) pages; the others go on. */
	void (*on_part_failed)(struct render *render, const char *part,
	                       const char *reason, void *arg);
	/* This part is printed, but not as one would think. */
	void (*on_part_note)(struct render *render, const char *part,
	                     const char *note, void *arg);
	/* So many pages the documents have, asked for or not; at the end. */
	void (*on_counted)(struct render *render, unsigned pages, void *arg);
	/*
	 * Exactly once, last: render is gone after it. The worker may still be
	 * putting its memory away.
	 */
	void (*on_end)(struct render *render, int status, unsigned pages,
	               uint64_t bytes, const char *sentence, void *arg);
};

/*
 * Begin a render, or queue it until a worker is free. *events is copied. After
 * 0, on_end comes exactly once. -ECANCELED when the pool closes.
 */
int render_start(struct render_pool *pool, const struct render_events *events,
                 void *arg, struct render **out, struct err *err);

/*
 * The next bytes of the message (RFC 5322, CRLF or LF); copied. False: taken,
 * but enough is buffered (256 kB), wait for on_feed_drain.
 */
bool render_feed(struct render *render, const void *data, size_t len);

/* The message is complete. */
void render_feed_end(struct render *render);

/* What was fetched from behind a link. */
struct render_web_page {
	const char *id;   /* of the part it becomes, as no part of a mail is */
	const char *url;  /* its name */
	const char *type; /* Content-Type as the server sent it, or "" */
	bool is_reader;   /* the article alone, if there is one */
	bool is_screen;   /* as on a screen, not as it prints itself */
};

/*
 * After on_ledger: one more part. on_part and on_ledger follow; it is planned
 * and printed as the others.
 */
void render_attach(struct render *render, const struct render_web_page *page,
                   const void *data, size_t len);

/*
 * After on_ledger: print these parts for this target, in this order; none is
 * fine. Everything is copied. -EINVAL for a target that makes no sense: then
 * nothing was said, and the render goes on waiting.
 */
int render_plan(struct render *render, const struct render_target *target,
                const char *const *part_ids, size_t n, struct err *err);

/* Kill; on_end comes with -ECANCELED. */
void render_cancel(struct render *render);

#endif
