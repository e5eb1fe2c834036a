/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/work.h"

#include <errno.h>
#include <fcntl.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "printers/formats.h"
#include "render/protocol.h"
#include "spool/caps_text.h"
#include "spool/job_change.h"
#include "spool/job_plan.h"
#include "spool/mail_source.h"
#include "spool/page_file.h"
#include "spool/picture.h"
#include "spool/plan.h"
#include "spool/registration.h"
#include "spool/remarks.h"
#include "spool/sending.h"
#include "spool/web_pages.h"

#define RENDERS_MAX 4 /* a mail that ended the renderer so often stays away */
#define PARTS_MAX   1000
#define PAGES_MAX   100000

/* The only way in which a second copy leaves: it says that it is one. */
#define REPRINT_MARK                                                           \
	"REPRINT\n\n"                                                          \
	"An earlier copy of the pages that follow may have been printed:\n"    \
	"the connection to the printer broke while they were sent, and\n"      \
	"somebody asked for this second copy.\n"

/*
 * One rendering.
 *
 *   start       RENDERING is committed, and only then
 *   on_begun    the mail is opened, a worker asked for
 *   on_part     the ledger, line by line;  on_ledger: paper and plan
 *   on_data     print data, sealed into the pages file
 *   on_page     flushed: whoever sends may read up to here
 *   on_end      0: synced, then READY or HELD with pages and ledger
 *               else: FAILED, or once more later
 *   finish      committed: tell the dispatcher, free
 */
struct work {
	struct spool_printer *printer; /* borrowed; outlives every work */
	struct job_row job;
	struct registration_row registration;
	struct job_options options; /* that count, once the subject is known */
	struct buf remarks;
	struct print_format target;
	struct render *render; /* NULL before and after */
	struct mail_source *source;
	struct page_file *file;

	struct plan_part *parts;
	size_t n_parts;
	struct part_row *rows;
	const char **pictures; /* hashes of them, in parts */
	char ranges[64];       /* of pages, cut to the limit */
	bool is_asking;        /* more pages than are printed unasked */
	bool waits_as_mail;    /* its pages are not kept */
	int64_t *page_ends;
	int n_pages;
	char subject[256];
	struct web_links links;
	struct web_pages *web; /* NULL: none were asked for */
	bool is_bare;          /* the body is nothing but links */

	bool is_sending, is_stored;
	bool is_put_off; /* back to ACCEPTED: not again at once */
	work_grown_cb *grown;
	void *grown_arg;

	enum job_state stop_to; /* when stopped */
	bool is_stopped, is_dropped;
	char stop_reason[512];

	int status; /* of the renderer */
	char sentence[512];
	struct job_rendered rendered;
	unsigned char wrapped[CONTENT_WRAPPED_LEN];
};

static void work_free(struct work *work)
{
	mail_source_free(work->source);
	page_file_free(work->file);
	web_pages_free(work->web);
	web_links_fini(&work->links);
	buf_fini(&work->remarks);
	free(work->parts);
	free(work->rows);
	free(work->pictures);
	free(work->page_ends);
	free(work);
}

int64_t work_job_id(const struct work *work)
{
	return work->job.id;
}

const struct job_row *work_job(const struct work *work)
{
	return &work->job;
}

/* What happens to a job with more pages than its registration likes. */
static bool has_limit(const struct work *work, const char *over_limit)
{
	return work->registration.page_limit > 0 &&
	       strcmp(work->registration.over_limit, over_limit) == 0 &&
	       strcmp(work->job.approval, "given") != 0;
}

/* Where all pages must be counted before the first one leaves, none is told. */
bool work_has_page(const struct work *work)
{
	return work->n_pages > 0 && !work->is_stopped &&
	       !has_limit(work, "refuse") && !has_limit(work, "ask");
}

void work_is_sending(struct work *work)
{
	work->is_sending = true;
}

const char *work_file(const struct work *work)
{
	return page_file_name(work->file);
}

