/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_WORK_PRIVATE_H
#define SPOOL_WORK_PRIVATE_H

#include "printers/formats.h"
#include "spool/page_file.h"
#include "spool/plan.h"
#include "spool/registration.h"
#include "spool/web_pages.h"
#include "spool/work.h"

/* Shared by work.c, which begins and ends a rendering, work_plan.c, which
 * decides what it becomes, and work_form.c, which decides what is kept of it.
 */

/*
 * One rendering.
 *
 *   start       RENDERING is committed, and only then
 *   on_begun    the mail is opened, a worker asked for
 *   on_part     the ledger, line by line;  on_ledger: paper and plan
 *   on_data     print data, sealed into the pages file
 *   on_page     flushed: whoever sends may read up to here, and from the first
 *               one on whatever comes
 *   on_end      0: synced, then READY or HELD with pages and ledger
 *               else: FAILED, or once more later
 *   finish      committed: tell the dispatcher, free
 *
 * Where a held job is to wait as pages (work_form.c), a second run of the
 * worker makes them; and when its time has come, a work begins with them
 * instead of the mail.
 */
struct work {
	struct spool_printer *printer; /* borrowed; outlives every work */
	struct job_row job;
	struct registration_row registration;
	struct job_options options; /* that count, once the subject is known */
	struct buf remarks;
	struct print_format target;
	struct render *render; /* NULL before and after */
	struct mail_source *source;
	struct page_file *file;

	struct plan_part *parts;
	size_t n_parts;
	struct part_row *rows;
	const char **pictures;   /* hashes of them, in parts */
	char ranges[64];         /* of pages, cut to the limit */
	bool is_ahead;           /* the printer does not wait for it */
	bool is_asking;          /* more pages than are printed unasked */
	bool settles_pages;      /* job.only_pages is new */
	bool is_one;             /* document: may leave while it is made */
	bool from_drawings;      /* made of pages that were stored before */
	bool as_drawings;        /* this run makes pages for any printer */
	bool is_undrawable;      /* it was tried */
	struct plan_part *known; /* parts of the run before; NULL: none */
	size_t n_known;
	int n_sides;          /* of the run before, that made print data */
	const char *waits_as; /* "pages", "mail"; "": print data */
	int64_t *page_ends;
	int n_pages;
	char subject[256];
	struct web_links links;
	struct web_pages *web; /* NULL: none were asked for */
	bool is_bare;          /* the body is nothing but links */
	bool is_auto_reply;    /* a machine's answer to a mail */

	bool is_sending, is_stored;
	bool waits_for_state; /* all is done but for what becomes of it */
	bool is_over;         /* what becomes of it is being committed */
	bool is_put_off;      /* back to ACCEPTED: not again at once */
	bool is_hopeless;     /* FAILED: the document's own fault */
	work_grown_cb *grown;
	void *grown_arg;

	enum job_state stop_to; /* when stopped */
	bool is_stopped, is_stop_told, is_dropped;
	char stop_reason[512];

	int status; /* of the renderer */
	char sentence[512];
	struct job_rendered rendered;
	unsigned char wrapped[CONTENT_WRAPPED_LEN];
	char margins[32];
	char target_text[PRINT_FORMAT_TEXT];
	char drawn_media[64]; /* of the pages it is made from */
};

/* ---- work.c ---- */

/* A run of the worker, from the job's source; its end is work_on_end(). */
void work_begin_run(struct work *work);
void work_free(struct work *work);

/* ---- work_end.c: what a run has made is committed ---- */

/* The renderer's last event: see render/pool.h. */
void work_on_end(struct render *render, int status, unsigned pages,
                 uint64_t bytes, const char *sentence, void *arg);

/* It was cancelled, or failed, and there is no run that would end. */
void work_end_stopped(struct work *work);
void work_end_failed(struct work *work);

/* Nothing is to be committed any more: off the printer, freed. */
void work_finish(struct work *work);

/* ---- work_form.c: as what a held job waits ---- */

enum work_form {
	FORM_DATA,
	FORM_PAGES, /* they are there */
	FORM_DRAW,  /* they are not: once more, to make them */
	FORM_MAIL,
};

/* Now that this run is over, if the job is held. */
enum work_form work_form(const struct work *work);

/* Whether a job that is held already is drawn at once. */
bool work_form_draws_first(const struct work *work);

/* The target for pages that any printer can be given; from one's own. */
void work_form_to_drawings(const struct work *work,
                           struct render_target *target);

/* The target for print data of pages that are stored. */
void work_form_from_drawings(const struct work *work,
                             struct render_target *target);

/* The margins of work->target as the row has them. */
void work_form_margins(const struct work *work, char out[32]);

/* ---- work_chosen.c: pages that somebody chose, in job.only_pages ---- */

/* The target is known. */
void work_chosen_begin(struct work *work);

/* The sides are counted. false: those that were chosen are not there, and none
 * is chosen any more. */
bool work_chosen_end(struct work *work);

/* ---- work_plan.c ---- */

/* Whether the registration limits its pages, and does `over_limit` then. */
bool work_has_limit(const struct work *work, const char *over_limit);

/* The renderer's events up to the plan: see render/pool.h. */
void work_on_part(struct render *render, const struct render_part *part,
                  void *arg);
void work_on_link(struct render *render, const char *url, bool is_bare,
                  void *arg);
void work_on_ledger(struct render *render, void *arg);
void work_on_counted(struct render *render, unsigned pages, void *arg);

#endif
