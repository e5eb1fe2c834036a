/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/job_plan.h"

#include <stdio.h>

#include "base/mem.h"
#include "printers/media.h"
#include "spool/option_words.h"
#include "spool/remarks.h"

#define MEDIA_FALLBACK "iso_a4_210x297mm"

static enum print_sides sides_of(const char *keyword)
{
	if (strcmp(keyword, "two-sided-long-edge") == 0)
		return PRINT_TWO_SIDED_LONG;
	if (strcmp(keyword, "two-sided-short-edge") == 0)
		return PRINT_TWO_SIDED_SHORT;
	return PRINT_ONE_SIDED;
}

static bool has_tray(const struct printer_caps *caps, const char *tray)
{
	for (unsigned i = 0; i < caps->n_sources; i++)
		if (strcmp(caps->sources[i], tray) == 0)
			return true;
	return false;
}

/* "only main, photo", of those that can be asked for. */
static void list_trays(const struct printer_caps *caps, char *out, size_t size)
{
	size_t used = 0;

	snprintf(out, size, "%s", "no choice of trays");
	for (unsigned i = 0; i < caps->n_sources && used < size; i++)
		if (strcmp(caps->sources[i], "auto") != 0)
			used += (size_t)snprintf(out + used, size - used,
			                         "%s%s", used ? ", " : "only ",
			                         caps->sources[i]);
}

/* The printer's own word is the last one, and each fall is told. */
static void fit(struct job_options *options, const struct printer_caps *caps,
                struct buf *remarks)
{
	struct print_wish wish = {0};
	struct print_format format;
	char title[64], own[64], trays[160];

	if (!(caps->sides & 1u << sides_of(options->sides)) &&
	    strcmp(options->sides, "one-sided") != 0) {
		remarks_add(
			remarks,
			"the printer does not print on both sides%s: printed one-sided",
			caps->sides & 1u << PRINT_TWO_SIDED_LONG
				? " turned at the short edge"
			: caps->sides & 1u << PRINT_TWO_SIDED_SHORT
				? " turned at the long edge"
				: "");
		snprintf(options->sides, sizeof options->sides, "one-sided");
	}
	if (strcmp(options->colour, "colour") == 0 && !caps->has_colour) {
		remarks_add(remarks,
		            "the printer has no colour: printed in grey");
		snprintf(options->colour, sizeof options->colour, "grey");
	}
	if (options->tray[0] && !has_tray(caps, options->tray)) {
		list_trays(caps, trays, sizeof trays);
		remarks_add(
			remarks,
			"the printer has no tray '%s', %s: it chooses the tray",
			options->tray, trays);
		options->tray[0] = '\0';
	}
	snprintf(wish.media, sizeof wish.media, "%s", options->media);
	if (options->media[0] &&
	    print_format_choose(caps, &wish, &format, NULL) < 0) {
		wish.media[0] = '\0';
		if (print_format_choose(caps, &wish, &format, NULL) < 0)
			return; /* it is not the paper */
		remarks_add(
			remarks,
			"the printer takes no %s paper: printed on its own, %s",
			media_title(options->media, title, sizeof title),
			media_title(format.media, own, sizeof own));
		options->media[0] = '\0';
	}
}

void job_plan_options(const struct registration_row *registration,
                      const char *subject, const char *suffix,
                      const struct printer_caps *caps, struct job_options *out,
                      struct buf *remarks)
{
	*out = registration->options;
	if (subject)
		option_words_from_subject(subject, out, remarks);
	option_words_from_address(suffix, out, remarks);
	fit(out, caps, remarks);
}

void job_plan_options_again(const struct job_row *job,
                            const struct printer_caps *caps,
                            struct job_options *out, struct buf *remarks)
{
	job_options_from_text(job->options, out);
	snprintf(out->media, sizeof out->media, "%s", job->kind.media);
	fit(out, caps, remarks);
}

void job_plan_kind(const struct job_options *options, const char *media_default,
                   const struct printer_caps *caps, struct job_kind *out)
{
	const char *paper = options->media[0] ? options->media : media_default;
	bool may_choose = strcmp(options->tray, "auto") == 0;

	snprintf(out->media, sizeof out->media, "%s",
	         paper[0] ? paper : MEDIA_FALLBACK);
	snprintf(out->tray, sizeof out->tray, "%s",
	         may_choose ? "" : options->tray);
	out->is_colour = strcmp(options->colour, "auto") == 0
	                         ? caps->has_colour
	                         : strcmp(options->colour, "colour") == 0;
}

int job_plan_format(const struct job_options *options,
                    const struct job_row *job, const char *format,
                    const struct printer_caps *caps, struct print_format *out,
                    struct err *err)
{
	struct print_wish wish = {
		.colour = job->kind.is_colour,
		.dpi = (unsigned)options->dpi,
		.sides = sides_of(options->sides),
		.format = format[0] ? format : NULL,
		.fills = strcmp(options->scaling, "fill") == 0 &&
	                 options->number_up == 1,
	};

	snprintf(wish.media, sizeof wish.media, "%s", job->kind.media);
	/* pages that are stored stay what they are */
	if (job->print_format[0])
		wish.format = job->print_format;
	return print_format_choose(caps, &wish, out, err);
}

void job_plan_compare(const struct job_options *options,
                      const struct print_format *format, struct buf *remarks)
{
	if (options->dpi && format->dpi != (unsigned)options->dpi)
		remarks_add(
			remarks,
			"the printer does not print with %d dpi: printed with %u",
			options->dpi, format->dpi);
	if (strcmp(options->colour, "colour") == 0 && !format->colour)
		remarks_add(
			remarks,
			"what the printer is sent (%s) has no colour: printed in grey",
			format->mime);
	if (format->sides != sides_of(options->sides))
		remarks_add(
			remarks,
			"what the printer is sent (%s) is a picture for each page: printed one-sided",
			format->mime);
	if (options->banner && format->kind == PRINT_JPEG)
		remarks_add(remarks,
		            "a printer of pictures (%s) gets no banner",
		            format->mime);
}

void job_plan_first_pages(const char *ranges, unsigned n, char out[64])
{
	size_t used = 0;
	const char *at = ranges[0] ? ranges : "1-";

	out[0] = '\0';
	while (*at && n > 0 && used < 64) {
		char *end;
		unsigned long from = strtoul(at, &end, 10), to = from;

		if (*end == '-')
			to = end[1] ? strtoul(end + 1, &end, 10) : from + n - 1;
		if (to - from >= n)
			to = from + n - 1;
		n -= (unsigned)(to - from + 1);
		used += (size_t)snprintf(out + used, 64 - used,
		                         to > from ? "%s%lu-%lu" : "%s%lu",
		                         used ? "," : "", from, to);
		at = *end == ',' ? end + 1 : "";
	}
}
