/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/cdp.h"

#include <assert.h>
#include <signal.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "render/cdp_reader.h"

/*
 * Life of a browser:
 *
 *   start      spawn with three pipes, read two of them
 *   on_exit    close everything: what it still said is of no use
 *   on_closed  last handle gone: report, free
 *
 * The end of its answers, nonsense in them and cdp_kill() all kill it, and the
 * exit follows.
 */
enum pipe_index {
	PIPE_STDERR,
	PIPE_COMMANDS, /* its fd 3 */
	PIPE_ANSWERS,  /* its fd 4 */
	N_PIPES,
};

#define STDERR_MAX 400
#define N_STDIO    5

struct cdp {
	uv_process_t process;
	uv_pipe_t pipes[N_PIPES];
	int open_handles; /* freed when this reaches 0, and only there */
	bool exited, killed;
	int last_id; /* of a command */
	struct cdp_reader reader;
	struct buf stderr_text;
	struct cdp_events events;
	void *arg;
	char chunk[64 * 1024]; /* of every read: used within the callback */
};

struct command {
	uv_write_t request;
	char *text; /* owned */
};

static void on_closed(uv_handle_t *handle)
{
	struct cdp *cdp = handle->data;

	if (--cdp->open_handles > 0)
		return;
	if (cdp->events.on_gone)
		cdp->events.on_gone(cdp, buf_str(&cdp->stderr_text), cdp->arg);
	cdp_reader_fini(&cdp->reader);
	buf_fini(&cdp->stderr_text);
	free(cdp);
}

static void close_pipe(struct cdp *cdp, enum pipe_index i)
{
	uv_handle_t *handle = (uv_handle_t *)&cdp->pipes[i];

	if (!uv_is_closing(handle))
		uv_close(handle, on_closed);
}

static void close_everything(struct cdp *cdp)
{
	uv_close((uv_handle_t *)&cdp->process, on_closed);
	for (int i = 0; i < N_PIPES; i++)
		close_pipe(cdp, (enum pipe_index)i);
}

static void on_exit_status(uv_process_t *process, int64_t status, int signal)
{
	struct cdp *cdp = process->data;

	cdp->exited = true;
	close_everything(cdp);
}

int cdp_pid(const struct cdp *cdp)
{
	return uv_process_get_pid(&cdp->process);
}

void cdp_kill(struct cdp *cdp)
{
	if (cdp->killed)
		return;
	cdp->killed = true;
	if (!cdp->exited)
		uv_process_kill(&cdp->process, SIGKILL);
}

static void give_chunk(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct cdp *cdp = handle->data;

	*out = uv_buf_init(cdp->chunk, sizeof cdp->chunk);
}

static void take_messages(struct cdp *cdp)
{
	struct err err = {0};
	json_t *message;
	int r = 0;

	while (!cdp->killed &&
	       (r = cdp_reader_next(&cdp->reader, &message, &err)) > 0) {
		cdp->events.on_message(cdp, message, cdp->arg);
		json_decref(message);
	}
	if (r < 0) {
		log_warn("browser: %s", err.text);
		cdp_kill(cdp);
	}
}

static void on_answers(uv_stream_t *stream, ssize_t n, const uv_buf_t *chunk)
{
	struct cdp *cdp = stream->data;

	if (n < 0) {
		close_pipe(cdp, PIPE_ANSWERS);
		cdp_kill(cdp);
	} else if (n > 0 && !cdp->killed) {
		cdp_reader_add(&cdp->reader, chunk->base, (size_t)n);
		take_messages(cdp);
	}
}

static void on_stderr(uv_stream_t *stream, ssize_t n, const uv_buf_t *chunk)
{
	struct cdp *cdp = stream->data;

	if (n < 0)
		close_pipe(cdp, PIPE_STDERR);
	else
		buf_append_until(&cdp->stderr_text, STDERR_MAX, chunk->base,
		                 (size_t)n);
}

static int spawn(struct cdp *cdp, uv_loop_t *loop, const char *const *argv)
{
	char path[] = "PATH=/usr/bin:/bin", locale[] = "LC_ALL=C.UTF-8";
	char *env[] = {path, locale, NULL};
	uv_stream_t *streams[N_PIPES];
	for (int i = 0; i < N_PIPES; i++)
		streams[i] = (uv_stream_t *)&cdp->pipes[i];
	uv_stdio_container_t stdio[N_STDIO] = {
		{.flags = UV_IGNORE},
		{.flags = UV_IGNORE},
		{.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
	         .data.stream = streams[PIPE_STDERR]},
		{.flags = UV_CREATE_PIPE | UV_READABLE_PIPE,
	         .data.stream = streams[PIPE_COMMANDS]},
		{.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
	         .data.stream = streams[PIPE_ANSWERS]},
	};
	uv_process_options_t spawning = {
		.file = argv[0],
		.args = (char **)(uintptr_t)argv,
		.env = env,
		.stdio = stdio,
		.stdio_count = N_STDIO,
		.exit_cb = on_exit_status,
	};

	return uv_spawn(loop, &cdp->process, &spawning);
}

int cdp_start(uv_loop_t *loop, const char *const *argv,
              const struct cdp_events *events, void *arg, struct cdp **out,
              struct err *err)
{
	struct cdp *cdp = xcalloc(1, sizeof *cdp);
	int r;

	cdp->process.data = cdp;
	for (int i = 0; i < N_PIPES; i++) {
		uv_pipe_init(loop, &cdp->pipes[i], 0);
		cdp->pipes[i].data = cdp;
	}
	cdp->open_handles = N_PIPES + 1;
	r = spawn(cdp, loop, argv);
	if (r < 0) {
		close_everything(cdp);
		return err_set(err, r, "cannot start '%s': %s", argv[0],
		               uv_strerror(r));
	}
	cdp->events = *events;
	cdp->arg = arg;
	uv_read_start((uv_stream_t *)&cdp->pipes[PIPE_ANSWERS], give_chunk,
	              on_answers);
	uv_read_start((uv_stream_t *)&cdp->pipes[PIPE_STDERR], give_chunk,
	              on_stderr);
	*out = cdp;
	return 0;
}

static void on_written(uv_write_t *request, int status)
{
	struct command *command = request->data;

	free(command->text);
	free(command);
}

/* A write that fails is followed by the exit, which is told. */
int cdp_send(struct cdp *cdp, const char *session, const char *method,
             json_t *params)
{
	int id = ++cdp->last_id;
	uv_stream_t *stream = (uv_stream_t *)&cdp->pipes[PIPE_COMMANDS];
	json_t *message =
		json_pack("{s:i, s:s, s:o*, s:s*}", "id", id, "method", method,
	                  "params", params, "sessionId", session);
	struct command *command = xcalloc(1, sizeof *command);
	uv_buf_t bytes;
	int r = UV_EPIPE;

	assert(message); /* all text in it is UTF-8 */
	command->text = json_dumps(message, JSON_COMPACT);
	json_decref(message);
	command->request.data = command;
	bytes = uv_buf_init(command->text, (unsigned)strlen(command->text) + 1);
	if (!cdp->killed && !uv_is_closing((uv_handle_t *)stream))
		r = uv_write(&command->request, stream, &bytes, 1, on_written);
	if (r < 0)
		on_written(&command->request, r);
	return id;
}
