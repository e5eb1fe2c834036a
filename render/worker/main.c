/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

#include <glib.h>

#include "base/mem.h"
#include "base/sandbox.h"
#include "render/limit.h"
#include "render/worker/message.h"
#include "render/worker/pages.h"
#include "render/worker/picture_size.h"
#include "render/worker/postscript.h"
#include "render/worker/text.h"
#include "render/worker/web.h"

/*
 * platen-render: one message to the pages of one printer, then gone.
 *
 *   sandbox    the rights are given up, and proved to be gone
 *   warm up    fonts are looked up and loaded; a spare worker waits after this
 *   message    read to its end, scanned, parsed; the ledger goes out
 *   request    what the pages are for
 *   plan       which parts, in which order
 *   pages      print data on stdout, an answer per page
 *
 * A failure is an answer, "failed=...", with exit status 0; status 78 says that
 * no sandbox can be had. The talk itself is described in render/protocol.h.
 */
#define EXIT_NO_SANDBOX 78 /* EX_CONFIG */
#define MESSAGE_BYTES   (UINT64_C(256) << 20)
#define DEFAULT_MEMORY  (UINT64_C(1) << 30)
#define DEFAULT_OUTPUT  (UINT64_C(2) << 30)
#define DEFAULT_CPU     60
#define N_FILES         64

static const char *const readable[] = {
	"/usr/share/fonts",
	"/usr/local/share/fonts",
	"/usr/share/fontconfig",
	"/etc/fonts",
	"/var/cache/fontconfig",
	"/usr/share/color",
	"/usr/share/poppler",
	"/usr/lib/x86_64-linux-gnu/gconv",
	"/usr/lib/aarch64-linux-gnu/gconv",
	"/usr/lib/gconv",
	NULL,
};

/* Lines made ahead: a signal handler can only write. */
static struct last_words {
	struct buf computing, broken;
} last_words;

static void say_last(const struct buf *line)
{
	ssize_t n = write(CONTROL_ANSWER_FD, line->data, line->len);

	_exit(n < 0);
}

static void prepare_last_words(const struct sandbox_role *role)
{
	char text[LIMIT_SENTENCE];

	protocol_put(&last_words.computing, "failed",
	             limit_computing(role->cpu_seconds, text));
	protocol_end(&last_words.computing);
	protocol_put(&last_words.broken, "failed",
	             limit_broken(role->memory, text));
	protocol_end(&last_words.broken);
}

/* The kernel's word that the time is over (RLIMIT_CPU), made a sentence. */
static void on_cpu_limit(int signal_number)
{
	say_last(&last_words.computing);
}

/*
 * The parsers and xmalloc abort when memory ends, GLib traps; decoders look at
 * what they did not get, or recurse until there is no stack.
 */
static void on_broken(int signal_number)
{
	say_last(&last_words.broken);
}

/* A library that ends the process leaves us no other way to say so. */
static void on_exit_by_library(void)
{
	on_broken(0);
}

static void watch_broken(void)
{
	static const int signals[] = {SIGABRT, SIGTRAP, SIGSEGV,
	                              SIGBUS,  SIGFPE,  SIGILL};
	static char stack[16 * 1024]; /* there may be no other left */
	const stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
	const struct sigaction action = {.sa_handler = on_broken,
	                                 .sa_flags = SA_ONSTACK};

	sigaltstack(&other, NULL);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		sigaction(signals[i], &action, NULL);
}

static void watch_signals(void)
{
	atexit(on_exit_by_library);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGXCPU, on_cpu_limit);
	watch_broken();
}

static int read_arguments(struct worker *worker, int argc, char **argv,
                          struct buf *text, struct err *err)
{
	for (int i = 1; i < argc; i++)
		buf_printf(text, "%s ", argv[i]);
	buf_str(text);
	return protocol_parse(text->data ? text->data : (char[]){""},
	                      &worker->arguments, err);
}

