/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/smtp/session.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>

#include "base/mem.h"
#include "server/smtp/session_state.h"

/*
 *              354                    "."
 *   COMMAND ---------> DATA -------------------> WAIT
 *      ^                |   (refused already)     |
 *      |<---------------+                         |
 *      |<-----------------------------------------+  finish()
 *
 * CLOSED is reached from each of them: QUIT, too many errors, a bare CR or LF,
 * hang_up(), drain().
 */

/* ::ffff:192.0.2.1, an IPv4 peer of a dual-stack socket, is 192.0.2.1. */
static void set_peer(struct smtp_session *s, const struct sockaddr *peer)
{
	const struct sockaddr_in6 *in6 = (const void *)peer;
	struct sockaddr_in *in = (void *)&s->peer;

	if (peer->sa_family == AF_INET) {
		memcpy(in, peer, sizeof *in);
	} else if (peer->sa_family != AF_INET6) {
		s->peer.ss_family = AF_UNIX;
	} else if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
		in->sin_family = AF_INET;
		in->sin_port = in6->sin6_port;
		memcpy(&in->sin_addr, in6->sin6_addr.s6_addr + 12, 4);
	} else {
		memcpy(&s->peer, in6, sizeof *in6);
	}

	const void *ip = s->peer.ss_family == AF_INET
	                         ? (const void *)&in->sin_addr
	                         : &in6->sin6_addr;

	if (s->peer.ss_family == AF_UNIX)
		memcpy(s->peer_text, "unix", sizeof "unix");
	else
		inet_ntop(s->peer.ss_family, ip, s->peer_text,
		          sizeof s->peer_text);
}

struct smtp_session *
smtp_session_new(const struct smtp_session_options *options,
                 const struct smtp_policy *policy, void *policy_arg,
                 const struct sockaddr *peer, smtp_session_wake_cb *wake,
                 void *wake_arg)
{
	struct smtp_session *s = xcalloc(1, sizeof *s);

	s->options = options;
	s->policy = policy;
	s->policy_arg = policy_arg;
	s->wake = wake;
	s->wake_arg = wake_arg;
	set_peer(s, peer);
	smtp_session_say(s, 220, "%s %s platen", options->hostname,
	                 options->is_lmtp ? "LMTP" : "ESMTP");
	return s;
}

void smtp_session_free(struct smtp_session *s)
{
	if (!s)
		return;
	smtp_session_reset(s);
	buf_fini(&s->out);
	buf_fini(&s->pending);
	free(s);
}

static void say(struct smtp_session *s, int code, const char *fmt, va_list ap)
{
	struct smtp_reply reply = {.code = code};

	vsnprintf(reply.text, sizeof reply.text, fmt, ap);
	smtp_reply_write(&reply, &s->out);
}

void smtp_session_say(struct smtp_session *s, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(s, code, fmt, ap);
	va_end(ap);
}

void smtp_session_blame(struct smtp_session *s, int code, const char *fmt, ...)
{
	va_list ap;

	if (++s->n_errors > s->options->max_errors) {
		smtp_session_hang_up(s, "4.7.0 too many errors, closing");
		return;
	}
	va_start(ap, fmt);
	say(s, code, fmt, ap);
	va_end(ap);
}

void smtp_session_reset(struct smtp_session *s)
{
	bool owed = s->transaction.is_open;

	s->transaction = (struct smtp_transaction){0};
	if (owed)
		s->policy->abort(s->policy_arg, s);
}

void smtp_session_close(struct smtp_session *s)
{
	s->phase = SMTP_PHASE_CLOSED;
	smtp_session_reset(s);
}

void smtp_session_hang_up(struct smtp_session *s, const char *text)
{
	if (s->phase == SMTP_PHASE_CLOSED)
		return;
	smtp_session_say(s, 421, "%s", text);
	smtp_session_close(s);
}

static void close_if_draining(struct smtp_session *s)
{
	if (s->is_draining && s->phase == SMTP_PHASE_COMMAND &&
	    !s->transaction.is_open)
		smtp_session_hang_up(s, "4.3.2 shutting down, try again later");
}

void smtp_session_drain(struct smtp_session *s)
{
	s->is_draining = true;
	close_if_draining(s);
}

/* The first reason wins; what was written is dropped at once. */
static void fail_message(struct smtp_session *s, int code, const char *text)
{
	struct smtp_transaction *t = &s->transaction;

	if (t->failure.code != 0)
		return;
	smtp_reply_set(&t->failure, code, "%s", text);
	if (t->is_open) {
		t->is_open = false;
		s->policy->abort(s->policy_arg, s);
	}
}

