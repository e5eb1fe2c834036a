/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/http/route.h"

#include <errno.h>

#include "base/mem.h"
#include "db/printer_table.h"
#include "server/http/registration_body.h"
#include "server/http/value.h"
#include "spool/registration.h"

struct listing {
	const struct http_service *service;
	json_t *array;
};

static int list_one(const struct registration_row *row,
                    const char *printer_name, void *arg)
{
	struct listing *listing = arg;

	json_array_append_new(listing->array,
	                      registration_value(listing->service, row,
	                                         printer_name));
	return 0;
}

/* GET /registrations */
void api_registration_list(struct http_request *req)
{
	struct listing listing = {.service = req->service,
	                          .array = json_array()};
	struct err err = {0};
	int r = registration_each(spool_db(req->service->spool), list_one,
	                          &listing, &err);

	http_answer_list(req, r, &err, "registrations", listing.array);
}

static void answer_registration(struct http_request *req, unsigned status,
                                int64_t id)
{
	struct db *db = spool_db(req->service->spool);
	struct registration_row row = {0};
	struct printer_row printer = {0};
	struct err err = {0};
	int r = registration_read(db, id, &row, &err);

	if (r == 0)
		r = printer_read(db, row.printer_id, &printer, &err);
	if (r < 0) {
		http_refuse_err(req, r, &err);
		return;
	}
	http_answer(req, status,
	            registration_value(req->service, &row, printer.name));
	printer_row_fini(&printer);
}

/* GET /registrations/{id} */
void api_registration_show(struct http_request *req)
{
	int64_t id;

	if (http_request_id(req, &id))
		answer_registration(req, MHD_HTTP_OK, id);
}

static void on_added(int status, int64_t id, const struct err *err, void *arg)
{
	struct http_request *req = arg;

	if (http_request_succeeded(req, status, err))
		answer_registration(req, MHD_HTTP_CREATED, id);
}

/* The constant local part where there is one, else the printer's name. */
static int default_address(struct http_service *service, const json_t *body,
                           struct registration_row *row, struct err *err)
{
	const char *text = service->constant_address;
	char address[ADDRESS_MAX];
	int r;

	if (!text[0])
		text = json_string_value(json_object_get(body, "printer"));
	if (!text)
		return err_set(err, -EINVAL, "'printer' must be a string");
	r = registration_body_address(text, service->keeps_local_case, address,
	                              err);
	return r < 0 ? r : registration_set_field(row, "address", address, err);
}

/* POST /registrations {"printer": ..., "from": ..., ...} */
void api_registration_add(struct http_request *req)
{
	struct registration_row row = {0};
	struct err err = {0};
	json_t *body = http_request_object(req);
	int r;

	if (!body)
		return;
	registration_init(&row);
	r = registration_body_read(req->service, body, &row, &err);
	if (r == 0 && (!row.printer_id || !row.sender[0]))
		r = err_set(&err, -EINVAL,
		            "'printer' and 'from' must be given");
	if (r == 0 && !row.address[0])
		r = default_address(req->service, body, &row, &err);
	json_decref(body);
	if (r < 0)
		http_refuse_err(req, r, &err);
	else
		registration_add(req->service->spool, &row, on_added, req);
}

static void on_set(int status, int64_t id, const struct err *err, void *arg)
{
	struct http_request *req = arg;

	if (http_request_succeeded(req, status, err))
		answer_registration(req, MHD_HTTP_OK, id);
}

/* PATCH /registrations/{id}: what is not named stays. */
void api_registration_set(struct http_request *req)
{
	struct registration_row row = {0};
	struct err err = {0};
	json_t *body;
	int64_t id;
	int r;

	if (!http_request_id(req, &id))
		return;
	body = http_request_object(req);
	if (!body)
		return;
	r = registration_read(spool_db(req->service->spool), id, &row, &err);
	if (r == 0)
		r = registration_body_read(req->service, body, &row, &err);
	json_decref(body);
	if (r < 0)
		http_refuse_err(req, r, &err);
	else
		registration_set(req->service->spool, &row, on_set, req);
}

static void on_removed(int status, int64_t id, const struct err *err, void *arg)
{
	struct http_request *req = arg;

	if (http_request_succeeded(req, status, err))
		http_answer(req, MHD_HTTP_OK,
		            json_pack("{s:I}", "removed", (json_int_t)id));
}

/* DELETE /registrations/{id} */
void api_registration_remove(struct http_request *req)
{
	int64_t id;

	if (http_request_id(req, &id))
		registration_remove(req->service->spool, id, on_removed, req);
}
