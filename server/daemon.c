/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/daemon.h"

#include <signal.h>
#include <stdio.h>
#include <uv.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "server/http/listener.h"
#include "server/mail_policy.h"
#include "server/notify.h"
#include "server/smtp/listener.h"
#include "spool/spool.h"

#define DRAIN_MS        20000
#define SPOOL_GRACE_MS  10000

#define WEB_REDIRECTS   5
#define WEB_CONNECTIONS 24

enum {
	SMTP,
	LMTP,
	N_MAIL
};
enum {
	ON_TERM,
	ON_INT,
	ON_HUP,
	N_SIGNALS
};

/*
 * The server as a whole.
 *
 *   start        spool, mail listeners, HTTP; then "ready"
 *   on_hup       new options, if they are good
 *   on_stop      no new mail; transactions that run may finish
 *   on_drained   each listener without connections
 *   close_mail   all are, or DRAIN_MS is over, or a second signal came
 *   on_mail_closed, on_http_closed, on_spool_closed
 *                one after the other: each uses the next one
 *
 * A failed start, and a spool that broke, go the same way from close_mail on.
 */
struct daemon {
	uv_loop_t loop;
	uv_signal_t signals[N_SIGNALS];
	uv_timer_t drain_timer;
	const char *path;        /* borrowed */
	struct options *options; /* borrowed */
	struct spool *spool;
	struct mail_policy *policy;
	struct smtp_listener *mail[N_MAIL]; /* NULL: does not listen */
	struct http_listener *http;
	int n_draining; /* mail listeners that still have connections */
	int n_mail;     /* mail listeners not yet closed */
	bool is_stopping;
	bool is_closing;
	int exit_code;
};

static void on_mail_closed(void *arg);
static void on_http_closed(void *arg);
static void on_spool_closed(void *arg);

static void close_mail(struct daemon *d)
{
	if (d->is_closing)
		return;
	d->is_closing = true;
	d->is_stopping = true;
	uv_close((uv_handle_t *)&d->drain_timer, NULL);
	d->n_mail = 1; /* ourselves: not before all closes have begun */
	for (int i = 0; i < N_MAIL; i++) {
		if (!d->mail[i])
			continue;
		d->n_mail++;
		smtp_listener_close(d->mail[i], on_mail_closed, d);
	}
	on_mail_closed(d);
}

static void on_mail_closed(void *arg)
{
	struct daemon *d = arg;

	if (--d->n_mail > 0)
		return;
	if (d->http)
		http_listener_close(d->http, on_http_closed, d);
	else
		on_http_closed(d);
}

static void on_http_closed(void *arg)
{
	struct daemon *d = arg;

	if (d->spool)
		spool_close(d->spool, SPOOL_GRACE_MS, on_spool_closed, d);
	else
		on_spool_closed(d);
}

static void on_spool_closed(void *arg)
{
	struct daemon *d = arg;

	mail_policy_free(d->policy);
	for (int i = 0; i < N_SIGNALS; i++)
		uv_close((uv_handle_t *)&d->signals[i], NULL);
}

static void on_drained(void *arg)
{
	struct daemon *d = arg;

	if (--d->n_draining == 0)
		close_mail(d);
}

static void on_drain_timeout(uv_timer_t *timer)
{
	struct daemon *d = timer->data;

	log_warn("server: mail transactions cut after %d s", DRAIN_MS / 1000);
	close_mail(d);
}

static void on_stop(uv_signal_t *handle, int number)
{
	struct daemon *d = handle->data;

	if (d->is_stopping) { /* asked twice: wait no longer */
		close_mail(d);
		return;
	}
	log_info("server: stops on %s", strsignal(number));
	notify_supervisor("STOPPING=1");
	d->is_stopping = true;
	uv_timer_start(&d->drain_timer, on_drain_timeout, DRAIN_MS, 0);
	d->n_draining = 1;
	for (int i = 0; i < N_MAIL; i++) {
		if (!d->mail[i])
			continue;
		d->n_draining++;
		smtp_listener_drain(d->mail[i], on_drained, d);
	}
	on_drained(d);
}