const struct content_key *work_key(const struct work *work)
{
	return page_file_key(work->file);
}

const char *work_format(const struct work *work)
{
	return work->target.mime;
}

void work_set_reader(struct work *work, work_grown_cb *cb, void *arg)
{
	work->grown = cb;
	work->grown_arg = arg;
}

/* ---- the end ------------------------------------------------------------ */

/* Off the printer, tell who reads the file, then look what is next. */
static void finish(struct work *work)
{
	struct spool_printer *p = work->printer;
	bool is_put_off;

	p->work = NULL;
	if (p->sending && sending_job_id(p->sending) == work->job.id)
		sending_work_ended(p->sending, work->is_stored, work->sentence);
	is_put_off = work->is_put_off;
	work_free(work);
	if (p->is_closing)
		return;
	if (is_put_off)
		dispatch_pause(p);
	else
		dispatch_work_ended(p);
}

static void on_done(int status, const struct job_set *set, void *arg)
{
	struct work *work = arg;

	work->is_stored = status == 0 && set->changed && set->rendered &&
	                  set->rendered->has_pages;
	if (!work->is_stored && !work->is_sending)
		page_file_unlink(work->file);
	finish(work);
}

static void fill_rows(struct work *work)
{
	work->rows = xcalloc(work->n_parts, sizeof *work->rows);
	for (size_t i = 0; i < work->n_parts; i++) {
		const struct plan_part *from = &work->parts[i];
		struct part_row *row = &work->rows[i];

		snprintf(row->part, sizeof row->part, "%s", from->part.id);
		snprintf(row->type, sizeof row->type, "%s",
		         from->part.detected[0] ? from->part.detected
		                                : from->part.type);
		row->size = (int64_t)from->part.size;
		snprintf(row->name, sizeof row->name, "%s", from->part.name);
		snprintf(row->why, sizeof row->why, "%s", from->why);
		snprintf(row->fate, sizeof row->fate, "%s",
		         from->print           ? "printed"
		         : from->why[0] == '!' ? "failed"
		                               : "skipped");
		if (row->why[0] == '!')
			memmove(row->why, row->why + 1, strlen(row->why));
	}
}

static void fill_rendered(struct work *work, bool has_pages)
{
	struct job_rendered *r = &work->rendered;

	fill_rows(work);
	r->subject = work->subject;
	r->remarks = buf_str(&work->remarks);
	r->options = work->job.options;
	r->media = work->job.media;
	r->is_colour = work->job.is_colour;
	r->pictures = (struct pictures_seen){
		.sender = work->job.sender,
		.body = plan_body_hash(work->parts, work->n_parts),
		.n = picture_hashes(work->parts, work->n_parts,
	                            &work->pictures),
	};
	r->pictures.hashes = work->pictures;
	r->parts = work->rows;
	r->n_parts = work->n_parts;
	r->has_pages = has_pages;
	if (!has_pages)
		return;
	content_key_wrap(&work->printer->spool->master,
	                 page_file_key(work->file), work->wrapped);
	r->key = work->wrapped;
	r->key_len = sizeof work->wrapped;
	r->format = work->target.mime;
	r->file = page_file_name(work->file);
	r->bytes = page_file_bytes(work->file);
	r->pages = work->n_pages;
	r->page_ends = work->page_ends;
}

/* Commit the outcome; while the job is being sent its state is not ours. */
static void conclude(struct work *work, enum job_state to, const char *reason,
                     bool has_pages)
{
	enum job_state from = work->is_sending ? JOB_SENDING : JOB_RENDERING;
	struct job_set *set;

	work->is_put_off = to == JOB_ACCEPTED;
	if (work->is_sending)
		to = JOB_SENDING;
	fill_rendered(work, has_pages);
	set = job_change_new(work->printer->spool, work->job.id, from, to,
	                     reason);
	set->rendered = &work->rendered;
	if (work->is_asking)
		snprintf(set->approval, sizeof set->approval, "asked");
	set->set_waits_as_mail = work->waits_as_mail;
	job_change_start(set, on_done, work);
}

