/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/office.h"

#include <assert.h>
#include <errno.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "render/limit.h"
#include "render/office_process.h"
#include "render/words.h"

/*
 * Life of an office:
 *
 *   start      a job is queued; everything else is a later step
 *   step       start the program, give it the next document, arm the timer for
 *              what may come first; what waits behind a slow document goes to
 *              the second office, if that has nothing to do
 *   on_answer  the job is told, or tried once more; step
 *   on_timer   the document, or the start, takes too long, or nobody needs the
 *              program: kill
 *   on_gone    the job was not its fault: to the front of the queue; step
 *   close      kill; the timer's end frees it
 *
 * A program that dies before it is ready, and does so again, makes documents
 * wait for nothing: they fail at once for a while.
 */
#define START_MS   30000
#define GRACE_MS   10000 /* platen-office counts the seconds itself */
#define FAILING_MS 60000
#define REST_MS    10000 /* it ended, and nobody needs it now */
#define TRIES_MAX  2
#define INSTEAD    "; save it as PDF, and send that"
#define BROKE      "it breaks LibreOffice, or needs too much memory" INSTEAD
#define STARTS_MAX 2

struct office {
	struct convert_engine engine;
	uv_loop_t *loop;
	struct office_options options;
	char **argv;                    /* owned; what options points at */
	struct office_process *process; /* NULL: does not run */
	bool is_ready;
	struct list queue;
	struct convert_job *job;  /* with the program, not in the queue */
	int64_t since_ms;         /* the start, the job or the idling began */
	unsigned n_failed_starts; /* in a row */
	int64_t failing_until_ms;
	int64_t warm_from_ms; /* not started for nobody before */
	uv_timer_t timer;
	struct office *second;    /* owned; its own is NULL */
	struct office *second_of; /* whose it is; NULL: nobody's */
	bool is_closing;
	void (*closed)(void *arg);
	void *closed_arg;
};

static void step(struct office *office);
static void take(struct office *office, struct convert_job *job);

static const struct {
	const char *reason;
	const char *sentence;
	bool once_more;
} answers[] = {
	{"password",
         "it is protected by a password; save it without one and send it again",
         false},
	{"unreadable", "LibreOffice cannot read it" INSTEAD, false},
	{"unwritable", "LibreOffice cannot make pages of it" INSTEAD, false},
	{"broke", BROKE, true},
};

/* There, and not on its way out. */
static bool is_alive(const struct office *office)
{
	return office->process && !office_process_is_killed(office->process);
}

static struct convert_job *take_job(struct office *office)
{
	struct convert_job *job = office->job;

	office->job = NULL;
	office->since_ms = clock_mono_ms();
	return job;
}

/* To the front, once; then it is told. */
static void try_again(struct office *office, struct convert_job *job,
                      int status, const char *sentence)
{
	if (++job->tries < TRIES_MAX)
		list_append(office->queue.next, &job->link);
	else
		job->done(job, status, NULL, sentence);
}

static void on_ready(void *arg)
{
	struct office *office = arg;

	office->is_ready = true;
	office->n_failed_starts = 0;
	office->since_ms = clock_mono_ms();
	step(office);
}

/* 1: that was it. */
static int refuse_limit(struct office *office, struct convert_job *job,
                        const char *reason)
{
	char sentence[LIMIT_SENTENCE];

	if (strcmp(reason, "too-long") == 0)
		limit_time(office->options.seconds, sentence);
	else if (strcmp(reason, "too-large") == 0)
		limit_pdf(office->options.max_bytes, sentence);
	else
		return 0;
	job->done(job, CONVERT_FAILED, NULL, sentence);
	return 1;
}

static void refuse(struct office *office, struct convert_job *job,
                   const char *reason)
{
	if (refuse_limit(office, job, reason))
		return;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		if (strcmp(reason, answers[i].reason) != 0)
			continue;
		if (answers[i].once_more)
			try_again(office, job, CONVERT_FAILED,
			          answers[i].sentence);
		else
			job->done(job, CONVERT_FAILED, NULL,
			          answers[i].sentence);
		return;
	}
	try_again(office, job, -EIO, "LibreOffice does not work" INSTEAD);
}

