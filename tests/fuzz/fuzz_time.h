/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_FUZZ_FUZZ_TIME_H
#define TESTS_FUZZ_FUZZ_TIME_H

#include <assert.h>

#include <uv.h>

#include "base/clock.h"

/*
 * Time that the input moves, in place of clock_mono_ms() and libuv's timers: an
 * input does the same each time, and an hour is no wait. For targets whose
 * library has a single timer.
 */
static int64_t time_now_ms;
static struct {
	uv_timer_t *timer; /* NULL: not armed */
	uv_timer_cb cb;
	int64_t due_ms;
} time_armed;

int64_t clock_mono_ms(void)
{
	return time_now_ms;
}

int uv_timer_start(uv_timer_t *timer, uv_timer_cb cb, uint64_t timeout_ms,
                   uint64_t repeat_ms)
{
	if (uv_is_closing((uv_handle_t *)timer))
		return UV_EINVAL;
	assert(!time_armed.timer || time_armed.timer == timer);
	time_armed.timer = timer;
	time_armed.cb = cb;
	/* never, in the words of those who mean it */
	time_armed.due_ms = timeout_ms > INT64_MAX / 2
	                            ? INT64_MAX
	                            : time_now_ms + (int64_t)timeout_ms;
	return 0;
}

int uv_timer_stop(uv_timer_t *timer)
{
	if (time_armed.timer == timer)
		time_armed.timer = NULL;
	return 0;
}

/* As if just started. */
static void time_begin(void)
{
	time_now_ms = 1000000;
	time_armed.timer = NULL;
}

/* What is due by now happens, once. */
static void time_pass(int64_t ms)
{
	uv_timer_t *timer = time_armed.timer;

	time_now_ms += ms;
	if (!timer || time_armed.due_ms > time_now_ms)
		return;
	assert(!uv_is_closing((uv_handle_t *)timer));
	time_armed.timer = NULL;
	time_armed.cb(timer);
}

#endif
