/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/image_bmp_head.h"

#include <errno.h>

#include "base/mem.h"
#include "render/worker/little_endian.h"

#define FILE_HEAD  14 /* BITMAPFILEHEADER; the other one follows */
#define CORE_HEAD  12 /* BITMAPCOREHEADER, OS/2 1.x */
#define INFO_HEAD  40
#define MASKS_HEAD 52 /* from here on the masks are part of the head */
#define ALPHA_HEAD 56

static struct image_bmp_mask mask_of(uint32_t mask)
{
	struct image_bmp_mask out = {.mask = mask};

	if (mask == 0)
		return out;
	out.shift = (unsigned)__builtin_ctz(mask);
	out.max = mask >> out.shift;
	return out;
}

/* Without masks of its own a file has these. */
static void set_masks(struct image_bmp_head *head, uint32_t r, uint32_t g,
                      uint32_t b, uint32_t alpha)
{
	head->masks[0] = mask_of(r);
	head->masks[1] = mask_of(g);
	head->masks[2] = mask_of(b);
	head->masks[3] = mask_of(alpha);
}

static void read_core(const uint8_t *data, struct image_bmp_head *head)
{
	head->width = get_le16(data + 18);
	head->height = get_le16(data + 20);
	head->bits = get_le16(data + 24);
}

static uint32_t magnitude(uint32_t value)
{
	return value >> 31 ? 0 - value : value;
}

static void read_info(const uint8_t *data, struct image_bmp_head *head)
{
	head->width = get_le32(data + 18);
	head->height = magnitude(get_le32(data + 22));
	head->top_down = data[25] & 0x80;
	head->bits = get_le16(data + 28);
	head->code = get_le32(data + 30);
}

/* Masks stand behind INFO_HEAD, be it in the head or after it. */
static void read_masks(const uint8_t *data, uint32_t head_len,
                       struct image_bmp_head *head)
{
	const uint8_t *p = data + FILE_HEAD + INFO_HEAD;
	bool alpha =
		head_len >= ALPHA_HEAD || head->code == IMAGE_BMP_ALPHA_MASKS;

	if (head->code == IMAGE_BMP_MASKS ||
	    head->code == IMAGE_BMP_ALPHA_MASKS)
		set_masks(head, get_le32(p), get_le32(p + 4), get_le32(p + 8),
		          alpha ? get_le32(p + 12) : 0);
	else if (head->bits == 16)
		set_masks(head, 0x7c00, 0x03e0, 0x001f, 0);
	else
		set_masks(head, 0xff0000, 0xff00, 0xff, 0);
}

/* Colours that are not there stay black. */
static void read_palette(const uint8_t *data, size_t len, size_t at,
                         unsigned entry_len, struct image_bmp_head *head)
{
	for (unsigned i = 0; i < 1u << head->bits; i++) {
		if (at + 3 > len)
			return;
		for (unsigned c = 0; c < 3; c++)
			head->palette[i][c] = data[at + 2 - c];
		at += entry_len;
	}
}

static bool is_sane(const struct image_bmp_head *head)
{
	switch (head->code) {
	case IMAGE_BMP_PLAIN:
		return head->bits == 1 || head->bits == 4 || head->bits == 8 ||
		       head->bits == 16 || head->bits == 24 || head->bits == 32;
	case IMAGE_BMP_RLE8: return head->bits == 8 && !head->top_down;
	case IMAGE_BMP_RLE4: return head->bits == 4 && !head->top_down;
	case IMAGE_BMP_MASKS:
	case IMAGE_BMP_ALPHA_MASKS: return head->bits == 16 || head->bits == 32;
	}
	return false;
}

static int read_known(const uint8_t *data, size_t len, uint32_t head_len,
                      struct image_bmp_head *head, struct err *err)
{
	size_t palette = FILE_HEAD + (size_t)head_len;

