/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Seconds since 1970 in UTC: what is stored and shown. */
int64_t clock_now(void);

/* Milliseconds of CLOCK_MONOTONIC: what deadlines are made of. */
int64_t clock_mono_ms(void);

/*
 * A duration as people write it: a whole number and one of s, m, h, d ("90s",
 * "2d"); a bare number is seconds. 0 to 10 years. Seconds in *out.
 * -EINVAL with a sentence.
 */
int duration_parse(const char *text, int64_t *out, struct err *err);

/* The shortest exact form of seconds: 172800 -> "2d", 90 -> "90s". */
char *duration_format(int64_t seconds, char *out, size_t size);

/* "2026-11-21T08:30:00Z"; out needs CLOCK_TEXT bytes. Returns out. */
#define CLOCK_TEXT 32
char *clock_format(int64_t seconds, char out[CLOCK_TEXT]);

#endif
