/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <fcntl.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/base64.h"
#include "base/fs.h"
#include "base/mem.h"

/*
 * fake_browser STARTS: a browser as --remote-debugging-pipe has it, as far as
 * platen talks to it. STARTS is a file that grows by a byte with every start.
 * The document says what goes wrong with it:
 *
 *   dies      the program ends           dies-first   only in the first program
 *   crashes   its page is gone           hangs        no word more
 *   garbage   no JSON                    deep         JSON without a floor
 *   endless   a message without end      huge         a PDF without end
 *   refuses   nothing is printed
 *   greedy    asks for one picture a hundred times
 *   late      asks for a picture elsewhere when it is printed
 *   stops     its loading, itself
 *
 * "cid=NAME" in it makes the page ask for that picture, whose bytes follow in
 * the PDF, which is no PDF but "PDF of " and the document. "leaves" makes it
 * ask for another page and for a picture elsewhere: what came back follows.
 */
static struct page {
	struct buf document;
	int n_asked;
} pages[64], *page;     /* by session; whose command it is */
static struct buf said; /* not yet written */
static unsigned n_starts;
static int last_id, n_contexts, n_sessions;

static void say(json_t *message)
{
	char *text = json_dumps(message, JSON_COMPACT);

	buf_append(&said, text, strlen(text) + 1);
	free(text);
	json_decref(message);
}

/* All that a command brings about comes at once. */
static void flush(void)
{
	if (fs_write_all(4, said.data, said.len, NULL) < 0)
		_exit(1);
	buf_clear(&said);
}

static bool wants(const char *word)
{
	return strstr(buf_str(&page->document), word) != NULL;
}

static void reply(const json_t *command, json_t *result)
{
	json_t *message =
		json_pack("{s:O, s:o}", "id", json_object_get(command, "id"),
	                  "result", result);
	json_t *session = json_object_get(command, "sessionId");

	if (session)
		json_object_set(message, "sessionId", session);
	say(message);
}

static void tell(const json_t *command, const char *event, json_t *params)
{
	say(json_pack("{s:s, s:o, s:O}", "method", event, "params", params,
	              "sessionId", json_object_get(command, "sessionId")));
}

static void ask(const json_t *command, const char *type, const char *url)
{
	char id[16];

	snprintf(id, sizeof id, "R%d", ++page->n_asked);
	tell(command, "Fetch.requestPaused",
	     json_pack("{s:s, s:s, s:{s:s, s:s}}", "requestId", id,
	               "resourceType", type, "request", "method", "GET", "url",
	               url));
}

static void misbehave(const json_t *command)
{
	char line[70000];

	memset(line, '[', sizeof line);
	if (wants("dies-first") ? n_starts == 1 : wants("dies"))
		_exit(3);
	if (wants("crashes"))
		tell(command, "Inspector.targetCrashed", json_object());
	if (wants("garbage"))
		fs_write_all(4, "{{{", 4, NULL);
	if (wants("deep"))
		fs_write_all(4, line, sizeof line, NULL);
	if (wants("deep"))
		fs_write_all(4, "", 1, NULL);
	while (wants("endless"))
		fs_write_all(4, line, sizeof line, NULL);
}

/* What the page asks for, one after the other; then it is loaded. */
static void load_on(const json_t *command)
{
	const char *cid = strstr(buf_str(&page->document), "cid=");
	char url[64] = "";

	if (wants("greedy") && page->n_asked < 100) {
		snprintf(url, sizeof url, "http://%d.example/big",
		         page->n_asked);
		ask(command, "Image", url);
	} else if (cid && page->n_asked == 1) {
		sscanf(cid + 4, "%50s", url + 4);
		memcpy(url, "cid:", 4);
		ask(command, "Image", url);
	} else if (wants("leaves") && page->n_asked < 3) {
		ask(command, page->n_asked == 1 ? "Document" : "Image",
		    "http://elsewhere.example/");
	} else if (wants("stops")) {
		tell(command, "Page.frameStoppedLoading",
		     json_pack("{s:s}", "frameId", "T"));
	} else {
		tell(command, "Page.loadEventFired", json_object());
	}
}

static void take_body(const json_t *command, const json_t *params)
{
	const char *body = json_string_value(json_object_get(params, "body"));
	int code = (int)json_integer_value(
		json_object_get(params, "responseCode"));

	if (wants("greedy") && page->n_asked > 1)
		body = NULL; /* only counted */
	else if (page->n_asked > 1)
		buf_printf(&page->document, " [%d]", code);
	if (body)
		base64_decode(body, strlen(body), &page->document);
	if (page->n_asked == 1)
		misbehave(command);
	if (!wants("hangs"))
		load_on(command);
}

