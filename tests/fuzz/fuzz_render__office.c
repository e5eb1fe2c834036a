/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>

#include "base/mem.h"
#include "render/office.h"
#include "render/office_process.h"
#include "render/office_reader.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/fuzz/fuzz_jobs.h"
#include "tests/fuzz/fuzz_quiet.h"
#include "tests/fuzz/fuzz_time.h"

/*
 * A platen-office that a document has taken over, as the daemon hears it.
 * Whatever it says, each document that is not cancelled has one end, in time,
 * with a PDF no larger than allowed, and nothing is left when all is closed.
 *
 * Input: a byte of options, then commands; between two of them the timer may
 * ring, but after one in capitals.
 *
 *   s F    start a document; F: its bits, see WISH_
 *   c N    cancel the Nth one
 *   w L    it says the line L, up to the LF; '#' in it becomes the number of
 *          the document that it has
 *   b N D  it says N bytes
 *   t N    N seconds pass
 *   g      it ends
 *   o      from now on it is the other of two that speaks, or ends
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_BYTES 300
#define SECONDS   30

/* ---- in place of office_process.c ---------------------------------------- */

struct office_process {
	struct office_reader reader;
	struct office_process_events events;
	void *arg;
	bool is_killed;
	unsigned serial;
};

#define N_RUNNING 2

static struct office_process *running[N_RUNNING];
static unsigned which; /* of them the input is about */
static bool has_no_program;

static bool is_running(const struct office_process *process)
{
	return process && (process == running[0] || process == running[1]);
}

int office_process_start(uv_loop_t *loop, char **argv,
                         const struct office_process_events *events, void *arg,
                         struct office_process **out, struct err *err)
{
	struct office_process **slot = running[0] ? &running[1] : &running[0];

	assert(!*slot);
	if (has_no_program)
		return err_set(err, UV_ENOENT, "there is none");
	*out = *slot = xcalloc(1, sizeof **slot);
	(*slot)->events = *events;
	(*slot)->arg = arg;
	return 0;
}

void office_process_convert(struct office_process *process,
                            const struct office_document *document)
{
	assert(is_running(process) && !process->is_killed);
	assert(process->reader.is_ready && !process->reader.is_awaited);
	assert(document->len > 0 && document->max_bytes == MAX_BYTES);
	process->serial =
		office_reader_expect(&process->reader, document->max_bytes);
}

bool office_process_is_killed(const struct office_process *process)
{
	assert(is_running(process));
	return process->is_killed;
}

void office_process_kill(struct office_process *process)
{
	assert(is_running(process));
	process->is_killed = true;
}

static void tell(struct office_process *process, int word)
{
	struct office_reader *reader = &process->reader;

	if (word == OFFICE_WORD_READY)
		process->events.on_ready(process->arg);
	else if (word == OFFICE_WORD_CONVERTED)
		process->events.on_answer(NULL, &reader->pdf, process->arg);
	else
		process->events.on_answer(reader->reason, NULL, process->arg);
}

/* Exactly so much memory: one byte too far is seen. */
static void say(const void *data, size_t len)
{
	void *copy CLEANUP(xfree) = len > 0 ? xmemdup(data, len) : NULL;
	struct office_process *process = running[which];
	struct err err = {0};
	int r = 0;

	if (!process || process->is_killed || len == 0)
		return;
	office_reader_feed(&process->reader, copy, len);
	while (!process->is_killed &&
	       (r = office_reader_next(&process->reader, &err)) > 0)
		tell(process, r);
	if (r < 0)
		process->is_killed = true;
}

static void program_ends(unsigned i)
{
	struct office_process *process = running[i];

	if (!process)
		return;
	running[i] = NULL;
	process->events.on_gone(process->arg);
	office_reader_fini(&process->reader);
	free(process);
}

/* ---- one life ------------------------------------------------------------ */

static struct convert_job *job_new(unsigned kind)
{
	struct convert_job *job = xcalloc(1, sizeof *job);

	job->name = "docx";
	buf_puts(&job->document, "PK");
	return job;
}

/* The number of the document is more than a fuzzer can guess. */
static void say_line(struct input *in)
{
	const uint8_t *lf = memchr(in->data, '\n', in->len);
	size_t n = lf ? (size_t)(lf - in->data) + 1 : in->len;
	const uint8_t *from = take_bytes(in, &n);
	struct buf line CLEANUP(buf_fini) = {0};

	for (size_t i = 0; i < n; i++) {
		if (from[i] == '#' && running[which])
			buf_printf(&line, "%u", running[which]->serial);
		else
			buf_append(&line, from + i, 1);
	}
	say(line.data, line.len);
}

static void say_bytes(struct input *in)
{
	size_t n = take(in);
	const uint8_t *data = take_bytes(in, &n);

	say(data, n);
}

static void obey(struct input *in, char what)
{
	switch (what) {
	case 's': start_job(take(in)); break;
	case 'c': cancel_job(take(in)); break;
	case 'w': say_line(in); break;
	case 'b': say_bytes(in); break;
	case 't': time_pass((int64_t)take(in) * 1000); break;
	case 'g': program_ends(which); break;
	case 'o': which = !which; break;
	default: break;
	}
}

/* A silent program is given up, and so is what it was silent about. */
static void wait_for_jobs(void)
{
	for (int i = 0; has_jobs(); i++) {
		assert(i < 100);
		for (unsigned j = 0; j < N_RUNNING; j++)
			if (running[j] && running[j]->is_killed)
				program_ends(j);
		time_pass(SECONDS * 1000);
	}
}

static void on_closed(void *arg)
{
	++*(int *)arg;
}

static void close_office(struct office *office, uv_loop_t *loop)
{
	int n_closed = 0;

	office_close(office, on_closed, &n_closed);
	program_ends(0);
	program_ends(1);
	uv_run(loop, UV_RUN_DEFAULT);
	assert(n_closed == 1);
	assert(uv_loop_close(loop) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	uint8_t choice = take(&in);
	const char *const argv[] = {"office", NULL};
	const struct office_options options = {
		.argv = argv,
		.seconds = SECONDS,
		.max_bytes = MAX_BYTES,
		.idle_seconds = 60,
		.keep_warm = choice & 1,
		.patience_ms = choice & 8 ? 3000 : 0,
	};
	struct office *office;
	uv_loop_t loop;

	uv_loop_init(&loop);
	time_begin();
	has_no_program = choice & 2;
	which = 0;
	office = office_new(&loop, &options);
	engine = office_engine(office);
	jobs_max_pdf = MAX_BYTES;
	while (in.len > 0) {
		char what = (char)take(&in);

		obey(&in, (char)(what | 0x20));
		if (what & 0x20)
			time_pass(0);
	}
	if (choice & 4)
		cancel_all();
	wait_for_jobs();
	close_office(office, &loop);
	return 0;
}
