/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/sending_private.h"

#include <errno.h>
#include <sodium.h>

#include "base/log.h"
#include "base/mem.h"
#include "spool/learned.h"
#include "spool/work.h"

#define FOLLOW_POLL_MS 30

void sending_free(struct sending *s)
{
	documents_fini(&s->documents);
	page_source_free(s->source);
	buf_fini(&s->plain);
	free(s);
}

/* It goes on without a reader, and may end after us or before. */
static void leave_work(struct sending *s)
{
	if (s->work)
		work_set_reader(s->work, NULL, NULL);
	s->work = NULL;
}

int64_t sending_job_id(const struct sending *sending)
{
	return sending->job.id;
}

bool sending_is_delivering(const struct sending *sending)
{
	return sending->delivery != NULL;
}

void sending_change(struct sending *s, struct job_set *set, job_change_cb *cb)
{
	s->n_pending++;
	job_change_start(set, cb, s);
}

bool sending_is_gone(struct sending *s)
{
	bool is_dropped = s->is_dropped;

	s->n_pending--;
	if (is_dropped && s->n_pending == 0)
		sending_free(s);
	return is_dropped;
}

/* ---- the document ------------------------------------------------------- */

/* What is in the file now, as long as the printer takes it. */
static void pump(struct sending *s)
{
	struct err err = {0};

	while (s->delivery && s->may_send && !s->is_failed) {
		int r;

		buf_clear(&s->plain);
		r = page_source_read(s->source, &s->plain, &err);
		if (r == PAGE_SOURCE_END) {
			s->may_send = false;
			delivery_finish(s->delivery);
			return;
		}
		if (r == PAGE_SOURCE_WAIT && s->work)
			return; /* more comes: on_grown */
		if (r != PAGE_SOURCE_DATA) {
			s->is_failed = true;
			log_error("job=%lld its pages are damaged",
			          (long long)s->job.id);
			delivery_cancel(s->delivery);
			return;
		}
		if (s->plain.len > 0 &&
		    !delivery_write(s->delivery, s->plain.data, s->plain.len))
			return; /* on_drain */
	}
}

static void send_document(struct sending *s)
{
	const struct document_range *ranges;
	size_t n;

	ranges = documents_get(&s->documents, s->document, &n);
	page_source_begin(s->source, ranges, n);
	s->may_send = true;
	delivery_send(s->delivery,
	              documents_length(&s->documents, s->document, s->bytes));
	pump(s);
}

/*
 * The printer is told of the job while its first page is drawn, but is sent
 * nothing before that page is whole: what breaks until then leaves no paper.
 */
static void look_for_more(struct sending *s)
{
	bool has_page = !s->work || work_has_page(s->work);

	if (s->is_due && has_page && s->delivery) {
		s->is_due = false;
		send_document(s);
	} else {
		pump(s);
	}
}

static void on_grown(void *arg)
{
	look_for_more(arg);
}

static void stop(struct sending *s, enum job_state to, const char *sentence)
{
	bool may_be_out = to == JOB_FAILED && s->has_first_byte;

	s->is_stopped = true;
	s->stop_to = to;
	snprintf(s->stop_reason, sizeof s->stop_reason, "%s%s", sentence,
	         may_be_out ? "; its first pages may have come out" : "");
	if (s->delivery)
		delivery_cancel(s->delivery);
}

void sending_work_ended(struct sending *s, bool ok, enum job_state to,
                        const char *sentence)
{
	s->work = NULL;
	if (!ok && !s->is_stopped)
		stop(s, to, sentence);
	if (s->is_over)
		sending_conclude(s);
	else if (ok)
		look_for_more(s);
}

/* ---- the steps ---------------------------------------------------------- */

static void on_end(struct delivery *delivery,
                   const struct delivery_result *result, void *arg)
{
	struct sending *s = arg;

	s->delivery = NULL;
	s->is_over = true;
	s->result = *result;
	if (s->work)
		work_set_reader(s->work, NULL, NULL);
	else
		sending_conclude(s);
}

static void on_created_noted(int status, const struct job_set *set, void *arg)
{
	struct sending *s = arg;

	if (sending_is_gone(s) || !s->delivery)
		return;
	if (status < 0) {
		delivery_cancel(s->delivery);
		return;
	}
	s->is_due = true;
	look_for_more(s);
}

static void on_created(struct delivery *delivery, int printer_job_id,
                       const char *job_uri, void *arg)
{
	struct sending *s = arg;
	struct job_set *set = job_change_new(s->printer->spool, s->job.id,
	                                     JOB_SENDING, JOB_SENDING, "");

	set->attempt = ATTEMPT_CREATED;
	set->attempt_id = s->attempt_id;
	set->printer_job_id = printer_job_id;
	sending_change(s, set, on_created_noted);
}

