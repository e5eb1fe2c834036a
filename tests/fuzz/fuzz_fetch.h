/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_FUZZ_FUZZ_FETCH_H
#define TESTS_FUZZ_FUZZ_FETCH_H

#include <assert.h>
#include <errno.h>

#include "base/list.h"
#include "base/mem.h"
#include "render/fetch.h"

/* In place of render/fetch.c: what is fetched comes when the input says so. */
struct fetch {
	struct list link;
	fetch_cb *done;
	void *arg;
	char *url;
	size_t max_bytes;
};

static struct list fetches;

size_t fetcher_max_bytes(const struct fetcher *fetcher)
{
	return 4096;
}

struct fetch *fetch_start(struct fetcher *fetcher,
                          const struct fetch_wish *wish)
{
	struct fetch *fetch = xcalloc(1, sizeof *fetch);

	assert(wish->max_bytes > 0 && wish->max_ms > 0);
	fetch->done = wish->done;
	fetch->arg = wish->arg;
	fetch->url = xstrdup(wish->url);
	fetch->max_bytes = wish->max_bytes;
	list_append(&fetches, &fetch->link);
	return fetch;
}

void fetch_cancel(struct fetch *fetch)
{
	list_remove(&fetch->link);
	free(fetch->url);
	free(fetch);
}

static void fetch_end(unsigned n, uint8_t kind)
{
	static const struct {
		int status;
		unsigned http_status;
		const char *type, *headers, *data;
	} kinds[] = {
		{0, 200, "image/png", "Content-Type: image/png\n", "\x89PNG"},
		{0, 200, "image/\xff", "X: \xff\nLink: x\n:\nY\n", "x"},
		{0, 302, "", "Location: http://b.example/\n", ""},
		{0, 404, "text/html; charset=x", "A:b", "gone"},
		{0, 0, "", "", ""},
		{-EFBIG, 0, "", "", ""},
		{-ETIMEDOUT, 0, "", "", ""},
	};
	size_t i = kind % ARRAY_LEN(kinds);
	struct buf headers CLEANUP(buf_fini) = {0};
	struct err err = {0};
	struct fetch_answer answer = {
		.status = kinds[i].status,
		.err = &err,
		.http_status = kinds[i].http_status,
		.type = kinds[i].type,
		.location = "",
		.headers = &headers,
		.data = kinds[i].data,
		.len = strlen(kinds[i].data),
	};

	buf_puts(&headers, kinds[i].headers);
	list_for_each (link, &fetches) {
		struct fetch *fetch = LIST_ENTRY(link, struct fetch, link);

		if (n-- > 0)
			continue;
		answer.url = fetch->url;
		if (answer.len > fetch->max_bytes)
			answer.len = fetch->max_bytes;
		list_remove(&fetch->link);
		fetch->done(&answer, fetch->arg);
		free(fetch->url);
		free(fetch);
		return;
	}
}

#endif
