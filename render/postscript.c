/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/postscript.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>

#include "base/log.h"
#include "base/mem.h"
#include "render/limit.h"

/*
 * Life of a run:
 *
 *   start      spawn the box; the program is written to it, the timer armed
 *   on_output  bytes of the PDF; more than may be: kill
 *   on_timer   it takes too long: kill
 *   on_exit    what it means; with the output's end, or killed: close all
 *   on_closed  last handle gone: tell the job, free
 *
 * Where it cannot be started only the last step comes.
 */
#define EXIT_NO_BOX     78  /* platen-box: this system cannot make the box */
#define EXIT_NO_PROGRAM 127 /* platen-box: there is no such program */

/*
 * Where nothing is drawn, a PDF of one white page would come of it. Looked at
 * behind the program, or when it ends itself.
 */
#define NO_PAGES_IS_AN_ERROR                                                   \
	"currentpagedevice /PageCount get 0 eq {nopages} if"
#define ALSO_WHEN_IT_QUITS                                                     \
	"userdict /quit {" NO_PAGES_IS_AN_ERROR                                \
	" systemdict /quit get exec} put"

struct postscript {
	struct convert_engine engine;
	uv_loop_t *loop;
	char **words; /* owned; the program and its arguments, no paper yet */
	size_t n_words;
	unsigned seconds;
	uint64_t max_bytes;
	unsigned n_runs;
	void (*closed)(void *arg); /* NULL: not asked to close */
	void *closed_arg;
};

enum {
	PIPE_PROGRAM, /* its stdin */
	PIPE_PDF,     /* its stdout */
	N_PIPES,
};

struct run {
	struct postscript *postscript;
	struct convert_job *job; /* NULL: cancelled */
	uv_process_t process;
	uv_pipe_t pipes[N_PIPES];
	uv_timer_t timer;
	uv_write_t write;
	int open_handles; /* freed when this reaches 0, and only there */
	bool exited, ended, killed;
	int status; /* first reason wins */
	char sentence[LIMIT_SENTENCE];
	struct buf pdf;
	char chunk[64 * 1024]; /* of every read: used within the callback */
};

/*
 * -dSAFER: no files, no programs; the box is there for the day when that does
 * not hold. The page's own output goes where nobody listens, apart from the
 * PDF. Pictures keep their pixels, for nobody knows yet how many a printer has.
 */
static const char *const settings[] = {
	"-q",
	"-dSAFER",
	"-dBATCH",
	"-dNOPAUSE",
	"-sstdout=%stderr",
	"-sDEVICE=pdfwrite",
	"-sOutputFile=-",
	"-dEPSCrop",
	"-dPDFSETTINGS=/prepress",
	"-dDownsampleColorImages=false",
	"-dDownsampleGrayImages=false",
	"-dDownsampleMonoImages=false",
};

static void fail(struct run *run, int status, const char *sentence)
{
	if (run->status != 0)
		return;
	run->status = status;
	snprintf(run->sentence, sizeof run->sentence, "%s", sentence);
}

static void finish_close(struct postscript *postscript)
{
	if (!postscript->closed || postscript->n_runs > 0)
		return;
	postscript->closed(postscript->closed_arg);
	for (size_t i = 0; i < postscript->n_words; i++)
		free(postscript->words[i]);
	free(postscript->words);
	free(postscript);
}

static void on_closed(uv_handle_t *handle)
{
	struct run *run = handle->data;
	struct postscript *postscript = run->postscript;

	if (--run->open_handles > 0)
		return;
	if (run->job)
		run->job->done(run->job, run->status, &run->pdf, run->sentence);
	buf_fini(&run->pdf);
	free(run);
	postscript->n_runs--;
	finish_close(postscript);
}

static void close_handle(uv_handle_t *handle)
{
	if (!uv_is_closing(handle))
		uv_close(handle, on_closed);
}

static void close_pipes(struct run *run)
{
	for (int i = 0; i < N_PIPES; i++)
		close_handle((uv_handle_t *)&run->pipes[i]);
}

static void close_all(struct run *run)
{
	close_pipes(run);
	close_handle((uv_handle_t *)&run->timer);
	close_handle((uv_handle_t *)&run->process);
}

/* The last bytes may be in the pipe when the process is gone. */
static void settle(struct run *run)
{
	if (run->exited && (run->ended || run->killed))
		close_all(run);
}

/* The job's bytes are let go of at once. */
static void end(struct run *run)
{
	run->killed = true;
	if (!run->exited)
		uv_process_kill(&run->process, SIGKILL);
	close_pipes(run);
	settle(run);
}

static void judge(struct run *run, int64_t status, int signal)
{
	if (status == EXIT_NO_PROGRAM)
		fail(run, -ENOENT,
		     "it cannot be printed here: Ghostscript is not installed");
	else if (status == EXIT_NO_BOX)
		fail(run, -EPERM,
		     "it cannot be printed here: Ghostscript cannot be locked "
		     "up");
	else if (signal != 0)
		fail(run, CONVERT_FAILED, "it breaks Ghostscript");
	else if (status != 0)
		fail(run, CONVERT_FAILED,
		     "Ghostscript cannot make pages of it");
	if (run->status < 0)
		log_warn("postscript: a document: %s", run->sentence);
}

static void on_exit_status(uv_process_t *process, int64_t status, int signal)
{
	struct run *run = process->data;

	run->exited = true;
	judge(run, status, signal);
	settle(run);
}

static void on_timer(uv_timer_t *timer)
{
	struct run *run = timer->data;
	char sentence[LIMIT_SENTENCE];

	fail(run, CONVERT_FAILED,
	     limit_time(run->postscript->seconds, sentence));
	end(run);
}

