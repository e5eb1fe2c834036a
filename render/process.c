/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/process.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "render/limit.h"
#include "render/protocol.h"

/*
 * Life of a process:
 *
 *   start      spawn with six pipes, read three of them
 *   on_exit    keep the status; what is still in the pipes is read
 *   on end     of each pipe: close it
 *   on_closed  last handle gone: report, free
 *
 * A pipe's end and the exit come in any order; the process handle and the six
 * pipes are seven open handles. A kill closes the pipes at once: nobody wants
 * what is in them.
 */
enum pipe_index {
	PIPE_MESSAGE, /* its stdin */
	PIPE_OUTPUT,  /* its stdout */
	PIPE_STDERR,
	PIPE_ANSWERS, /* its fd 3 */
	PIPE_REQUEST, /* its fd 4 */
	PIPE_CONVERT, /* its fd 5, both ways */
	N_PIPES,
};

#define FEED_MAX   (256 * 1024)
/*
 * More than a socket holds: libuv goes on reading while what it gets fills the
 * buffer, and whoever else waits for the loop would wait for all of a page.
 */
#define CHUNK      (256 * 1024)
#define STDERR_MAX 400 /* of what it says, for one log line */

struct process {
	uv_process_t handle;
	uv_pipe_t pipes[N_PIPES];
	int open_handles; /* freed when this reaches 0, and only there */
	bool exited, killed, wants_drain;
	int exit_code, term_signal;
	struct render_limits limits;
	char sentence[LIMIT_SENTENCE]; /* "": none; first reason wins */
	struct buf answers;            /* not yet a whole line */
	struct buf stderr_text;
	struct process_events events;
	void *arg;
	char chunk[CHUNK]; /* of every read: used within the callback */
};

struct feed {
	uv_write_t request;
	struct process *process;
	char data[];
};

static void set_sentence(struct process *process, const char *sentence)
{
	if (!process->sentence[0])
		snprintf(process->sentence, sizeof process->sentence, "%s",
		         sentence);
}

/* It did not end by itself. */
static void set_reason(struct process *process)
{
	const struct render_limits *limits = &process->limits;
	char text[LIMIT_SENTENCE];

	switch (process->term_signal) {
	case 0: return;
	case SIGXCPU:
		set_sentence(process, limit_computing(limits->seconds, text));
		return;
	case SIGKILL:
		set_sentence(process, limit_unclear(limits->seconds,
		                                    limits->memory, text));
		return;
	case SIGSYS:
		set_sentence(process, "it tried what a document may not");
		return;
	default: set_sentence(process, "it broke its reader");
	}
}

static void log_stderr(struct process *process)
{
	if (process->stderr_text.len > 0)
		log_warn("worker=%d said: %s", process->handle.pid,
		         buf_str(&process->stderr_text));
}

static void on_closed(uv_handle_t *handle)
{
	struct process *process = handle->data;

	if (--process->open_handles > 0)
		return;
	log_stderr(process);
	set_reason(process);
	if (process->events.on_gone)
		process->events.on_gone(process, process->exit_code,
		                        process->sentence, process->arg);
	buf_fini(&process->answers);
	buf_fini(&process->stderr_text);
	free(process);
}

static void close_pipe(struct process *process, enum pipe_index i)
{
	uv_handle_t *handle = (uv_handle_t *)&process->pipes[i];

	if (!uv_is_closing(handle))
		uv_close(handle, on_closed);
}

/* After the exit nothing is left to write to. */
static void on_exit_status(uv_process_t *handle, int64_t status, int signal)
{
	struct process *process = handle->data;

	process->exited = true;
	process->exit_code = (int)status;
	process->term_signal = signal;
	uv_close((uv_handle_t *)handle, on_closed);
	close_pipe(process, PIPE_MESSAGE);
	close_pipe(process, PIPE_REQUEST);
	close_pipe(process, PIPE_CONVERT);
}

static void give_chunk(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct process *process = handle->data;

	*out = uv_buf_init(process->chunk, sizeof process->chunk);
}

static void on_output(uv_stream_t *stream, ssize_t n, const uv_buf_t *chunk)
{
	struct process *process = stream->data;

	if (n < 0)
		close_pipe(process, PIPE_OUTPUT);
	else if (n > 0 && process->events.on_data)
		process->events.on_data(process, chunk->base, (size_t)n,
		                        process->arg);
}

