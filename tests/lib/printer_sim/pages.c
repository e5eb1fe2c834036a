/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Both formats pack a line in the same way: one byte says how often the line
 * repeats; then runs follow until the line is full. A run byte of 0..127 is one
 * pixel repeated, 129..255 are that many literal pixels, 128 clears the rest.
 *
 *   MAGIC -> [FILE_HEADER] -> HEADER -> LINE_REPEAT -> RUN <-> PIXELS
 *                               ^            ^----------'  next line
 *                               '-------------------------- next page
 */
#include "pages.h"

#include <string.h>

#define PWG_PAGE_HEADER 1796
#define URF_PAGE_HEADER 32

static uint32_t be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

void pages_init(struct pages *pages)
{
	memset(pages, 0, sizeof *pages);
}

static void expect(struct pages *p, enum pages_step step)
{
	p->step = step;
	p->have = 0;
}

static void end_of_line(struct pages *p)
{
	p->rows_left -= p->repeat < p->rows_left ? p->repeat : p->rows_left;
	if (p->rows_left > 0) {
		expect(p, PAGES_LINE_REPEAT);
		return;
	}
	p->complete++;
	expect(p, PAGES_HEADER);
}

static void read_page_header(struct pages *p)
{
	uint32_t bits;

	if (p->page_head == PWG_PAGE_HEADER) {
		bits = be32(p->head + 388);
		p->rows_left = be32(p->head + 376);
		p->line = be32(p->head + 392);
	} else {
		bits = p->head[0];
		p->rows_left = be32(p->head + 16);
		p->line = ((uint64_t)be32(p->head + 12) * bits + 7) / 8;
	}
	p->pixel = bits < 8 ? 1 : bits / 8;
	p->started++;
	expect(p, p->line && p->rows_left ? PAGES_LINE_REPEAT : PAGES_UNKNOWN);
}

/* Collects a fixed-size piece in head; true once it is whole. */
static int collect(struct pages *p, unsigned char byte, size_t size)
{
	p->head[p->have++] = byte;
	return p->have == size;
}

static void read_magic(struct pages *p)
{
	if (memcmp(p->head, "RaS2", 4) == 0) {
		p->page_head = PWG_PAGE_HEADER;
		expect(p, PAGES_HEADER);
	} else if (memcmp(p->head, "UNIR", 4) == 0) {
		p->page_head = URF_PAGE_HEADER;
		expect(p, PAGES_FILE_HEADER);
	} else {
		expect(p, PAGES_UNKNOWN);
	}
}

static void read_run(struct pages *p, unsigned char byte)
{
	uint64_t fills = (byte < 128 ? byte + 1u : 257u - byte) * p->pixel;

	if (byte == 128) {
		end_of_line(p);
		return;
	}
	p->skip = byte < 128 ? p->pixel : fills;
	p->line_left -= fills < p->line_left ? fills : p->line_left;
	expect(p, PAGES_PIXELS);
}

static void feed_byte(struct pages *p, unsigned char byte)
{
	switch (p->step) {
	case PAGES_MAGIC:
		if (collect(p, byte, 4))
			read_magic(p);
		break;
	case PAGES_FILE_HEADER:
		if (collect(p, byte, 8)) /* "AST\0" and the page count */
			expect(p, PAGES_HEADER);
		break;
	case PAGES_HEADER:
		if (collect(p, byte, p->page_head))
			read_page_header(p);
		break;
	case PAGES_LINE_REPEAT:
		p->repeat = byte + 1u;
		p->line_left = p->line;
		expect(p, PAGES_RUN);
		break;
	case PAGES_RUN: read_run(p, byte); break;
	case PAGES_PIXELS:
	case PAGES_UNKNOWN: break;
	}
}

void pages_feed(struct pages *p, const unsigned char *data, size_t len)
{
	while (len > 0 && p->step != PAGES_UNKNOWN) {
		size_t n = 1;

		if (p->step == PAGES_PIXELS) {
			n = len < p->skip ? len : (size_t)p->skip;
			p->skip -= n;
			if (p->skip == 0 && p->line_left == 0)
				end_of_line(p);
			else if (p->skip == 0)
				expect(p, PAGES_RUN);
		} else {
			feed_byte(p, *data);
		}
		data += n;
		len -= n;
	}
}

int pages_count(const struct pages *p)
{
	if (p->step == PAGES_MAGIC ||
	    (p->step == PAGES_UNKNOWN && p->started == 0))
		return -1;
	return p->complete;
}
