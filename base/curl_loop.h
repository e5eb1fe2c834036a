/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef BASE_CURL_LOOP_H
#define BASE_CURL_LOOP_H

#include <curl/curl.h>
#include <uv.h>

/*
 * libcurl's multi interface on a libuv loop: one thread serves any number of
 * transfers, nothing blocks, names are resolved in curl's threads. A library of
 * its own, so that only those who talk HTTP carry libcurl.
 */
struct curl_loop;

/* All of this comes from the loop, outside of curl's callbacks. */
struct curl_loop_events {
	/* curl has worked; comes before on_done; may be NULL. */
	void (*on_step)(void *arg);
	/* This transfer is over; remove the handle from the multi. */
	void (*on_done)(CURL *easy, CURLcode code, void *arg);
};

/* *events is copied. */
struct curl_loop *curl_loop_new(uv_loop_t *loop,
                                const struct curl_loop_events *events,
                                void *arg);

/*
 * Add and remove handles here; the options of sockets and timer are taken. It
 * lives until curl_loop_close()'s callback.
 */
CURLM *curl_loop_multi(struct curl_loop *curl_loop);

uv_loop_t *curl_loop_uv(struct curl_loop *curl_loop);

/* No handle is in it any more. `closed` (may be NULL) comes last. */
void curl_loop_close(struct curl_loop *curl_loop, void (*closed)(void *arg),
                     void *arg);

#endif
