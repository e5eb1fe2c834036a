/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pages.h"

#include <errno.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "render/worker/banner.h"
#include "render/worker/office.h"
#include "render/worker/pdf_pass.h"
#include "render/worker/text.h"
#include "render/worker/text_join.h"

static int write_output(const void *data, size_t len, void *arg)
{
	struct worker *worker = arg;

	worker->written += len;
	return fs_write_all(STDOUT_FILENO, data, len, NULL);
}

static void tell_page(unsigned page, uint64_t end_offset, void *arg)
{
	struct worker *worker = arg;
	struct buf line CLEANUP(buf_fini) = {0};

	protocol_put_number(&line, "page", page);
	protocol_put_number(&line, "end", end_offset);
	protocol_put(&line, "part", worker->part);
	control_send(&worker->control, &line, NULL);
}

#define CUT                                                                    \
	"it is larger than the paper at 100%: what lies beyond the edges is cut off; \"fit\" in the subject prints all of it"

/*
 * A part that cannot be printed is told and passed over. Too many pages and a
 * broken pipe end the message: no later part could do better. So do too many
 * bytes, of which raster_finish() tells again: a part may be too large alone.
 */
static int render_part(struct worker *worker, const struct ledger_part *part,
                       struct err *err)
{
	struct buf line CLEANUP(buf_fini) = {0};
	const struct ledger_printing printing = {
		.ledger = &worker->ledger,
		.spec = raster_spec(worker->raster),
		.raster = worker->raster,
		.control = &worker->control,
		.password = protocol_get(&worker->words, "password"),
	};
	struct err why = {0};
	int r;

	worker->part = part->id;
	r = control_say(&worker->control, "part-begin", part->id, err);
	if (r < 0)
		return r;
	r = ledger_render(part, &printing, &why);
	if (raster_take_cut(worker->raster) && r == 0)
		control_note(&worker->control, part->id, CUT, NULL);
	if (r == 0)
		return 0;
	if (r == -E2BIG || r == -EPIPE)
		return err_set(err, r, "%s", why.text);
	protocol_put(&line, "part-failed", part->id);
	protocol_put(&line, "reason", why.text);
	return control_send(&worker->control, &line, err);
}

static int read_plan(struct worker *worker, struct err *err)
{
	if (worker->control.request_fd >= 0)
		return plan_read(&worker->control, &worker->ledger,
		                 &worker->plan, err);
	plan_wanted(&worker->ledger, &worker->plan);
	return 0;
}

/* Parts of the plan from `i` on that are printed as one; how many there are. */
static size_t join(struct plan *plan, size_t i)
{
	size_t n = 1;

	while (i + n < plan->n_parts &&
	       text_join(plan->parts[i], plan->parts[i + n]))
		n++;
	return n;
}

static int render_plan(struct worker *worker, struct err *err)
{
	struct plan *plan = &worker->plan;
	int r = 0;

	plan_keep_heads(plan, &worker->ledger);
	if (protocol_number(&worker->words, "head", 0) != 0)
		plan_place_head(plan, &worker->ledger);
	for (size_t i = 0, n; r == 0 && i < plan->n_parts; i += n) {
		n = join(plan, i);
		r = render_part(worker, plan->parts[i], err);
	}
	return r;
}

/* What the daemon has to say to the reader of the paper. */
static int render_cover(struct worker *worker, struct err *err)
{
	const char *cover = protocol_get(&worker->words, "cover");

	if (!cover)
		return 0;
	worker->part = "cover";
	return text_render(cover, strlen(cover), &text_plain, &worker->spec,
	                   worker->raster, err);
}

static int render_banner(struct worker *worker, struct err *err)
{
	const char *job = protocol_get(&worker->words, "job");

	if (protocol_number(&worker->words, "banner", 0) == 0)
		return 0;
	worker->part = "banner";
	return banner_render(job ? job : "", &worker->ledger, &worker->plan,
	                     &worker->spec, worker->raster, err);
}

/* Pages in front, then those of the plan. */
static int render_pages(struct worker *worker, struct err *err)
{
	int r;

	worker->raster =
		raster_new(&worker->spec, write_output, tell_page, worker);
	r = render_cover(worker, err);
	if (r == 0)
		r = render_banner(worker, err);
	if (r < 0)
		return r;
	raster_start_documents(worker->raster);
	r = render_plan(worker, err);
	if (r == 0)
		r = raster_finish(worker->raster, err);
	worker->pages = raster_pages(worker->raster);
	return r;
}

/* A document and nothing else, for a printer that is to have its PDF. */
static struct ledger_part *part_to_pass(const struct worker *worker)
{
	const struct protocol_line *words = &worker->words;
	const struct page_spec *spec = &worker->spec;

	if (protocol_number(words, "pass", 0) == 0 ||
	    protocol_number(words, "banner", 0) != 0 ||
	    protocol_get(words, "cover") || spec->format != PAGE_PDF ||
	    spec->ranges.n > 0 || spec->side_ranges.n > 0 ||
	    spec->number_up > 1 || spec->scaling != SCALING_AUTO ||
	    worker->plan.n_parts != 1 ||
	    (worker->plan.parts[0]->kind != LEDGER_PDF &&
	     worker->plan.parts[0]->kind != LEDGER_OFFICE))
		return NULL;
	return ledger_find(&worker->ledger, worker->plan.parts[0]->id);
}

/* From now on it is a PDF, or nothing that can be printed. */
static void become_pdf(struct worker *worker, struct ledger_part *part)
{
	struct buf pdf = {0};

	if (office_to_pdf(part, &worker->control, 0, &pdf, &worker->no_pdf) <
	    0) {
		part->kind = LEDGER_OTHER;
		part->note = worker->no_pdf.text;
		buf_fini(&pdf);
		return;
	}
	part->kind = LEDGER_PDF;
	buf_fini(&part->content);
	part->content = pdf;
}

/* 1: it has to be rendered. Its pages end where it ends: nobody cuts it. */
static int pass(struct worker *worker, struct err *err)
{
	struct ledger_part *part = part_to_pass(worker);
	const struct buf *content = part ? &part->content : NULL;
	int r;

	if (part && part->kind == LEDGER_OFFICE)
		become_pdf(worker, part);
	if (part && part->kind == LEDGER_PDF)
		worker->pages = pdf_pass_pages(content->data, content->len);
	if (worker->pages == 0 || worker->pages > worker->spec.max_pages ||
	    content->len > worker->spec.max_bytes)
		return 1;
	worker->part = part->id;
	r = control_say(&worker->control, "part-begin", part->id, err);
	if (r == 0)
		r = write_output(content->data, content->len, worker);
	if (r < 0)
		return err_errno(err, -r, "cannot write the pages");
	for (unsigned page = 1; page <= worker->pages; page++)
		tell_page(page, content->len, worker);
	return 0;
}

int pages_make(struct worker *worker, struct err *err)
{
	struct buf line CLEANUP(buf_fini) = {0};
	int r = read_plan(worker, err);

	if (r == 0)
		r = pass(worker, err);
	if (r > 0)
		r = render_pages(worker, err);
	if (r < 0)
		return r;
	protocol_put_number(&line, "done", 1);
	protocol_put_number(&line, "pages", worker->pages);
	protocol_put_number(&line, "bytes", worker->written);
	protocol_put_number(&line, "counted",
	                    worker->raster
	                            ? raster_document_pages(worker->raster)
	                            : worker->pages);
	return control_send(&worker->control, &line, err);
}