static int box_up(struct worker *worker, struct err *err)
{
	const struct protocol_line *words = &worker->arguments;
	const char *without = protocol_get(words, "unsandboxed");
	struct sandbox_role role = {
		.readable = readable,
		.memory = protocol_number(words, "memory", DEFAULT_MEMORY),
		.cpu_seconds =
			(unsigned)protocol_number(words, "cpu", DEFAULT_CPU),
		/* stdout may be a file, when run by hand */
		.file_bytes = protocol_number(words, "output", DEFAULT_OUTPUT),
		.files = N_FILES,
	};
	int r;

	prepare_last_words(&role);
	r = sandbox_enter(&role, &worker->sandbox, err);
	if (r < 0 || sandbox_holds(&worker->sandbox) ||
	    (without && strcmp(without, "allow") == 0))
		return r;
	return err_set(err, -EPERM,
	               "this system offers no sandbox (landlock, seccomp or "
	               "namespaces) for documents");
}

static int say_ready(struct worker *worker, struct err *err)
{
	struct buf line CLEANUP(buf_fini) = {0};
	char text[128];

	protocol_put(&line, "ready", "1");
	protocol_put(&line, "sandbox",
	             sandbox_describe(&worker->sandbox, text, sizeof text));
	return control_send(&worker->control, &line, err);
}

/* 1: the daemon left without a message; there is nothing to do. */
static int read_message(struct worker *worker, struct err *err)
{
	for (;;) {
		ssize_t n;

		buf_reserve(&worker->message, 64 * 1024);
		n = read(0, worker->message.data + worker->message.len,
		         64 * 1024);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, errno, "cannot read the message");
		if (n == 0)
			return worker->message.len == 0;
		worker->message.len += (size_t)n;
		if (worker->message.len > MESSAGE_BYTES)
			return err_set(err, -E2BIG, "it is larger than %u MB",
			               (unsigned)(MESSAGE_BYTES >> 20));
	}
}

static void tell_header(const char *name, const char *value, void *arg)
{
	struct worker *worker = arg;
	char key[64];

	snprintf(key, sizeof key, "header.%s", name);
	control_say(&worker->control, key, value, NULL);
}

/* What pictures and texts are recognised by when they come again. */
static void tell_content(struct buf *line, const struct ledger_part *part)
{
	const struct buf *content = &part->content;
	bool is_picture = strncmp(part->detected, "image/", 6) == 0;
	unsigned width, height;
	char *hash;

	if (!is_picture && strncmp(part->detected, "text/", 5) != 0)
		return;
	hash = g_compute_checksum_for_data(G_CHECKSUM_SHA256,
	                                   (const guchar *)content->data,
	                                   content->len);
	protocol_put(line, "hash", hash);
	g_free(hash);
	if (is_picture &&
	    picture_size(content->data, content->len, &width, &height)) {
		protocol_put_number(line, "width", width);
		protocol_put_number(line, "height", height);
	}
}

static int tell_part(struct worker *worker, const struct ledger_part *part,
                     struct err *err)
{
	struct buf line CLEANUP(buf_fini) = {0};

	protocol_put(&line, "part", part->id);
	protocol_put(&line, "type", part->type);
	protocol_put(&line, "detected", part->detected);
	protocol_put_number(&line, "size", part->content.len);
	protocol_put(&line, "name", part->name ? part->name : "");
	protocol_put(&line, "disposition", part->disposition);
	protocol_put(&line, "cid", part->cid ? part->cid : "");
	protocol_put_number(&line, "referenced", part->referenced);
	protocol_put_number(&line, "hollow", part->hollow);
	protocol_put_number(&line, "encrypted", part->encrypted);
	protocol_put_number(&line, "attached", part->attached);
	protocol_put_number(&line, "printable", ledger_is_printable(part));
	protocol_put(&line, "note", part->note ? part->note : "");
	protocol_put(&line, "alternative", part->alternative);
	tell_content(&line, part);
	return control_send(&worker->control, &line, err);
}

/* Before a part is told, so that nobody plans it. */
static void apply_rules(struct worker *worker)
{
	const char *postscript =
		protocol_get_or(&worker->arguments, "postscript", "");

	if (strcmp(postscript, "allow") != 0)
		postscript_refuse(&worker->ledger);
}

