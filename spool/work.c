/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/work_private.h"

#include <errno.h>
#include <strings.h>

#include "base/mem.h"
#include "render/protocol.h"
#include "spool/job_change.h"
#include "spool/mail_source.h"
#include "spool/remarks.h"
#include "spool/render_turn.h"

#define PAGES_MAX 100000

void work_free(struct work *work)
{
	mail_source_free(work->source);
	page_file_free(work->file);
	web_pages_free(work->web);
	web_links_fini(&work->links);
	buf_fini(&work->remarks);
	free(work->parts);
	free(work->known);
	free(work->rows);
	free(work->pictures);
	free(work->page_ends);
	free(work);
}

int64_t work_job_id(const struct work *work)
{
	return work->job.id;
}

const struct job_row *work_job(const struct work *work)
{
	return &work->job;
}

/*
 * Where all pages must be known before the first one leaves, none is told.
 * Stored pages may be of no use: then there still is the mail.
 */
bool work_has_begun(const struct work *work)
{
	bool has_begun =
		work->from_drawings
			? work->n_pages > 0
			: work->file && page_file_bytes(work->file) > 0;

	return has_begun && !work->is_over && !work->is_stopped &&
	       !work->as_drawings && work->is_one &&
	       !work_has_limit(work, "refuse") && !work_has_limit(work, "ask");
}

bool work_has_page(const struct work *work)
{
	return work->n_pages > 0;
}

void work_is_sending(struct work *work)
{
	work->is_sending = true;
}

const char *work_file(const struct work *work)
{
	return page_file_name(work->file);
}

const struct content_key *work_key(const struct work *work)
{
	return page_file_key(work->file);
}

const struct print_format *work_target(const struct work *work)
{
	return &work->target;
}

void work_set_reader(struct work *work, work_grown_cb *cb, void *arg)
{
	work->grown = cb;
	work->grown_arg = arg;
}

/* ---- the renderer's events ---------------------------------------------- */

static void on_header(struct render *render, const char *name,
                      const char *value, void *arg)
{
	struct work *work = arg;

	if (strcmp(name, "subject") == 0)
		protocol_cut(work->subject, sizeof work->subject, value);
	else if (strcmp(name, "auto-submitted") == 0)
		work->is_auto_reply =
			strncasecmp(value, "auto-replied", 12) == 0;
}

static void on_feed_drain(struct render *render, void *arg)
{
	struct work *work = arg;

	mail_source_pump(work->source);
}

static void on_data(struct render *render, const void *data, size_t len,
                    void *arg)
{
	struct work *work = arg;

	bool is_first = page_file_bytes(work->file) == 0;
	int r = page_file_write(work->file, data, len);
	char why[128];

	if (r < 0 && !work->is_stopped) {
		snprintf(why, sizeof why, "the pages cannot be stored: %s",
		         strerror(-r));
		work_cancel(work, JOB_ACCEPTED, why);
	}
	if (work->grown)
		work->grown(work->grown_arg);
	else if (is_first && work_has_begun(work))
		dispatch_work_has_begun(work->printer);
}

static void on_page(struct render *render, unsigned page, uint64_t end_offset,
                    const char *part, void *arg)
{
	struct work *work = arg;

	if (work->n_pages == PAGES_MAX || work->is_stopped)
		return;
	page_file_flush(work->file);
	work->page_ends =
		xrealloc(work->page_ends,
	                 (size_t)(work->n_pages + 1) * sizeof *work->page_ends);
	work->page_ends[work->n_pages++] = (int64_t)end_offset;
	if (work->grown)
		work->grown(work->grown_arg);
	else if (work->n_pages == 1 && work_has_begun(work))
		dispatch_work_has_begun(work->printer);
}

static void on_part_failed(struct render *render, const char *part,
                           const char *reason, void *arg)
{
	struct work *work = arg;

	if (work->from_drawings)
		remarks_add(&work->remarks, "not all pages are printed: %s",
		            reason);
	for (size_t i = 0; i < work->n_parts; i++) {
		if (strcmp(work->parts[i].part.id, part) != 0)
			continue;
		work->parts[i].print = false;
		/* '!' marks what was tried and failed */
		snprintf(work->parts[i].why, sizeof work->parts[i].why, "!%s",
		         reason);
	}
}

