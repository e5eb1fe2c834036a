/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/work_private.h"

#include "base/log.h"
#include "base/mem.h"
#include "printers/media.h"
#include "render/protocol.h"
#include "spool/caps_text.h"
#include "spool/documents.h"
#include "spool/job_plan.h"
#include "spool/page_choice.h"
#include "spool/picture.h"
#include "spool/plan_report.h"
#include "spool/printer_state.h"
#include "spool/remarks.h"
#include "spool/tray_paper.h"

#define PARTS_MAX 1000

/* The only way in which a second copy leaves: it says that it is one. */
#define REPRINT_MARK                                                           \
	"REPRINT\n\n"                                                          \
	"An earlier copy of the pages that follow may have been printed:\n"    \
	"the connection to the printer broke while they were sent, and\n"      \
	"somebody asked for this second copy.\n"

bool work_has_limit(const struct work *work, const char *over_limit)
{
	return work->registration.page_limit > 0 &&
	       strcmp(work->registration.over_limit, over_limit) == 0 &&
	       strcmp(work->job.approval, "given") != 0;
}

void work_on_part(struct render *render, const struct render_part *part,
                  void *arg)
{
	struct work *work = arg;

	if (work->n_parts == PARTS_MAX)
		return;
	work->parts = xrealloc(work->parts,
	                       (work->n_parts + 1) * sizeof *work->parts);
	work->parts[work->n_parts] = (struct plan_part){.part = *part};
	work->n_parts++;
}

static const char *sheet_back_keyword(enum print_sheet_back back)
{
	switch (back) {
	case SHEET_BACK_NORMAL: break;
	case SHEET_BACK_FLIPPED: return "flipped";
	case SHEET_BACK_ROTATED: return "rotated";
	case SHEET_BACK_MANUAL_TUMBLE: return "manual-tumble";
	}
	return "normal";
}

/* A PDF that is all there is to print stays untouched. */
static bool is_as_is(const struct registration_row *registration)
{
	return strcmp(registration->format, "pdf-as-is") == 0;
}

/* Pages that were asked for, where they cannot be cut out afterwards. */
static const char *sides_of(const struct work *work)
{
	return work->job.only_pages[0] &&
	                       !print_format_has_cut(work->target.kind)
	               ? work->job.only_pages
	               : NULL;
}

static struct render_target target_of(const struct work *work)
{
	const struct print_format *t = &work->target;
	const struct job_options *o = &work->options;

	struct render_target target = {
		.format = t->mime,
		.dpi = t->dpi,
		.repeat_across = t->repeat_across,
		.repeat_along = t->repeat_along,
		.colour = t->colour,
		.job = work->job.id,
		.pass = is_as_is(&work->registration),
		.ink = t->ink == PRINT_INK_8 ? NULL : print_format_pixels(t),
		.strip_height = t->strip_height,
		.media = t->media,
		.media_width = t->media_width,
		.media_height = t->media_height,
		.margin_left = t->margin_left,
		.margin_right = t->margin_right,
		.margin_top = t->margin_top,
		.margin_bottom = t->margin_bottom,
		.sides = print_sides_keyword(t->sides),
		.sheet_back = sheet_back_keyword(t->sheet_back),
		/* pages that were chosen complete what there is on paper */
		.cover = work->job.is_reprint && !work->job.only_pages[0]
	                         ? REPRINT_MARK
	                         : NULL,
		.side_ranges = sides_of(work),
		.page_ranges = work->ranges[0] ? work->ranges : NULL,
		.number_up = (unsigned)o->number_up,
		.scaling = o->scaling,
		.head = o->head,
		.banner = o->banner,
		.remote_pictures = work->registration.remote_pictures,
		.is_ahead = work->is_ahead,
		.max_pages = work_has_limit(work, "refuse")
	                             ? (unsigned)work->registration.page_limit
	                             : 0,
	};

	if (work->as_drawings)
		work_form_to_drawings(work, &target);
	if (work->from_drawings)
		work_form_from_drawings(work, &target);
	return target;
}

/* The administrator's word for these senders, else the printer's format. */
static const char *format_of(const struct registration_row *registration,
                             const struct printer_row *row)
{
	if (is_as_is(registration))
		return "application/pdf";
	return registration->format[0]
	               ? print_format_from_word(registration->format)
	               : row->format;
}

