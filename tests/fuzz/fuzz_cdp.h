/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_FUZZ_FUZZ_CDP_H
#define TESTS_FUZZ_FUZZ_CDP_H

#include <assert.h>
#include <stdio.h>

#include "base/mem.h"
#include "render/cdp.h"
#include "render/cdp_reader.h"

/*
 * In place of render/cdp.c: a browser that says what the input wants, or what
 * it should. All that it says is read as cdp.c reads it.
 */
#define N_COMMANDS 32

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
static void say_piece(const void *data, size_t len)
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

/* Where a pipe cuts them is of no matter. */
static void say(const void *data, size_t len)
{
	say_piece(data, len / 2);
	say_piece((const char *)data + len / 2, len - len / 2);
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

#endif
