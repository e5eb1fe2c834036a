/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_SERVER_SMTP_RECORDER_H
#define TESTS_UNIT_SERVER_SMTP_RECORDER_H

#include "base/buf.h"
#include "base/mem.h"
#include "server/smtp/session.h"

/*
 * A policy that writes down what it was asked, one line each, and refuses by
 * name: senders "banned@...", recipients "unknown@...". Shared by the SMTP
 * tests and the fuzz target.
 */
struct recorder {
	struct buf events;
	struct buf body;   /* of the message under way */
	struct buf bodies; /* of every finished one, each between brackets */
	size_t n_messages;
	bool is_async;                /* keep end(); the test finishes */
	struct smtp_session *waiting; /* its session */
	int body_result;              /* what body() returns */
	int data_code;                /* what data() answers, 0: go on */
};

static inline int recorder_mail(void *arg, struct smtp_session *s,
                                const struct smtp_mail *mail,
                                struct smtp_reply *reply)
{
	struct recorder *r = arg;

	buf_printf(&r->events, "mail <%s> size=%lld 8bit=%d utf8=%d\n",
	           mail->address, (long long)mail->size, mail->is_8bit,
	           mail->is_utf8);
	if (strncmp(mail->address, "banned@", 7) == 0)
		return smtp_reply_set(reply, 550, "5.7.1 %s may not print",
		                      mail->address);
	return 0;
}

static inline int recorder_rcpt(void *arg, struct smtp_session *s,
                                const char *address, struct smtp_reply *reply)
{
	struct recorder *r = arg;

	buf_printf(&r->events, "rcpt <%s>\n", address);
	if (strncmp(address, "unknown@", 8) == 0)
		return smtp_reply_set(reply, 550, "5.1.1 no such printer");
	return 0;
}

static inline int recorder_data(void *arg, struct smtp_session *s,
                                struct smtp_reply *reply)
{
	struct recorder *r = arg;

	buf_puts(&r->events, "data\n");
	return r->data_code ? smtp_reply_set(reply, r->data_code, "4.3.1 full")
	                    : 0;
}

static inline int recorder_body(void *arg, struct smtp_session *s,
                                const char *data, size_t len)
{
	struct recorder *r = arg;

	if (r->body_result == 0)
		buf_append(&r->body, data, len);
	return r->body_result;
}

/* The same answer n times: "250 2.0.0 kept 1", "... 2". */
static inline void recorder_finish(struct recorder *r, struct smtp_session *s)
{
	size_t n = smtp_session_is_lmtp(s) ? smtp_session_n_recipients(s) : 1;
	struct smtp_reply *replies CLEANUP(xfree) = xcalloc(n, sizeof *replies);

	for (size_t i = 0; i < n; i++)
		smtp_reply_set(&replies[i], 250, "2.0.0 kept %zu", i + 1);
	r->waiting = NULL;
	smtp_session_finish(s, replies, n);
}

static inline void recorder_end(void *arg, struct smtp_session *s)
{
	struct recorder *r = arg;

	buf_puts(&r->events, "end\n");
	buf_puts(&r->bodies, "[");
	buf_append(&r->bodies, r->body.data, r->body.len);
	buf_puts(&r->bodies, "]");
	buf_clear(&r->body);
	r->n_messages++;
	if (r->is_async)
		r->waiting = s;
	else
		recorder_finish(r, s);
}

static inline void recorder_abort(void *arg, struct smtp_session *s)
{
	struct recorder *r = arg;

	buf_puts(&r->events, "abort\n");
	buf_clear(&r->body);
	r->waiting = NULL;
}

static inline void recorder_fini(struct recorder *r)
{
	buf_fini(&r->events);
	buf_fini(&r->body);
	buf_fini(&r->bodies);
}

static const struct smtp_policy recorder_policy = {
	recorder_mail, recorder_rcpt, recorder_data,
	recorder_body, recorder_end,  recorder_abort,
};

#endif
