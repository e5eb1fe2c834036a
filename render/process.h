/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_PROCESS_H
#define RENDER_PROCESS_H

#include <uv.h>

#include "base/err.h"
#include "render/pool.h"

/*
 * One run of platen-render: the process and its six pipes, and nothing of what
 * is said over them.
 */
struct process;

struct process_events {
	/* A line from the worker, terminated, without its LF; may be changed.
	 */
	void (*on_line)(struct process *process, char *line, void *arg);
	/* Print data. */
	void (*on_data)(struct process *process, const void *data, size_t len,
	                void *arg);
	/* Bytes of a document to convert. */
	void (*on_convert)(struct process *process, const void *data,
	                   size_t len, void *arg);
	/* What was fed is written; only after process_feed() said no. */
	void (*on_drain)(struct process *process, void *arg);
	/*
	 * Once, last, when it ended and all its output was read; process is
	 * gone after it. `sentence` says why if it did not end by itself, else
	 * it is "".
	 */
	void (*on_gone)(struct process *process, int exit_code,
	                const char *sentence, void *arg);
};

/* -errno with a sentence: not started, and no event comes. */
int process_start(uv_loop_t *loop, const struct render_pool_options *options,
                  const struct process_events *events, void *arg,
                  struct process **out, struct err *err);

/* Who is told from now on: a spare is handed to its render. */
void process_hand_over(struct process *process,
                       const struct process_events *events, void *arg);

/* Bytes of the message; false: 256 kB are waiting. */
bool process_feed(struct process *process, const void *data, size_t len);
/* The owner waits for on_drain, whatever process_feed() said. */
void process_want_drain(struct process *process);
void process_feed_end(struct process *process);

/* Lines for the worker, ended by LF. */
void process_tell(struct process *process, const void *data, size_t len);

/* Whether on_convert comes; at first it does not. */
void process_convert_read(struct process *process, bool on);

/* Bytes of a PDF; copied. */
void process_convert_write(struct process *process, const void *data,
                           size_t len);

/* SIGKILL; on_gone follows with `sentence` (copied), unless one is set. */
void process_kill(struct process *process, const char *sentence);

#endif
