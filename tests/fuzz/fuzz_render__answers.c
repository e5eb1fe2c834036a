/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <assert.h>
#include <stdint.h>

#include "base/mem.h"
#include "render/run.h"

/*
 * A worker that a stranger has taken over, as the daemon hears it: lines, print
 * data and documents to convert in any order. Whatever it says, the owner hears
 * of one ledger for each that he asked for, of pages in their order, and of one
 * end.
 *
 * Input: commands, each a byte and what belongs to it. 'l': a line, up to its
 * LF. 'd' and 'c', n: n bytes of print data, of a document. 'e': the engine
 * has done its work; 'f': it failed. Any other ends the worker.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- in place of process.c ---------------------------------------------- */

struct process {
	const struct process_events *events;
	void *arg;
	const char *killed; /* why */
	bool is_converting; /* fd 5 is read */
};

void process_hand_over(struct process *process,
                       const struct process_events *events, void *arg)
{
	process->events = events;
	process->arg = arg;
}

bool process_feed(struct process *process, const void *data, size_t len)
{
	return true;
}

void process_want_drain(struct process *process)
{
}

void process_feed_end(struct process *process)
{
}

void process_tell(struct process *process, const void *data, size_t len)
{
}

void process_convert_read(struct process *process, bool on)
{
	process->is_converting = on;
}

void process_convert_write(struct process *process, const void *data,
                           size_t len)
{
}

void process_kill(struct process *process, const char *sentence)
{
	if (!process->killed)
		process->killed = sentence;
}

/* ---- the engine ---------------------------------------------------------- */

static struct convert_job *converting;

static void engine_start(struct convert_engine *engine, struct convert_job *job)
{
	assert(!converting);
	converting = job;
}

static void engine_cancel(struct convert_engine *engine,
                          struct convert_job *job)
{
	assert(converting == job);
	converting = NULL;
}

static void engine_end(int status)
{
	struct convert_job *job = converting;
	struct buf pdf CLEANUP(buf_fini) = {0};

	if (!job)
		return;
	converting = NULL;
	buf_puts(&pdf, "%PDF");
	job->done(job, status, status == 0 ? &pdf : NULL, "it is empty");
}

/* ---- the owner ----------------------------------------------------------- */

struct owner {
	unsigned n_asked, n_ledgers, n_pages, n_ends;
	uint64_t bytes, end;
};

static void on_part(struct render *render, const struct render_part *part,
                    void *arg)
{
	const struct owner *owner = arg;

	assert(owner->n_ledgers < owner->n_asked && owner->n_ends == 0);
}

/* Once it looks behind a link, then it prints. */
static void on_ledger(struct render *render, void *arg)
{
	static const struct render_web_page web = {.id = "web.1",
	                                           .url = "http://a.example/",
	                                           .type = ""};
	static const struct render_target target = {
		.format = "image/pwg-raster",
		.dpi = 100,
		.media = "iso_a4_210x297mm",
		.media_width = 21000,
		.media_height = 29700,
		.sides = "one-sided",
		.sheet_back = "normal",
	};
	const char *ids[] = {"1"};
	struct owner *owner = arg;

	owner->n_ledgers++;
	assert(owner->n_ledgers == owner->n_asked && owner->n_ends == 0);
	if (owner->n_asked == 1) {
		owner->n_asked++;
		render_attach(render, &web, "x", 1);
	} else {
		assert(render_plan(render, &target, ids, 1, NULL) == 0);
	}
}

static void on_data(struct render *render, const void *data, size_t len,
                    void *arg)
{
	struct owner *owner = arg;

	owner->bytes += len;
}

static void on_page(struct render *render, unsigned page, uint64_t end_offset,
                    const char *part, void *arg)
{
	struct owner *owner = arg;

	assert(page == ++owner->n_pages && owner->n_ends == 0);
	assert(end_offset >= owner->end && end_offset <= owner->bytes);
	owner->end = end_offset;
}

static void on_end(struct render *render, int status, unsigned pages,
                   uint64_t bytes, const char *sentence, void *arg)
{
	struct owner *owner = arg;

	owner->n_ends++;
	assert(status == 0 || sentence[0]);
}

static const struct render_events events = {
	.on_part = on_part,
	.on_ledger = on_ledger,
	.on_data = on_data,
	.on_page = on_page,
	.on_end = on_end,
};

static void on_render_gone(struct render *render, struct render_pool *pool)
{
}

/* ---- one worker ---------------------------------------------------------- */

static void say_line(struct process *process, const uint8_t *data, size_t len)
{
	char *line CLEANUP(xfree) = xmalloc(len + 1);

	memcpy(line, data, len);
	line[len] = '\0';
	process->events->on_line(process, line, process->arg);
}

/* What the command at data takes of it; 0: the worker ends. */
static size_t obey(struct process *process, const uint8_t *data, size_t size)
{
	const uint8_t *lf;
	size_t n = size > 1 ? data[1] : 0;

	switch (data[0]) {
	case 'l':
		lf = memchr(data, '\n', size);
		n = lf ? (size_t)(lf - data) : size;
		say_line(process, data + 1, n - 1);
		return lf ? n + 1 : n;
	case 'd':
	case 'c':
		if (size < 2 || n > size - 2)
			return 0;
		if (data[0] == 'd')
			process->events->on_data(process, data + 2, n,
			                         process->arg);
		else if (process->is_converting)
			process->events->on_convert(process, data + 2, n,
			                            process->arg);
		return n + 2;
	case 'e':
	case 'f': engine_end(data[0] == 'e' ? 0 : CONVERT_FAILED); return 1;
	default: return 0;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct convert_engine engine = {engine_start, engine_cancel};
	const struct render_pool_options options = {
		.workers = 1,
		.limits = {.seconds = 60, .pages = 5, .output_bytes = 4096},
		.engines = {&engine, &engine, NULL},
	};
	struct process process = {0};
	struct owner owner = {.n_asked = 1};
	struct render *render;
	uv_loop_t loop;
	size_t used = 1;

	uv_loop_init(&loop);
	render =
		run_new(&loop, &options, &events, &owner, NULL, on_render_gone);
	run_take_turn(render);
	run_attach(render, &process, true);
	render_feed_end(render);
	while (size > 0 && used > 0 && !process.killed) {
		used = obey(&process, data, size);
		data += used;
		size -= used;
	}
	process.events->on_gone(&process, 0,
	                        process.killed ? process.killed : "",
	                        process.arg);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert(owner.n_ends == 1 && !converting);
	assert(uv_loop_close(&loop) == 0);
	return 0;
}
