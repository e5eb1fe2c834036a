/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/http/value.h"

#include "base/mem.h"

static json_t *count_or_null(int n)
{
	return n < 0 ? json_null() : json_integer(n);
}

static json_t *id_or_null(int64_t id)
{
	return id ? json_integer(id) : json_null();
}

/* Sentences, one a line, as an array of them. */
static json_t *remarks_value(const char *remarks)
{
	json_t *array = json_array();

	while (*remarks) {
		size_t n = strcspn(remarks, "\n");
		char *line CLEANUP(xfree) = xstrndup(remarks, n);

		json_array_append_new(array, http_string(line));
		remarks += n + (remarks[n] == '\n');
	}
	return array;
}

json_t *job_value(const struct job_row *row)
{
	return json_pack(
		"{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o}",
		"id", (json_int_t)row->id, "state", http_string(row->state),
		"reason", http_string(row->reason), "printer",
		http_string(row->printer_name), "from",
		http_string(row->sender), "address", http_string(row->address),
		"suffix", http_string(row->suffix), "subject",
		http_string(row->subject), "options", http_string(row->options),
		"remarks", remarks_value(row->remarks), "registration",
		id_or_null(row->registration_id), "pages", row->pages,
		"impressions", count_or_null(row->impressions), "confirmed",
		http_string(row->confirmed), "is_reprint", row->is_reprint,
		"received_at", http_time(row->received_at), "state_at",
		http_time(row->state_at), "tried_at", http_time(row->tried_at),
		"expires_at", http_time(row->expires_at), "ended_at",
		http_time(row->ended_at));
}

/* What was chosen is printed when the job is. */
static const char *fate_of(const struct job_row *job,
                           const struct part_row *part)
{
	bool is_chosen = strcmp(part->fate, "printed") == 0 &&
	                 strcmp(job->state, "PRINTED") != 0;

	return is_chosen ? "chosen" : part->fate;
}

static int put_parts(struct db *db, const struct job_row *job, json_t *object,
                     struct err *err)
{
	struct part_row *parts CLEANUP(xfree) = NULL;
	json_t *array = json_array();
	size_t n = 0;
	int r = part_read(db, job->id, &parts, &n, err);

	for (size_t i = 0; i < n; i++)
		json_array_append_new(
			array,
			json_pack("{s:o, s:o, s:I, s:o, s:o, s:o}", "part",
		                  http_string(parts[i].part), "type",
		                  http_string(parts[i].type), "size",
		                  (json_int_t)parts[i].size, "name",
		                  http_string(parts[i].name), "fate",
		                  http_string(fate_of(job, &parts[i])), "why",
		                  http_string(parts[i].why)));
	json_object_set_new(object, "parts", array);
	return r;
}

static json_t *attempt_value(const struct attempt_row *row)
{
	return json_pack("{s:o, s:o, s:i, s:i, s:i, s:i, s:o, s:o, s:o}", "tag",
	                 http_string(row->tag), "step", http_string(row->step),
	                 "printer_job_id", row->printer_job_id,
	                 "first_document", row->first_document, "last_document",
	                 row->last_document, "n_documents", row->n_documents,
	                 "started_at", http_time(row->started_at), "ended_at",
	                 http_time(row->ended_at), "outcome",
	                 http_string(row->outcome));
}

static int put_attempts(struct db *db, int64_t id, json_t *object,
                        struct err *err)
{
	struct attempt_row *attempts CLEANUP(xfree) = NULL;
	json_t *array = json_array();
	size_t n = 0;
	int r = attempt_read(db, id, &attempts, &n, err);

	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, attempt_value(&attempts[i]));
	json_object_set_new(object, "attempts", array);
	return r;
}

static int put_page_ends(struct db *db, int64_t id, json_t *object,
                         struct err *err)
{
	int64_t *ends CLEANUP(xfree) = NULL;
	json_t *array = json_array();
	size_t n = 0;
	int r = page_read(db, id, &ends, &n, err);

	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, json_integer(ends[i]));
	json_object_set_new(object, "page_ends", array);
	return r;
}

/* What there is of it, from which it would be printed. */
static const char *stored_as(const struct job_row *row)
{
	if (row->ended_at != 0)
		return "";
	if (row->print_format[0])
		return "print data";
	return row->pages_file[0] ? "pages" : "mail";
}

int job_value_full(struct http_service *service, const struct job_row *row,
                   json_t **out, struct err *err)
{
	struct db *db = spool_db(service->spool);
	json_t *o = job_value(row);
	int r = put_parts(db, row, o, err);

	if (r == 0)
		r = put_attempts(db, row->id, o, err);
	if (r == 0)
		r = put_page_ends(db, row->id, o, err);
	if (r < 0) {
		json_decref(o);
		return r;
	}
	json_object_set_new(o, "approval", http_string(row->approval));
	json_object_set_new(o, "only_pages", http_string(row->only_pages));
	json_object_set_new(o, "documents_done",
	                    json_integer(row->documents_done));
	json_object_set_new(o, "media", http_string(row->kind.media));
	json_object_set_new(o, "is_colour", json_boolean(row->kind.is_colour));
	json_object_set_new(o, "recovery_wait_s",
	                    json_integer(row->recovery_wait_s));
	json_object_set_new(o, "print_format", http_string(row->print_format));
	json_object_set_new(o, "print_bytes", json_integer(row->print_bytes));
	json_object_set_new(o, "stored_as", http_string(stored_as(row)));
	json_object_set_new(o, "pages_bytes", json_integer(row->pages_bytes));
	json_object_set_new(o, "renders", json_integer(row->renders));
	*out = o;
	return 0;
}
