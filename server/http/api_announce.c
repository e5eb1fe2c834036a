/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/http/route.h"

#include <errno.h>

#include "server/http/announcement.h"
#include "spool/printer.h"

static void on_judged(int status, const struct err *err, void *arg)
{
	struct http_request *req = arg;

	if (!http_request_claim(req))
		return;
	if (status == -EACCES)
		http_refuse(req, MHD_HTTP_UNAUTHORIZED,
		            "the printer's token is missing or wrong");
	else if (status < 0)
		http_refuse_err(req, status, err);
	else
		http_answer(req, MHD_HTTP_ACCEPTED,
		            json_pack("{s:s}", "status", "accepted"));
}

/* POST /printers/{name}/announce (K9, K14, K18) */
void announce_take(struct http_request *req)
{
	struct announcement announcement = {0};
	struct err err = {0};
	json_t *body = http_request_object(req);
	int r;

	if (!body)
		return;
	r = announcement_from_json(body, &announcement, &err);
	json_decref(body);
	if (r < 0)
		http_refuse_err(req, r, &err);
	else
		printer_announce(req->service->spool, req->param,
		                 http_request_bearer(req), &announcement,
		                 on_judged, req);
}