static void on_broken(void *arg)
{
	struct daemon *d = arg;

	log_error("server: ends, because the spool cannot be written");
	d->exit_code = DAEMON_TEMPORARY;
	close_mail(d);
}

static struct spool_options spool_options_of(const struct options *o)
{
	return (struct spool_options){
		.state_dir = o->state_dir,
		.worker_path = o->worker,
		.browser_path = o->browser,
		.office_path = o->office,
		.keep_warm = o->warm,
		.browser_documents = (unsigned)o->browser_documents,
		.browser_memory = (uint64_t)o->browser_memory,
		.workers = (unsigned)o->workers,
		.allow_unsandboxed = o->sandbox_optional,
		.allow_postscript = o->postscript,
		.render_limits = {.seconds = (unsigned)o->render_time_s,
	                          .memory = (uint64_t)o->render_memory,
	                          .pages = (unsigned)o->pages,
	                          .output_bytes = (uint64_t)o->print_bytes,
	                          .parts = (unsigned)o->parts,
	                          .nesting = (unsigned)o->nesting,
	                          .pixels = (unsigned)o->picture_pixels},
		.render_ahead = (unsigned)o->render_ahead,
		.state_timeout_ms = (unsigned)o->state_timeout_s * 1000,
		.state_fresh_ms = (unsigned)o->state_fresh_s * 1000,
		.recovery_wait_s = o->recovery_wait_s,
		.retention_s = o->retention_s,
		.retention_follows = o->retention_follows,
		.max_message_size = o->max_message_size,
		.stored_form = (enum stored_form)o->stored_form,
		.held_print_bytes = o->held_print_bytes,
		.held_pages_bytes = o->held_pages_bytes,
		.disk_reserve = o->disk_reserve,
		.web = {.guard = o->web_enabled ? &o->web_allow : NULL,
	                .limits = {.bytes = (size_t)o->web_page_bytes,
	                           .timeout_ms =
	                                   (unsigned)o->web_timeout_s * 1000,
	                           .redirects = WEB_REDIRECTS,
	                           .connections = WEB_CONNECTIONS}},
		.web_links = (unsigned)o->web_links,
	};
}

static void needs_restart(const char *section, const char *name)
{
	log_warn("server: [%s] %s has changed and waits for a restart", section,
	         name);
}

static void log_lines(char *lines)
{
	for (char *line = lines, *end; (end = strchr(line, '\n'));
	     line = end + 1) {
		*end = '\0';
		log_error("server: %s", line);
	}
}

/* RELOADING=1 and the time belong in one message, sd_notify(3). */
static void notify_reloading(void)
{
	char *lines CLEANUP(xfree) =
		xasprintf("RELOADING=1\nMONOTONIC_USEC=%lld",
	                  (long long)clock_mono_ms() * 1000);

	notify_supervisor(lines);
}

static void on_hup(uv_signal_t *handle, int number)
{
	struct daemon *d = handle->data;
	struct options *fresh CLEANUP(options_free) = NULL;
	struct buf problems CLEANUP(buf_fini) = {0};

	if (d->is_stopping)
		return;
	notify_reloading();
	if (options_load(d->path, &fresh, &problems) < 0) {
		buf_str(&problems);
		log_lines(problems.data);
		log_error("server: the old configuration stays");
	} else {
		options_adopt(d->options, fresh, needs_restart);
		log_set_level((enum log_level)d->options->log_level);

		struct spool_options spool = spool_options_of(d->options);

		spool_set_options(d->spool, &spool);
		log_info("server: configuration read again");
	}
	notify_supervisor("READY=1");
}

static int start_mail(struct daemon *d, int which, const struct words *words,
                      struct err *err)
{
	const struct options *o = d->options;
	struct smtp_listener_options listener;

	if (words->n == 0)
		return 0;
	smtp_listener_options_init(&listener);
	listener.addresses = (const char *const *)words->items;
	listener.n_addresses = words->n;
	listener.session.hostname = o->hostname;
	listener.session.is_lmtp = which == LMTP;
	listener.session.max_message_size = o->max_message_size;
	listener.session.max_recipients = (size_t)o->recipients;
	listener.session.max_errors = (unsigned)o->errors;
	listener.session.max_hops = (unsigned)o->hops;
	listener.limits.max_connections = (size_t)o->connections;
	listener.limits.max_per_address = (size_t)o->connections_per_address;
	listener.limits.command_ms = o->command_timeout_s * 1000;
	listener.limits.data_ms = o->data_timeout_s * 1000;
	listener.limits.session_ms = o->session_timeout_s * 1000;
	return smtp_listener_start(&d->loop, &listener, mail_policy_smtp(),
	                           d->policy, &d->mail[which], err);
}

