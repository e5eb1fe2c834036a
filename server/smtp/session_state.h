/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_SMTP_SESSION_STATE_H
#define SERVER_SMTP_SESSION_STATE_H

#include "server/smtp/body.h"
#include "server/smtp/session.h"
#include "server/smtp/trace.h"

/*
 * What session.c (life, lines, message data) and dialogue.c (commands) share;
 * nobody else includes this.
 */

/* 512 and what the extensions add to MAIL; addresses may be UTF-8. */
#define SMTP_LINE_MAX    2048
/* Kept while a message is being finished: a few pipelined envelopes. */
#define SMTP_PENDING_MAX 4096
#define SMTP_HELO_MAX    255

struct smtp_transaction {
	bool is_open; /* mail() said yes: finish() or abort() is owed */
	bool is_utf8;
	size_t n_recipients;
	int64_t n_bytes;           /* of the message, ours not counted */
	struct smtp_reply failure; /* code 0: none; the first one stays */
	struct smtp_body body;
	struct smtp_hops hops;
};

struct smtp_session {
	const struct smtp_session_options *options; /* borrowed */
	const struct smtp_policy *policy;           /* borrowed */
	void *policy_arg;
	void *user;
	smtp_session_wake_cb *wake;
	void *wake_arg;

	enum smtp_phase phase;
	bool is_running; /* inside input: finish() only changes the phase */
	bool is_draining;
	bool did_quit;
	bool is_extended; /* EHLO or LHLO, not HELO */
	unsigned n_errors;
	uint64_t n_steps;
	int64_t now_s;
	struct smtp_transaction transaction;

	struct buf out;
	struct buf pending; /* came in during WAIT */

	size_t line_len;
	bool is_line_too_long; /* dropped up to its end, then 500 */
	char line[SMTP_LINE_MAX];

	char helo[SMTP_HELO_MAX + 1];
	char peer_text[64];
	struct sockaddr_storage peer;
};

#define SMTP_TOO_LARGE                                                         \
	"5.3.4 message is too large: the limit is %lld bytes, send a link instead"

/* Append a reply. */
void smtp_session_say(struct smtp_session *s, int code, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* The same for a peer that breaks the protocol; too many of them: 421. */
void smtp_session_blame(struct smtp_session *s, int code, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* No further input; a running transaction is aborted. */
void smtp_session_close(struct smtp_session *s);

/* End the transaction; the policy hears of it unless finish() was called. */
void smtp_session_reset(struct smtp_session *s);

/* After 354. */
void smtp_session_begin_data(struct smtp_session *s);

/* dialogue.c: one command line, terminated, without CRLF and NUL. */
void smtp_dialogue_command(struct smtp_session *s, char *line);

#endif
