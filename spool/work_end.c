/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/work_private.h"

#include <errno.h>

#include "base/log.h"
#include "base/mem.h"
#include "spool/job_change.h"
#include "spool/mail_source.h"
#include "spool/page_choice.h"
#include "spool/picture.h"
#include "spool/render_turn.h"
#include "spool/sending.h"

#define RENDERS_MAX 4 /* a mail that ended the renderer so often stays away */

/* Off the printer, tell who reads the file, then look what is next. */
void work_finish(struct work *work)
{
	struct spool_printer *p = work->printer;
	bool is_put_off;

	p->work = NULL;
	if (p->sending && sending_job_id(p->sending) == work->job.id)
		sending_work_ended(p->sending, work->is_stored,
		                   work->is_hopeless ? JOB_FAILED : JOB_RESOLVE,
		                   work->sentence);
	is_put_off = work->is_put_off;
	work_free(work);
	render_turn_end(p->spool);
	if (p->is_closing)
		return;
	if (is_put_off)
		dispatch_pause(p);
	else
		dispatch_work_ended(p);
}

/* A stop that came while another end was being committed. */
static bool is_stopped_late(const struct work *work)
{
	return work->is_stopped && !work->is_stop_told && !work->is_sending &&
	       !work->printer->is_closing;
}

/* The job, free again, from whatever has become of it. */
static void stop_late(struct spool *spool, int64_t id, enum job_state to,
                      const char *reason)
{
	struct job_row job;

	if (job_read(spool->db, id, &job, NULL) == 0 &&
	    job_state_may_follow(job_row_state(&job), to))
		dispatch_end_job(spool, id, job_row_state(&job), to, reason);
}

static void on_done(int status, const struct job_set *set, void *arg)
{
	struct work *work = arg;
	struct spool *spool = work->printer->spool;
	int64_t id = work->job.id;
	enum job_state stop_to = work->stop_to;
	bool is_late = is_stopped_late(work);
	char *reason CLEANUP(xfree) = xstrdup(work->stop_reason);

	work->is_stored = status == 0 && set->changed && set->rendered &&
	                  set->rendered->has_pages;
	if (!work->is_stored)
		page_file_unlink(work->file);
	work_finish(work);
	if (is_late)
		stop_late(spool, id, stop_to, reason);
}

static void fill_rows(struct work *work)
{
	work->rows = xcalloc(work->n_parts, sizeof *work->rows);
	for (size_t i = 0; i < work->n_parts; i++) {
		const struct plan_part *from = &work->parts[i];
		struct part_row *row = &work->rows[i];

		snprintf(row->part, sizeof row->part, "%s", from->part.id);
		snprintf(row->type, sizeof row->type, "%s",
		         from->part.detected[0] ? from->part.detected
		                                : from->part.type);
		row->size = (int64_t)from->part.size;
		snprintf(row->name, sizeof row->name, "%s", from->part.name);
		snprintf(row->why, sizeof row->why, "%s", from->why);
		snprintf(row->fate, sizeof row->fate, "%s",
		         from->print           ? "printed"
		         : from->why[0] == '!' ? "failed"
		                               : "skipped");
		if (row->why[0] == '!')
			memmove(row->why, row->why + 1, strlen(row->why));
	}
}

static void fill_rendered(struct work *work, bool has_pages)
{
	struct job_rendered *r = &work->rendered;

	fill_rows(work);
	r->subject = work->subject;
	r->remarks = buf_str(&work->remarks);
	r->options = work->job.options;
	r->kind = work->job.kind;
	r->pictures = (struct pictures_seen){
		.sender = work->job.sender,
		.body = plan_body_hash(work->parts, work->n_parts),
		.n = picture_hashes(work->parts, work->n_parts,
	                            &work->pictures),
	};
	r->pictures.hashes = work->pictures;
	r->parts = work->rows;
	r->n_parts = work->n_parts;
	if (has_pages || work->waits_as[0])
		r->pages = work->n_sides ? work->n_sides : work->n_pages;
	r->has_pages = has_pages;
	r->from_drawings = work->from_drawings;
	if (!has_pages)
		return;
	r->as_drawings = work->as_drawings;
	work_form_margins(work, work->margins);
	r->margins = work->margins;
	content_key_wrap(&work->printer->spool->master,
	                 page_file_key(work->file), work->wrapped);
	r->key = work->wrapped;
	r->key_len = sizeof work->wrapped;
	r->format = work->target.mime;
	print_format_to_text(&work->target, work->target_text);
	r->target = work->target_text;
	r->file = page_file_name(work->file);
	r->bytes = page_file_bytes(work->file);
	r->page_ends = work->page_ends;
}