static void on_answer(const char *reason, struct buf *pdf, void *arg)
{
	struct office *office = arg;
	struct convert_job *job = take_job(office);

	if (reason)
		refuse(office, job, reason);
	else
		job->done(job, 0, pdf, "");
	step(office);
}

/* Where there is no room for a second, the first one has time some day. */
static void fail_all(struct office *office)
{
	while (!list_is_empty(&office->queue)) {
		struct convert_job *job = LIST_ENTRY(office->queue.next,
		                                     struct convert_job, link);

		list_remove(&job->link);
		if (office->second_of)
			take(office->second_of, job);
		else
			job->done(job, -EIO, NULL,
			          "LibreOffice does not start" INSTEAD);
	}
}

static void note_failed_start(struct office *office)
{
	if (++office->n_failed_starts < STARTS_MAX)
		return;
	office->n_failed_starts = 0;
	office->failing_until_ms = clock_mono_ms() + FAILING_MS;
	office->warm_from_ms = office->failing_until_ms;
}

static void on_gone(void *arg)
{
	struct office *office = arg;
	struct convert_job *job = take_job(office);

	if (!office->is_ready)
		note_failed_start(office);
	if (!job)
		office->warm_from_ms = clock_mono_ms() + REST_MS;
	office->process = NULL;
	office->is_ready = false;
	if (job)
		try_again(office, job, CONVERT_FAILED, BROKE);
	step(office);
}

static void start_program(struct office *office)
{
	static const struct office_process_events events = {
		.on_ready = on_ready,
		.on_answer = on_answer,
		.on_gone = on_gone,
	};
	struct err err;

	office->since_ms = clock_mono_ms();
	if (office_process_start(office->loop, office->argv, &events, office,
	                         &office->process, &err) == 0)
		return;
	log_error("office: %s", err.text);
	note_failed_start(office);
}

static void give_next(struct office *office)
{
	struct convert_job *job =
		LIST_ENTRY(office->queue.next, struct convert_job, link);
	const struct office_document document = {
		.type = job->name,
		.data = job->document.data,
		.len = job->document.len,
		.seconds = office->options.seconds,
		.max_bytes = office->options.max_bytes,
		.max_pages = job->max_pages,
	};

	list_remove(&job->link);
	office->job = job;
	office->since_ms = clock_mono_ms();
	office_process_convert(office->process, &document);
}

/* When what goes on now has taken too long. */
static int64_t deadline(const struct office *office)
{
	if (!office->is_ready)
		return office->since_ms + START_MS;
	if (office->job)
		return office->since_ms +
		       (int64_t)office->options.seconds * 1000 + GRACE_MS;
	if (office->options.keep_warm)
		return INT64_MAX; /* never */
	return office->since_ms + (int64_t)office->options.idle_seconds * 1000;
}

static void on_timer(uv_timer_t *timer)
{
	struct office *office = timer->data;

	if (is_alive(office) && clock_mono_ms() >= deadline(office) &&
	    (office->job || !office->is_ready ||
	     list_is_empty(&office->queue))) {
		if (office->job || !office->is_ready)
			log_warn("office: its program hangs");
		office_process_kill(office->process);
	}
	step(office);
}

/* The second has nothing to do, and would not fail at once. */
static bool has_help(const struct office *office)
{
	const struct office *second = office->second;

	return second && !second->job && list_is_empty(&second->queue) &&
	       second->failing_until_ms <= clock_mono_ms();
}

/* When somebody has waited long enough behind the document; or INT64_MAX. */
static int64_t end_of_patience(const struct office *office)
{
	return office->job && !list_is_empty(&office->queue) && has_help(office)
	               ? office->since_ms + office->options.patience_ms
	               : INT64_MAX;
}

static void arm(struct office *office, int64_t at_ms)
{
	int64_t left = at_ms - clock_mono_ms();

	uv_timer_start(&office->timer, on_timer, left > 0 ? (uint64_t)left : 0,
	               0);
}