/* Pages of documents that fit on the sides that the limit allows. */
static unsigned pages_allowed(const struct work *work)
{
	return (unsigned)work->registration.page_limit *
	       (unsigned)work->options.number_up;
}

/* The page behind the last one of work->ranges. */
static unsigned next_page(const struct work *work)
{
	struct page_choice choice;

	if (page_choice_parse(work->ranges, PAGE_CHOICE_UNCOUNTED, false,
	                      &choice, NULL) < 0)
		return 1;
	return choice.runs[choice.n - 1].last + 1;
}

/* Pages that somebody asked for, and that there are not. */
static void tell_missing(struct work *work, unsigned pages)
{
	const char *asked = work->options.pages;
	struct page_choice choice;
	unsigned last;

	if (!asked[0] || work->from_drawings ||
	    page_choice_parse(asked, PAGE_CHOICE_UNCOUNTED, false, &choice,
	                      NULL) < 0)
		return;
	last = choice.runs[choice.n - 1].last;
	if (last == PAGE_CHOICE_UNCOUNTED) /* "3-" */
		last = choice.runs[choice.n - 1].first;
	if (last > pages)
		remarks_add(
			&work->remarks,
			"of the pages %s only those are printed that there are: the last is %u",
			asked, pages);
}

/* How many of these pages were asked for. */
static unsigned count_asked(const struct work *work, unsigned pages)
{
	struct page_choice choice;

	if (page_choice_parse(work->options.pages, PAGE_CHOICE_UNCOUNTED, false,
	                      &choice, NULL) < 0)
		return pages; /* none is named: all */
	return page_choice_cut(&choice, pages) ? page_choice_count(&choice) : 0;
}

void work_on_counted(struct render *render, unsigned pages, void *arg)
{
	struct work *work = arg;

	tell_missing(work, pages);
	if (work_has_limit(work, "first") &&
	    count_asked(work, pages) > pages_allowed(work))
		remarks_add(
			&work->remarks,
			"only the first of %u pages are printed: the limit is %d, name others in the subject, as [pages=%u-]",
			pages, work->registration.page_limit, next_page(work));
}

/* Pages that are stored were made with options, which still count. */
static void read_options(struct work *work, const struct printer_caps *caps)
{
	if (work->from_drawings)
		job_plan_options_again(&work->job, caps, &work->options,
		                       &work->remarks);
	else
		job_plan_options(&work->registration, work->subject,
		                 work->job.suffix, caps, &work->options,
		                 &work->remarks);
}

static bool is_one_document(const struct work *work,
                            const struct printer_caps *caps)
{
	struct documents_wish wish = {
		.format = &work->target,
		.copies = (unsigned)work->options.copies,
		.copies_max = printer_state_copies_max(work->printer, caps),
		.n_done = (unsigned)work->job.documents_done,
		.only_pages = work->job.only_pages,
	};

	return documents_are_one(&wish);
}

/* Who names a tray means the paper that is in it. */
static void take_paper_of_tray(struct work *work)
{
	struct spool_printer *p = work->printer;
	struct job_options *options = &work->options;
	char media[64], holds[64], asked[64];

	if (!tray_paper(p->spool->db, p->id, options->tray, media))
		return;
	if (!options->media[0])
		memcpy(options->media, media, sizeof options->media);
	else if (!media_is_same_size(options->media, media))
		remarks_add(&work->remarks,
		            "the tray '%s' holds %s paper: %s was asked for",
		            options->tray,
		            media_title(media, holds, sizeof holds),
		            media_title(options->media, asked, sizeof asked));
}

