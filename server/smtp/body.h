/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_SMTP_BODY_H
#define SERVER_SMTP_BODY_H

#include <stddef.h>

/*
 * The bytes between 354 and the final dot, RFC 5321 4.5.2: dots are unstuffed
 * and the end is found. The end is CRLF "." CRLF and nothing else; a CR or LF
 * that stands alone is an outcome of its own, never a line end, because what
 * one server takes for an end and the next one does not smuggles a second
 * message past the first (CVE-2023-51764 and its family).
 *
 * The result does not depend on how the bytes are cut into pieces. Nothing is
 * stored: of the bytes that may still turn out to be the end, ".", CR and LF,
 * none is ever needed again if they do not.
 */
enum smtp_body_result {
	SMTP_BODY_MORE = 0,
	SMTP_BODY_END = 1,
	SMTP_BODY_BARE_CR = 2,
	SMTP_BODY_BARE_LF = 3,
};

struct smtp_body {
	enum {
		SMTP_BODY_AT_LINE_START,
		SMTP_BODY_IN_LINE,
		SMTP_BODY_AFTER_CR,
		SMTP_BODY_AFTER_DOT,
		SMTP_BODY_AFTER_DOT_CR,
	} at;
};

/* Message bytes, as large a run as there is; line ends are kept. */
typedef void smtp_body_sink(void *arg, const char *data, size_t len);

/*
 * Read up to len bytes. *used says how many belong to the message (all of them
 * for SMTP_BODY_MORE; for SMTP_BODY_END what follows are commands). After
 * another result than SMTP_BODY_MORE the struct starts over only by zeroing.
 */
int smtp_body_feed(struct smtp_body *body, const char *data, size_t len,
                   size_t *used, smtp_body_sink *sink, void *arg);

#endif