static int start_http(struct daemon *d, struct err *err)
{
	const struct options *o = d->options;
	struct http_listener_options http = {
		.addresses = (const char *const *)o->http_listen.items,
		.n = o->http_listen.n,
		.admin_socket = o->admin_socket,
		.domain = o->domain,
		.constant_address = o->constant_address,
		.keeps_local_case = !o->fold_local_part,
	};

	return http_listener_start(&d->loop, &http, d->spool, &d->http, err);
}

static int start(struct daemon *d, struct err *err)
{
	const struct options *o = d->options;
	struct spool_options spool = spool_options_of(o);
	struct mail_policy_options policy = {
		.domain = o->domain,
		.trust = &o->trust,
		.fold_local = o->fold_local_part,
	};
	int r = spool_open(&d->loop, &spool, on_broken, d, &d->spool, err);

	if (r < 0)
		return r;
	d->policy = mail_policy_new(d->spool, &policy);
	if ((r = start_mail(d, SMTP, &o->smtp_listen, err)) < 0 ||
	    (r = start_mail(d, LMTP, &o->lmtp_listen, err)) < 0)
		return r;
	return start_http(d, err);
}

/* "127.0.0.1:0" became a port of the kernel's choice; Unix sockets stay. */
static void say_listening(const char *what, const char *address, int port)
{
	const char *colon = strrchr(address, ':');

	if (port <= 0 || strncmp(address, "unix:", 5) == 0 || !colon)
		printf("listening %s %s\n", what, address);
	else
		printf("listening %s %.*s:%d\n", what, (int)(colon - address),
		       address, port);
}

static void say_ready(const struct daemon *d)
{
	const struct options *o = d->options;
	const struct words *mail[N_MAIL] = {&o->smtp_listen, &o->lmtp_listen};
	const char *names[N_MAIL] = {"smtp", "lmtp"};

	for (int i = 0; i < N_MAIL; i++)
		for (size_t k = 0; k < mail[i]->n; k++)
			say_listening(names[i], mail[i]->items[k],
			              smtp_listener_port(d->mail[i], k));
	for (size_t k = 0; k < o->http_listen.n; k++)
		say_listening("http", o->http_listen.items[k],
		              http_listener_port(d->http, k));
	printf("listening admin %s\nready\n", o->admin_socket);
	fflush(stdout);
	notify_supervisor("READY=1");
}

static void init_handles(struct daemon *d)
{
	const int numbers[N_SIGNALS] = {SIGTERM, SIGINT, SIGHUP};

	uv_timer_init(&d->loop, &d->drain_timer);
	d->drain_timer.data = d;
	for (int i = 0; i < N_SIGNALS; i++) {
		uv_signal_init(&d->loop, &d->signals[i]);
		d->signals[i].data = d;
		uv_signal_start(&d->signals[i],
		                numbers[i] == SIGHUP ? on_hup : on_stop,
		                numbers[i]);
	}
}

int daemon_run(const char *path, struct options *options)
{
	struct daemon d = {.path = path, .options = options};
	struct err err = {0};
	int r = uv_loop_init(&d.loop);

	if (r < 0) {
		log_error("server: cannot begin: %s", uv_strerror(r));
		return DAEMON_FAILED;
	}
	init_handles(&d);
	if (start(&d, &err) < 0) {
		log_error("server: cannot start: %s", err.text);
		d.exit_code = DAEMON_FAILED;
		close_mail(&d);
	} else {
		say_ready(&d);
	}
	uv_run(&d.loop, UV_RUN_DEFAULT);
	r = uv_loop_close(&d.loop);
	if (r < 0)
		log_error("server: something is left open: %s", uv_strerror(r));
	return d.exit_code;
}
