/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/http/route.h"

#include "db/printer_table.h"
#include "server/http/job_waits.h"
#include "server/http/value.h"
#include "spool/job.h"

#define LIST_DEFAULT     100
#define LIST_MAX         1000
#define WAIT_SECONDS_MAX 300

struct listing {
	json_t *array;
	int64_t last_id;
};

static int list_one(const struct job_row *row, void *arg)
{
	struct listing *listing = arg;

	json_array_append_new(listing->array, job_value(row));
	listing->last_id = row->id;
	return 0;
}

static bool read_printer(struct http_request *req, struct job_filter *filter)
{
	const char *name = http_request_query(req, "printer");
	struct printer_row row = {0};
	struct err err = {0};
	int r;

	if (!name)
		return true;
	r = printer_read_by_name(spool_db(req->service->spool), name, &row,
	                         &err);
	if (r < 0) {
		http_refuse_err(req, r, &err);
		return false;
	}
	filter->printer_id = row.id;
	printer_row_fini(&row);
	return true;
}

static void refuse_state(struct http_request *req, const char *word)
{
	struct buf names CLEANUP(buf_fini) = {0};

	for (int state = 0; state < JOB_N_STATES; state++)
		buf_printf(&names, "%s%s", state ? ", " : "",
		           job_state_name((enum job_state)state));
	http_refuse(req, MHD_HTTP_BAD_REQUEST,
	            "'%.60s' is no state of a job: there are %s", word,
	            buf_str(&names));
}

static bool read_filter(struct http_request *req, struct job_filter *filter)
{
	enum job_state state;
	int64_t limit;

	filter->state = http_request_query(req, "state");
	if (filter->state && job_state_from_name(filter->state, &state) < 0) {
		refuse_state(req, filter->state);
		return false;
	}
	if (!http_request_number(req, "after", 0, INT64_MAX, 0,
	                         &filter->after_id) ||
	    !http_request_number(req, "limit", 1, LIST_MAX, LIST_DEFAULT,
	                         &limit))
		return false;
	filter->limit = (int)limit;
	return read_printer(req, filter);
}

/* GET /jobs?state=&printer=&after=&limit= */
void api_job_list(struct http_request *req)
{
	struct listing listing = {0};
	struct job_filter filter = {0};
	struct err err = {0};
	bool is_full;
	int r;

	if (!read_filter(req, &filter))
		return;
	listing.array = json_array();
	r = job_each(spool_db(req->service->spool), &filter, list_one, &listing,
	             &err);
	if (r < 0) {
		json_decref(listing.array);
		http_refuse_err(req, r, &err);
		return;
	}
	is_full = json_array_size(listing.array) == (size_t)filter.limit;
	http_answer(req, MHD_HTTP_OK,
	            json_pack("{s:o, s:o}", "jobs", listing.array, "next",
	                      is_full ? json_integer(listing.last_id)
	                              : json_null()));
}

static bool read_job(struct http_request *req, int64_t id, struct job_row *row)
{
	struct err err = {0};
	int r = job_read(spool_db(req->service->spool), id, row, &err);

	if (r < 0)
		http_refuse_err(req, r, &err);
	return r == 0;
}

static void answer_job(struct http_request *req, const struct job_row *row)
{
	struct err err = {0};
	json_t *value = NULL;
	int r = job_value_full(req->service, row, &value, &err);

	if (r < 0)
		http_refuse_err(req, r, &err);
	else
		http_answer(req, MHD_HTTP_OK, value);
}

void api_job_answer(struct http_request *req, int64_t job_id)
{
	struct job_row row = {0};

	if (read_job(req, job_id, &row))
		answer_job(req, &row);
}

/* GET /jobs/{id}?wait=SECONDS: the answer comes when the job is over. */
void api_job_show(struct http_request *req)
{
	struct job_row row = {0};
	int64_t id, seconds;

	if (!http_request_id(req, &id) ||
	    !http_request_number(req, "wait", 0, WAIT_SECONDS_MAX, 0,
	                         &seconds) ||
	    !read_job(req, id, &row))
		return;
	if (seconds > 0 && !row.ended_at)
		job_waits_add(req->service->waits, req, id, seconds * 1000);
	else
		answer_job(req, &row);
}

static void on_done(int status, const struct err *err, void *arg)
{
	struct http_request *req = arg;
	int64_t id;

	if (!http_request_claim(req))
		return;
	if (status < 0)
		http_refuse_err(req, status, err);
	else if (http_request_id(req, &id))
		api_job_answer(req, id);
}

/* POST /jobs/{id}/cancel */
void api_job_cancel(struct http_request *req)
{
	int64_t id;

	if (http_request_id(req, &id))
		job_cancel(req->service->spool, id, on_done, req);
}

typedef void print_fn(struct spool *spool, int64_t id, const char *pages,
                      job_cb *cb, void *arg);

/* {"pages": "3-5,8"}; without pages: all of it */
static void print(struct http_request *req, print_fn *start)
{
	json_t *body = http_request_object(req);
	json_t *pages;
	int64_t id;

	if (!body)
		return;
	pages = json_object_get(body, "pages");
	if (pages && !json_is_string(pages))
		http_refuse(req, MHD_HTTP_BAD_REQUEST,
		            "'pages' is not a list of pages like \"3-5,8\"");
	else if (http_request_id(req, &id))
		start(req->service->spool, id, json_string_value(pages),
		      on_done, req);
	json_decref(body);
}

/* POST /jobs/{id}/release */
void api_job_release(struct http_request *req)
{
	print(req, job_release);
}

/* POST /jobs/{id}/retry */
void api_job_retry(struct http_request *req)
{
	print(req, job_retry);
}
