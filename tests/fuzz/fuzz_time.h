/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_FUZZ_FUZZ_TIME_H
#define TESTS_FUZZ_FUZZ_TIME_H

#include <assert.h>
#include <string.h>

#include <uv.h>

#include "base/clock.h"

/*
 * Time that the input moves, in place of clock_mono_ms() and libuv's timers: an
 * input does the same each time, and an hour is no wait. For targets whose
 * library has few timers.
 */
#define N_TIMERS 2

struct armed {
	uv_timer_t *timer; /* NULL: not armed */
	uv_timer_cb cb;
	int64_t due_ms;
};

static int64_t time_now_ms;
static struct armed time_armed[N_TIMERS];

int64_t clock_mono_ms(void)
{
	return time_now_ms;
}

/* Its place, or a free one for NULL. */
static struct armed *time_find(const uv_timer_t *timer)
{
	for (size_t i = 0; i < N_TIMERS; i++)
		if (time_armed[i].timer == timer)
			return &time_armed[i];
	return NULL;
}

int uv_timer_start(uv_timer_t *timer, uv_timer_cb cb, uint64_t timeout_ms,
                   uint64_t repeat_ms)
{
	struct armed *armed = time_find(timer);

	if (uv_is_closing((uv_handle_t *)timer))
		return UV_EINVAL;
	armed = armed ? armed : time_find(NULL);
	assert(armed);
	armed->timer = timer;
	armed->cb = cb;
	/* never, in the words of those who mean it */
	armed->due_ms = timeout_ms > INT64_MAX / 2
	                        ? INT64_MAX
	                        : time_now_ms + (int64_t)timeout_ms;
	return 0;
}

int uv_timer_stop(uv_timer_t *timer)
{
	struct armed *armed = time_find(timer);

	if (armed)
		armed->timer = NULL;
	return 0;
}

/* As if just started. */
static void time_begin(void)
{
	time_now_ms = 1000000;
	memset(time_armed, 0, sizeof time_armed);
}

static void time_ring(struct armed *armed)
{
	uv_timer_t *timer = armed->timer;

	if (!timer || armed->due_ms > time_now_ms)
		return;
	assert(!uv_is_closing((uv_handle_t *)timer));
	armed->timer = NULL;
	armed->cb(timer);
}

/* What is due by now happens, once. */
static void time_pass(int64_t ms)
{
	time_now_ms += ms;
	for (size_t i = 0; i < N_TIMERS; i++)
		time_ring(&time_armed[i]);
}

#endif
