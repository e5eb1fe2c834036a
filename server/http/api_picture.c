/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "db/picture_table.h"
#include "server/http/route.h"
#include "server/http/value.h"
#include "spool/picture.h"

static int list_one(const struct picture_row *row, void *arg)
{
	json_array_append_new(arg,
	                      json_pack("{s:o, s:o, s:I, s:b, s:o, s:o}",
	                                "hash", http_string(row->hash), "from",
	                                http_string(row->sender), "mails",
	                                (json_int_t)row->n_mails, "is_logo",
	                                row->n_mails >= PICTURE_LOGO_MAILS,
	                                "first_seen_at",
	                                http_time(row->first_seen_at),
	                                "last_seen_at",
	                                http_time(row->last_seen_at)));
	return 0;
}

/* GET /pictures */
void api_picture_list(struct http_request *req)
{
	json_t *array = json_array();
	struct err err = {0};
	int r = picture_each(spool_db(req->service->spool), list_one, array,
	                     &err);

	http_answer_list(req, r, &err, "pictures", array);
}

static void on_forgotten(int status, const struct err *err, void *arg)
{
	struct http_request *req = arg;

	if (http_request_succeeded(req, status, err))
		http_answer(req, MHD_HTTP_OK,
		            json_pack("{s:o}", "forgotten",
		                      http_string(req->param)));
}

/* DELETE /pictures/{hash} */
void api_picture_forget(struct http_request *req)
{
	picture_forget(req->service->spool, req->param, on_forgotten, req);
}
