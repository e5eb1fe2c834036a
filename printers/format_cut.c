/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "printers/formats.h"

#define PWG_FILE_HEAD 4  /* "RaS2" */
#define URF_FILE_HEAD 12 /* "UNIRAST", and a count of pages: 0, unknown */

static int64_t head_of(enum print_format_kind kind)
{
	if (kind == PRINT_PWG)
		return PWG_FILE_HEAD;
	return kind == PRINT_URF ? URF_FILE_HEAD : 0;
}

bool print_format_has_cut(enum print_format_kind kind)
{
	return kind == PRINT_PWG || kind == PRINT_URF || kind == PRINT_JPEG;
}

int print_format_cut(enum print_format_kind kind, enum print_sides sides,
                     const int64_t *page_ends, unsigned n_pages,
                     struct print_cut *cut, struct err *err)
{
	int64_t head = head_of(kind);
	unsigned first = cut->first;

	if (!print_format_has_cut(kind))
		return err_set(err, -ENOTSUP,
		               "some pages of '%s' cannot be sent alone",
		               print_format_mime(kind));
	if (first < 1 || first > cut->last || cut->last > n_pages)
		return err_set(err, -EINVAL,
		               "pages %u to %u are not among the %u there are",
		               first, cut->last, n_pages);
	if (sides != PRINT_ONE_SIDED && first % 2 == 0)
		first--;
	cut->first = first;
	cut->head_end = head;
	cut->begin = first == 1 ? head : page_ends[first - 2];
	cut->end = page_ends[cut->last - 1];
	return 0;
}
