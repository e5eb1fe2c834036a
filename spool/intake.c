/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/intake.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "spool/fingerprint.h"
#include "spool/dispatch.h"
#include "spool/intake_job.h"
#include "spool/message_file.h"
#include "spool/spool_private.h"

#define FINGERPRINT_LIFE_S (7 * 86400) /* peers give up after five days */

/* spill() hands the whole header block to the fingerprint. */
_Static_assert(INTAKE_INLINE_MAX >= FINGERPRINT_HEADER_MAX, "header block");

/*
 *   new          nothing but memory
 *   write        plain grows; beyond INTAKE_INLINE_MAX: spill(), from then on
 *                the file grows
 *   commit       small: seal, submit the row
 *                large: publish_run() in the thread pool, then the row
 *   on_accepted  the row is durable, or not: tell, free
 */
struct intake {
	struct message_accept accept; /* owns jobs */
	size_t jobs_cap;
	struct buf job_of;   /* size_t for each recipient: index of its job */
	struct spool *spool; /* borrowed */
	char sender[ADDRESS_MAX];

	struct buf plain;  /* the message, as long as it is small */
	struct buf sealed; /* the small message, while it is committed */
	struct content_key key;
	unsigned char wrapped[CONTENT_WRAPPED_LEN];
	struct fingerprint *fingerprint; /* NULL: none */

	bool is_large;
	struct message_file file;
	uv_work_t publish;
	int status; /* of the file */
	struct err err;

	intake_cb *cb; /* NULL: nobody waits */
	void *arg;
};

static void publish_run(uv_work_t *work);
static void on_published(uv_work_t *work, int status);
static void on_accepted(struct db_op *op, int status, const struct err *err);

struct intake *intake_new(struct spool *spool, const char *sender)
{
	struct intake *intake = xcalloc(1, sizeof *intake);

	intake->spool = spool;
	intake->accept.received_at = clock_now();
	message_file_init(&intake->file, spool->messages_dir);
	content_key_random(&intake->key);
	snprintf(intake->sender, sizeof intake->sender, "%s", sender);
	return intake;
}

/* The one place where an intake ends. */
static void release(struct intake *intake)
{
	message_file_fini(&intake->file);
	content_key_forget(&intake->key);
	fingerprint_free(intake->fingerprint);
	buf_fini(&intake->plain);
	buf_fini(&intake->sealed);
	buf_fini(&intake->job_of);
	free(intake->accept.jobs);
	free(intake);
}

void intake_free(struct intake *intake)
{
	if (!intake)
		return;
	message_file_discard(&intake->file);
	release(intake);
}

size_t intake_n_recipients(const struct intake *intake)
{
	return intake->job_of.len / sizeof(size_t);
}

/* The index of the job of this registration; n_jobs when there is none. */
static size_t find_job(const struct message_accept *accept, int64_t id,
                       const char *suffix)
{
	size_t i = 0;

	while (i < accept->n_jobs &&
	       (accept->jobs[i].row.registration_id != id ||
	        strcmp(accept->jobs[i].row.suffix, suffix) != 0))
		i++;
	return i;
}

static void grow_jobs(struct intake *intake)
{
	struct message_accept *accept = &intake->accept;

	if (accept->n_jobs < intake->jobs_cap)
		return;
	intake->jobs_cap = intake->jobs_cap ? intake->jobs_cap * 2 : 1;
	accept->jobs =
		xrealloc(accept->jobs, intake->jobs_cap * sizeof *accept->jobs);
}

/* A recipient named twice gets one copy (RFC 5321 4.1.1.3 allows it). */
int intake_add(struct intake *intake, int64_t registration_id,
               const char *suffix, struct err *err)
{
	struct message_accept *accept = &intake->accept;
	size_t i = find_job(accept, registration_id, suffix);

	if (i == accept->n_jobs) {
		int r;

		grow_jobs(intake);
		r = intake_job_fill(intake->spool, intake->sender,
		                    registration_id, suffix,
		                    accept->received_at, &accept->jobs[i], err);
		if (r < 0)
			return r;
		accept->n_jobs++;
	}
	buf_append(&intake->job_of, &i, sizeof i);
	return 0;
}

/* From memory to a file. */
static int spill(struct intake *intake, struct err *err)
{
	struct buf *plain = &intake->plain;
	int r = message_file_create(&intake->file, &intake->key, err);

	if (r < 0)
		return r;
	intake->is_large = true;
	intake->fingerprint =
		fingerprint_start(&intake->spool->fingerprint_secret,
	                          plain->data, plain->len);
	r = message_file_write(&intake->file, plain->data, plain->len, err);
	buf_fini(plain);
	return r;
}

static int write_large(struct intake *intake, const void *data, size_t len,
                       struct err *err)
{
	int r = intake_may_come(intake->spool, -1, err);

	if (r < 0)
		return r;
	if (intake->fingerprint)
		fingerprint_update(intake->fingerprint, data, len);
	return message_file_write(&intake->file, data, len, err);
}

int intake_write(struct intake *intake, const void *data, size_t len,
                 struct err *err)
{
	int64_t max = intake->spool->options.max_message_size;