static void on_first_byte(struct delivery *delivery, void *arg)
{
	struct sending *s = arg;

	s->has_first_byte = true;
}

static void on_drain(struct delivery *delivery, void *arg)
{
	pump(arg);
}

/* One of several: the next. */
static void on_taken(struct delivery *delivery, void *arg)
{
	struct sending *s = arg;

	s->document++;
	send_document(s);
}

static void on_delivered_noted(int status, const struct job_set *set, void *arg)
{
	struct sending *s = arg;

	if (!sending_is_gone(s) && s->delivery && status == 0)
		delivery_follow(s->delivery);
}

static void on_delivered(struct delivery *delivery, void *arg)
{
	struct sending *s = arg;
	struct job_set *set = job_change_new(s->printer->spool, s->job.id,
	                                     JOB_SENDING, JOB_SENDING, "");

	set->attempt = ATTEMPT_DELIVERED;
	set->attempt_id = s->attempt_id;
	sending_change(s, set, on_delivered_noted);
}

/* Trouble while the printer has the job: its owner is told, nothing else. */
static void on_progress(struct delivery *delivery, int job_state,
                        int impressions, const char *reason, void *arg)
{
	struct sending *s = arg;
	char note[256] = "";

	if (reason[0])
		snprintf(note, sizeof note, "the printer reports %s", reason);
	if (strcmp(note, s->note) == 0)
		return;
	snprintf(s->note, sizeof s->note, "%s", note);
	job_change_start(job_change_new(s->printer->spool, s->job.id,
	                                JOB_SENDING, JOB_SENDING, note),
	                 NULL, NULL);
}

static const struct delivery_events events = {
	.on_created = on_created,
	.on_first_byte = on_first_byte,
	.on_drain = on_drain,
	.on_taken = on_taken,
	.on_delivered = on_delivered,
	.on_progress = on_progress,
	.on_end = on_end,
};

/* ---- the beginning ------------------------------------------------------ */

static void fill_request(struct sending *s, struct delivery_request *request)
{
	struct spool *spool = s->printer->spool;

	*request = (struct delivery_request){
		.target = {.uri = s->printer->uri, .pin = s->printer->pin},
		.user = s->job.sender,
		.format = s->format.mime,
		.media = s->format.media,
		.source = s->options.tray,
		.sides = s->format.sides,
		.colour = s->format.colour,
		.tells_colour = s->format.tells_colour,
		.scaling = s->format.scaling,
		.is_borderless = s->format.is_borderless,
		.copies = s->documents.copies,
		.n_documents = s->last - s->first + 1,
		.has_gzip = s->format.has_gzip &&
	                    !(s->printer->learned & LEARNED_NO_GZIP),
		.has_create_job = s->printer->has_create_job,
		.timeout_ms = spool->options.state_timeout_ms,
		.poll_ms = FOLLOW_POLL_MS,
	};
}

/* The tag, then what a person at the printer may want to know. */
static void put_name(const struct sending *s, char *out, size_t size)
{
	const char *pages = s->job.only_pages;
	char part[32] = "";

	if (s->last - s->first + 1 < s->all)
		snprintf(part, sizeof part, " (%u of %u)", s->first, s->all);
	snprintf(out, size, "%s%s%s%s%s%s%s", s->tag,
	         s->job.is_reprint ? " REPRINT" : "", pages[0] ? " pages " : "",
	         pages, part, s->job.subject[0] ? " " : "", s->job.subject);
}

static void end_early(struct sending *s, enum delivery_kind kind, int status,
                      const char *sentence)
{
	s->is_over = true;
	s->result = (struct delivery_result){.kind = kind,
	                                     .status = status,
	                                     .impressions = -1};
	snprintf(s->result.sentence, sizeof s->result.sentence, "%s", sentence);
	if (!s->work)
		sending_conclude(s);
}

static void on_begun(int status, const struct job_set *set, void *arg)
{
	struct sending *s = arg;
	struct delivery_request request;
	char name[400];
	struct err err = {0};
	int r;

	if (sending_is_gone(s))
		return;
	if (status < 0 || !set->changed) {
		struct spool_printer *p = s->printer;

		p->sending = NULL;
		leave_work(s);
		sending_free(s);
		if (!p->is_closing)
			dispatch_pause(p);
		return;
	}
	s->attempt_id = set->attempt_id;
	if (s->is_stopped) {
		end_early(s, DELIVERY_CANCELLED, 0, s->stop_reason);
		return;
	}
	fill_request(s, &request);
	put_name(s, name, sizeof name);
	request.job_name = name;
	r = delivery_start(s->printer->spool->transport, &request, &events, s,
	                   &s->delivery, &err);
	if (r < 0) {
		s->delivery = NULL;
		end_early(s, DELIVERY_REFUSED, r, err.text);
	}
}

