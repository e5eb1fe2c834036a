/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_RENDER_WORKER_PCLXL_DECODE_H
#define TESTS_UNIT_RENDER_WORKER_PCLXL_DECODE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/*
 * A reading of the images in a PCL XL stream, from the PCL XL Feature
 * Reference, without a look at the writer. Operators must come in their order
 * and with the attributes they demand; pages begin white.
 */
#define XL_PAGES_MAX 8

struct xl_decoded {
	unsigned width, height, depth; /* set by the caller */
	unsigned dpi, n_pages;
	int media, duplex, side[XL_PAGES_MAX]; /* -1: not said */
	float custom_width, custom_height;
	uint8_t *pages[XL_PAGES_MAX]; /* depth bytes a pixel */
};

struct xl_reader {
	const uint8_t *p, *end;
	struct xl_decoded *out;
	long value[256][2]; /* of attributes, until an operator takes them */
	bool has[256];
	long last[2];
	float real[2];
	unsigned level; /* 0, session 1, source 2, page 3, image 4 */
	unsigned space, x, y, image_height;
	uint8_t *page;
};

static inline bool xl_bytes(struct xl_reader *r, size_t n, unsigned long *out)
{
	*out = 0;
	if ((size_t)(r->end - r->p) < n)
		return false;
	for (size_t i = 0; i < n; i++)
		*out |= (unsigned long)r->p[i] << (8 * i);
	r->p += n;
	return true;
}

/* A value: scalars and pairs of the types that images use. */
static inline bool xl_value(struct xl_reader *r, unsigned type)
{
	static const struct {
		unsigned type, size, n;
	} types[] = {{0xc0, 1, 1},
	             {0xc1, 2, 1},
	             {0xd1, 2, 2},
	             {0xd3, 2, 2},
	             {0xd5, 4, 2}};

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		if (types[i].type != type)
			continue;
		for (unsigned k = 0; k < types[i].n; k++) {
			unsigned long v;
			uint32_t bits;

			if (!xl_bytes(r, types[i].size, &v))
				return false;
			r->last[k] = (long)v;
			bits = (uint32_t)v;
			memcpy(&r->real[k], &bits, 4);
		}
		return true;
	}
	return false;
}

static inline bool xl_name(struct xl_reader *r)
{
	unsigned long name;

	if (!xl_bytes(r, 1, &name) || r->has[name])
		return false;
	r->has[name] = true;
	memcpy(r->value[name], r->last, sizeof r->last);
	if (name == 47) {
		r->out->custom_width = r->real[0];
		r->out->custom_height = r->real[1];
	}
	return true;
}

static inline bool xl_is(const struct xl_reader *r, unsigned name, long value)
{
	return r->has[name] && r->value[name][0] == value;
}

static inline bool xl_begin_page(struct xl_reader *r)
{
	struct xl_decoded *out = r->out;
	size_t n = (size_t)out->width * out->height * out->depth;

	if (r->level != 2 || out->n_pages == XL_PAGES_MAX || !xl_is(r, 40, 0) ||
	    r->has[37] == r->has[47] || r->has[52] == r->has[53] ||
	    r->has[53] != r->has[54])
		return false;
	out->media = r->has[37] ? (int)r->value[37][0] : -1;
	out->duplex = r->has[53] ? (int)r->value[53][0] : -1;
	out->side[out->n_pages] = r->has[54] ? (int)r->value[54][0] : -1;
	r->page = out->pages[out->n_pages++] = malloc(n);
	memset(r->page, 0xff, n);
	r->level = 3;
	return true;
}

static inline bool xl_begin_image(struct xl_reader *r)
{
	if (r->level != 3 || !xl_is(r, 100, 0) || !xl_is(r, 98, 2) ||
	    !xl_is(r, 108, (long)r->out->width) || !r->has[107] ||
	    !r->has[103] || r->value[103][0] != r->value[108][0] ||
	    r->value[103][1] != r->value[107][0] || r->x != 0 ||
	    r->y + r->value[107][0] > r->out->height)
		return false;
	r->image_height = (unsigned)r->value[107][0];
	r->level = 4;
	return true;
}

static inline void xl_line(struct xl_reader *r, const uint8_t *line)
{
	struct xl_decoded *out = r->out;
	uint8_t *to = r->page + (size_t)r->y++ * out->width * out->depth;
	unsigned depth = r->space == 2 ? 3 : 1;

	for (unsigned i = 0; i < out->width * out->depth; i++)
		to[i] = line[depth == out->depth ? i : i / out->depth];
}