/* A callback may kill the process: its pipes are closing then. */
static void take_lines(struct process *process)
{
	struct buf *answers = &process->answers;
	size_t taken = 0;

	while (taken < answers->len && !process->killed) {
		char *line = answers->data + taken;
		char *end = memchr(line, '\n', answers->len - taken);

		if (!end)
			break;
		*end = '\0';
		taken += (size_t)(end - line) + 1;
		if (process->events.on_line)
			process->events.on_line(process, line, process->arg);
	}
	buf_consume(answers, taken);
	if (answers->len > PROTOCOL_LINE_MAX)
		process_kill(process, "its reader talks nonsense");
}

static void on_answers(uv_stream_t *stream, ssize_t n, const uv_buf_t *chunk)
{
	struct process *process = stream->data;

	if (n < 0) {
		close_pipe(process, PIPE_ANSWERS);
		return;
	}
	buf_append(&process->answers, chunk->base, (size_t)n);
	take_lines(process);
}

static void on_stderr(uv_stream_t *stream, ssize_t n, const uv_buf_t *chunk)
{
	struct process *process = stream->data;

	if (n < 0)
		close_pipe(process, PIPE_STDERR);
	else
		buf_append_until(&process->stderr_text, STDERR_MAX, chunk->base,
		                 (size_t)n);
}

static void on_convert(uv_stream_t *stream, ssize_t n, const uv_buf_t *chunk)
{
	struct process *process = stream->data;

	if (n < 0)
		close_pipe(process, PIPE_CONVERT);
	else if (n > 0 && process->events.on_convert)
		process->events.on_convert(process, chunk->base, (size_t)n,
		                           process->arg);
}

static void set_stdio(struct process *process,
                      uv_stdio_container_t stdio[N_PIPES])
{
	for (int i = 0; i < N_PIPES; i++) {
		bool child_reads = i == PIPE_MESSAGE || i == PIPE_REQUEST;
		unsigned both = UV_READABLE_PIPE | UV_WRITABLE_PIPE;

		stdio[i].flags =
			UV_CREATE_PIPE | (i == PIPE_CONVERT ? both
		                          : child_reads     ? UV_READABLE_PIPE
		                                            : UV_WRITABLE_PIPE);
		stdio[i].data.stream = (uv_stream_t *)&process->pipes[i];
	}
}

struct arguments {
	char memory[48], cpu[48], output[48], unsandboxed[48];
	char parts[48], nesting[48], postscript[48];
	char *argv[9];
};

/* CPU is never more than wall clock times one thread: the same figure. */
static void set_arguments(struct arguments *out,
                          const struct render_pool_options *options)
{
	const struct render_limits *limits = &options->limits;
	size_t n = 0;

	snprintf(out->memory, sizeof out->memory, "memory=%llu",
	         (unsigned long long)limits->memory);
	snprintf(out->cpu, sizeof out->cpu, "cpu=%u", limits->seconds);
	snprintf(out->output, sizeof out->output, "output=%llu",
	         (unsigned long long)limits->output_bytes);
	snprintf(out->unsandboxed, sizeof out->unsandboxed,
	         "unsandboxed=allow");
	out->argv[n++] = (char *)(uintptr_t)options->worker_path;
	out->argv[n++] = out->memory;
	out->argv[n++] = out->cpu;
	out->argv[n++] = out->output;
	snprintf(out->parts, sizeof out->parts, "parts=%u", limits->parts);
	snprintf(out->nesting, sizeof out->nesting, "nesting=%u",
	         limits->nesting);
	out->argv[n++] = out->parts;
	out->argv[n++] = out->nesting;
	if (options->allow_unsandboxed)
		out->argv[n++] = out->unsandboxed;
	snprintf(out->postscript, sizeof out->postscript, "postscript=allow");
	if (options->engines.postscript)
		out->argv[n++] = out->postscript;
	out->argv[n] = NULL;
}

static int spawn(struct process *process, uv_loop_t *loop,
                 const struct render_pool_options *options)
{
	uv_stdio_container_t stdio[N_PIPES];
	struct arguments arguments;
	char locale[] = "LC_ALL=C.UTF-8";
	char *env[] = {locale, NULL};
	uv_process_options_t spawning = {
		.file = options->worker_path,
		.env = env,
		.stdio = stdio,
		.stdio_count = N_PIPES,
		.exit_cb = on_exit_status,
	};

	set_stdio(process, stdio);
	set_arguments(&arguments, options);
	spawning.args = arguments.argv;
	return uv_spawn(loop, &process->handle, &spawning);
}

