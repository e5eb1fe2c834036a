/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_CDP_H
#define RENDER_CDP_H

#include <jansson.h>
#include <uv.h>

#include "base/err.h"

/*
 * A browser and the talk with it: the Chrome DevTools Protocol as
 * --remote-debugging-pipe has it, JSON ended by NUL, commands on the browser's
 * descriptor 3, replies and events from its 4. What the words mean is not known
 * here. The browser may be under a stranger's command: message size and depth
 * are bounded.
 */
struct cdp;

struct cdp_events {
	/* A reply or event; borrowed during the call. */
	void (*on_message)(struct cdp *cdp, const json_t *message, void *arg);
	/*
	 * Once, last: it ended, and cdp is gone after the call. `said` is
	 * what stood on its stderr, cut short.
	 */
	void (*on_gone)(struct cdp *cdp, const char *said, void *arg);
};

/* argv ends with NULL. -errno with a sentence: nothing runs, no event comes. */
int cdp_start(uv_loop_t *loop, const char *const *argv,
              const struct cdp_events *events, void *arg, struct cdp **out,
              struct err *err);

/*
 * Send {id, method, params} to the session (NULL: the browser itself). Takes
 * the reference to params, NULL for none. The id that the reply will carry: no
 * two are the same, for the browser refuses the second.
 */
int cdp_send(struct cdp *cdp, const char *session, const char *method,
             json_t *params);

/* Its process, for those who look at it from outside. */
int cdp_pid(const struct cdp *cdp);

/* SIGKILL, with all its children; on_gone follows, messages do not. */
void cdp_kill(struct cdp *cdp);

#endif