/* What was to be printed is not: the ledger says so for each part. */
static void fail_parts(struct work *work, const char *reason)
{
	for (size_t i = 0; i < work->n_parts; i++) {
		struct plan_part *part = &work->parts[i];

		if (!part->print)
			continue;
		part->print = false;
		snprintf(part->why, sizeof part->why, "!%s", reason);
	}
}

/* Commit the outcome; while the job is being sent its state is not ours. */
static void conclude(struct work *work, enum job_state to, const char *reason,
                     bool has_pages)
{
	enum job_state from = work->is_sending ? JOB_SENDING : JOB_RENDERING;
	struct job_set *set;

	work->is_over = true;
	work->is_put_off = to == JOB_ACCEPTED && !has_pages;
	work->is_hopeless = to == JOB_FAILED;
	if (work->is_hopeless)
		fail_parts(work, reason);
	if (work->is_sending)
		to = JOB_SENDING;
	fill_rendered(work, has_pages);
	set = job_change_new(work->printer->spool, work->job.id, from, to,
	                     reason);
	set->rendered = &work->rendered;
	set->keeps_reason = work->is_sending; /* the printer's */
	if (work->is_asking)
		snprintf(set->approval, sizeof set->approval, "asked");
	if (work->settles_pages) {
		set->set_only_pages = true;
		memcpy(set->only_pages, work->job.only_pages,
		       sizeof set->only_pages);
	}
	snprintf(set->waits_as, sizeof set->waits_as, "%s", work->waits_as);
	job_change_start(set, on_done, work);
}

static bool is_over_limit(const struct work *work, char *reason, size_t size)
{
	int limit = work->registration.page_limit;

	if (!work_has_limit(work, "ask") || work->n_pages <= limit)
		return false;
	snprintf(
		reason, size,
		"it has %d pages, and %d are printed unasked: ask the administrator for 'platen job release %lld', with --pages for a part of it",
		work->n_pages, limit, (long long)work->job.id);
	return true;
}

/* From the mail once more, the other way: drawings, or print data. */
static void run_again(struct work *work, bool as_drawings)
{
	page_file_unlink(work->file);
	page_file_free(TAKE(work->file));
	mail_source_free(TAKE(work->source));
	web_links_fini(&work->links);
	free(work->known);
	work->known = TAKE(work->parts);
	work->n_known = work->n_parts;
	work->n_parts = 0;
	work->n_sides = as_drawings ? work->n_pages : 0;
	work->n_pages = 0;
	work->as_drawings = as_drawings;
	work->from_drawings = false;
	work->sentence[0] = '\0';
	work_begin_run(work);
}

/* Of a job that is held, what it waits as is kept. */
static void conclude_held(struct work *work, const char *reason)
{
	enum work_form form = work_form(work);

	switch (form) {
	case FORM_DATA: break;
	case FORM_DRAW: run_again(work, true); return;
	case FORM_PAGES: work->waits_as = "pages"; break;
	case FORM_MAIL: work->waits_as = "mail"; break;
	}
	conclude(work, JOB_HELD, reason,
	         form == FORM_DATA ||
	                 (form == FORM_PAGES && work->as_drawings));
}

/*
 * The pages that somebody chose before they were counted are not there: what
 * else may be wanted of it is not for us to guess.
 */
static void conclude_without_chosen(struct work *work, const char *chosen)
{
	char reason[512];

	snprintf(
		reason, sizeof reason,
		"there is no page %s of its %d: 'platen job release %lld' prints it, with --pages a part of it",
		chosen, work->n_pages, (long long)work->job.id);
	work->is_asking = true;
	work->waits_as = "mail";
	conclude(work, JOB_HELD, reason, false);
}

/* All is stored, and the printer known to take it or not. */
static void settle(struct work *work)
{
	struct spool_printer *p = work->printer;
	char reason[512] = "", chosen[PAGE_CHOICE_TEXT];
	bool is_held;

	snprintf(chosen, sizeof chosen, "%s", work->job.only_pages);
	if (!work_chosen_end(work)) {
		conclude_without_chosen(work, chosen);
		return;
	}
	is_held = dispatch_is_held(p->spool, p->id, &work->job.kind, reason,
	                           sizeof reason);
	work->is_asking = is_over_limit(work, reason, sizeof reason);
	if (is_held && !work->is_asking && !work->is_sending)
		conclude_held(work, reason);
	else
		conclude(work,
		         is_held || work->is_asking ? JOB_HELD
		         : work->as_drawings        ? JOB_ACCEPTED
		                                    : JOB_READY,
		         reason, true);
}

