/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_FETCH_H
#define RENDER_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "base/buf.h"
#include "base/err.h"
#include "render/fetch_guard.h"

/*
 * Reading from the web, for pages that somebody wants printed: GET and nothing
 * else, no proxy, no kept cookies, no passwords; every address that is
 * connected to passes the guard, in every hop. Nothing of what comes is parsed
 * here.
 */
struct fetcher;
struct fetch;

struct fetch_limits {
	size_t bytes;         /* of one answer, after decompression */
	unsigned timeout_ms;  /* for all hops together */
	unsigned redirects;   /* hops after the first */
	unsigned connections; /* at a time, of all fetches */
};

/* Strings and guard are copied. */
struct fetcher_options {
	const struct fetch_guard *guard;
	struct fetch_limits limits;
};

struct fetcher *fetcher_new(uv_loop_t *loop,
                            const struct fetcher_options *options);

/* The most that one answer may bring. */
size_t fetcher_max_bytes(const struct fetcher *fetcher);

/* Drops what is under way without a callback; `closed` (may be NULL) comes
 * last, from the loop. */
void fetcher_close(struct fetcher *fetcher, void (*closed)(void *arg),
                   void *arg);

/* What came. Everything is borrowed for the time of the callback. */
struct fetch_answer {
	/*
	 * 0: an answer of the server, whatever its http_status. Else, with a
	 * sentence: -EPERM (blocked: scheme, address or port), -EFBIG (more
	 * than the limit), -ETIMEDOUT, -ELOOP (too many redirects),
	 * -EADDRNOTAVAIL (name not found), -ECONNREFUSED, -EKEYREJECTED
	 * (certificate), -EPROTO (anything else).
	 */
	int status;
	const struct err *err; /* the sentence when status < 0 */
	unsigned http_status;
	const char *url;      /* after redirects */
	const char *type;     /* Content-Type as sent, "" if none */
	const char *location; /* of a redirect not followed, absolute; or "" */
	const struct buf *headers; /* "Name: value\n", of the last hop */
	const char *data;
	size_t len;
};

typedef void fetch_cb(const struct fetch_answer *answer, void *arg);

/* Strings are copied. */
struct fetch_wish {
	const char *url;
	const char *accept;  /* NULL: anything */
	const char *referer; /* NULL: none */
	bool follow;         /* redirects; else a 3xx is an answer */
	size_t max_bytes;    /* 0, or below the fetcher's limit */
	unsigned max_ms;     /* 0, or below the fetcher's limit */
	fetch_cb *done;
	void *arg;
};

/* `done` comes exactly once, later, also for what the guard refuses; the fetch
 * is gone after it. */
struct fetch *fetch_start(struct fetcher *fetcher,
                          const struct fetch_wish *wish);

/* No callback comes any more. */
void fetch_cancel(struct fetch *fetch);

#endif
