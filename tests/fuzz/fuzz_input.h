/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_FUZZ_FUZZ_INPUT_H
#define TESTS_FUZZ_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

/* What libFuzzer gave, a byte at a time. */
struct input {
	const uint8_t *data;
	size_t len;
};

/* 0 when it is used up. */
static inline uint8_t take(struct input *in)
{
	if (in->len == 0)
		return 0;
	in->len--;
	return *in->data++;
}

/* So many bytes, or what there is; *n says how many. */
static inline const uint8_t *take_bytes(struct input *in, size_t *n)
{
	const uint8_t *data = in->data;

	if (*n > in->len)
		*n = in->len;
	in->data += *n;
	in->len -= *n;
	return data;
}

/* Up to the LF, which goes, too; the caller's. */
static inline char *take_text(struct input *in)
{
	const uint8_t *lf = memchr(in->data, '\n', in->len);
	size_t n = lf ? (size_t)(lf - in->data) + 1 : in->len;
	char *line = xstrndup((const char *)take_bytes(in, &n), n);

	if (lf)
		line[strcspn(line, "\n")] = '\0';
	return line;
}

#endif
