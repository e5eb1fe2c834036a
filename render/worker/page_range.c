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

static void sort_and_join(struct page_spec *spec)
{
	unsigned n = 0;

	qsort(spec->ranges, spec->n_ranges, sizeof *spec->ranges, by_first);
	for (unsigned i = 0; i < spec->n_ranges; i++) {
		struct page_range *range = &spec->ranges[i];

		if (n == 0 || range->first - 1 > spec->ranges[n - 1].last)
			spec->ranges[n++] = *range;
		else if (range->last > spec->ranges[n - 1].last)
			spec->ranges[n - 1].last = range->last;
	}
	spec->n_ranges = n;
}

int page_range_parse(const char *text, struct page_spec *spec, struct err *err)
{
	const char *at = text;

	spec->n_ranges = 0;
	do {
		struct page_range range;

		if (spec->n_ranges == PAGE_RANGES_MAX)
			return err_set(err, -E2BIG,
			               "there are more than %d page ranges",
			               PAGE_RANGES_MAX);
		if (!read_range(&at, &range))
			return err_set(err, -EINVAL, "'%.60s' names no pages",
			               text);
		spec->ranges[spec->n_ranges++] = range;
	} while (*at++ == ',');
	if (at[-1] != '\0')
		return err_set(err, -EINVAL, "'%.60s' names no pages", text);
	sort_and_join(spec);
	return 0;
}

bool page_range_has(const struct page_spec *spec, unsigned n)
{
	return page_range_count(spec, n, n) > 0;
}

unsigned page_range_count(const struct page_spec *spec, unsigned first,
                          unsigned last)
{
	unsigned count = 0;

	if (spec->n_ranges == 0)
		return last - first + 1;
	for (unsigned i = 0; i < spec->n_ranges; i++) {
		const struct page_range *range = &spec->ranges[i];
		unsigned from = range->first > first ? range->first : first;
		unsigned to = range->last < last ? range->last : last;

		if (from <= to)
			count += to - from + 1;
	}
	return count;
}