static void fail_too_many_hops(struct smtp_session *s)
{
	char text[80];

	snprintf(text, sizeof text,
	         "5.4.6 too many hops: mail loop, over more than %u servers",
	         s->options->max_hops);
	fail_message(s, 554, text);
}

static void fail_too_large(struct smtp_session *s)
{
	char text[96];

	snprintf(text, sizeof text, SMTP_TOO_LARGE,
	         (long long)s->options->max_message_size);
	fail_message(s, 552, text);
}

static void give_to_policy(struct smtp_session *s, const char *data, size_t len)
{
	int r = s->policy->body(s->policy_arg, s, data, len);

	if (r == -ENOSPC || r == -EDQUOT)
		fail_message(s, 452, "4.3.1 no space left, try again later");
	else if (r == -EFBIG)
		fail_too_large(s);
	else if (r < 0)
		fail_message(s, 451, "4.3.0 cannot store the message now");
}

/*
 * Only the bytes within the size limit count for the hops, so that of two
 * reasons the same one comes first in whatever pieces the message arrives.
 */
static void on_body(void *arg, const char *data, size_t len)
{
	struct smtp_session *s = arg;
	struct smtp_transaction *t = &s->transaction;
	int64_t room = s->options->max_message_size - t->n_bytes;
	bool fits = (int64_t)len <= room;

	if (t->failure.code != 0)
		return;
	if (!fits)
		len = (size_t)room;
	t->n_bytes += (int64_t)len;
	smtp_hops_feed(&t->hops, data, len);
	if (t->hops.n > s->options->max_hops)
		fail_too_many_hops(s);
	else if (!fits)
		fail_too_large(s);
	else
		give_to_policy(s, data, len);
}

void smtp_session_begin_data(struct smtp_session *s)
{
	struct smtp_transaction *t = &s->transaction;
	const char *protocol = s->options->is_lmtp ? "LMTP"
	                       : s->is_extended    ? "ESMTP"
	                                           : "SMTP";
	struct smtp_trace trace = {s->helo, s->peer_text, s->options->hostname,
	                           protocol, s->now_s};
	struct buf line CLEANUP(buf_fini) = {0};

	if (t->is_utf8) /* RFC 6531 4.3 */
		trace.protocol = s->options->is_lmtp ? "UTF8LMTP" : "UTF8SMTP";
	smtp_trace_write(&trace, &line);
	s->phase = SMTP_PHASE_DATA;
	give_to_policy(s, line.data, line.len);
}

/* A message that failed on the way: every recipient gets the same answer. */
static void refuse_message(struct smtp_session *s)
{
	size_t n = s->options->is_lmtp ? s->transaction.n_recipients : 1;

	for (size_t i = 0; i < n; i++)
		smtp_reply_write(&s->transaction.failure, &s->out);
	smtp_session_reset(s);
	s->phase = SMTP_PHASE_COMMAND;
	close_if_draining(s);
}

static void end_of_data(struct smtp_session *s)
{
	s->n_steps++;
	if (s->transaction.failure.code != 0) {
		refuse_message(s);
		return;
	}
	s->phase = SMTP_PHASE_WAIT;
	s->policy->end(s->policy_arg, s);
}

static void on_bare(struct smtp_session *s, const char *name)
{
	smtp_session_say(s, 550, "5.5.2 bare %s: lines end with CR LF", name);
	smtp_session_close(s);
}

static size_t read_data(struct smtp_session *s, const char *data, size_t len)
{
	size_t used;

	switch (smtp_body_feed(&s->transaction.body, data, len, &used, on_body,
	                       s)) {
	case SMTP_BODY_END: end_of_data(s); break;
	case SMTP_BODY_BARE_CR: on_bare(s, "<CR>"); break;
	case SMTP_BODY_BARE_LF: on_bare(s, "<LF>"); break;
	}
	return used;
}

/* s->line holds a line with its LF, or the start of one that is too long. */
static void on_line(struct smtp_session *s, bool has_cr)
{
	char *line = s->line;
	size_t len = s->line_len - (has_cr ? 2 : 1);

	s->n_steps++;
	if (!has_cr) {
		on_bare(s, "<LF>");
	} else if (s->is_line_too_long) {
		smtp_session_blame(s, 500, "5.5.2 line is too long");
	} else if (memchr(line, '\r', len)) {
		on_bare(s, "<CR>");
	} else if (memchr(line, '\0', len)) {
		smtp_session_blame(s, 500, "5.5.2 NUL in a command");
	} else {
		line[len] = '\0';
		smtp_dialogue_command(s, line);
	}
	s->line_len = 0;
	s->is_line_too_long = false;
	close_if_draining(s);
}

