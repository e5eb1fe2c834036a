/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_SMTP_SESSION_H
#define SERVER_SMTP_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "server/smtp/reply.h"

/*
 * The server's side of one SMTP (RFC 5321) or LMTP (RFC 2033) conversation as
 * a pure state machine: bytes in, replies out. No socket, no loop, no clock.
 * What comes out does not depend on how the bytes are cut into pieces.
 *
 * Extensions: PIPELINING, SIZE, 8BITMIME, SMTPUTF8, ENHANCEDSTATUSCODES.
 *
 *   COMMAND  a line at a time; `policy` is asked about MAIL, RCPT and DATA
 *   DATA     message bytes go to policy->body
 *   WAIT     policy->end was called, smtp_session_finish() is awaited; what the
 *            peer sends meanwhile is kept, up to a cap, and answered afterwards
 *   CLOSED   nothing more is read; close when the output is sent
 */
enum smtp_phase {
	SMTP_PHASE_COMMAND,
	SMTP_PHASE_DATA,
	SMTP_PHASE_WAIT,
	SMTP_PHASE_CLOSED,
};

struct smtp_session;

/* Borrowed for the call, as every string that a policy is given. */
struct smtp_mail {
	const char *address; /* canonical (address.h); "" is the null sender */
	int64_t size;        /* as declared, -1 if it was not */
	bool is_8bit;        /* BODY=8BITMIME */
	bool is_utf8;        /* SMTPUTF8 */
};

/*
 * Who may send what to whom, and where it goes. mail, rcpt and data answer at
 * once: 0, or what smtp_reply_set() returned after filling *reply (code 421
 * also closes). On 0 an own text may be left in *reply for mail and rcpt.
 *
 * Once mail() returned 0 there is a transaction. It ends with exactly one of
 * smtp_session_finish() and abort().
 */
struct smtp_policy {
	int (*mail)(void *arg, struct smtp_session *session,
	            const struct smtp_mail *mail, struct smtp_reply *reply);
	/* address is canonical; "postmaster" may come without a domain */
	int (*rcpt)(void *arg, struct smtp_session *session,
	            const char *address, struct smtp_reply *reply);
	/* 0 leads to 354. The last chance to say 452 4.3.1. */
	int (*data)(void *arg, struct smtp_session *session,
	            struct smtp_reply *reply);
	/*
	 * Message bytes without stuffed dots, lines end with CRLF; the first
	 * ones are our own Received line. < 0 is -errno: the transaction is
	 * aborted at once, the rest read and dropped, then 452 (no space) or
	 * 451 is answered.
	 */
	int (*body)(void *arg, struct smtp_session *session, const char *data,
	            size_t len);
	/* The final dot was seen; smtp_session_finish() is due now or later. */
	void (*end)(void *arg, struct smtp_session *session);
	/* The transaction is gone: drop what was written, never finish it. */
	void (*abort)(void *arg, struct smtp_session *session);
};

struct smtp_session_options {
	const char *hostname; /* how we call ourselves */
	bool is_lmtp;
	int64_t max_message_size; /* bytes, as received, without dot-stuffing */
	size_t max_recipients;    /* then 452 4.5.3; RFC 5321: at least 100 */
	unsigned max_errors;      /* then 421 4.7.0 */
	unsigned max_hops;        /* Received lines, then 554 5.4.6 */
};

/*
 * Output came without input, from smtp_session_finish(). Not called while
 * another function of this header runs.
 */
typedef void smtp_session_wake_cb(struct smtp_session *session, void *arg);

/*
 * Greets at once: the first output is there on return. options and policy are
 * borrowed and outlive the session; peer is copied. wake may be NULL.
 */
struct smtp_session *
smtp_session_new(const struct smtp_session_options *options,
                 const struct smtp_policy *policy, void *policy_arg,
                 const struct sockaddr *peer, smtp_session_wake_cb *wake,
                 void *wake_arg);

/* Aborts a running transaction, also one that waits for finish(). */
void smtp_session_free(struct smtp_session *session);
DEFINE_CLEANUP(struct smtp_session *, smtp_session_free)

/* Bytes from the peer; now_s is UTC, for the Received line. */
void smtp_session_input(struct smtp_session *session, const char *data,
                        size_t len, int64_t now_s);

/*
 * The outcome of a message after end(): one reply for SMTP, one for each
 * accepted recipient, in their order, for LMTP. May be called inside end().
 *
 * Called later, it also reads what the peer sent meanwhile, so the policy may
 * be asked about the next transaction before it returns, and the connection may
 * prove dead: do not touch the session afterwards.
 */
void smtp_session_finish(struct smtp_session *session,
                         const struct smtp_reply *replies, size_t n);

/* Say why (code 421 and a text) and close; a running transaction is aborted. */
void smtp_session_hang_up(struct smtp_session *session, const char *text);

/*
 * The server stops: a running transaction may finish, then, or now if there is
 * none, 421 4.3.2 and close.
 */
void smtp_session_drain(struct smtp_session *session);

/* Replies not yet sent; take them with buf_consume() or buf_clear(). */
struct buf *smtp_session_output(struct smtp_session *session);

enum smtp_phase smtp_session_phase(const struct smtp_session *session);

/* Enough is kept for after WAIT: read no more until wake(). */
bool smtp_session_is_full(const struct smtp_session *session);

/* CLOSED because the peer said QUIT. */
bool smtp_session_did_quit(const struct smtp_session *session);

/* Commands answered and messages ended so far: progress, for deadlines. */
uint64_t smtp_session_n_steps(const struct smtp_session *session);

const struct sockaddr *
smtp_session_peer_addr(const struct smtp_session *session);

bool smtp_session_is_lmtp(const struct smtp_session *session);
size_t smtp_session_n_recipients(const struct smtp_session *session);

/* One pointer that belongs to the policy. NULL at first. */
void smtp_session_set_user(struct smtp_session *session, void *user);
void *smtp_session_user(const struct smtp_session *session);

#endif
