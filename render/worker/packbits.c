/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/packbits.h"

#include <string.h>

#define MAX_PACKET 128

size_t packbits_bound(size_t len)
{
	return len + len / MAX_PACKET + 2;
}

/* How often the byte at p stands, of len. */
static size_t run_at(const uint8_t *p, size_t len)
{
	uint64_t all = p[0] * UINT64_C(0x0101010101010101);
	size_t n = 1;

	for (; n + 8 <= len; n += 8) {
		uint64_t word;

		memcpy(&word, p + n, 8);
		if (word != all)
			break;
	}
	while (n < len && p[n] == p[0])
		n++;
	return n;
}

static uint8_t *put_run(uint8_t *out, uint8_t byte, size_t n)
{
	while (n > 1) {
		size_t k = n < MAX_PACKET ? n : MAX_PACKET;

		*out++ = (uint8_t)(257 - k);
		*out++ = byte;
		n -= k;
	}
	if (n == 1) {
		*out++ = 0;
		*out++ = byte;
	}
	return out;
}

static uint8_t *put_literals(uint8_t *out, const uint8_t *p, size_t n)
{
	while (n > 0) {
		size_t k = n < MAX_PACKET ? n : MAX_PACKET;

		*out++ = (uint8_t)(k - 1);
		memcpy(out, p, k);
		out += k;
		p += k;
		n -= k;
	}
	return out;
}

/* Two equal bytes among others cost as much either way: runs begin at three. */
size_t packbits_encode(const uint8_t *data, size_t len, uint8_t *out)
{
	uint8_t *start = out;
	size_t literals = 0, at = 0;

	while (at < len) {
		size_t run = data[at] == data[at + (at + 1 < len)]
		                     ? run_at(data + at, len - at)
		                     : 1;

		if (run < 3) {
			literals += run;
			at += run;
			continue;
		}
		out = put_literals(out, data + at - literals, literals);
		out = put_run(out, data[at], run);
		literals = 0;
		at += run;
	}
	out = put_literals(out, data + at - literals, literals);
	return (size_t)(out - start);
}