/*
 * Collect a line. Of a line that does not fit, the last byte of s->line always
 * is the last byte seen, so that its CR LF is recognised.
 */
static size_t read_line(struct smtp_session *s, const char *data, size_t len)
{
	const char *lf = memchr(data, '\n', len);
	size_t n = lf ? (size_t)(lf + 1 - data) : len;
	size_t room = sizeof s->line - s->line_len, copied = n;

	if (n > room) {
		s->is_line_too_long = true;
		copied = room;
	}
	memcpy(s->line + s->line_len, data, copied);
	s->line_len += copied;
	if (s->is_line_too_long && n >= 2) {
		memcpy(s->line + sizeof s->line - 2, data + n - 2, 2);
	} else if (s->is_line_too_long) {
		s->line[sizeof s->line - 2] = s->line[sizeof s->line - 1];
		s->line[sizeof s->line - 1] = data[0];
	}
	if (lf)
		on_line(s,
		        s->line_len >= 2 && s->line[s->line_len - 2] == '\r');
	return n;
}

static size_t run(struct smtp_session *s, const char *data, size_t len)
{
	size_t used = 0;

	s->is_running = true;
	while (used < len) {
		if (s->phase == SMTP_PHASE_DATA)
			used += read_data(s, data + used, len - used);
		else if (s->phase == SMTP_PHASE_COMMAND)
			used += read_line(s, data + used, len - used);
		else
			break;
	}
	s->is_running = false;
	return used;
}

void smtp_session_input(struct smtp_session *s, const char *data, size_t len,
                        int64_t now_s)
{
	size_t used = 0;

	assert(!s->is_running);
	s->now_s = now_s;
	if (s->phase != SMTP_PHASE_WAIT)
		used = run(s, data, len);
	if (s->phase == SMTP_PHASE_WAIT && used < len)
		buf_append(&s->pending, data + used, len - used);
}

/* What came in during WAIT; it may lead into the next WAIT. */
static void read_pending(struct smtp_session *s)
{
	struct buf pending CLEANUP(buf_fini) = s->pending;

	s->pending = (struct buf){0};

	size_t used = run(s, pending.data, pending.len);

	if (s->phase == SMTP_PHASE_WAIT && used < pending.len)
		buf_append(&s->pending, pending.data + used,
		           pending.len - used);
}

void smtp_session_finish(struct smtp_session *s,
                         const struct smtp_reply *replies, size_t n)
{
	assert(s->phase == SMTP_PHASE_WAIT);
	assert(n == (s->options->is_lmtp ? s->transaction.n_recipients : 1));

	for (size_t i = 0; i < n; i++)
		smtp_reply_write(&replies[i], &s->out);
	s->transaction = (struct smtp_transaction){0};
	s->phase = SMTP_PHASE_COMMAND;
	close_if_draining(s);
	if (s->is_running)
		return;
	read_pending(s);
	if (s->wake)
		s->wake(s, s->wake_arg);
}

struct buf *smtp_session_output(struct smtp_session *s)
{
	return &s->out;
}

enum smtp_phase smtp_session_phase(const struct smtp_session *s)
{
	return s->phase;
}

bool smtp_session_is_full(const struct smtp_session *s)
{
	return s->phase == SMTP_PHASE_WAIT &&
	       s->pending.len >= SMTP_PENDING_MAX;
}

bool smtp_session_did_quit(const struct smtp_session *s)
{
	return s->did_quit;
}

uint64_t smtp_session_n_steps(const struct smtp_session *s)
{
	return s->n_steps;
}

const struct sockaddr *smtp_session_peer_addr(const struct smtp_session *s)
{
	return (const struct sockaddr *)&s->peer;
}

bool smtp_session_is_lmtp(const struct smtp_session *s)
{
	return s->options->is_lmtp;
}

size_t smtp_session_n_recipients(const struct smtp_session *s)
{
	return s->transaction.n_recipients;
}

void smtp_session_set_user(struct smtp_session *s, void *user)
{
	s->user = user;
}

void *smtp_session_user(const struct smtp_session *s)
{
	return s->user;
}