static int tell_ledger(struct worker *worker, struct err *err)
{
	apply_rules(worker);
	for (size_t i = 0; i < worker->ledger.n_parts; i++) {
		int r = tell_part(worker, &worker->ledger.parts[i], err);

		if (r < 0)
			return r;
	}
	int r = web_tell_links(&worker->control, &worker->ledger, err);

	return r < 0 ? r
	             : control_say(&worker->control, "ledger-end", "1", err);
}

static int read_block(struct worker *worker, struct err *err)
{
	int r;

	buf_clear(&worker->request);
	r = control_read_request(&worker->control, &worker->request, err);
	if (r < 0)
		return r;
	buf_str(&worker->request);
	return protocol_parse(worker->request.data, &worker->words, err);
}

/* What the daemon fetched from behind a link, any number of pages. */
static int take_web_page(struct worker *worker, struct err *err)
{
	struct ledger_part *part;
	int r = web_take_page(&worker->control, &worker->words, &worker->ledger,
	                      &part, err);

	apply_rules(worker);
	if (r == 0)
		r = tell_part(worker, part, err);
	if (r == 0)
		r = control_say(&worker->control, "ledger-end", "1", err);
	return r;
}

static int read_request(struct worker *worker, struct err *err)
{
	int r;

	if (worker->control.request_fd < 0) {
		worker->words = worker->arguments;
		return control_page_spec(&worker->words, &worker->spec, err);
	}
	r = read_block(worker, err);
	while (r == 0 && protocol_get(&worker->words, "attach")) {
		r = take_web_page(worker, err);
		if (r == 0)
			r = read_block(worker, err);
	}
	if (r < 0)
		return r;
	protocol_cut(worker->control.engines, sizeof worker->control.engines,
	             protocol_get_or(&worker->words, "engines", ""));
	return control_page_spec(&worker->words, &worker->spec, err);
}

/*
 * Pages that nobody waits for are made when there is nothing else to do. EACCES
 * says that all of platen is nicer than that.
 */
static int be_nice(const struct worker *worker, struct err *err)
{
	int nicer = (int)protocol_number(&worker->words, "nice", 0);

	if (nicer > 0 && setpriority(PRIO_PROCESS, 0, nicer) < 0 &&
	    errno != EACCES)
		return err_errno(err, errno, "cannot be nice");
	return 0;
}

static int work(struct worker *worker, struct err *err)
{
	const struct protocol_line *words = &worker->arguments;
	int r = read_message(worker, err);

	worker->ledger.limits = (struct scan_limits){
		.parts = (unsigned)protocol_number(words, "parts", 0),
		.depth = (unsigned)protocol_number(words, "nesting", 0),
	};
	if (r == 0)
		r = message_read(worker->message.data, worker->message.len,
		                 &worker->ledger, tell_header, worker, err);
	if (r == 0)
		r = tell_ledger(worker, err);
	if (r == 0)
		r = read_request(worker, err);
	if (r == 0)
		r = be_nice(worker, err);
	if (r == 0)
		r = pages_make(worker, err);
	return r;
}

static int run(struct worker *worker, int argc, char **argv, struct buf *text,
               struct err *err)
{
	int r = read_arguments(worker, argc, argv, text, err);

	if (r == 0)
		r = box_up(worker, err);
	watch_signals();
	if (r == 0) {
		text_warm_up();
		message_init();
	}
	if (r < 0) {
		control_say(&worker->control, "failed", err->text, NULL);
		return EXIT_NO_SANDBOX;
	}
	if (say_ready(worker, err) < 0)
		return 0;
	if (work(worker, err) < 0)
		control_say(&worker->control, "failed", err->text, NULL);
	return 0;
}

/* _exit: the kernel frees faster than we do, and nothing is buffered here. */
int main(int argc, char **argv)
{
	struct worker worker = {0};
	struct buf text = {0};
	struct err err = {0};

	control_init(&worker.control);
	_exit(run(&worker, argc, argv, &text, &err));
}