/* Run lengths over lines of a multiple of four bytes. */
static inline bool xl_read_image(struct xl_reader *r)
{
	unsigned depth = r->space == 2 ? 3 : 1;
	unsigned len = (r->out->width * depth + 3) / 4 * 4, x = 0, y = 0;
	unsigned long n_data;
	const uint8_t *end;
	uint8_t *line;

	if (r->level != 4 || !xl_is(r, 109, 0) || !xl_is(r, 101, 1) ||
	    !xl_is(r, 99, r->image_height) || depth > r->out->depth ||
	    r->p == r->end || *r->p++ != 0xfa || !xl_bytes(r, 4, &n_data) ||
	    (unsigned long)(r->end - r->p) < n_data)
		return false;
	end = r->p + n_data;
	line = malloc(len);
	while (r->p < end) {
		unsigned c = *r->p++;
		unsigned n = c < 128 ? c + 1 : 257 - c;

		if (c == 128 || x + n > len || y == r->image_height ||
		    (size_t)(end - r->p) < (c < 128 ? n : 1))
			break;
		if (c < 128)
			memcpy(line + x, r->p, n);
		else
			memset(line + x, *r->p, n);
		r->p += c < 128 ? n : 1;
		x += n;
		if (x < len)
			continue;
		xl_line(r, line);
		x = 0;
		y++;
	}
	free(line);
	return r->p == end && x == 0 && y == r->image_height;
}

static inline bool xl_level(struct xl_reader *r, unsigned from, unsigned to)
{
	bool ok = r->level == from;

	r->level = to;
	return ok;
}

static inline bool xl_operator(struct xl_reader *r, unsigned op)
{
	switch (op) {
	case 0x41:
		r->out->dpi = (unsigned)r->value[137][0];
		return xl_is(r, 134, 0) &&
		       r->value[137][1] == r->value[137][0] &&
		       xl_level(r, 0, 1);
	case 0x48:
		return xl_is(r, 136, 0) && xl_is(r, 130, 1) &&
		       xl_level(r, 1, 2);
	case 0x43: return xl_begin_page(r);
	case 0x6a:
		r->space = (unsigned)r->value[3][0];
		return r->has[3] && (r->space == 1 || r->space == 2) &&
		       xl_level(r, 3, 3);
	case 0x6b:
		r->x = (unsigned)r->value[76][0];
		r->y = (unsigned)r->value[76][1];
		return r->has[76] && xl_level(r, 3, 3);
	case 0xb0: return xl_begin_image(r);
	case 0xb1: return xl_read_image(r);
	case 0xb2: return xl_level(r, 4, 3);
	case 0x44: return xl_level(r, 3, 2);
	case 0x49: return xl_level(r, 2, 1);
	case 0x42: return xl_level(r, 1, 0);
	}
	return false;
}

static inline bool xl_step(struct xl_reader *r)
{
	unsigned tag = *r->p++;

	if (tag == 0xf8)
		return xl_name(r);
	if (tag >= 0xc0)
		return xl_value(r, tag);
	if (!xl_operator(r, tag))
		return false;
	memset(r->has, 0, sizeof r->has);
	return true;
}

/* A whole job; false where it is not one. Free with xl_decoded_fini(). */
static inline bool xl_decode(const struct buf *in, struct xl_decoded *out)
{
	static const char head[] =
		"\033%-12345X@PJL ENTER LANGUAGE=PCLXL\r\n) HP-PCL XL;2;0;";
	static const char tail[] = "\033%-12345X";
	struct xl_reader *r = calloc(1, sizeof *r);
	const uint8_t *data = (const uint8_t *)in->data;
	size_t n_tail = sizeof tail - 1;
	bool ok = in->len > sizeof head + n_tail &&
	          memcmp(data, head, sizeof head - 1) == 0 &&
	          memcmp(data + in->len - n_tail, tail, n_tail) == 0;

	r->out = out;
	r->end = data + in->len - n_tail;
	r->p = ok ? memchr(data + sizeof head, '\n', in->len - sizeof head)
	          : NULL;
	ok = r->p != NULL;
	r->p = ok ? r->p + 1 : r->end;
	while (ok && r->p < r->end)
		ok = xl_step(r);
	ok = ok && r->level == 0;
	free(r);
	return ok;
}

static inline void xl_decoded_fini(struct xl_decoded *out)
{
	for (unsigned i = 0; i < XL_PAGES_MAX; i++)
		free(out->pages[i]);
}

#endif
