/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_MSG_H
#define RENDER_WORKER_MSG_H

#include <stdbool.h>
#include <stddef.h>

#include <gmime/gmime.h>

/* Whether it is a mail that Outlook saved, "a.msg" ([MS-OXMSG]). */
bool msg_is(const void *data, size_t len);

/*
 * The mail as a tree of GMime's, to be walked as any other: sender, recipients,
 * date and subject; the body as HTML, or text; the attachments, and mails among
 * them, down to MSG_DEPTH. To be unreferenced; NULL: it is none, or has neither
 * body nor attachments.
 */
#define MSG_DEPTH 8
GMimeMessage *msg_read(const void *data, size_t len);

#endif