/* What the job becomes, now that its subject is known. */
static int choose_paper(struct work *work, struct err *err)
{
	struct spool_printer *p = work->printer;
	struct job_row *job = &work->job;
	struct printer_caps *caps CLEANUP(xfree) = xcalloc(1, sizeof *caps);
	struct printer_row row;
	int r = printer_read(p->spool->db, p->id, &row, err);

	if (r < 0)
		return r;
	r = caps_from_text(row.capabilities, caps, err);
	if (r == 0) {
		read_options(work, caps);
		take_paper_of_tray(work);
		job_plan_kind(&work->options, row.media_default, caps,
		              &job->kind);
		memcpy(work->options.media, job->kind.media,
		       sizeof work->options.media);
		job_options_to_text(&work->options, job->options,
		                    sizeof job->options);
		memcpy(work->ranges, work->options.pages, sizeof work->ranges);
		if (work_has_limit(work, "first"))
			job_plan_first_pages(work->options.pages,
			                     pages_allowed(work), work->ranges);
		r = job_plan_format(&work->options, job,
		                    format_of(&work->registration, &row), caps,
		                    &work->target, err);
	}
	if (r == 0)
		job_plan_compare(&work->options, &work->target, &work->remarks);
	if (r == 0)
		work_chosen_begin(work);
	/* which of the chosen pages there are is known at the end */
	work->is_one = r == 0 && !work->job.only_pages[0] &&
	               is_one_document(work, caps);
	printer_row_fini(&row);
	return r;
}

void work_on_link(struct render *render, const char *url, bool is_bare,
                  void *arg)
{
	struct work *work = arg;

	web_links_add(&work->links, url, is_bare);
	work->is_bare = is_bare;
}

/* A line of the ledger for a page that did not come. */
static void on_web_failed(const char *id, const char *url, const char *why,
                          void *arg)
{
	struct work *work = arg;
	struct render_part part = {0};

	log_info("job=%lld no web page: %s", (long long)work->job.id, why);
	protocol_cut(part.id, sizeof part.id, id);
	protocol_cut(part.name, sizeof part.name, url);
	protocol_cut(part.note, sizeof part.note, why);
	work_on_part(work->render, &part, work);
}

static void plan(struct work *work);

static void on_web_done(void *arg)
{
	plan(arg);
}

/* True: pages are under way, and on_ledger or on_web_done follows. */
static bool fetch_pages(struct work *work)
{
	struct spool *spool = work->printer->spool;
	struct web_pages_options options = {
		.fetcher = spool->fetcher,
		.render = work->render,
		.max_pages = spool->options.web_links,
		.max_ms = spool->options.web.limits.timeout_ms * 2,
		.on_failed = on_web_failed,
		.on_done = on_web_done,
		.arg = work,
	};

	if (!work->web && spool->fetcher) {
		options.mode =
			web_plan_mode(web_mode_of_word(work->options.web),
		                      work->options.what, &work->links,
		                      work->parts, work->n_parts);
		if (options.mode != WEB_NONE)
			work->web = web_pages_new(&options, &work->links);
	}
	return work->web && web_pages_next(work->web);
}

/* Comes again after each page that was fetched. */
void work_on_ledger(struct render *render, void *arg)
{
	struct work *work = arg;
	struct err err = {0};
	int r = work->target.mime ? 0 : choose_paper(work, &err);

	if (r == 0 && work_form_draws_first(work))
		work->as_drawings = true;
	if (r < 0)
		work_cancel(work, JOB_FAILED, err.text);
	else if (work->from_drawings || !fetch_pages(work))
		plan(work);
}

static void choose_parts(struct work *work)
{
	struct spool *spool = work->printer->spool;
	const struct plan_means means = {
		.html = render_pool_has_html(spool->pool),
		.pictures = work->registration.remote_pictures,
	};

	picture_mark_logos(spool, work->job.sender, work->parts, work->n_parts);
	plan_report_mark(work->parts, work->n_parts, work->is_auto_reply);
	plan_decide(work->parts, work->n_parts, work->options.what, &means);
	if (work->web)
		web_plan_apply(work->parts, work->n_parts, work->options.what,
		               work->is_bare);
}

static void plan(struct work *work)
{
	const char **ids CLEANUP(xfree) = xcalloc(work->n_parts, sizeof *ids);
	struct render_target target = target_of(work);
	struct err err = {0};
	size_t n = 0;

	if (!work->from_drawings)
		choose_parts(work);
	for (size_t i = 0; i < work->n_parts; i++) {
		if (work->parts[i].print || work->from_drawings)
			ids[n++] = work->parts[i].part.id;
	}
	if (render_plan(work->render, &target, ids, n, &err) < 0)
		work_cancel(work, JOB_FAILED, err.text);
}
