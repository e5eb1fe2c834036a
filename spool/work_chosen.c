/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/work_private.h"

#include "spool/page_choice.h"

/*
 * Pages that somebody chose (job.only_pages), maybe before anybody counted
 * them: whole sheets once it is known that backs are printed, and in the end
 * those that there are.
 */

/* Pictures have no back, whatever was asked for. */
static bool has_backs(const struct work *work)
{
	return work->target.sides != PRINT_ONE_SIDED &&
	       work->target.kind != PRINT_JPEG;
}

static bool read_choice(const struct work *work, struct page_choice *choice)
{
	return page_choice_parse(work->job.only_pages, PAGE_CHOICE_UNCOUNTED,
	                         has_backs(work), choice, NULL) == 0;
}

/* Too long a list stays what it was. */
static void write_choice(struct work *work, const struct page_choice *choice)
{
	char text[PAGE_CHOICE_TEXT];

	if (page_choice_to_text(choice, text, NULL) < 0 ||
	    strcmp(text, work->job.only_pages) == 0)
		return;
	memcpy(work->job.only_pages, text, sizeof text);
	work->settles_pages = true;
}

void work_chosen_begin(struct work *work)
{
	struct page_choice choice;

	if (work->job.only_pages[0] && read_choice(work, &choice))
		write_choice(work, &choice);
}

bool work_chosen_end(struct work *work)
{
	struct page_choice choice;

	/* drawings are no sides yet: these are counted when data are made */
	if (!work->job.only_pages[0] || work->as_drawings ||
	    !read_choice(work, &choice))
		return true;
	if (page_choice_cut(&choice, (unsigned)work->n_pages)) {
		write_choice(work, &choice);
		return true;
	}
	work->job.only_pages[0] = '\0';
	work->settles_pages = true;
	return false;
}