static void on_timer_closed(uv_handle_t *handle)
{
	struct office *office = handle->data;

	office->closed(office->closed_arg);
	words_free(office->argv);
	free(office);
}

static void finish_close(struct office *office)
{
	uv_handle_t *timer = (uv_handle_t *)&office->timer;

	if (!office->process && !office->second && !uv_is_closing(timer))
		uv_close(timer, on_timer_closed);
}

/* By a document, or to be there for the next one. */
static bool is_wanted(const struct office *office)
{
	return !list_is_empty(&office->queue) ||
	       (office->options.keep_warm &&
	        office->warm_from_ms <= clock_mono_ms());
}

static void take(struct office *office, struct convert_job *job)
{
	job->engine_data = office;
	list_append(&office->queue, &job->link);
	arm(office, 0);
}

static void pass_on(struct office *office)
{
	struct convert_job *job =
		LIST_ENTRY(office->queue.next, struct convert_job, link);

	list_remove(&job->link);
	take(office->second, job);
}

/* What the timer is for: the program's end, or help for who waits. */
static int64_t next_step(const struct office *office)
{
	int64_t end = deadline(office), help = end_of_patience(office);

	return help < end ? help : end;
}

/* Never from inside a caller's call: done may come of it. */
static void step(struct office *office)
{
	bool is_failing = clock_mono_ms() < office->failing_until_ms;

	if (office->is_closing) {
		finish_close(office);
		return;
	}
	if (!office->process && is_failing)
		fail_all(office);
	else if (!office->process && is_wanted(office))
		start_program(office);
	else if (is_alive(office) && office->is_ready && !office->job &&
	         !list_is_empty(&office->queue))
		give_next(office);
	if (end_of_patience(office) <= clock_mono_ms())
		pass_on(office);
	if (office->second_of && !office->job)
		arm(office->second_of, 0);
	if (is_alive(office))
		arm(office, next_step(office));
	else if (!office->process && !list_is_empty(&office->queue))
		arm(office, 0);
	else if (!office->process && office->options.keep_warm)
		arm(office, office->warm_from_ms);
}

static void start(struct convert_engine *engine, struct convert_job *job)
{
	struct office *office = CONTAINER_OF(engine, struct office, engine);

	job->tries = 0;
	take(office, job);
}

/* What it works on cannot be taken back but with the program. */
static void cancel(struct convert_engine *engine, struct convert_job *job)
{
	struct office *office = job->engine_data;

	if (office->job == job) {
		office->job = NULL;
		office_process_kill(office->process);
	} else {
		list_remove(&job->link);
	}
}

/* Warm only while it is needed. */
static void add_second(struct office *office)
{
	struct office_options options = office->options;

	options.argv = (const char *const *)office->argv;
	options.keep_warm = false;
	options.patience_ms = 0;
	office->second = office_new(office->loop, &options);
	office->second->second_of = office;
}

struct office *office_new(uv_loop_t *loop, const struct office_options *options)
{
	struct office *office = xcalloc(1, sizeof *office);

	office->engine.start = start;
	office->engine.cancel = cancel;
	office->loop = loop;
	office->options = *options;
	list_init(&office->queue);
	office->argv = words_copy(options->argv);
	uv_timer_init(loop, &office->timer);
	office->timer.data = office;
	if (options->keep_warm)
		arm(office, 0);
	if (options->patience_ms > 0)
		add_second(office);
	return office;
}

struct convert_engine *office_engine(struct office *office)
{
	return office ? &office->engine : NULL;
}

static void on_second_closed(void *arg)
{
	struct office *office = arg;

	office->second = NULL;
	finish_close(office);
}

void office_close(struct office *office, void (*closed)(void *arg), void *arg)
{
	assert(list_is_empty(&office->queue) && !office->job);
	office->is_closing = true;
	office->closed = closed;
	office->closed_arg = arg;
	if (office->process)
		office_process_kill(office->process);
	uv_timer_stop(&office->timer);
	if (office->second)
		office_close(office->second, on_second_closed, office);
	finish_close(office);
}
