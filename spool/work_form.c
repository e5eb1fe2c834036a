/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/work_private.h"

#include <stdio.h>

/*
 * As what a held job waits (K8). Print data leave at once, but are large and
 * for one printer; pages are small and for any, and cost a worker's time; the
 * mail costs everything again.
 */

/*
 * A PDF that goes out untouched is not drawn. Pages that share a side do so
 * when they become pixels, and a banner in front of them must not.
 */
static bool may_be_drawn(const struct work *work)
{
	return !work->is_undrawable &&
	       strcmp(work->registration.format, "pdf-as-is") != 0 &&
	       !(work->options.banner && work->options.number_up > 1);
}

static bool is_mail_smaller(const struct work *work)
{
	struct message_row message;

	return message_read(work->printer->spool->db, work->job.message_id,
	                    &message, NULL) == 0 &&
	       message.size < page_file_bytes(work->file);
}

/* Of pages that this run has made. */
static enum work_form auto_of_drawings(const struct work *work)
{
	int64_t limit = work->printer->spool->options.held_pages_bytes;

	return page_file_bytes(work->file) > limit && is_mail_smaller(work)
	               ? FORM_MAIL
	               : FORM_PAGES;
}

static enum work_form pages_or(const struct work *work, enum work_form other)
{
	if (work->as_drawings || work->from_drawings)
		return FORM_PAGES;
	return may_be_drawn(work) ? FORM_DRAW : other;
}

static enum work_form auto_of(const struct work *work)
{
	int64_t limit = work->printer->spool->options.held_print_bytes;

	if (work->as_drawings)
		return auto_of_drawings(work);
	if (page_file_bytes(work->file) <= limit)
		return FORM_DATA;
	return pages_or(work, is_mail_smaller(work) ? FORM_MAIL : FORM_DATA);
}

enum work_form work_form(const struct work *work)
{
	switch (registration_stored_form(work->printer->spool,
	                                 &work->registration)) {
	case STORED_AUTO: return auto_of(work);
	case STORED_DATA: return FORM_DATA;
	case STORED_PAGES: return pages_or(work, FORM_DATA);
	case STORED_MAIL: return FORM_MAIL;
	}
	return FORM_DATA;
}

/* Only where nobody counts sides: a drawing has none. */
bool work_form_draws_first(const struct work *work)
{
	struct spool_printer *p = work->printer;
	char reason[512];

	return registration_stored_form(p->spool, &work->registration) ==
	               STORED_PAGES &&
	       !work->from_drawings && !work->is_sending &&
	       may_be_drawn(work) && work->registration.page_limit == 0 &&
	       dispatch_is_held(p->spool, p->id, &work->job.kind, reason,
	                        sizeof reason);
}

static unsigned larger(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

/*
 * Coloured unless grey was asked for, whatever this printer can. Where both
 * sides are printed, margins are made the same on both edges: nobody knows yet
 * which of them is left.
 */
void work_form_to_drawings(const struct work *work,
                           struct render_target *target)
{
	const struct print_format *t = &work->target;

	target->drawings = true;
	target->pass = false;
	target->format = "application/pdf";
	target->ink = NULL;
	target->strip_height = 0;
	target->repeat_across = target->repeat_along = 1;
	target->colour = strcmp(work->options.colour, "grey") != 0;
	target->cover = NULL;
	target->max_pages = 0;
	target->side_ranges = NULL;
	target->sides = "one-sided";
	target->sheet_back = "normal";
	if (t->sides == PRINT_ONE_SIDED)
		return;
	target->margin_left = target->margin_right =
		larger(t->margin_left, t->margin_right);
	target->margin_top = target->margin_bottom =
		larger(t->margin_top, t->margin_bottom);
}

void work_form_margins(const struct work *work, char out[32])
{
	const struct print_format *t = &work->target;

	snprintf(out, 32, "%u,%u,%u,%u", t->margin_left, t->margin_right,
	         t->margin_top, t->margin_bottom);
}

/* Whether the paper still has the room that the pages were laid out for. */
static bool has_room(const struct work *work)
{
	const struct print_format *t = &work->target;
	unsigned left, right, top, bottom;

	return sscanf(work->job.pages_margins, "%u,%u,%u,%u", &left, &right,
	              &top, &bottom) == 4 &&
	       t->margin_left <= left && t->margin_right <= right &&
	       t->margin_top <= top && t->margin_bottom <= bottom;
}

/* Everything but the sharing of sides was done when they were drawn. */
void work_form_from_drawings(const struct work *work,
                             struct render_target *target)
{
	bool is_same_paper = strcmp(work->drawn_media, work->target.media) == 0;

	target->pass = false;
	target->page_ranges = NULL;
	target->head = target->banner = false;
	target->max_pages = 0;
	target->scaling = is_same_paper && has_room(work) ? "none" : "auto";
}
