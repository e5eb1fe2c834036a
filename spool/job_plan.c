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

/* That there is anything to print with on this paper, "" the printer's own. */
static bool takes_paper(const struct printer_caps *caps, const char *media,
                        struct print_format *out)
{
	struct print_wish wish = {0};

	snprintf(wish.media, sizeof wish.media, "%s", media);
	return print_format_choose(caps, &wish, out, NULL) == 0;
}

/* A tray that the printer lacks gives way to the usual one. */
static void fit_tray(struct job_options *options,
                     const struct job_options *usual,
                     const struct printer_caps *caps, struct buf *remarks)
{
	char trays[160];

	if (!options->tray[0] || has_tray(caps, options->tray))
		return;
	list_trays(caps, trays, sizeof trays);
	if (usual->tray[0] && has_tray(caps, usual->tray)) {
		remarks_add(
			remarks,
			"the printer has no tray '%s', %s: the usual one, '%s', is used",
			options->tray, trays, usual->tray);
		memcpy(options->tray, usual->tray, sizeof options->tray);
		return;
	}
	remarks_add(remarks,
	            "the printer has no tray '%s', %s: it chooses the tray",
	            options->tray, trays);
	options->tray[0] = '\0';
}

/* A paper that the printer lacks gives way to the usual one, then its own. */
static void fit_paper(struct job_options *options,
                      const struct job_options *usual,
                      const struct printer_caps *caps, struct buf *remarks)
{
	struct print_format format;
	char title[64], other[64];

	if (!options->media[0] || takes_paper(caps, options->media, &format))
		return;
	media_title(options->media, title, sizeof title);
	if (usual->media[0] && takes_paper(caps, usual->media, &format)) {
		remarks_add(
			remarks,
			"the printer takes no %s paper: printed on the usual, %s",
			title, media_title(usual->media, other, sizeof other));
		memcpy(options->media, usual->media, sizeof options->media);
	} else if (takes_paper(caps, "", &format)) { /* else: not the paper */
		remarks_add(
			remarks,
			"the printer takes no %s paper: printed on its own, %s",
			title, media_title(format.media, other, sizeof other));
		options->media[0] = '\0';
	}
}

/*
 * The printer's own word is the last one, and each fall is told. usual: what
 * counts where the mail says nothing.
 */
static void fit(struct job_options *options, const struct job_options *usual,
                const struct printer_caps *caps, struct buf *remarks)
{
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
	fit_tray(options, usual, caps, remarks);
	fit_paper(options, usual, caps, remarks);
}

/* What the subject asked for, and the address otherwise. */
static void tell_overruled(const struct job_options *usual,
                           const struct job_options *subject,
                           const struct job_options *address,
                           struct buf *remarks)
{
	for (size_t i = 0; i < job_options_count(); i++) {
		const char *key = job_options_key(i);
		char was[64], said[64], is[64];

		job_options_get(usual, key, was, sizeof was);
		job_options_get(subject, key, said, sizeof said);
		job_options_get(address, key, is, sizeof is);
		if (strcmp(said, was) != 0 && strcmp(said, is) != 0)
			remarks_add(
				remarks,
				"the subject says %s=%s, the address %s=%s: the address counts",
				key, said, key, is);
	}
}

void job_plan_options(const struct registration_row *registration,
                      const char *subject, const char *suffix,
                      const struct printer_caps *caps, struct job_options *out,
                      struct buf *remarks)
{
	struct job_options of_subject;

	*out = registration->options;
	if (subject)
		option_words_from_subject(subject, out, remarks);
	of_subject = *out;
	option_words_from_address(suffix, out, remarks);
	tell_overruled(&registration->options, &of_subject, out, remarks);
	fit(out, &registration->options, caps, remarks);
}

void job_plan_options_again(const struct job_row *job,
                            const struct printer_caps *caps,
                            struct job_options *out, struct buf *remarks)
{
	struct job_options usual;

	job_options_init(&usual);
	job_options_from_text(job->options, out);
	snprintf(out->media, sizeof out->media, "%s", job->kind.media);
	fit(out, &usual, caps, remarks);
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