static void add_note(char *why, size_t size, const char *note)
{
	size_t used = strlen(why);

	snprintf(why + used, size - used, "%s%s", used ? "; " : "", note);
}

/* It is printed, and the ledger says how. */
static void on_part_note(struct render *render, const char *part,
                         const char *note, void *arg)
{
	struct work *work = arg;

	if (work->from_drawings)
		remarks_add(&work->remarks, "%s", note);
	for (size_t i = 0; i < work->n_parts; i++)
		if (strcmp(work->parts[i].part.id, part) == 0)
			add_note(work->parts[i].why, sizeof work->parts[i].why,
			         note);
}

static const struct render_events events = {
	.on_header = on_header,
	.on_part = work_on_part,
	.on_link = work_on_link,
	.on_ledger = work_on_ledger,
	.on_feed_drain = on_feed_drain,
	.on_data = on_data,
	.on_page = on_page,
	.on_part_failed = on_part_failed,
	.on_part_note = on_part_note,
	.on_counted = work_on_counted,
	.on_end = work_on_end,
};

/* ---- the beginning ------------------------------------------------------ */

static int begin_render(struct work *work, struct err *err)
{
	struct spool *spool = work->printer->spool;
	int r = page_file_new(spool, work->job.id, work->job.renders,
	                      &work->file, err);

	if (r == 0 && work->from_drawings)
		r = mail_source_open_pages(spool, &work->job, &work->source,
		                           err);
	else if (r == 0)
		r = mail_source_open(spool, work->job.message_id, &work->source,
		                     err);
	if (r == 0)
		r = render_start(spool->pool, &events, work, &work->render,
		                 err);
	return r;
}

void work_begin_run(struct work *work)
{
	struct err err = {0};
	int r = begin_render(work, &err);

	if (r < 0) {
		work->status = r == -ENOTSUP || r == -EBADMSG || r == -ENOENT
		                       ? RENDER_FAILED
		                       : r;
		snprintf(work->sentence, sizeof work->sentence, "%s", err.text);
		work_end_failed(work);
		return;
	}
	mail_source_feed(work->source, work->render);
}

static void on_begun(int status, const struct job_set *set, void *arg)
{
	struct work *work = arg;

	if (status < 0 || !set->changed || work->is_dropped ||
	    work->printer->is_closing) {
		work_finish(work);
		return;
	}
	if (work->is_stopped) {
		work_end_stopped(work);
		return;
	}
	registration_init(&work->registration);
	registration_read(work->printer->spool->db, work->job.registration_id,
	                  &work->registration, NULL);
	work->options = work->registration.options;
	work_begin_run(work);
}

/* What was read when the pages were drawn. */
static void recall(struct work *work)
{
	const struct job_row *job = &work->job;

	memcpy(work->subject, job->subject, sizeof work->subject);
	memcpy(work->drawn_media, job->kind.media, sizeof work->drawn_media);
	buf_puts(&work->remarks, job->remarks);
}

int work_start(struct spool_printer *p, const struct job_row *job,
               bool is_ahead, struct err *err)
{
	struct work *work = xcalloc(1, sizeof *work);
	struct job_set *set;

	work->printer = p;
	work->job = *job;
	work->waits_as = "";
	work->from_drawings = job->pages_file[0];
	if (work->from_drawings)
		recall(work);
	work->is_ahead = is_ahead;
	p->work = work;
	render_turn_begin(p->spool);
	set = job_change_new(p->spool, job->id, job_row_state(job),
	                     JOB_RENDERING, "");
	set->count_render = true;
	job_change_start(set, on_begun, work);
	return 0;
}

void work_cancel(struct work *work, enum job_state to, const char *reason)
{
	if (work->is_stopped)
		return;
	work->is_stopped = true;
	work->stop_to = to;
	snprintf(work->stop_reason, sizeof work->stop_reason, "%s", reason);
	if (work->render)
		render_cancel(work->render);
	work_state_is_known(work);
}

void work_drop(struct work *work)
{
	work->is_dropped = true;
	if (work->render)
		render_cancel(work->render);
	work_state_is_known(work);
}
