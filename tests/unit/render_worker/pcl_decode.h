/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_RENDER_WORKER_PCL_DECODE_H
#define TESTS_UNIT_RENDER_WORKER_PCL_DECODE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/*
 * A reading of PCL 5e raster, from the PCL 5 Printer Language Technical
 * Reference, without a look at the writer. Strict: what it does not know is an
 * error, and so is a byte too many.
 */
#define PCL_PAGES_MAX 8

struct pcl_page {
	unsigned height; /* lines that were transferred or skipped */
	uint8_t *bits;   /* line_len bytes each, 1 is black */
};

struct pcl_decoded {
	int paper, duplex, dpi, units, copies;
	unsigned line_len, max_height; /* set by the caller */
	unsigned n_pages;
	struct pcl_page pages[PCL_PAGES_MAX];
};

struct pcl_reader {
	const uint8_t *p, *end;
	struct pcl_decoded *out;
	uint8_t *line; /* the seed line */
	int method;
	bool in_raster;
};

static inline bool pcl_text(struct pcl_reader *r, const char *text)
{
	size_t n = strlen(text);

	if ((size_t)(r->end - r->p) < n || memcmp(r->p, text, n) != 0)
		return false;
	r->p += n;
	return true;
}

static inline bool pcl_number(struct pcl_reader *r, int *out)
{
	int n = 0;
	unsigned digits = 0;

	for (; r->p < r->end && *r->p >= '0' && *r->p <= '9';
	     r->p++, digits++) {
		n = n * 10 + (*r->p - '0');
		if (n > 1000000)
			return false;
	}
	*out = n;
	return digits > 0;
}

static inline bool pcl_unpack(struct pcl_reader *r, const uint8_t *end)
{
	unsigned len = r->out->line_len, x = 0;

	memset(r->line, 0, len);
	while (r->p < end) {
		unsigned c = *r->p++;
		unsigned n = c < 128 ? c + 1 : 257 - c;

		if (c == 128 || x + n > len ||
		    (size_t)(end - r->p) < (c < 128 ? n : 1))
			return false;
		if (c < 128)
			memcpy(r->line + x, r->p, n);
		else
			memset(r->line + x, *r->p, n);
		r->p += c < 128 ? n : 1;
		x += n;
	}
	return true;
}

static inline bool pcl_replace(struct pcl_reader *r, const uint8_t *end)
{
	unsigned len = r->out->line_len, x = 0;

	while (r->p < end) {
		unsigned n = (*r->p >> 5) + 1u, offset = *r->p & 31;
		unsigned more = offset == 31 ? 255 : 0;

		r->p++;
		while (more == 255) {
			if (r->p == end)
				return false;
			more = *r->p++;
			offset += more;
		}
		if (x + offset + n > len || (size_t)(end - r->p) < n)
			return false;
		memcpy(r->line + x + offset, r->p, n);
		r->p += n;
		x += offset + n;
	}
	return true;
}

static inline bool pcl_add_lines(struct pcl_reader *r, unsigned n)
{
	struct pcl_page *page = &r->out->pages[r->out->n_pages];

	if (page->height + n > r->out->max_height)
		return false;
	for (; n > 0; n--)
		memcpy(page->bits + (size_t)page->height++ * r->out->line_len,
		       r->line, r->out->line_len);
	return true;
}

static inline bool pcl_transfer(struct pcl_reader *r, int n)
{
	const uint8_t *end = r->p + n;
	bool ok;

	if (r->end - r->p < n)
		return false;
	ok = r->method == 2   ? pcl_unpack(r, end)
	     : r->method == 3 ? pcl_replace(r, end)
	                      : false;
	return ok && pcl_add_lines(r, 1);
}

/* What follows ESC * b. */
static inline bool pcl_raster(struct pcl_reader *r)
{
	int n;

	if (!r->in_raster || !pcl_number(r, &n) || r->p == r->end)
		return false;
	switch (*r->p++) {
	case 'M': r->method = n; return true;
	case 'Y':
		memset(r->line, 0, r->out->line_len);
		return pcl_add_lines(r, (unsigned)n);
	case 'W': return pcl_transfer(r, n);
	}
	return false;
}

/* What follows ESC & l and stands once, before all pages. */
static inline bool pcl_set_up(struct pcl_reader *r)
{
	int n;

	if (r->out->n_pages > 0 || r->in_raster || !pcl_number(r, &n) ||
	    r->p == r->end)
		return false;
	switch (*r->p++) {
	case 'A': r->out->paper = n; return true;
	case 'S': r->out->duplex = n; return true;
	case 'X': r->out->copies = n; return true;
	case 'O':
	case 'E':
	case 'L': return n == 0;
	}
	return false;
}

static inline bool pcl_begin_raster(struct pcl_reader *r)
{
	struct pcl_page *page = &r->out->pages[r->out->n_pages];

	if (r->in_raster || r->out->n_pages == PCL_PAGES_MAX || page->bits)
		return false;
	page->bits = calloc(r->out->max_height, r->out->line_len);
	memset(r->line, 0, r->out->line_len);
	r->in_raster = true;
	return true;
}

static inline bool pcl_command(struct pcl_reader *r)
{
	if (pcl_text(r, "\033*b"))
		return pcl_raster(r);
	if (pcl_text(r, "\033&l"))
		return pcl_set_up(r);
	if (pcl_text(r, "\033&u"))
		return pcl_number(r, &r->out->units) && pcl_text(r, "D");
	if (pcl_text(r, "\033*t"))
		return pcl_number(r, &r->out->dpi) && pcl_text(r, "R");
	if (pcl_text(r, "\033*r0F") || pcl_text(r, "\033*p0x0Y"))
		return !r->in_raster;
	if (pcl_text(r, "\033*r1A"))
		return pcl_begin_raster(r);
	if (pcl_text(r, "\033*rB\f")) {
		r->out->n_pages++;
		r->in_raster = false;
		return true;
	}
	return false;
}

/* A whole job; false where it is not one. Free with pcl_decoded_fini(). */
static inline bool pcl_decode(const struct buf *in, struct pcl_decoded *out)
{
	struct pcl_reader r = {(const uint8_t *)in->data,
	                       (const uint8_t *)in->data + in->len,
	                       out,
	                       calloc(1, out->line_len),
	                       0,
	                       false};
	bool ok = pcl_text(&r, "\033%-12345X@PJL ENTER LANGUAGE=PCL\r\n\033E");

	while (ok && !pcl_text(&r, "\033E"))
		ok = pcl_command(&r);
	free(r.line);
	return ok && !r.in_raster && pcl_text(&r, "\033%-12345X") &&
	       r.p == r.end;
}

static inline void pcl_decoded_fini(struct pcl_decoded *out)
{
	for (unsigned i = 0; i < PCL_PAGES_MAX; i++)
		free(out->pages[i].bits);
}

#endif
