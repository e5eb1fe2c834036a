/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTER_SIM_PAGES_H
#define PRINTER_SIM_PAGES_H

#include <stddef.h>
#include <stdint.h>

/*
 * Counts the pages of PWG raster (PWG 5102.4) and URF as they stream by. Any
 * other format has no countable pages.
 */
enum pages_step {
	PAGES_MAGIC,
	PAGES_FILE_HEADER, /* URF: the page count */
	PAGES_HEADER,
	PAGES_LINE_REPEAT,
	PAGES_RUN,
	PAGES_PIXELS,
	PAGES_UNKNOWN,
};

struct pages {
	enum pages_step step;
	unsigned char head[1796];
	size_t have;      /* of head */
	size_t page_head; /* size of this format's page header */
	uint32_t pixel;   /* bytes */
	uint64_t line;    /* bytes */
	uint64_t line_left;
	uint64_t skip; /* bytes of pixels that follow */
	uint32_t rows_left;
	uint32_t repeat;
	int started;  /* page headers seen */
	int complete; /* pages with all their rows */
};

void pages_init(struct pages *pages);
void pages_feed(struct pages *pages, const unsigned char *data, size_t len);

/* Complete pages, or -1 when the format has none that can be counted. */
int pages_count(const struct pages *pages);

#endif
