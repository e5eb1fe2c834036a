/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>

#include "base/mem.h"
#include "render/browser.h"
#include "render/browser_page.h"
#include "render/cdp.h"
#include "render/cdp_reader.h"
#include "render/fetch.h"
#include "render/resident.h"
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
 *   f N A  the Nth fetch that is under way ends with answer A
 *   t N    N seconds pass
 *   g      it ends
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define N_COMMANDS 32
#define MAX_PDF    64
#define SECONDS    30

enum {
	KIND_SOURCE = 3, /* mail, with pictures, of the web, as on a screen */
	KIND_UNFIT = 4,
};

/* ---- in place of fetch.c ------------------------------------------------- */

struct fetch {
	struct list link;
	fetch_cb *done;
	void *arg;
	char *url;
	size_t max_bytes;
};

static struct list fetches;

size_t fetcher_max_bytes(const struct fetcher *fetcher)
{
	return 4096;
}

struct fetch *fetch_start(struct fetcher *fetcher,
                          const struct fetch_wish *wish)
{
	struct fetch *fetch = xcalloc(1, sizeof *fetch);

	assert(wish->max_bytes > 0 && wish->max_ms > 0);
	fetch->done = wish->done;
	fetch->arg = wish->arg;
	fetch->url = xstrdup(wish->url);
	fetch->max_bytes = wish->max_bytes;
	list_append(&fetches, &fetch->link);
	return fetch;
}

void fetch_cancel(struct fetch *fetch)
{
	list_remove(&fetch->link);
	free(fetch->url);
	free(fetch);
}

static void fetch_end(unsigned n, uint8_t kind)
{
	static const struct {
		int status;
		unsigned http_status;
		const char *type, *headers, *data;
	} kinds[] = {
		{0, 200, "image/png", "Content-Type: image/png\n", "\x89PNG"},
		{0, 200, "image/\xff", "X: \xff\nLink: x\n:\nY\n", "x"},
		{0, 302, "", "Location: http://b.example/\n", ""},
		{0, 404, "text/html; charset=x", "A:b", "gone"},
		{0, 0, "", "", ""},
		{-EFBIG, 0, "", "", ""},
		{-ETIMEDOUT, 0, "", "", ""},
	};
	size_t i = kind % ARRAY_LEN(kinds);
	struct buf headers CLEANUP(buf_fini) = {0};
	struct err err = {0};
	struct fetch_answer answer = {
		.status = kinds[i].status,
		.err = &err,
		.http_status = kinds[i].http_status,
		.type = kinds[i].type,
		.location = "",
		.headers = &headers,
		.data = kinds[i].data,
		.len = strlen(kinds[i].data),
	};

	buf_puts(&headers, kinds[i].headers);
	list_for_each (link, &fetches) {
		struct fetch *fetch = LIST_ENTRY(link, struct fetch, link);

		if (n-- > 0)
			continue;
		answer.url = fetch->url;
		if (answer.len > fetch->max_bytes)
			answer.len = fetch->max_bytes;
		list_remove(&fetch->link);
		fetch->done(&answer, fetch->arg);
		free(fetch->url);
		free(fetch);
		return;
	}
}

/* ---- in place of cdp.c and resident.c ------------------------------------ */

struct command {
	int id;
	char session[80], method[48], request[80];
};

struct cdp {
	struct cdp_events events;
	void *arg;
	struct cdp_reader reader;
	struct command commands[N_COMMANDS]; /* a ring: the last ones */
	unsigned n_sent, n_done;             /* by "o" */
	unsigned n_sessions, n_requests;
	bool is_killed;
};

static struct cdp *running;

uint64_t resident_below(int pid)
{
	return 0;
}

int cdp_start(uv_loop_t *loop, const char *const *argv,
              const struct cdp_events *events, void *arg, struct cdp **out,
              struct err *err)
{
	assert(!running);
	running = xcalloc(1, sizeof *running);
	running->events = *events;
	running->arg = arg;
	*out = running;
	return 0;
}

/* All of a command is text that JSON can say. */
int cdp_send(struct cdp *cdp, const char *session, const char *method,
             json_t *params)
{
	struct command *command = &cdp->commands[cdp->n_sent++ % N_COMMANDS];
	const char *request =
		json_string_value(json_object_get(params, "requestId"));
	char *text CLEANUP(xfree) =
		params ? json_dumps(params, JSON_COMPACT) : xstrdup("");

	assert(cdp == running && text);
	*command = (struct command){.id = (int)cdp->n_sent};
	snprintf(command->session, sizeof command->session, "%s",
	         session ? session : "");
	snprintf(command->method, sizeof command->method, "%s", method);
	snprintf(command->request, sizeof command->request, "%s",
	         request ? request : "");
	json_decref(params);
	return command->id;
}

int cdp_pid(const struct cdp *cdp)
{
	assert(cdp == running);
	return 1;
}

void cdp_kill(struct cdp *cdp)
{
	assert(cdp == running);
	cdp->is_killed = true;
}

