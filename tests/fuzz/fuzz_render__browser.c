/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>

#include "base/mem.h"
#include "render/browser.h"
#include "render/browser_page.h"
#include "render/resident.h"
#include "tests/fuzz/fuzz_cdp.h"
#include "tests/fuzz/fuzz_fetch.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/fuzz/fuzz_jobs.h"
#include "tests/fuzz/fuzz_quiet.h"
#include "tests/fuzz/fuzz_time.h"

/*
 * A browser that a page has taken over, as the daemon hears it. Whatever it
 * says, each document that is not cancelled has one end, in time; none of its
 * memory is touched afterwards; and nothing is left when all is closed.
 *
 * Input: a byte of options, then commands; between two of them the timer may
 * ring, but after one in capitals. What a command says of text goes to a LF.
 *
 *   s F    start a document; F: its bits, see WISH_ and KIND_
 *   c N    cancel the Nth one
 *   o N    the browser does what it should: N of its commands, oldest first
 *   r N J  it replies to the Nth last command with the result J
 *   n N    it replies to that with an error
 *   v N M J  event M with parameters J, for the page of the Nth last command
 *   q N T U  that page asks for the address U as something of type T
 *   j J    it says J
 *   b N D  it says N bytes
 *   f N A  the Nth fetch that is under way ends with answer A
 *   t N    N seconds pass
 *   g      it ends
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_PDF 64
#define SECONDS 30

enum {
	KIND_SOURCE = 3, /* mail, with pictures, of the web, as on a screen */
	KIND_UNFIT = 4,
};

uint64_t resident_below(int pid)
{
	return 0;
}

/* ---- documents ----------------------------------------------------------- */

static struct convert_resource resource(const char *name, const char *location,
                                        const char *type)
{
	struct convert_resource resource = {
		.name = xstrdup(name),
		.location = xstrdup(location),
		.type = xstrdup(type),
	};

	buf_puts(&resource.bytes, "bytes");
	return resource;
}

static struct convert_job *job_new(unsigned kind)
{
	static struct fetcher *const fetcher = (void *)&fetches;
	static const struct convert_web webs[] = {
		{.url = "http://a.example/", .fetcher = (void *)&fetches},
		{.url = "http://a.example/",
	         .is_screen = true,
	         .fetcher = (void *)&fetches},
	};
	struct convert_job *job = xcalloc(1, sizeof *job);
	unsigned source = kind & KIND_SOURCE;

	*job = (struct convert_job){
		.name = "html",
		.is_unfit = kind & KIND_UNFIT,
		.web = source >= 2 ? &webs[source - 2] : NULL,
		.pictures = source == 1 ? fetcher : NULL,
		.page = {.width = 21000, .height = 29700},
	};
	buf_puts(&job->document, "<p>x");
	job->n_resources = 2;
	job->resources = xcalloc(2, sizeof *job->resources);
	job->resources[0] = resource("a@b", "", "image/png");
	job->resources[1] = resource("f.html", "f/f.html", "text/html");
	return job;
}

/* ---- one life ------------------------------------------------------------ */

/* What is no JSON would only end the browser; "j" is for that. */
static char *take_json(struct input *in)
{
	char *text = take_text(in);
	json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);

	if (!value) {
		free(text);
		return xstrdup("{}");
	}
	json_decref(value);
	return text;
}

static void tell_event(struct input *in)
{
	static const char *const methods[] = {
		"Fetch.requestPaused",
		"Inspector.targetCrashed",
		"Page.loadEventFired",
		"Emulation.virtualTimeBudgetExpired",
		"Page.javascriptDialogOpening",
	};
	const struct command *command = command_at(take(in));
	const char *method = methods[take(in) % ARRAY_LEN(methods)];
	char *params CLEANUP(xfree) = take_json(in);

	if (command)
		say_event(command->session, method, params);
}

static void ask_for(struct input *in)
{
	static const char *const types[] = {"Image", "Document", "Script"};
	const struct command *command = command_at(take(in));
	const char *type = types[take(in) % ARRAY_LEN(types)];
	char *url CLEANUP(xfree) = take_text(in);

	if (command)
		say_request(command->session, type, url);
}

static void reply(struct input *in, const char *key)
{
	const struct command *command = command_at(take(in));
	char *value CLEANUP(xfree) = take_json(in);

	if (command)
		say_reply(command, key, value);
}

static void obey(struct input *in, char what)
{
	char *text CLEANUP(xfree) = NULL;
	const uint8_t *data;
	size_t n;

	switch (what) {
	case 's': start_job(take(in)); break;
	case 'c': cancel_job(take(in)); break;
	case 'o': work(take(in) % N_COMMANDS); break;
	case 'r': reply(in, "result"); break;
	case 'n': reply(in, "error"); break;
	case 'v': tell_event(in); break;
	case 'q': ask_for(in); break;
	case 'j':
		text = take_text(in);
		say_text(text);
		break;
	case 'b':
		n = take(in);
		data = take_bytes(in, &n);
		say(data, n);
		break;
	case 'f':
		n = take(in);
		fetch_end((unsigned)n, take(in));
		break;
	case 't': time_pass((int64_t)take(in) * 1000); break;
	case 'g': browser_ends(); break;
	default: break;
	}
}

/* A silent browser is given up, and so is what it broke. */
static void wait_for_jobs(void)
{
	for (int i = 0; has_jobs(); i++) {
		assert(i < 100);
		if (running && running->is_killed)
			browser_ends();
		time_pass(SECONDS * 1000);
	}
}

static void on_closed(void *arg)
{
	++*(int *)arg;
}

static void close_browser(struct browser *browser, uv_loop_t *loop)
{
	int n_closed = 0;

	browser_close(browser, on_closed, &n_closed);
	browser_ends();
	uv_run(loop, UV_RUN_DEFAULT);
	assert(n_closed == 1 && list_is_empty(&fetches));
	assert(uv_loop_close(loop) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	uint8_t choice = take(&in);
	const char *const argv[] = {"browser", NULL};
	const struct browser_options options = {
		.argv = argv,
		.documents = 1 + choice % 3,
		.seconds = SECONDS,
		.max_pdf = MAX_PDF,
		.wear = {.documents = 6, .bytes = 100, .resident = 1},
		.idle_seconds = 60,
		.keep_warm = choice & 4,
	};
	struct browser *browser;
	uv_loop_t loop;

	uv_loop_init(&loop);
	list_init(&fetches);
	time_begin();
	browser = browser_new(&loop, &options);
	engine = browser_engine(browser);
	jobs_max_pdf = MAX_PDF;
	while (in.len > 0) {
		char what = (char)take(&in);

		obey(&in, (char)(what | 0x20));
		if (what & 0x20)
			time_pass(0);
	}
	if (choice & 8)
		cancel_all();
	wait_for_jobs();
	close_browser(browser, &loop);
	return 0;
}
