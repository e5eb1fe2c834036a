/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/page_range.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A page number at *at, which moves behind it; 0 if there is none. */
static unsigned read_number(const char **at)
{
	uint64_t n = 0;

	for (; is_digit(**at); (*at)++) {
		if (n <= UINT_MAX)
			n = n * 10 + (uint64_t)(**at - '0');
	}
	return n > UINT_MAX ? UINT_MAX : (unsigned)n;
}

static bool read_range(const char **at, struct page_range *range)
{
	range->first = range->last = read_number(at);
	if (**at == '-') {
		(*at)++;
		range->last = is_digit(**at) ? read_number(at) : UINT_MAX;
	}
	return range->first > 0 && range->last >= range->first;
}

static int by_first(const void *a, const void *b)
{
	const struct page_range *x = a, *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

static void sort_and_join(struct page_ranges *ranges)
{
	unsigned n = 0;

	qsort(ranges->at, ranges->n, sizeof *ranges->at, by_first);
	for (unsigned i = 0; i < ranges->n; i++) {
		struct page_range *range = &ranges->at[i];

		if (n == 0 || range->first - 1 > ranges->at[n - 1].last)
			ranges->at[n++] = *range;
		else if (range->last > ranges->at[n - 1].last)
			ranges->at[n - 1].last = range->last;
	}
	ranges->n = n;
}

int page_range_parse(const char *text, struct page_ranges *ranges,
                     struct err *err)
{
	const char *at = text;

	ranges->n = 0;
	do {
		struct page_range range;

		if (ranges->n == PAGE_RANGES_MAX)
			return err_set(err, -E2BIG,
			               "there are more than %d page ranges",
			               PAGE_RANGES_MAX);
		if (!read_range(&at, &range))
			return err_set(err, -EINVAL, "'%.60s' names no pages",
			               text);
		ranges->at[ranges->n++] = range;
	} while (*at++ == ',');
	if (at[-1] != '\0')
		return err_set(err, -EINVAL, "'%.60s' names no pages", text);
	sort_and_join(ranges);
	return 0;
}

bool page_range_has(const struct page_ranges *ranges, unsigned n)
{
	return page_range_count(ranges, n, n) > 0;
}

unsigned page_range_count(const struct page_ranges *ranges, unsigned first,
                          unsigned last)
{
	unsigned count = 0;

	if (ranges->n == 0)
		return last - first + 1;
	for (unsigned i = 0; i < ranges->n; i++) {
		const struct page_range *range = &ranges->at[i];
		unsigned from = range->first > first ? range->first : first;
		unsigned to = range->last < last ? range->last : last;

		if (from <= to)
			count += to - from + 1;
	}
	return count;
}