static bool is_over_limit(const struct work *work, char *reason, size_t size)
{
	int limit = work->registration.page_limit;

	if (!has_limit(work, "ask") || work->n_pages <= limit)
		return false;
	snprintf(
		reason, size,
		"it has %d pages, and %d are printed unasked: 'platen job release %lld' prints it",
		work->n_pages, limit, (long long)work->job.id);
	return true;
}

/* Whether a held job is kept as mail, from which its pages are made again. */
static bool waits_as_mail(const struct work *work)
{
	struct spool *spool = work->printer->spool;
	struct message_row message;

	switch (registration_stored_form(spool, &work->registration)) {
	case STORED_DATA: return false;
	case STORED_MAIL: return true;
	case STORED_AUTO: break;
	}
	return page_file_bytes(work->file) > spool->options.held_print_bytes &&
	       message_read(spool->db, work->job.message_id, &message, NULL) ==
	               0 &&
	       message.size < page_file_bytes(work->file);
}

static void on_synced(int status, void *arg)
{
	struct work *work = arg;
	struct spool_printer *p = work->printer;
	char reason[512] = "";
	bool is_held;

	if (p->is_closing) {
		finish(work);
		return;
	}
	if (status < 0) {
		snprintf(work->sentence, sizeof work->sentence,
		         "the pages could not be stored: %s",
		         strerror(-status));
		conclude(work, JOB_ACCEPTED, work->sentence, false);
		return;
	}
	is_held = dispatch_is_held(p->spool, p->id, work->job.media,
	                           work->job.is_colour, reason, sizeof reason);
	if (is_over_limit(work, reason, sizeof reason))
		work->is_asking = true;
	else if (is_held && !work->is_sending)
		work->waits_as_mail = waits_as_mail(work);
	conclude(work, is_held || work->is_asking ? JOB_HELD : JOB_READY,
	         reason, !work->waits_as_mail);
}

static void end_stopped(struct work *work)
{
	snprintf(work->sentence, sizeof work->sentence, "%s",
	         work->stop_reason);
	conclude(work, work->stop_to, work->stop_reason, false);
}

/* -errno from the pool: the machine's fault, worth another try. */
static void end_failed(struct work *work)
{
	bool again = work->status < 0 && work->job.renders + 1 < RENDERS_MAX;

	if (work->sentence[0] == '\0')
		snprintf(work->sentence, sizeof work->sentence,
		         "the mail cannot be rendered: %s",
		         work->status < 0 ? strerror(-work->status)
		                          : "no reason was given");
	conclude(work, again ? JOB_ACCEPTED : JOB_FAILED, work->sentence,
	         false);
}

/* Why nothing can be printed, from the ledger; the first reason is enough. */
static void end_empty(struct work *work)
{
	const char *why = "it has no part that can be printed";

	for (size_t i = 0; i < work->n_parts; i++) {
		const char *w = work->parts[i].why;

		if (w[0] == '!')
			why = w + 1;
	}
	snprintf(work->sentence, sizeof work->sentence,
	         "nothing was printed: %s", why);
	conclude(work, JOB_FAILED, work->sentence, false);
}

static void on_end(struct render *render, int status, unsigned pages,
                   uint64_t bytes, const char *sentence, void *arg)
{
	struct work *work = arg;
	int r = work->file ? page_file_finish(work->file) : 0;

	work->render = NULL;
	web_pages_free(work->web);
	work->web = NULL;
	work->status = status;
	if (work->is_dropped) {
		finish(work);
		return;
	}
	if (sentence && sentence[0])
		snprintf(work->sentence, sizeof work->sentence, "%s", sentence);
	if (work->is_stopped)
		end_stopped(work);
	else if (status != 0)
		end_failed(work);
	else if (work->n_pages == 0)
		end_empty(work);
	else if (r < 0)
		on_synced(r, work);
	else if (page_file_sync(work->file, on_synced, work) < 0)
		on_synced(-EIO, work);
}

