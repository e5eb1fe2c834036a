/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_PAGE_CHOICE_H
#define SPOOL_PAGE_CHOICE_H

#include <limits.h>
#include <stdbool.h>

#include "base/err.h"

/*
 * Pages of a job that somebody asks for: "3-5,8", "4-". What is counted are the
 * sides that come out of the printer, from 1, whatever is on them. Pure.
 */
#define PAGE_CHOICE_MAX       16
#define PAGE_CHOICE_TEXT      64
/* As the number of a job's pages: nobody has counted them yet. */
#define PAGE_CHOICE_UNCOUNTED UINT_MAX

struct page_choice {
	struct page_run {
		unsigned first, last;
	} runs[PAGE_CHOICE_MAX]; /* ascending, apart */
	unsigned n;
};

/*
 * Read it for a job of n_pages, ascending and joined where runs touch. Of
 * two-sided jobs whole sheets are taken, so that each page keeps its side.
 * -EINVAL with a sentence for what is no list of pages or names one that is not
 * there; -E2BIG for too long a list.
 */
int page_choice_parse(const char *text, unsigned n_pages, bool is_two_sided,
                      struct page_choice *out, struct err *err);

/* Leave out what a job of n_pages does not have. false: nothing is left. */
bool page_choice_cut(struct page_choice *choice, unsigned n_pages);

/* How many pages it names. */
unsigned page_choice_count(const struct page_choice *choice);

/* As page_choice_parse() reads it. -E2BIG with a sentence. */
int page_choice_to_text(const struct page_choice *choice,
                        char out[PAGE_CHOICE_TEXT], struct err *err);

#endif
