/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdint.h>

#include "base/mem.h"
#include "render/worker/little_endian.h"
#include "render/worker/rtf.h"

/*
 * MS-OXRTFCP: a ring of 4096 bytes that begins with common RTF; a control byte
 * tells of eight items which are bytes and which refer back into the ring, two
 * bytes for up to 17.
 */
#define RING   4096u
#define HEADER 16u

static const char common[] =
	"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman "
	"\\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes "
	"New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
	"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

struct ring {
	char bytes[RING];
	size_t at;
	struct buf *out;
};

static void put(struct ring *ring, char byte)
{
	ring->bytes[ring->at] = byte;
	ring->at = (ring->at + 1) % RING;
	buf_append(ring->out, &byte, 1);
}

/* False at the end: a reference to where the ring stands. */
static bool refer(struct ring *ring, const char *two)
{
	size_t high = (uint8_t)two[0], low = (uint8_t)two[1];
	size_t from = high << 4 | low >> 4, n = (low & 15) + 2;

	if (from == ring->at)
		return false;
	for (; n > 0; n--) {
		put(ring, ring->bytes[from]);
		from = (from + 1) % RING;
	}
	return true;
}

/* Up to eight items; false when there are no more. */
static bool unpack_items(struct ring *ring, const char **at, const char *end)
{
	unsigned control = (uint8_t) * (*at)++;

	for (unsigned i = 0; i < 8; i++, control >>= 1) {
		if (end - *at < ((control & 1) ? 2 : 1))
			return false;
		if ((control & 1) == 0) {
			put(ring, *(*at)++);
			continue;
		}
		if (!refer(ring, *at))
			return false;
		*at += 2;
	}
	return true;
}

bool rtf_unpack(const char *data, size_t len, struct buf *out)
{
	struct ring ring = {.at = sizeof common - 1, .out = out};
	const char *at = data + HEADER, *end = data + len;
	size_t start = out->len, size;

	if (len < HEADER)
		return false;
	size = get_le32(data + 4);
	if (size > RTF_BYTES)
		return false;
	if (memcmp(data + 8, "MELA", 4) == 0) { /* stored */
		buf_append(out, at, (size_t)(end - at));
		return true;
	}
	if (memcmp(data + 8, "LZFu", 4) != 0)
		return false;
	memcpy(ring.bytes, common, sizeof common - 1);
	while (at < end && out->len - start < RTF_BYTES &&
	       unpack_items(&ring, &at, end))
		;
	return out->len > start;
}