/* ---- the renderer's events ---------------------------------------------- */

static void on_header(struct render *render, const char *name,
                      const char *value, void *arg)
{
	struct work *work = arg;

	if (strcmp(name, "subject") == 0)
		snprintf(work->subject, sizeof work->subject, "%s", value);
}

static void on_part(struct render *render, const struct render_part *part,
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

static struct render_target target_of(const struct work *work)
{
	const struct print_format *t = &work->target;
	const struct job_options *o = &work->options;

	return (struct render_target){
		.format = t->mime,
		.dpi = t->dpi,
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
		.cover = work->job.is_reprint ? REPRINT_MARK : NULL,
		.page_ranges = work->ranges[0] ? work->ranges : NULL,
		.number_up = (unsigned)o->number_up,
		.scaling = o->scaling,
		.head = o->head,
		.banner = o->banner,
		.max_pages = has_limit(work, "refuse")
	                             ? (unsigned)work->registration.page_limit
	                             : 0,
	};
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

static void on_counted(struct render *render, unsigned pages, void *arg)
{
	struct work *work = arg;

	if (has_limit(work, "first") && pages > pages_allowed(work))
		remarks_add(
			&work->remarks,
			"only the first of %u pages are printed: the limit is %d",
			pages, work->registration.page_limit);
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
		job_plan_options(&work->registration, work->subject,
		                 job->suffix, caps, &work->options,
		                 &work->remarks);
		job_plan_kind(&work->options, row.media_default, caps,
		              job->media, &job->is_colour);
		job_options_to_text(&work->options, job->options,
		                    sizeof job->options);
		memcpy(work->ranges, work->options.pages, sizeof work->ranges);
		if (has_limit(work, "first"))
			job_plan_first_pages(work->options.pages,
			                     pages_allowed(work), work->ranges);
		r = job_plan_format(&work->options, job,
		                    format_of(&work->registration, &row), caps,
		                    &work->target, err);
	}
	printer_row_fini(&row);
	return r;
}

static void on_link(struct render *render, const char *url, bool is_bare,
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
	on_part(work->render, &part, work);
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
static void on_ledger(struct render *render, void *arg)
{
	struct work *work = arg;
	struct err err = {0};
	int r = work->target.mime ? 0 : choose_paper(work, &err);

	if (r < 0)
		work_cancel(work, JOB_FAILED, err.text);
	else if (!fetch_pages(work))
		plan(work);
}

static void plan(struct work *work)
{
	const char **ids CLEANUP(xfree) = xcalloc(work->n_parts, sizeof *ids);
	struct render_target target = target_of(work);
	struct err err = {0};
	size_t n = 0;

	picture_mark_logos(work->printer->spool, work->job.sender, work->parts,
	                   work->n_parts);
	plan_decide(work->parts, work->n_parts, work->options.what,
	            render_pool_has_html(work->printer->spool->pool));
	if (work->web)
		web_plan_apply(work->parts, work->n_parts, work->options.what,
		               work->is_bare);
	for (size_t i = 0; i < work->n_parts; i++) {
		if (work->parts[i].print)
			ids[n++] = work->parts[i].part.id;
	}
	if (render_plan(work->render, &target, ids, n, &err) < 0)
		work_cancel(work, JOB_FAILED, err.text);
}

static void on_feed_drain(struct render *render, void *arg)
{
	struct work *work = arg;

	mail_source_pump(work->source);
}

static void on_data(struct render *render, const void *data, size_t len,
                    void *arg)
{
	struct work *work = arg;

	if (page_file_write(work->file, data, len) < 0 && !work->is_stopped)
		work_cancel(work, JOB_ACCEPTED, "the disk is full");
}

static void on_page(struct render *render, unsigned page, uint64_t end_offset,
                    const char *part, void *arg)
{
	struct work *work = arg;

	if (work->n_pages == PAGES_MAX || work->is_stopped)
		return;
	page_file_flush(work->file);
	work->page_ends =
		xrealloc(work->page_ends,
	                 (size_t)(work->n_pages + 1) * sizeof *work->page_ends);
	work->page_ends[work->n_pages++] = (int64_t)end_offset;
	if (work->grown)
		work->grown(work->grown_arg);
	else if (work->n_pages == 1)
		dispatch_work_has_page(work->printer);
}

static void on_part_failed(struct render *render, const char *part,
                           const char *reason, void *arg)
{
	struct work *work = arg;

	for (size_t i = 0; i < work->n_parts; i++) {
		if (strcmp(work->parts[i].part.id, part) != 0)
			continue;
		work->parts[i].print = false;
		/* '!' marks what was tried and failed */
		snprintf(work->parts[i].why, sizeof work->parts[i].why, "!%s",
		         reason);
	}
}

/* It is printed, and the ledger says how. */
static void on_part_note(struct render *render, const char *part,
                         const char *note, void *arg)
{
	struct work *work = arg;

	for (size_t i = 0; i < work->n_parts; i++)
		if (strcmp(work->parts[i].part.id, part) == 0)
			snprintf(work->parts[i].why, sizeof work->parts[i].why,
			         "%s", note);
}

static const struct render_events events = {
	.on_header = on_header,
	.on_part = on_part,
	.on_link = on_link,
	.on_ledger = on_ledger,
	.on_feed_drain = on_feed_drain,
	.on_data = on_data,
	.on_page = on_page,
	.on_part_failed = on_part_failed,
	.on_part_note = on_part_note,
	.on_counted = on_counted,
	.on_end = on_end,
};

/* ---- the beginning ------------------------------------------------------ */

static int begin_render(struct work *work, struct err *err)
{
	struct spool *spool = work->printer->spool;
	int r = page_file_new(spool, work->job.id, work->job.renders,
	                      &work->file, err);

	if (r == 0)
		r = mail_source_open(spool, work->job.message_id, &work->source,
		                     err);
	if (r == 0)
		r = render_start(spool->pool, &events, work, &work->render,
		                 err);
	return r;
}

static void on_begun(int status, const struct job_set *set, void *arg)
{
	struct work *work = arg;
	struct err err = {0};
	int r;

	if (status < 0 || !set->changed || work->is_dropped ||
	    work->printer->is_closing) {
		finish(work);
		return;
	}
	if (work->is_stopped) {
		end_stopped(work);
		return;
	}
	registration_init(&work->registration);
	registration_read(work->printer->spool->db, work->job.registration_id,
	                  &work->registration, NULL);
	work->options = work->registration.options;
	r = begin_render(work, &err);
	if (r < 0) {
		work->status = r == -ENOTSUP || r == -EBADMSG || r == -ENOENT
		                       ? RENDER_FAILED
		                       : r;
		snprintf(work->sentence, sizeof work->sentence, "%s", err.text);
		end_failed(work);
		return;
	}
	mail_source_feed(work->source, work->render);
}

int work_start(struct spool_printer *p, const struct job_row *job,
               struct err *err)
{
	struct work *work = xcalloc(1, sizeof *work);
	struct job_set *set;

	work->printer = p;
	work->job = *job;
	p->work = work;
	set = job_change_new(p->spool, job->id, job_row_state(job),
	                     JOB_RENDERING, "");
	set->count_render = true;
	job_change_start(set, on_begun, work);
	return 0;
}

void work_cancel(struct work *work, enum job_state to, const char *reason)
{
	if (work->is_stopped)
		return;
	work->is_stopped = true;
	work->stop_to = to;
	snprintf(work->stop_reason, sizeof work->stop_reason, "%s", reason);
	if (work->render)
		render_cancel(work->render);
}

void work_drop(struct work *work)
{
	work->is_dropped = true;
	if (work->render)
		render_cancel(work->render);
}
