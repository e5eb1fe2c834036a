/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/http/openapi.h"
#include "server/http/route.h"

#include "db/job_table.h"

void health_live(struct http_request *req)
{
	if (db_is_broken(spool_db(req->service->spool)))
		http_refuse(req, MHD_HTTP_SERVICE_UNAVAILABLE,
		            "the spool cannot be written");
	else
		http_answer(req, MHD_HTTP_OK,
		            json_pack("{s:s}", "status", "ok"));
}

/* Ready is who can read its spool and may write it. */
void health_ready(struct http_request *req)
{
	struct db *db = spool_db(req->service->spool);
	int64_t live = 0, held = 0;

	if (db_is_broken(db) || job_counts(db, &live, &held, NULL) < 0)
		http_refuse(req, MHD_HTTP_SERVICE_UNAVAILABLE,
		            "the spool cannot be used");
	else
		http_answer(req, MHD_HTTP_OK,
		            json_pack("{s:s}", "status", "ready"));
}

void health_openapi(struct http_request *req)
{
	http_answer_text(req, MHD_HTTP_OK, "application/json", http_openapi);
}