	if ((int64_t)len > max - intake->accept.size)
		return err_set(err, -EFBIG,
		               "the message is larger than %lld bytes",
		               (long long)max);
	intake->accept.size += (int64_t)len;
	if (intake->is_large)
		return write_large(intake, data, len, err);
	buf_append(&intake->plain, data, len);
	return intake->plain.len > INTAKE_INLINE_MAX ? spill(intake, err) : 0;
}

static void seal_inline(struct intake *intake)
{
	struct buf *plain = &intake->plain;
	struct content_seal *seal CLEANUP(content_seal_free) =
		content_seal_new(&intake->key, &intake->sealed);

	intake->fingerprint =
		fingerprint_start(&intake->spool->fingerprint_secret,
	                          plain->data, plain->len);
	content_seal_write(seal, plain->data, plain->len, &intake->sealed);
	content_seal_end(seal, &intake->sealed);
	intake->accept.content = intake->sealed.data;
	intake->accept.content_len = intake->sealed.len;
}

static void fill_accept(struct intake *intake)
{
	struct message_accept *accept = &intake->accept;

	if (intake->fingerprint)
		fingerprint_end(intake->fingerprint);
	for (size_t i = 0; i < accept->n_jobs; i++)
		intake_job_seal(intake->spool, intake->fingerprint,
		                &accept->jobs[i]);
	content_key_wrap(&intake->spool->master, &intake->key, intake->wrapped);
	accept->key = intake->wrapped;
	accept->key_len = sizeof intake->wrapped;
	accept->fingerprint_expires_at =
		accept->received_at + FINGERPRINT_LIFE_S;
}

static void submit(struct intake *intake)
{
	fill_accept(intake);
	db_submit(intake->spool->db, &intake->accept.op, message_accept_run,
	          on_accepted);
}

void intake_commit(struct intake *intake, intake_cb *cb, void *arg)
{
	int r;

	assert(intake->accept.n_jobs > 0);
	intake->cb = cb;
	intake->arg = arg;
	intake->spool->n_intakes++;
	if (!intake->is_large) {
		seal_inline(intake);
		submit(intake);
		return;
	}
	intake->status = message_file_end(&intake->file, &intake->err);
	r = uv_queue_work(intake->spool->loop, &intake->publish, publish_run,
	                  on_published);
	assert(r == 0); /* fails for a missing function only */
}

void intake_detach(struct intake *intake)
{
	intake->cb = NULL;
}

static void publish_run(uv_work_t *work)
{
	struct intake *intake = CONTAINER_OF(work, struct intake, publish);

	if (intake->status == 0)
		intake->status =
			message_file_publish(&intake->file, &intake->err);
}

static struct job_new *job_of(const struct intake *intake, size_t recipient)
{
	const size_t *index = (const size_t *)(void *)intake->job_of.data;

	return &intake->accept.jobs[index[recipient]];
}

static void tell(struct intake *intake, int status, const struct err *err)
{
	size_t n = status == 0 ? intake_n_recipients(intake) : 0;
	struct intake_result *results CLEANUP(xfree) =
		n ? xcalloc(n, sizeof *results) : NULL;

	for (size_t i = 0; i < n; i++) {
		const struct job_new *job = job_of(intake, i);

		results[i].job_id = job->id;
		results[i].is_duplicate = job->is_duplicate;
	}
	if (intake->cb)
		intake->cb(status, results, n, err, intake->arg);
}

/* Log first, so that RECEIVING precedes what becomes of the job. */
static void hand_over(struct spool *spool, const struct job_new *job)
{
	const struct job_row *row = &job->row;

	if (job->is_duplicate) {
		log_info(
			"job=%lld came again and is not printed twice sender=%s printer=%s",
			(long long)job->id, row->sender, row->printer_name);
		return;
	}
	log_info("job=%lld RECEIVING -> %s sender=%s printer=%s",
	         (long long)job->id, row->state, row->sender,
	         row->printer_name);
	dispatch_job_accepted(spool, row);
}

/*
 * Not accepted. After -EIO the row may be there all the same, and its file must
 * be there with it; if not, the next start finds that no row names the file.
 */
static void fail(struct intake *intake, int status, const struct err *err)
{
	log_warn("message from=%s not accepted: %s", intake->sender, err->text);
	tell(intake, status, err);
	if (status != -EIO)
		message_file_discard(&intake->file);
}

static void finish(struct intake *intake, int status, const struct err *err)
{
	intake->spool->n_intakes--;
	if (status < 0) {
		fail(intake, status, err);
	} else {
		tell(intake, 0, NULL);
		if (intake->accept.message_id == 0)
			message_file_discard(&intake->file);
		for (size_t i = 0; i < intake->accept.n_jobs; i++)
			hand_over(intake->spool, &intake->accept.jobs[i]);
	}
	release(intake);
}

static void on_published(uv_work_t *work, int status)
{
	struct intake *intake = CONTAINER_OF(work, struct intake, publish);

	if (intake->status < 0) {
		finish(intake, intake->status, &intake->err);
		return;
	}
	intake->accept.file = intake->file.name;
	submit(intake);
}

static void on_accepted(struct db_op *op, int status, const struct err *err)
{
	finish(CONTAINER_OF(op, struct intake, accept.op), status, err);
}
