/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/job.h"

#include <errno.h>
#include <stdio.h>

#include "base/log.h"
#include "base/mem.h"
#include "printers/formats.h"
#include "spool/dispatch.h"
#include "spool/job_change.h"
#include "spool/job_options.h"
#include "spool/page_choice.h"

/*
 * One command about a job.
 *
 *   start      the job is read and the command checked
 *   watch      cancel: until the job is over, whoever ends it
 *   change     retry: until the change is committed
 *   on_told    from the loop, never from inside the call
 */
struct job_command {
	struct spool *spool;
	int64_t id;
	job_cb *cb;
	void *arg;
	int status;
	struct err err;
	uv_timer_t timer; /* tells later */
	struct job_watch *watch;
};

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void on_told(uv_timer_t *timer)
{
	struct job_command *command = timer->data;

	command->cb(command->status, command->status < 0 ? &command->err : NULL,
	            command->arg);
	uv_close((uv_handle_t *)timer, on_closed);
}

static void tell_later(struct job_command *command, int status)
{
	command->status = status;
	uv_timer_start(&command->timer, on_told, 0, 0);
}

static struct job_command *command_new(struct spool *spool, int64_t id,
                                       job_cb *cb, void *arg)
{
	struct job_command *command = xcalloc(1, sizeof *command);

	command->spool = spool;
	command->id = id;
	command->cb = cb;
	command->arg = arg;
	uv_timer_init(spool->loop, &command->timer);
	command->timer.data = command;
	return command;
}

/* 0 when the job is there and not over. */
static int read_live(struct job_command *command, struct job_row *job)
{
	int r = job_read(command->spool->db, command->id, job, &command->err);

	if (r == -ENOENT)
		return err_set(&command->err, r, "there is no job %lld",
		               (long long)command->id);
	if (r == 0 && job->ended_at != 0)
		return err_set(&command->err, -EALREADY,
		               "job %lld is over already: it is %s",
		               (long long)command->id, job->state);
	return r;
}

static void on_state(int64_t job_id, enum job_state state, void *arg)
{
	struct job_command *command = arg;

	if (job_id != command->id || !job_state_is_over(state))
		return;
	job_watch_cancel(command->watch);
	tell_later(command, 0);
}

void job_cancel(struct spool *spool, int64_t id, job_cb *cb, void *arg)
{
	struct job_command *command = command_new(spool, id, cb, arg);
	struct job_row job;
	int r = read_live(command, &job);

	if (r < 0) {
		tell_later(command, r);
		return;
	}
	command->watch = job_watch_start(spool, on_state, command);
	dispatch_end_job(spool, id, job_row_state(&job), JOB_CANCELLED,
	                 "it was cancelled");
}

/* A change that lets the printer go on with the job. */
static void on_let_go(int status, const struct job_set *set, void *arg)
{
	struct job_command *command = arg;
	struct job_row job;
	struct spool_printer *p = NULL;

	if (status == 0 &&
	    job_read(command->spool->db, command->id, &job, NULL) == 0)
		p = dispatch_printer(command->spool, job.printer_id);
	if (p) {
		/* its pages may be gone */
		p->is_ahead_enough = p->is_ahead_done = false;
		dispatch_ask(p);
	}
	if (status < 0)
		err_set(&command->err, status, "the change cannot be stored");
	tell_later(command, status);
}

/* The second copy is made anew, because it carries a mark. */
static void reprint(struct job_command *command)
{
	struct job_set *set = job_change_new(command->spool, command->id,
	                                     JOB_UNKNOWN, JOB_ACCEPTED, "");

	set->forget_pages = true;
	set->set_reprint = true;
	set->set_only_pages = true; /* all of them */
	job_change_start(set, on_let_go, command);
}

