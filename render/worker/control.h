/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_CONTROL_H
#define RENDER_WORKER_CONTROL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "render/protocol.h"
#include "render/worker/page.h"

/*
 * The worker's end of the talk with the daemon: answers on descriptor 3,
 * requests from descriptor 4, documents for other programs on descriptor 5. See
 * render/protocol.h for the words.
 */
#define CONTROL_ANSWER_FD  3
#define CONTROL_REQUEST_FD 4
#define CONTROL_CONVERT_FD 5

struct control {
	int answer_fd;      /* -1: nobody listens */
	int request_fd;     /* -1: the command line is the request */
	int convert_fd;     /* -1: nothing can be converted */
	char engines[64];   /* who converts: "html,office" */
	struct buf pending; /* read but not yet taken */
};

void control_init(struct control *control);
void control_fini(struct control *control);

static inline __attribute__((unused)) void
control_fini_cleanup_(struct control *control)
{
	control_fini(control);
}

/* Send the line and empty it. Nobody listening is no error. */
int control_send(struct control *control, struct buf *line, struct err *err);

/* One line of one word. */
int control_say(struct control *control, const char *key, const char *value,
                struct err *err);

/* The part is printed, but not as its sender would think. */
int control_note(struct control *control, const char *part, const char *note,
                 struct err *err);

/*
 * The next line, terminated, without its LF; *line is valid until the next
 * call. 0, 1 at the end (the daemon is gone), -EMSGSIZE, -errno.
 */
int control_read_line(struct control *control, const char **line,
                      struct err *err);

/*
 * n bytes from descriptor 5, appended to *out: a PDF, a web page.
 * -ECONNABORTED when the daemon is gone before their end.
 */
int control_read_bytes(struct control *control, size_t n, struct buf *out,
                       struct err *err);

/*
 * The words of the request: lines to an empty one, as if they stood on one
 * line; appended to *request. -ECONNABORTED when the daemon is gone before.
 */
int control_read_request(struct control *control, struct buf *request,
                         struct err *err);

/*
 * The target that the request names; media size, margins, sides and limits fall
 * back to A4, none, one-sided and what the command line set. -EINVAL with a
 * sentence that names the word.
 */
int control_page_spec(const struct protocol_line *request,
                      struct page_spec *out, struct err *err);

#endif
