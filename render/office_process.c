/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/office_process.h"

#include <signal.h>

#include "base/log.h"
#include "base/mem.h"
#include "render/office_reader.h"
#include "render/protocol.h"

/*
 * Life of a process:
 *
 *   start      spawn with two pipes, read its answers
 *   convert    the request line and the document are written
 *   on_answer  a line; after "converted" the bytes of the PDF
 *   on_exit    close everything; also a kill comes here
 *   on_closed  last handle gone: report, free
 *
 * What it says beside the words that we wait for is the end of it: a process
 * that talks nonsense is not ours any more. Nor is one that answers before it
 * has read the document, which goes with the answer.
 */
enum {
	PIPE_REQUESTS, /* its stdin */
	PIPE_ANSWERS,  /* its stdout */
	N_PIPES,
};

struct office_process {
	uv_process_t handle;
	uv_pipe_t pipes[N_PIPES];
	int open_handles; /* freed when this reaches 0, and only there */
	bool exited, killed;
	struct office_reader reader;
	struct office_process_events events;
	void *arg;
	char chunk[64 * 1024]; /* of every read: used within the callback */
};

/* Its own memory: an answer may be here before libuv lets go of it. */
struct request {
	uv_write_t write;
	struct buf head; /* the document follows */
};

static void on_closed(uv_handle_t *handle)
{
	struct office_process *process = handle->data;

	if (--process->open_handles > 0)
		return;
	process->events.on_gone(process->arg);
	office_reader_fini(&process->reader);
	free(process);
}

static void close_pipes(struct office_process *process)
{
	for (int i = 0; i < N_PIPES; i++) {
		uv_handle_t *handle = (uv_handle_t *)&process->pipes[i];

		if (!uv_is_closing(handle))
			uv_close(handle, on_closed);
	}
}

/* What it wrote before has been read, or is of no use: it never ends by itself.
 */
static void on_exit_status(uv_process_t *handle, int64_t status, int signal)
{
	struct office_process *process = handle->data;

	process->exited = true;
	if (!process->killed)
		log_warn("office: its program ended (exit %d, signal %d)",
		         (int)status, signal);
	process->killed = true;
	uv_close((uv_handle_t *)handle, on_closed);
	close_pipes(process);
}

void office_process_kill(struct office_process *process)
{
	if (process->killed)
		return;
	process->killed = true;
	if (!process->exited)
		uv_process_kill(&process->handle, SIGKILL);
	close_pipes(process);
}

bool office_process_is_killed(const struct office_process *process)
{
	return process->killed;
}

static void give_up(struct office_process *process, const char *why)
{
	log_warn("office: %s", why);
	office_process_kill(process);
}

static void give_chunk(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct office_process *process = handle->data;

	*out = uv_buf_init(process->chunk, sizeof process->chunk);
}

static void tell(struct office_process *process, enum office_word word)
{
	struct office_reader *reader = &process->reader;

	switch (word) {
	case OFFICE_WORD_NONE: break;
	case OFFICE_WORD_READY: process->events.on_ready(process->arg); break;
	case OFFICE_WORD_CONVERTED:
		process->events.on_answer(NULL, &reader->pdf, process->arg);
		break;
	case OFFICE_WORD_UNCONVERTED:
		process->events.on_answer(reader->reason, NULL, process->arg);
		break;
	}
}

/* Of the document it has not got yet. */
static bool is_writing(const struct office_process *process)
{
	return uv_stream_get_write_queue_size(
		       (const uv_stream_t *)&process->pipes[PIPE_REQUESTS]) > 0;
}

static void on_answers(uv_stream_t *stream, ssize_t n, const uv_buf_t *chunk)
{
	struct office_process *process = stream->data;
	struct err err = {0};
	int r = 0;

	if (n < 0)
		office_process_kill(process);
	if (n <= 0)
		return;
	office_reader_feed(&process->reader, chunk->base, (size_t)n);
	while (!process->killed &&
	       (r = office_reader_next(&process->reader, &err)) > 0) {
		if (is_writing(process))
			give_up(process, "its program answers too early");
		else
			tell(process, (enum office_word)r);
	}
	if (r < 0)
		give_up(process, err.text);
}

static int spawn(struct office_process *process, uv_loop_t *loop, char **argv)
{
	uv_stdio_container_t stdio[] = {
		{.flags = UV_CREATE_PIPE | UV_READABLE_PIPE,
	         .data.stream = (uv_stream_t *)&process->pipes[PIPE_REQUESTS]},
		{.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
	         .data.stream = (uv_stream_t *)&process->pipes[PIPE_ANSWERS]},
		{.flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO},
	};
	char *env[] = {(char[]){"LC_ALL=C.UTF-8"}, NULL};
	const uv_process_options_t spawning = {
		.file = argv[0],
		.args = argv,
		.env = env,
		.stdio = stdio,
		.stdio_count = ARRAY_LEN(stdio),
		.exit_cb = on_exit_status,
	};

	return uv_spawn(loop, &process->handle, &spawning);
}

static void ignore_gone(void *arg)
{
}

int office_process_start(uv_loop_t *loop, char **argv,
                         const struct office_process_events *events, void *arg,
                         struct office_process **out, struct err *err)
{
	struct office_process *process = xcalloc(1, sizeof *process);
	int r;

	process->events = *events;
	process->arg = arg;
	process->handle.data = process;
	process->open_handles = N_PIPES + 1;
	for (int i = 0; i < N_PIPES; i++) {
		uv_pipe_init(loop, &process->pipes[i], 0);
		process->pipes[i].data = process;
	}
	r = spawn(process, loop, argv);
	if (r < 0) {
		process->events.on_gone = ignore_gone;
		uv_close((uv_handle_t *)&process->handle, on_closed);
		close_pipes(process);
		return err_set(err, r, "cannot start '%s': %s", argv[0],
		               uv_strerror(r));
	}
	uv_read_start((uv_stream_t *)&process->pipes[PIPE_ANSWERS], give_chunk,
	              on_answers);
	*out = process;
	return 0;
}

static struct request *request_new(const struct office_document *document,
                                   unsigned serial)
{
	struct request *request = xcalloc(1, sizeof *request);
	struct buf *head = &request->head;

	request->write.data = request;
	protocol_put(head, "document", document->type);
	protocol_put_number(head, "serial", serial);
	protocol_put_number(head, "size", document->len);
	protocol_put_number(head, "seconds", document->seconds);
	protocol_put_number(head, "max", document->max_bytes);
	protocol_put_number(head, "pages", document->max_pages);
	protocol_end(head);
	return request;
}

/* A write that fails is followed by the exit, which is told. */
static void on_written(uv_write_t *write, int status)
{
	struct request *request = write->data;

	buf_fini(&request->head);
	free(request);
}

void office_process_convert(struct office_process *process,
                            const struct office_document *document)
{
	struct request *request =
		request_new(document,
	                    office_reader_expect(&process->reader,
	                                         document->max_bytes));
	const uv_buf_t bytes[] = {
		uv_buf_init(request->head.data, (unsigned)request->head.len),
		uv_buf_init((char *)(uintptr_t)document->data,
	                    (unsigned)document->len),
	};
	int r = uv_write(&request->write,
	                 (uv_stream_t *)&process->pipes[PIPE_REQUESTS], bytes,
	                 ARRAY_LEN(bytes), on_written);

	if (r < 0) {
		on_written(&request->write, r);
		give_up(process, "its program does not listen");
	}
}
