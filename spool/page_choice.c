/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/page_choice.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define NO_LIST "'%.60s' names no pages: write 3-5,8"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The number at *at, which moves behind it; 0 where there is none. */
static unsigned read_number(const char **at)
{
	unsigned long n = 0;

	for (; is_digit(**at); (*at)++)
		n = n > UINT_MAX ? n : n * 10 + (unsigned long)(**at - '0');
	return n > UINT_MAX ? UINT_MAX : (unsigned)n;
}

static bool read_run(const char **at, unsigned n_pages, struct page_run *run)
{
	run->first = run->last = read_number(at);
	if (**at == '-') {
		(*at)++;
		run->last = is_digit(**at) ? read_number(at) : n_pages;
	}
	return run->first > 0 && run->last >= run->first;
}

static void take_sheets(struct page_run *run, unsigned n_pages)
{
	run->first -= run->first % 2 == 0;
	run->last += run->last % 2 == 1 && run->last < n_pages;
}

static int by_first(const void *a, const void *b)
{
	const struct page_run *x = a, *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

static void sort_and_join(struct page_choice *choice)
{
	unsigned n = 0;

	qsort(choice->runs, choice->n, sizeof *choice->runs, by_first);
	for (unsigned i = 0; i < choice->n; i++) {
		struct page_run run = choice->runs[i];

		if (n > 0 && run.first - 1 <= choice->runs[n - 1].last) {
			if (run.last > choice->runs[n - 1].last)
				choice->runs[n - 1].last = run.last;
		} else {
			choice->runs[n++] = run;
		}
	}
	choice->n = n;
}

static int add_run(struct page_choice *choice, struct page_run run,
                   unsigned n_pages, bool is_two_sided, struct err *err)
{
	if (run.last > n_pages)
		return err_set(err, -EINVAL,
		               "there is no page %u: the job has %u", run.last,
		               n_pages);
	if (choice->n == PAGE_CHOICE_MAX)
		return err_set(err, -E2BIG, "more than %d ranges of pages",
		               PAGE_CHOICE_MAX);
	if (is_two_sided)
		take_sheets(&run, n_pages);
	choice->runs[choice->n++] = run;
	return 0;
}

int page_choice_parse(const char *text, unsigned n_pages, bool is_two_sided,
                      struct page_choice *out, struct err *err)
{
	struct page_choice choice = {.n = 0};
	const char *at = text;

	do {
		struct page_run run;
		int r;

		if (!read_run(&at, n_pages, &run))
			return err_set(
				err, -EINVAL,
				run.first > n_pages
					? "there is no such page in '%.60s'"
					: NO_LIST,
				text);
		r = add_run(&choice, run, n_pages, is_two_sided, err);
		if (r < 0)
			return r;
	} while (*at++ == ',');
	if (at[-1] != '\0')
		return err_set(err, -EINVAL, NO_LIST, text);
	sort_and_join(&choice);
	*out = choice;
	return 0;
}

bool page_choice_cut(struct page_choice *choice, unsigned n_pages)
{
	unsigned n = 0;

	while (n < choice->n && choice->runs[n].first <= n_pages) {
		if (choice->runs[n].last > n_pages)
			choice->runs[n].last = n_pages;
		n++;
	}
	choice->n = n;
	return n > 0;
}

unsigned page_choice_count(const struct page_choice *choice)
{
	unsigned n = 0;

	for (unsigned i = 0; i < choice->n; i++)
		n += choice->runs[i].last - choice->runs[i].first + 1;
	return n;
}

int page_choice_to_text(const struct page_choice *choice,
                        char out[PAGE_CHOICE_TEXT], struct err *err)
{
	size_t used = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < choice->n && used < PAGE_CHOICE_TEXT; i++) {
		const struct page_run *run = &choice->runs[i];

		used += (size_t)snprintf(out + used, PAGE_CHOICE_TEXT - used,
		                         run->last == PAGE_CHOICE_UNCOUNTED
		                                 ? "%s%u-"
		                         : run->last > run->first ? "%s%u-%u"
		                                                  : "%s%u",
		                         used ? "," : "", run->first,
		                         run->last);
	}
	return used < PAGE_CHOICE_TEXT
	               ? 0
	               : err_set(err, -E2BIG, "too long a list of pages");
}