static struct sending *sending_new(struct spool_printer *p,
                                   const struct job_row *job, struct work *work)
{
	struct sending *s = xcalloc(1, sizeof *s);

	s->printer = p;
	s->job = *job;
	s->work = work;
	s->bytes = work ? -1 : job->print_bytes;
	return s;
}

static void choose_tag(struct sending *s)
{
	unsigned char random[6];
	char hex[2 * sizeof random + 1];

	randombytes_buf(random, sizeof random);
	sodium_bin2hex(hex, sizeof hex, random, sizeof random);
	snprintf(s->tag, sizeof s->tag, "platen-%lld-%s", (long long)s->job.id,
	         hex);
}

static void on_given_back(int status, const struct job_set *set, void *arg)
{
	struct spool *spool = arg;
	struct job_row job;
	struct spool_printer *p;

	if (status < 0 || job_read(spool->db, set->job_id, &job, NULL) < 0)
		return;
	p = dispatch_printer(spool, job.printer_id);
	if (p)
		dispatch_look(p);
}

/*
 * Stored pages that cannot be used are made again from the mail. Only pages
 * that were asked for and are not there would not be there again.
 */
static void give_back(struct spool_printer *p, const struct job_row *job,
                      const struct err *why)
{
	bool is_hopeless = why->code == -ERANGE;
	struct job_set *set =
		job_change_new(p->spool, job->id, job_row_state(job),
	                       is_hopeless ? JOB_FAILED : JOB_ACCEPTED,
	                       is_hopeless ? why->text : "");

	set->forget_pages = !is_hopeless;
	job_change_start(set, on_given_back, p->spool);
}

int sending_start(struct spool_printer *p, const struct job_row *job,
                  struct work *work, struct err *err)
{
	struct sending *s = sending_new(p, job, work);
	enum job_state from = work ? JOB_RENDERING : job_row_state(job);
	struct job_set *set;
	int r = sending_plan(s, err);

	if (r < 0) {
		if (!work)
			give_back(p, job, err);
		else if (r == -ESTALE)
			work_cancel(work, JOB_ACCEPTED, err->text);
		sending_free(s);
		return r;
	}
	choose_tag(s);
	set = job_change_new(p->spool, job->id, from, JOB_SENDING, "");
	set->attempt = ATTEMPT_BEGIN;
	set->printer_id = p->id;
	set->epoch = p->epoch;
	snprintf(set->tag, sizeof set->tag, "%s", s->tag);
	set->first_document = (int)s->first;
	set->last_document = (int)s->last;
	set->n_documents = (int)s->all;
	p->sending = s;
	if (work) {
		work_is_sending(work);
		work_set_reader(work, on_grown, s);
	}
	sending_change(s, set, on_begun);
	return 0;
}

int sending_resume(struct spool_printer *p, const struct job_row *job,
                   const struct attempt_row *attempt, struct err *err)
{
	struct sending *s = sending_new(p, job, NULL);
	struct delivery_request request;
	int r;

	s->attempt_id = attempt->id;
	s->has_first_byte = true;
	s->first = (unsigned)attempt->first_document;
	s->last = (unsigned)attempt->last_document;
	s->all = (unsigned)attempt->n_documents;
	fill_request(s, &request);
	r = delivery_resume(p->spool->transport, &request,
	                    attempt->printer_job_id, &events, s, &s->delivery,
	                    err);
	if (r < 0) {
		sending_free(s);
		return r;
	}
	p->sending = s;
	return 0;
}

void sending_cancel(struct sending *s, enum job_state to, const char *reason)
{
	if (s->is_stopped)
		return;
	s->is_stopped = true;
	s->stop_to = to;
	snprintf(s->stop_reason, sizeof s->stop_reason, "%s", reason);
	if (s->work)
		work_cancel(s->work, to, reason);
	if (s->delivery)
		delivery_cancel(s->delivery);
}

void sending_drop(struct sending *s)
{
	s->is_dropped = true;
	if (s->delivery)
		delivery_drop(s->delivery);
	s->delivery = NULL;
	leave_work(s);
	if (s->n_pending == 0)
		sending_free(s);
}