static void on_synced(int status, void *arg)
{
	struct work *work = arg;
	struct spool_printer *p = work->printer;

	if (p->is_closing) {
		work_finish(work);
		return;
	}
	if (work->is_stopped) {
		work_end_stopped(work);
		return;
	}
	if (status < 0) {
		snprintf(work->sentence, sizeof work->sentence,
		         "the pages could not be stored: %s",
		         strerror(-status));
		conclude(work, JOB_ACCEPTED, work->sentence, false);
		return;
	}
	/* as what a job waits depends on whether it has to */
	work->waits_for_state = p->query && !work->is_sending;
	if (!work->waits_for_state)
		settle(work);
}

void work_state_is_known(struct work *work)
{
	if (!work->waits_for_state)
		return;
	work->waits_for_state = false;
	on_synced(0, work);
}

void work_end_stopped(struct work *work)
{
	work->is_stop_told = true;
	snprintf(work->sentence, sizeof work->sentence, "%s",
	         work->stop_reason);
	conclude(work, work->stop_to, work->stop_reason, false);
}

/* -errno: a worker that ended, or a mail that cannot be read; worth some tries.
 */
void work_end_failed(struct work *work)
{
	bool again = work->status < 0 && work->job.renders + 1 < RENDERS_MAX;

	if (work->sentence[0] == '\0')
		snprintf(work->sentence, sizeof work->sentence,
		         "the mail cannot be rendered: %s",
		         work->status < 0 ? strerror(-work->status)
		                          : "no reason was given");
	conclude(work, again ? JOB_ACCEPTED : JOB_FAILED, work->sentence,
	         false);
}

/* There was no worker to be had: no fault of the mail's, however often. */
static void put_off(struct work *work)
{
	conclude(work, JOB_ACCEPTED, work->sentence, false);
}

/* What cannot be drawn for any printer may print all the same. */
static void end_without_drawings(struct work *work)
{
	struct spool_printer *p = work->printer;
	char reason[512] = "";
	bool is_held;

	log_info("job=%lld cannot wait as pages: %s", (long long)work->job.id,
	         work->sentence);
	work->is_undrawable = true;
	if (work->n_sides == 0) {
		run_again(work, false);
		return;
	}
	free(work->parts);
	work->parts = TAKE(work->known);
	work->n_parts = work->n_known;
	work->waits_as = "mail";
	work->sentence[0] = '\0';
	is_held = dispatch_is_held(p->spool, p->id, &work->job.kind, reason,
	                           sizeof reason);
	conclude(work, is_held ? JOB_HELD : JOB_ACCEPTED, reason, false);
}

/* Stored pages of which nothing comes: there still is the mail. */
static bool begin_with_mail(struct work *work)
{
	if (!work->from_drawings || work->is_sending || work->n_pages > 0)
		return false;
	log_error("job=%lld its stored pages are of no use: %s",
	          (long long)work->job.id, work->sentence);
	work->target = (struct print_format){0};
	run_again(work, false);
	return true;
}

static void end_empty(struct work *work)
{
	snprintf(work->sentence, sizeof work->sentence,
	         "nothing was printed: %s",
	         plan_why_nothing(work->parts, work->n_parts));
	conclude(work, JOB_FAILED, work->sentence, false);
}

/* Whoever sends the pages need not wait for our disk. */
static void end_whole(struct work *work, int r)
{
	if (r == 0 && work->grown)
		work->grown(work->grown_arg);
	if (r == 0 && page_file_sync(work->file, on_synced, work) < 0)
		r = -EIO;
	if (r < 0)
		on_synced(r, work);
}

void work_on_end(struct render *render, int status, unsigned pages,
                 uint64_t bytes, const char *sentence, void *arg)
{
	struct work *work = arg;
	int r = work->file ? page_file_finish(work->file) : 0;

	work->render = NULL;
	web_pages_free(work->web);
	work->web = NULL;
	work->status = status;
	if (work->is_dropped) {
		work_finish(work);
		return;
	}
	if (sentence && sentence[0])
		snprintf(work->sentence, sizeof work->sentence, "%s", sentence);
	if (work->is_stopped)
		work_end_stopped(work);
	else if ((status != 0 || work->n_pages == 0) && begin_with_mail(work))
		return;
	else if (status != 0 && work->as_drawings)
		end_without_drawings(work);
	else if (status < 0 && status != -EIO)
		put_off(work);
	else if (status != 0)
		work_end_failed(work);
	else if (work->n_pages == 0)
		end_empty(work);
	else
		end_whole(work, r);
}
