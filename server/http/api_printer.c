/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/http/route.h"

#include "base/mem.h"
#include "server/http/value.h"
#include "spool/printer.h"

static int list_one(const struct printer_row *row, void *arg);

struct listing {
	struct http_service *service;
	json_t *array;
	struct err err;
};

/* GET /printers */
void api_printer_list(struct http_request *req)
{
	struct listing listing = {.service = req->service,
	                          .array = json_array()};
	int r = printer_each(spool_db(req->service->spool), list_one, &listing,
	                     &listing.err);

	http_answer_list(req, r, &listing.err, "printers", listing.array);
}

static int list_one(const struct printer_row *row, void *arg)
{
	struct listing *listing = arg;
	json_t *value = NULL;
	int r = printer_value(listing->service, row, &value, &listing->err);

	if (r == 0)
		json_array_append_new(listing->array, value);
	return r;
}

static void answer_printer(struct http_request *req, unsigned status,
                           const char *name)
{
	struct printer_row row = {0};
	struct err err = {0};
	json_t *value = NULL;
	int r = printer_read_by_name(spool_db(req->service->spool), name, &row,
	                             &err);

	if (r == 0) {
		r = printer_value_full(req->service, &row, &value, &err);
		printer_row_fini(&row);
	}
	if (r < 0)
		http_refuse_err(req, r, &err);
	else
		http_answer(req, status, value);
}

/* GET /printers/{name} */
void api_printer_show(struct http_request *req)
{
	answer_printer(req, MHD_HTTP_OK, req->param);
}

static void on_added(int status, const struct err *err, void *arg)
{
	struct http_request *req = arg;

	if (http_request_succeeded(req, status, err))
		answer_printer(req, MHD_HTTP_CREATED, req->param);
}

/* POST /printers {"name": ..., "uri": ...}: it is asked before it is stored. */
void api_printer_add(struct http_request *req)
{
	json_t *body = http_request_object(req);
	const char *name, *uri;

	if (!body)
		return;
	name = json_string_value(json_object_get(body, "name"));
	uri = json_string_value(json_object_get(body, "uri"));
	if (!name || !uri || strlen(name) >= sizeof req->param) {
		http_refuse(req, MHD_HTTP_BAD_REQUEST,
		            "'name' and 'uri' must be given as strings");
	} else {
		snprintf(req->param, sizeof req->param, "%s", name);
		printer_add(req->service->spool, name, uri, on_added, req);
	}
	json_decref(body);
}

static void on_removed(int status, const struct err *err, void *arg)
{
	struct http_request *req = arg;

	if (http_request_succeeded(req, status, err))
		http_answer(req, MHD_HTTP_OK,
		            json_pack("{s:o}", "removed",
		                      http_string(req->param)));
}

/* DELETE /printers/{name} */
void api_printer_remove(struct http_request *req)
{
	printer_remove(req->service->spool, req->param, on_removed, req);
}

static void on_checked(int status, const struct err *err, void *arg)
{
	struct http_request *req = arg;

	if (http_request_succeeded(req, status, err))
		answer_printer(req, MHD_HTTP_OK, req->param);
}

/* POST /printers/{name}/check: asks now, answers with what it said. */
void api_printer_check(struct http_request *req)
{
	printer_check(req->service->spool, req->param, on_checked, req);
}

/* POST /printers/{name}/trust: the same, and its new certificate is taken. */
void api_printer_trust(struct http_request *req)
{
	printer_trust(req->service->spool, req->param, on_checked, req);
}

/* POST /printers/{name}/forget: the same, and what it did is forgotten. */
void api_printer_forget(struct http_request *req)
{
	printer_forget(req->service->spool, req->param, on_checked, req);
}

static void on_token(int status, const char *token, const struct err *err,
                     void *arg)
{
	struct http_request *req = arg;

	if (http_request_succeeded(req, status, err))
		http_answer(req, MHD_HTTP_OK,
		            json_pack("{s:s}", "token", token));
}

/* POST /printers/{name}/token: the only time the token can be read. */
void api_printer_token(struct http_request *req)
{
	printer_token(req->service->spool, req->param, on_token, req);
}