static void give_chunk(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct run *run = handle->data;

	*out = uv_buf_init(run->chunk, sizeof run->chunk);
}

static void on_output(uv_stream_t *stream, ssize_t n, const uv_buf_t *chunk)
{
	struct run *run = stream->data;
	char sentence[LIMIT_SENTENCE];

	if (n < 0) {
		run->ended = true;
		settle(run);
	} else if ((uint64_t)n > run->postscript->max_bytes - run->pdf.len) {
		fail(run, CONVERT_FAILED,
		     limit_pdf(run->postscript->max_bytes, sentence));
		end(run);
	} else {
		buf_append(&run->pdf, chunk->base, (size_t)n);
	}
}

/* It may end without reading all: then its exit tells. */
static void on_written(uv_write_t *write, int status)
{
	close_handle((uv_handle_t *)write->handle);
}

/* The size of the page, where the program does not name one. */
static void put_paper(const struct convert_page *page, char *width,
                      char *height, size_t size)
{
	snprintf(width, size, "-dDEVICEWIDTHPOINTS=%.2f",
	         page->width * 72 / 2540.0);
	snprintf(height, size, "-dDEVICEHEIGHTPOINTS=%.2f",
	         page->height * 72 / 2540.0);
}

static int spawn(struct run *run)
{
	const struct postscript *postscript = run->postscript;
	char width[64], height[64];
	char *env[] = {(char[]){"LC_ALL=C.UTF-8"}, NULL};
	char **argv CLEANUP(xfree) =
		xcalloc(postscript->n_words + 9, sizeof *argv);
	uv_stdio_container_t stdio[] = {
		{.flags = UV_CREATE_PIPE | UV_READABLE_PIPE,
	         .data.stream = (uv_stream_t *)&run->pipes[PIPE_PROGRAM]},
		{.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
	         .data.stream = (uv_stream_t *)&run->pipes[PIPE_PDF]},
		{.flags = UV_IGNORE},
	};
	const uv_process_options_t spawning = {
		.file = postscript->words[0],
		.args = argv,
		.env = env,
		.stdio = stdio,
		.stdio_count = ARRAY_LEN(stdio),
		.exit_cb = on_exit_status,
	};
	size_t n = postscript->n_words;

	put_paper(&run->job->page, width, height, sizeof width);
	memcpy(argv, postscript->words, n * sizeof *argv);
	argv[n++] = width;
	argv[n++] = height;
	argv[n++] = (char[]){"-c"};
	argv[n++] = (char[]){ALSO_WHEN_IT_QUITS};
	argv[n++] = (char[]){"-f"};
	argv[n++] = (char[]){"-"};
	argv[n++] = (char[]){"-c"};
	argv[n++] = (char[]){NO_PAGES_IS_AN_ERROR};
	return uv_spawn(postscript->loop, &run->process, &spawning);
}

static struct run *run_new(struct postscript *postscript,
                           struct convert_job *job)
{
	struct run *run = xcalloc(1, sizeof *run);

	run->postscript = postscript;
	run->job = job;
	run->process.data = run;
	run->open_handles = N_PIPES + 2;
	for (int i = 0; i < N_PIPES; i++) {
		uv_pipe_init(postscript->loop, &run->pipes[i], 0);
		run->pipes[i].data = run;
	}
	uv_timer_init(postscript->loop, &run->timer);
	run->timer.data = run;
	postscript->n_runs++;
	job->engine_data = run;
	return run;
}

static void start(struct convert_engine *engine, struct convert_job *job)
{
	struct postscript *postscript =
		CONTAINER_OF(engine, struct postscript, engine);
	struct run *run = run_new(postscript, job);
	uv_buf_t bytes =
		uv_buf_init(job->document.data, (unsigned)job->document.len);
	int r = spawn(run);

	if (r < 0) {
		log_error("postscript: cannot start '%s': %s",
		          postscript->words[0], uv_strerror(r));
		fail(run, r, "Ghostscript does not start");
		close_all(run);
		return;
	}
	uv_timer_start(&run->timer, on_timer, postscript->seconds * 1000ULL, 0);
	uv_read_start((uv_stream_t *)&run->pipes[PIPE_PDF], give_chunk,
	              on_output);
	if (uv_write(&run->write, (uv_stream_t *)&run->pipes[PIPE_PROGRAM],
	             &bytes, 1, on_written) < 0) {
		fail(run, -EPIPE, "Ghostscript does not listen");
		end(run);
	}
}

static void cancel(struct convert_engine *engine, struct convert_job *job)
{
	struct run *run = job->engine_data;

	run->job = NULL;
	if (!uv_is_closing((uv_handle_t *)&run->process))
		end(run);
}

struct postscript *postscript_new(uv_loop_t *loop,
                                  const struct postscript_options *options)
{
	struct postscript *postscript = xcalloc(1, sizeof *postscript);
	size_t n = 0;

	while (options->argv[n])
		n++;
	postscript->engine.start = start;
	postscript->engine.cancel = cancel;
	postscript->loop = loop;
	postscript->seconds = options->seconds;
	postscript->max_bytes = options->max_bytes;
	postscript->n_words = n + ARRAY_LEN(settings);
	postscript->words =
		xcalloc(postscript->n_words, sizeof *postscript->words);
	for (size_t i = 0; i < postscript->n_words; i++)
		postscript->words[i] =
			xstrdup(i < n ? options->argv[i] : settings[i - n]);
	return postscript;
}

struct convert_engine *postscript_engine(struct postscript *postscript)
{
	return postscript ? &postscript->engine : NULL;
}

void postscript_close(struct postscript *postscript, void (*closed)(void *arg),
                      void *arg)
{
	postscript->closed = closed;
	postscript->closed_arg = arg;
	finish_close(postscript);
}
