/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/documents.h"

#include <assert.h>
#include <errno.h>

#include "base/mem.h"

void documents_fini(struct documents *documents)
{
	free(documents->ranges);
	documents->ranges = NULL;
}

static bool is_picture(const struct documents_wish *wish)
{
	return wish->format->kind == PRINT_JPEG;
}

/* Whether pages have to be picked from what is stored. */
static bool is_cut(const struct documents_wish *wish)
{
	return wish->only_pages[0] && print_format_has_cut(wish->format->kind);
}

/*
 * It makes copies of a document: of several they would not be collated. What
 * was begun in sets goes on in sets, whatever the printer says by now.
 */
static bool makes_copies(const struct documents_wish *wish, unsigned n_in_set)
{
	return wish->copies <= wish->copies_max && n_in_set == 1 &&
	       wish->n_done == 0;
}

bool documents_are_one(const struct documents_wish *wish)
{
	return !is_picture(wish) && !is_cut(wish) && makes_copies(wish, 1);
}

static void add(struct documents *documents, int64_t begin, int64_t end)
{
	if (begin == end)
		return;
	documents->ranges =
		xrealloc(documents->ranges,
	                 (documents->n_ranges + 1) * sizeof *documents->ranges);
	documents->ranges[documents->n_ranges++] =
		(struct document_range){begin, end};
}

static int cut(const struct documents_wish *wish, const struct page_run *run,
               struct documents *out, struct err *err)
{
	struct print_cut cut = {.first = run->first, .last = run->last};
	/* only_pages are whole sheets already, and a picture has no back */
	int r = print_format_cut(wish->format->kind, PRINT_ONE_SIDED,
	                         wish->page_ends, wish->n_pages, &cut, err);

	if (r < 0)
		return r;
	if (out->n_ranges == 0)
		add(out, 0, cut.head_end);
	add(out, cut.begin, cut.end);
	return 0;
}

static int cut_runs(const struct documents_wish *wish,
                    const struct page_choice *choice, struct documents *out,
                    struct err *err)
{
	int r = 0;

	for (unsigned i = 0; r == 0 && i < choice->n; i++)
		r = cut(wish, &choice->runs[i], out, err);
	return r;
}

/* Each page by itself. */
static int cut_pages(const struct documents_wish *wish,
                     const struct page_choice *choice, struct documents *out,
                     struct err *err)
{
	int r = 0;

	for (unsigned i = 0; i < choice->n; i++) {
		const struct page_run *run = &choice->runs[i];

		for (unsigned page = run->first; r == 0 && page <= run->last;
		     page++)
			r = cut(wish, &(struct page_run){page, page}, out, err);
	}
	return r;
}

static int choose(const struct documents_wish *wish, struct page_choice *out,
                  struct err *err)
{
	struct err why = {0};

	*out = (struct page_choice){.runs = {{1, wish->n_pages}}, .n = 1};
	if (!wish->only_pages[0])
		return 0;
	if (page_choice_parse(wish->only_pages, wish->n_pages, false, out,
	                      &why) < 0)
		return err_set(err, -ERANGE, "%s", why.text);
	return 0;
}

static int plan_set(const struct documents_wish *wish, struct documents *out,
                    struct err *err)
{
	struct page_choice choice;
	int r = 0;

	out->is_each = is_picture(wish);
	if (is_picture(wish) || is_cut(wish))
		r = choose(wish, &choice, err);
	else
		add(out, 0, INT64_MAX);
	if (r == 0 && is_picture(wish))
		r = cut_pages(wish, &choice, out, err);
	else if (r == 0 && is_cut(wish))
		r = cut_runs(wish, &choice, out, err);
	return r;
}

int documents_plan(const struct documents_wish *wish, struct documents *out,
                   struct err *err)
{
	struct documents documents = {.n = 0};
	int r = plan_set(wish, &documents, err);

	if (r == 0) {
		unsigned n_in_set =
			documents.is_each ? (unsigned)documents.n_ranges : 1;
		bool makes = makes_copies(wish, n_in_set);

		documents.n_in_set = n_in_set;
		documents.n = n_in_set * (makes ? 1 : wish->copies);
		documents.copies = makes ? wish->copies : 1;
		documents.per_job = wish->has_many ? documents.n : 1;
		if (documents.n <= wish->n_done)
			r = err_set(err, -ERANGE,
			            "all its documents are printed");
	}
	if (r < 0)
		documents_fini(&documents);
	else
		*out = documents;
	return r;
}

const struct document_range *documents_get(const struct documents *documents,
                                           unsigned i, size_t *n)
{
	assert(i >= 1 && i <= documents->n);
	*n = documents->is_each ? 1 : documents->n_ranges;
	return documents->ranges +
	       (documents->is_each ? (i - 1) % documents->n_in_set : 0);
}

int64_t documents_length(const struct documents *documents, unsigned i,
                         int64_t whole)
{
	size_t n;
	const struct document_range *ranges = documents_get(documents, i, &n);
	int64_t length = 0;

	for (size_t k = 0; k < n; k++) {
		bool is_open = ranges[k].end == INT64_MAX;

		if (is_open && whole < 0)
			return -1;
		length += (is_open ? whole : ranges[k].end) - ranges[k].begin;
	}
	return length;
}
