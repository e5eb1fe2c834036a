/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_OFFICE_PROCESS_H
#define RENDER_OFFICE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include <uv.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * One run of platen-office: the process, its two pipes, and what is said over
 * them (render/office/main.c). One document at a time.
 */
struct office_process;

struct office_process_events {
	/* It can take a document. */
	void (*on_ready)(void *arg);
	/* reason NULL: *pdf may be taken. Else one word of platen-office's. */
	void (*on_answer)(const char *reason, struct buf *pdf, void *arg);
	/* Once, last: it ended, by itself or killed; it is gone after it. */
	void (*on_gone)(void *arg);
};

struct office_document {
	const char *type; /* "docx" */
	const void *data; /* borrowed until it is answered or killed */
	size_t len;
	unsigned seconds;
	uint64_t max_bytes; /* of the PDF */
	unsigned max_pages; /* of it; 0: all */
};

/* argv ends with NULL. -errno with a sentence: no event comes. */
int office_process_start(uv_loop_t *loop, char **argv,
                         const struct office_process_events *events, void *arg,
                         struct office_process **out, struct err *err);

/* Only when it is ready and the one before is answered. */
void office_process_convert(struct office_process *process,
                            const struct office_document *document);

/* It was killed, here or for what it said; on_gone is on its way. */
bool office_process_is_killed(const struct office_process *process);

/* No event but on_gone comes from now on. */
void office_process_kill(struct office_process *process);

#endif