static void close_everything(struct process *process)
{
	for (int i = 0; i < N_PIPES; i++)
		close_pipe(process, (enum pipe_index)i);
}

static struct process *new_process(uv_loop_t *loop)
{
	struct process *process = xcalloc(1, sizeof *process);

	process->handle.data = process;
	for (int i = 0; i < N_PIPES; i++) {
		uv_pipe_init(loop, &process->pipes[i], 0);
		process->pipes[i].data = process;
	}
	process->open_handles = N_PIPES + 1;
	return process;
}

int process_start(uv_loop_t *loop, const struct render_pool_options *options,
                  const struct process_events *events, void *arg,
                  struct process **out, struct err *err)
{
	struct process *process = new_process(loop);
	int r = spawn(process, loop, options);

	if (r < 0) {
		uv_close((uv_handle_t *)&process->handle, on_closed);
		close_everything(process);
		return err_set(err, r, "cannot start '%s': %s",
		               options->worker_path, uv_strerror(r));
	}
	process->events = *events;
	process->arg = arg;
	process->limits = options->limits;
	uv_read_start((uv_stream_t *)&process->pipes[PIPE_OUTPUT], give_chunk,
	              on_output);
	uv_read_start((uv_stream_t *)&process->pipes[PIPE_STDERR], give_chunk,
	              on_stderr);
	uv_read_start((uv_stream_t *)&process->pipes[PIPE_ANSWERS], give_chunk,
	              on_answers);
	*out = process;
	return 0;
}

void process_hand_over(struct process *process,
                       const struct process_events *events, void *arg)
{
	process->events = *events;
	process->arg = arg;
}

static size_t waiting(const struct process *process)
{
	return uv_stream_get_write_queue_size(
		(const uv_stream_t *)&process->pipes[PIPE_MESSAGE]);
}

static void on_written(uv_write_t *request, int status)
{
	struct feed *feed = request->data;
	struct process *process = feed->process;

	free(feed);
	if (!process->wants_drain || process->killed || process->exited ||
	    waiting(process) >= FEED_MAX / 2)
		return;
	process->wants_drain = false;
	if (process->events.on_drain)
		process->events.on_drain(process, process->arg);
}

/* A write that fails is followed by the exit, which is told. */
static void write_to(struct process *process, enum pipe_index i,
                     const void *data, size_t len)
{
	uv_stream_t *stream = (uv_stream_t *)&process->pipes[i];
	struct feed *feed;
	uv_buf_t bytes;

	if (uv_is_closing((uv_handle_t *)stream) || len == 0)
		return;
	feed = xmalloc(sizeof *feed + len);
	memcpy(feed->data, data, len);
	feed->process = process;
	feed->request.data = feed;
	bytes = uv_buf_init(feed->data, (unsigned)len);
	if (uv_write(&feed->request, stream, &bytes, 1, on_written) < 0)
		free(feed);
}

bool process_feed(struct process *process, const void *data, size_t len)
{
	write_to(process, PIPE_MESSAGE, data, len);
	if (waiting(process) < FEED_MAX)
		return true;
	process->wants_drain = true;
	return false;
}

void process_want_drain(struct process *process)
{
	process->wants_drain = true;
}

static void on_shut(uv_shutdown_t *request, int status)
{
	free(request);
}

void process_feed_end(struct process *process)
{
	uv_stream_t *stream = (uv_stream_t *)&process->pipes[PIPE_MESSAGE];
	uv_shutdown_t *request;

	if (uv_is_closing((uv_handle_t *)stream))
		return;
	request = xmalloc(sizeof *request);
	if (uv_shutdown(request, stream, on_shut) < 0)
		free(request);
}

void process_tell(struct process *process, const void *data, size_t len)
{
	write_to(process, PIPE_REQUEST, data, len);
}

void process_convert_read(struct process *process, bool on)
{
	uv_stream_t *stream = (uv_stream_t *)&process->pipes[PIPE_CONVERT];

	if (uv_is_closing((uv_handle_t *)stream))
		return;
	if (on)
		uv_read_start(stream, give_chunk, on_convert);
	else
		uv_read_stop(stream);
}

void process_convert_write(struct process *process, const void *data,
                           size_t len)
{
	write_to(process, PIPE_CONVERT, data, len);
}

void process_kill(struct process *process, const char *sentence)
{
	if (process->killed)
		return;
	process->killed = true;
	set_sentence(process, sentence);
	if (!process->exited)
		uv_process_kill(&process->handle, SIGKILL);
	close_everything(process);
}