/* Bytes that it says; as cdp.c reads them. */
static void say(const void *data, size_t len)
{
	struct err err = {0};
	json_t *message;
	int r = 0;

	if (!running || running->is_killed)
		return;
	cdp_reader_add(&running->reader, data, len);
	while (!running->is_killed &&
	       (r = cdp_reader_next(&running->reader, &message, &err)) > 0) {
		running->events.on_message(running, message, running->arg);
		json_decref(message);
	}
	if (r < 0)
		running->is_killed = true;
}

static void say_text(const char *text)
{
	say(text, strlen(text) + 1);
}

static void browser_ends(void)
{
	struct cdp *cdp = running;

	if (!cdp)
		return;
	running = NULL;
	cdp->events.on_gone(cdp, "it says why", cdp->arg);
	cdp_reader_fini(&cdp->reader);
	free(cdp);
}

/* The nth last command; NULL: it has not sent as many. */
static const struct command *command_at(unsigned n)
{
	if (!running || n >= running->n_sent || n >= N_COMMANDS)
		return NULL;
	return &running->commands[(running->n_sent - 1 - n) % N_COMMANDS];
}

static void say_event(const char *session, const char *method,
                      const char *params)
{
	char *text CLEANUP(xfree) = xasprintf(
		"{\"method\":\"%s\",\"sessionId\":\"%s\",\"params\":%s}",
		method, session, params);

	say_text(text);
}

/* The browser itself has no session. */
static void say_reply(const struct command *command, const char *key,
                      const char *value)
{
	const char *session = command->session;
	char *text CLEANUP(xfree) =
		xasprintf("{\"id\":%d%s%s%s,\"%s\":%s}", command->id,
	                  session[0] ? ",\"sessionId\":\"" : "", session,
	                  session[0] ? "\"" : "", key, value);

	say_text(text);
}

/* The name of a document's request begins with its type. */
static void say_request(const char *session, const char *type, const char *url)
{
	json_t *params =
		json_pack("{s:o, s:s, s:{s:s, s:s}}", "requestId",
	                  json_sprintf("%.1s%u", type, ++running->n_requests),
	                  "resourceType", type, "request", "method", "GET",
	                  "url", url);
	char *text CLEANUP(xfree) = params ? json_dumps(params, 0) : NULL;

	json_decref(params);
	if (text)
		say_event(session, "Fetch.requestPaused", text);
}

/* ---- a browser that works ------------------------------------------------ */

static const char *result_of(const char *method)
{
	static const char *const results[][2] = {
		{"Target.createBrowserContext", "{\"browserContextId\":\"c\"}"},
		{"Target.createTarget", "{\"targetId\":\"t\"}"},
		{"Page.getLayoutMetrics", "{\"cssContentSize\":{\"width\":9}}"},
		{"Runtime.evaluate",
	         "{\"result\":{\"value\":{\"what\":\"ok\",\"width\":2000}}}"},
		{"Page.printToPDF", "{\"stream\":\"p\"}"},
		{"IO.read",
	         "{\"data\":\"JVBERg==\",\"base64Encoded\":true,\"eof\":true}"},
	};

	for (size_t i = 0; i < ARRAY_LEN(results); i++)
		if (strcmp(method, results[i][0]) == 0)
			return results[i][1];
	return "{}";
}

static void reply_well(const struct command *command)
{
	char session[64];

	snprintf(session, sizeof session, "{\"sessionId\":\"s%u\"}",
	         ++running->n_sessions);
	if (strcmp(command->method, "Target.attachToTarget") == 0)
		say_reply(command, "result", session);
	else
		say_reply(command, "result", result_of(command->method));
}

/* What a command brings about, before it is answered. */
static void go_on(const struct command *command)
{
	const char *method = command->method, *session = command->session;

	if (!running || running->is_killed)
		return;
	if (strcmp(method, "Page.navigate") == 0) {
		say_request(session, "Document", "http://a.example/");
	} else if (command->request[0] == 'D') {
		say_request(session, "Image", "http://a.example/a.png");
		say_request(session, "Image", "cid:a%40b");
		say_event(session, "Page.loadEventFired", "{}");
	} else if (strcmp(method, "Emulation.setVirtualTimePolicy") == 0) {
		say_event(session, "Emulation.virtualTimeBudgetExpired", "{}");
	}
}

static void work(unsigned n)
{
	for (; n > 0 && running && running->n_done < running->n_sent; n--) {
		struct command command =
			running->commands[running->n_done++ % N_COMMANDS];

		go_on(&command);
		reply_well(&command);
	}
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

/* Up to the LF; the caller's. */
static char *take_text(struct input *in)
{
	const uint8_t *lf = memchr(in->data, '\n', in->len);
	size_t n = lf ? (size_t)(lf - in->data) : in->len;
	char *text = xmalloc(n + 1);

	memcpy(text, in->data, n);
	text[n] = '\0';
	in->data += n + (lf != NULL);
	in->len -= n + (lf != NULL);
	return text;
}

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
	uint8_t n;

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
	case 'f':
		n = take(in);
		fetch_end(n, take(in));
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