static void print_piece(const json_t *command)
{
	struct buf text CLEANUP(buf_fini) = {0};

	if (wants("huge"))
		buf_reserve(&page->document, 6 << 20);
	if (wants("huge"))
		page->document.len = 6 << 20;
	base64_encode(page->document.data, page->document.len, &text);
	if (wants("late"))
		ask(command, "Image", "ftp://elsewhere.example/");
	reply(command, json_pack("{s:s, s:b, s:b}", "data", buf_str(&text),
	                         "base64Encoded", 1, "eof", !wants("huge")));
}

static int width_of_page(void)
{
	return wants("very wide") ? 2094 : wants("wide") ? 1077 : 718;
}

/* What it is, and how wide: said by the script that makes it fit for paper. */
static void look_at(const json_t *command)
{
	reply(command, json_pack("{s:{s:{s:s, s:i}}}", "result", "value",
	                         "what", wants("bare") ? "empty" : "page",
	                         "width", width_of_page()));
}

static void measure(const json_t *command)
{
	reply(command, json_pack("{s:{s:i}}", "cssContentSize", "width",
	                         width_of_page()));
}

static void print(const json_t *command, const json_t *params)
{
	double width = json_number_value(json_object_get(params, "paperWidth")),
	       height = json_number_value(
		       json_object_get(params, "paperHeight")),
	       scale = json_number_value(json_object_get(params, "scale"));

	if (wants("wide"))
		buf_printf(&page->document, " at %.2f%s", scale,
		           width > height ? ", turned" : "");
	if (wants("refuses"))
		say(json_pack("{s:O, s:{s:s}}", "id",
		              json_object_get(command, "id"), "error",
		              "message", "no"));
	else
		reply(command, json_pack("{s:s}", "stream", "1"));
}

static struct page *page_of(const json_t *command)
{
	const char *session =
		json_string_value(json_object_get(command, "sessionId"));
	unsigned number = 0;

	if (session)
		sscanf(session, "S%u", &number);
	return &pages[number % ARRAY_LEN(pages)];
}

static void take(const json_t *command)
{
	const char *method =
		json_string_value(json_object_get(command, "method"));
	const json_t *params = json_object_get(command, "params");
	int id = (int)json_integer_value(json_object_get(command, "id"));
	char name[16];

	if (id <= last_id) {
		say(json_pack("{s:i, s:{s:s}}", "id", id, "error", "message",
		              "Duplicate `id` in protocol request"));
		return;
	}
	last_id = id;
	page = page_of(command);
	if (strcmp(method, "Target.createBrowserContext") == 0) {
		snprintf(name, sizeof name, "C%d", ++n_contexts);
		reply(command, json_pack("{s:s}", "browserContextId", name));
	} else if (strcmp(method, "Target.createTarget") == 0) {
		reply(command, json_pack("{s:s}", "targetId", "T"));
	} else if (strcmp(method, "Target.attachToTarget") == 0) {
		snprintf(name, sizeof name, "S%d", ++n_sessions);
		reply(command, json_pack("{s:s}", "sessionId", name));
	} else if (strcmp(method, "Page.navigate") == 0) {
		buf_clear(&page->document);
		page->n_asked = 0;
		ask(command, "Document", "http://mail.invalid/");
	} else if (strcmp(method, "Fetch.fulfillRequest") == 0) {
		take_body(command, params);
	} else if (strcmp(method, "Fetch.failRequest") == 0) {
		buf_puts(&page->document, " [failed]");
		load_on(command);
	} else if (strcmp(method, "Emulation.setVirtualTimePolicy") == 0) {
		if (json_object_get(params, "budget"))
			tell(command, "Emulation.virtualTimeBudgetExpired",
			     json_object());
	} else if (strcmp(method, "Page.printToPDF") == 0) {
		print(command, params);
	} else if (strcmp(method, "Page.getLayoutMetrics") == 0) {
		measure(command);
	} else if (strcmp(method, "Runtime.evaluate") == 0) {
		look_at(command);
	} else if (strcmp(method, "IO.read") == 0) {
		print_piece(command);
	} else {
		reply(command, json_object());
	}
}

static void count_start(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, "x", 1) != 1)
		_exit(1);
	n_starts = (unsigned)lseek(fd, 0, SEEK_END);
	close(fd);
}

static bool read_more(struct buf *input)
{
	ssize_t n;

	buf_reserve(input, 65536);
	n = read(3, input->data + input->len, 65536);
	if (n > 0)
		input->len += (size_t)n;
	return n > 0;
}

int main(int argc, char **argv)
{
	struct buf input = {0};

	if (argc != 2 || strcmp(argv[1], "stillborn") == 0) {
		fprintf(stderr, "no such machine\n");
		return 78;
	}
	count_start(argv[1]);
	while (read_more(&input)) {
		char *end;

		while ((end = memchr(input.data, '\0', input.len))) {
			json_t *command = json_loads(input.data, 0, NULL);

			take(command);
			flush();
			json_decref(command);
			buf_consume(&input, (size_t)(end - input.data) + 1);
		}
	}
	return 0;
}
