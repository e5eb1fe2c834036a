/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_SMTP_REPLY_H
#define SERVER_SMTP_REPLY_H

#include "base/buf.h"
#include "base/cleanup.h"

/*
 * One answer to a command: the three digits and a line that begins with the
 * enhanced status code, "5.1.1 no printer has this address" (RFC 2034, 3463).
 */
#define SMTP_REPLY_TEXT 400 /* the line stays below 512, RFC 5321 4.5.3.1.5 */

struct smtp_reply {
	int code;
	char text[SMTP_REPLY_TEXT];
};

/* Fill; returns code, so that `return smtp_reply_set(...)` is a refusal. */
int smtp_reply_set(struct smtp_reply *reply, int code, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/*
 * Append the line to out. Control characters and bytes outside ASCII, which an
 * address quoted in the text may bring, become '?': no peer writes our lines.
 */
void smtp_reply_write(const struct smtp_reply *reply, struct buf *out);

#endif