/* 0 when the job's state allows a retry. */
static int check_retry(struct job_command *command, const struct job_row *job)
{
	enum job_state state = job_row_state(job);

	if (strcmp(job->approval, "asked") == 0)
		return err_set(
			&command->err, -EINVAL,
			"job %lld waits for its pages to be approved: 'platen job release %lld' prints it, with --pages a part of it",
			(long long)job->id, (long long)job->id);
	if (state != JOB_HELD && state != JOB_UNKNOWN)
		return err_set(
			&command->err, -EINVAL,
			"job %lld is %s: only jobs that are HELD or UNKNOWN can be retried",
			(long long)job->id, job->state);
	return 0;
}

static bool can_cut(const struct job_row *job)
{
	enum print_format_kind kind;

	return print_format_kind_from_mime(job->print_format, &kind) == 0 &&
	       print_format_has_cut(kind);
}

/* Pictures have no back, whatever was asked for. */
static bool has_backs(const struct job_row *job)
{
	const char *picture = print_format_mime(PRINT_JPEG);
	struct job_options options;

	job_options_from_text(job->options, &options);
	return strcmp(options.sides, "one-sided") != 0 &&
	       strcmp(job->print_format, picture) != 0;
}

/* The pages in the words of page_choice_to_text(). */
static int choose_pages(struct job_command *command, const struct job_row *job,
                        const char *pages, char out[PAGE_CHOICE_TEXT])
{
	unsigned n_pages =
		job->pages ? (unsigned)job->pages : PAGE_CHOICE_UNCOUNTED;
	struct page_choice choice;
	int r = page_choice_parse(pages, n_pages, has_backs(job), &choice,
	                          &command->err);

	return r < 0 ? r : page_choice_to_text(&choice, out, &command->err);
}

static int print_pages(struct job_command *command, const struct job_row *job,
                       const char *pages)
{
	char text[PAGE_CHOICE_TEXT];
	int r = choose_pages(command, job, pages, text);
	struct job_set *set;

	if (r < 0)
		return r;
	set = job_change_new(command->spool, job->id, job_row_state(job),
	                     can_cut(job) ? JOB_READY : JOB_ACCEPTED, "");
	set->forget_pages = !can_cut(job);
	set->set_reprint = job_row_state(job) == JOB_UNKNOWN;
	set->set_only_pages = true;
	memcpy(set->only_pages, text, sizeof set->only_pages);
	snprintf(set->approval, sizeof set->approval, "given");
	log_info("job=%lld only pages %s, as was asked for", (long long)job->id,
	         text);
	job_change_start(set, on_let_go, command);
	return 0;
}

void job_retry(struct spool *spool, int64_t id, const char *pages, job_cb *cb,
               void *arg)
{
	struct job_command *command = command_new(spool, id, cb, arg);
	struct spool_printer *p;
	struct job_row job;
	int r = read_live(command, &job);

	if (r == 0)
		r = check_retry(command, &job);
	if (r == 0 && pages) {
		r = print_pages(command, &job, pages);
		if (r == 0)
			return;
	} else if (r == 0 && job_row_state(&job) == JOB_UNKNOWN) {
		reprint(command);
		return;
	}
	p = r == 0 ? dispatch_printer(spool, job.printer_id) : NULL;
	if (p)
		dispatch_ask(p);
	tell_later(command, r);
}

void job_release(struct spool *spool, int64_t id, const char *pages, job_cb *cb,
                 void *arg)
{
	struct job_command *command = command_new(spool, id, cb, arg);
	struct job_set *set;
	struct job_row job;
	int r = read_live(command, &job);

	if (r == 0 && (strcmp(job.approval, "asked") != 0 ||
	               job_row_state(&job) != JOB_HELD))
		r = err_set(&command->err, -EINVAL,
		            "job %lld does not wait for a release",
		            (long long)id);
	if (r == 0 && pages)
		r = print_pages(command, &job, pages);
	if (r < 0)
		tell_later(command, r);
	if (r < 0 || pages)
		return;
	set = job_change_new(spool, id, JOB_HELD,
	                     job.print_format[0] ? JOB_READY : JOB_ACCEPTED,
	                     "");
	snprintf(set->approval, sizeof set->approval, "given");
	job_change_start(set, on_let_go, command);
}