	head->pixels = get_le32(data + 10);
	if (head_len == CORE_HEAD)
		read_core(data, head);
	else
		read_info(data, head);
	if (!is_sane(head))
		return err_set(
			err, -EINVAL,
			"cannot read the BMP picture: %u bits a pixel, compression %u",
			head->bits, head->code);
	if (head->code == IMAGE_BMP_MASKS && head_len < MASKS_HEAD)
		palette = FILE_HEAD + MASKS_HEAD;
	if (head->code == IMAGE_BMP_ALPHA_MASKS && head_len < ALPHA_HEAD)
		palette = FILE_HEAD + ALPHA_HEAD;
	if (len < palette)
		return err_set(err, -EINVAL,
		               "cannot read the BMP picture: it is cut off");
	if (head_len != CORE_HEAD)
		read_masks(data, head_len, head);
	if (head->bits <= 8)
		read_palette(data, len, palette, head_len == CORE_HEAD ? 3 : 4,
		             head);
	return 0;
}

int image_bmp_head_read(const uint8_t *data, size_t len,
                        struct image_bmp_head *out, struct err *err)
{
	struct image_bmp_head head = {0};
	uint32_t head_len =
		len >= FILE_HEAD + 4 ? get_le32(data + FILE_HEAD) : 0;
	int r;

	if (len < FILE_HEAD + CORE_HEAD ||
	    (head_len != CORE_HEAD &&
	     (head_len < INFO_HEAD || len < FILE_HEAD + INFO_HEAD)))
		return err_set(err, -EINVAL,
		               "cannot read the BMP picture: it is cut off");
	r = read_known(data, len, head_len, &head, err);
	if (r == 0)
		*out = head;
	return r;
}

/* Where the next pixel goes: lines count from the bottom. */
struct runs {
	const struct image_bmp_head *head;
	uint8_t *out;
	unsigned x, y;
};

static void put(struct runs *runs, uint8_t index)
{
	const struct image_bmp_head *head = runs->head;
	unsigned line = head->height - 1 - runs->y;

	if (runs->x < head->width)
		runs->out[(size_t)line * head->width + runs->x++] = index;
}

/* Pixel i of bytes that hold one (8 bits) or two. */
static uint8_t index_of(const struct runs *runs, const uint8_t *p, unsigned i)
{
	if (runs->head->bits == 8)
		return p[i];
	return i % 2 ? p[i / 2] & 15 : p[i / 2] >> 4;
}

static void put_run(struct runs *runs, const uint8_t *pixel, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		put(runs,
		    index_of(runs, pixel, runs->head->bits == 8 ? 0 : i % 2));
}

/* n pixels as they are, filled up to 16 bits. Returns bytes. */
static size_t put_literal(struct runs *runs, const uint8_t *data, size_t len,
                          unsigned n)
{
	size_t bytes = runs->head->bits == 8 ? n : (n + 1) / 2;

	if (bytes > len)
		return len;
	for (unsigned i = 0; i < n; i++)
		put(runs, index_of(runs, data, i));
	return bytes + bytes % 2;
}

static void next_line(struct runs *runs)
{
	runs->x = 0;
	runs->y++;
}

void image_bmp_runs(const struct image_bmp_head *head, const uint8_t *data,
                    size_t len, uint8_t *out)
{
	struct runs runs = {.head = head, .out = out};
	size_t at = 0;

	while (len - at >= 2 && runs.y < head->height) {
		uint8_t n = data[at], what = data[at + 1];

		at += 2;
		if (n > 0) {
			put_run(&runs, &what, n);
		} else if (what == 0) {
			next_line(&runs);
		} else if (what == 1) {
			return;
		} else if (what == 2) {
			if (len - at < 2)
				return;
			runs.x += data[at];
			runs.y += data[at + 1];
			at += 2;
		} else {
			at += put_literal(&runs, data + at, len - at, what);
			if (at > len)
				return;
		}
	}
}
