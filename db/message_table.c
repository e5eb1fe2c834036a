/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "base/mem.h"
#include "db/job_row.h"
#include "db/sql.h"

enum {
	KNOWN,
	INSERT,
	INSERT_CONTENT,
	INSERT_JOB,
	REMEMBER,
};

static const char *const write_texts[] = {
	/* whose job printed nothing, and never will, may be sent again */
	[KNOWN] = "SELECT d.job_id FROM dedupe d LEFT JOIN job j "
		  "ON j.id = d.job_id "
		  "WHERE d.fingerprint = ? AND d.expires_at > ? "
		  "AND (j.id IS NULL OR j.ended_at IS NULL "
		  "OR j.state = 'PRINTED' OR EXISTS (SELECT 1 FROM attempt a "
		  "WHERE a.job_id = j.id AND NOT a.is_blank))",
	[INSERT] = "INSERT INTO message (received_at, size, file, key) "
		   "VALUES (?, ?, ?, ?)",
	[INSERT_CONTENT] = "INSERT INTO message_content (message_id, data) "
			   "VALUES (?, ?)",
	[INSERT_JOB] =
		"INSERT INTO job (message_id, registration_id, printer_id, "
		"printer_name, sender, address, suffix, subject, state, "
		"reason, media, is_colour, tray, received_at, state_at, "
		"tried_at, recovery_wait_s, expires_at, waits_as) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[REMEMBER] = "INSERT INTO dedupe (fingerprint, job_id, expires_at) "
		     "VALUES (?, ?, ?) ON CONFLICT (fingerprint) DO UPDATE SET "
		     "job_id = excluded.job_id, "
		     "expires_at = excluded.expires_at",
};
const struct sql_statements message_write_statements = {
	write_texts,
	ARRAY_LEN(write_texts),
};

/* 1: known, job->id is the earlier one; 0 or -errno. */
static int is_known(struct db_conn *conn, const struct message_accept *accept,
                    struct job_new *job, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_MESSAGE_WRITE, KNOWN);
	int r;

	sql_blob(&sql, job->fingerprint, FINGERPRINT_LEN);
	sql_int(&sql, accept->received_at);
	r = sql_step(&sql, err);
	if (r > 0)
		job->id = sql_get_int(&sql);
	return r;
}

static int insert_content(struct db_conn *conn,
                          const struct message_accept *accept, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_MESSAGE_WRITE, INSERT_CONTENT);

	sql_int(&sql, accept->message_id);
	sql_blob(&sql, accept->content_len ? accept->content : "",
	         accept->content_len);
	return sql_exec(&sql, err);
}

static int insert_message(struct db_conn *conn, struct message_accept *accept,
                          struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_MESSAGE_WRITE, INSERT);
	int r;

	sql_int(&sql, accept->received_at);
	sql_int(&sql, accept->size);
	sql_text(&sql, accept->file);
	sql_blob(&sql, accept->key, accept->key_len);
	r = sql_exec(&sql, err);
	if (r < 0)
		return r;
	accept->message_id = sql_last_id(&sql);
	return accept->file ? 0 : insert_content(conn, accept, err);
}

static int insert_job(struct db_conn *conn, int64_t message_id,
                      struct job_new *job, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_MESSAGE_WRITE, INSERT_JOB);
	const struct job_row *row = &job->row;
	int r;

	sql_int(&sql, message_id);
	sql_int(&sql, row->registration_id);
	sql_int(&sql, row->printer_id);
	sql_text(&sql, row->printer_name);
	sql_text(&sql, row->sender);
	sql_text(&sql, row->address);
	sql_text(&sql, row->suffix);
	sql_text_or_null(&sql, row->subject);
	sql_text(&sql, row->state);
	sql_text(&sql, row->reason);
	job_kind_bind(&sql, &row->kind);
	sql_int(&sql, row->received_at);
	sql_int(&sql, row->state_at);
	sql_int(&sql, row->tried_at);
	sql_int(&sql, row->recovery_wait_s);
	sql_int(&sql, row->expires_at);
	sql_text(&sql, row->waits_as);
	r = sql_exec(&sql, err);
	if (r == 0)
		job->id = sql_last_id(&sql);
	return r;
}

static int remember(struct db_conn *conn, const struct message_accept *accept,
                    const struct job_new *job, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_MESSAGE_WRITE, REMEMBER);

	sql_blob(&sql, job->fingerprint, FINGERPRINT_LEN);
	sql_int(&sql, job->id);
	sql_int(&sql, accept->fingerprint_expires_at);
	return sql_exec(&sql, err);
}

static int accept_job(struct db_conn *conn, struct message_accept *accept,
                      struct job_new *job, struct err *err)
{
	int r = job->has_fingerprint ? is_known(conn, accept, job, err) : 0;

	job->is_duplicate = r > 0;
	if (r != 0)
		return r < 0 ? r : 0;
	/* the first that is new brings the message */
	if (accept->message_id == 0)
		r = insert_message(conn, accept, err);
	if (r == 0)
		r = insert_job(conn, accept->message_id, job, err);
	if (r == 0 && job->has_fingerprint)
		r = remember(conn, accept, job, err);
	return r;
}

int message_accept_run(struct db_conn *conn, struct db_op *op, struct err *err)
{
	struct message_accept *accept =
		CONTAINER_OF(op, struct message_accept, op);
	int r = 0;

	accept->message_id = 0;
	for (size_t i = 0; r == 0 && i < accept->n_jobs; i++)
		r = accept_job(conn, accept, &accept->jobs[i], err);
	return r;
}

/* ---- reading ------------------------------------------------------------ */

enum {
	ONE,
	CONTENT,
	HAS_FILE,
};

static const char *const read_texts[] = {
	[ONE] = "SELECT id, received_at, size, file, key FROM message WHERE id = ?",
	[CONTENT] = "SELECT data FROM message_content WHERE message_id = ?",
	[HAS_FILE] = "SELECT EXISTS (SELECT 1 FROM message WHERE file = ?)",
};
const struct sql_statements message_read_statements = {
	read_texts,
	ARRAY_LEN(read_texts),
};

/* The row of message `id`, the statement's only parameter. */
static int find_message(struct sql *sql, int64_t id, struct err *err)
{
	sql_int(sql, id);
	return sql_find(sql, err, "no message %lld is stored", (long long)id);
}

int message_read(struct db *db, int64_t id, struct message_row *out,
                 struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_read(db, SQL_MESSAGE_READ, ONE);
	int r = find_message(&sql, id, err);

	if (r < 0)
		return r;
	out->id = sql_get_int(&sql);
	out->received_at = sql_get_int(&sql);
	out->size = sql_get_int(&sql);
	sql_get_text(&sql, out->file, sizeof out->file);
	out->key_len = sql_get_blob(&sql, out->key, sizeof out->key);
	return 0;
}

int message_read_content(struct db *db, int64_t id, void **out, size_t *len,
                         struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_read(db, SQL_MESSAGE_READ, CONTENT);
	int r = find_message(&sql, id, err);

	if (r == 0)
		*out = sql_get_blob_new(&sql, len);
	return r;
}

int message_file_is_known(struct db *db, const char *file, bool *known,
                          struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_read(db, SQL_MESSAGE_READ, HAS_FILE);
	int r;

	sql_text(&sql, file);
	r = sql_step(&sql, err);
	if (r < 0)
		return r;
	*known = sql_get_int(&sql);
	return 0;
}
