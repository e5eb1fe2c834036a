/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_HTTP_ROUTE_H
#define SERVER_HTTP_ROUTE_H

#include <stddef.h>

#include "server/http/request.h"

/*
 * Everything that can be asked, in one table. Who may ask is an argument of
 * each row: a route without it does not compile.
 */
enum http_auth {
	AUTH_ADMIN_SOCKET = 1, /* root or our own user, on the admin socket */
	AUTH_PRINTER_TOKEN,    /* Authorization: Bearer, checked by the spool */
	AUTH_NONE,             /* anybody who can connect */
};

typedef void http_handler(struct http_request *req);

struct http_route {
	const char *method;
	const char *pattern; /* one {name} at most; it stands for no '/' */
	enum http_auth auth;
	http_handler *handle;
};

extern const struct http_route http_routes[];
extern const size_t http_n_routes;

/*
 * Set req->route and req->param, or refuse: 404 unknown, 405 with Allow, 403
 * not on the admin socket or not by this user, 401 without a token.
 */
void http_route_find(struct http_request *req, const char *method,
                     const char *path);

/* api_health.c */
http_handler health_live, health_ready, health_openapi;
/* api_announce.c */
http_handler announce_take;
/* api_printer.c */
http_handler api_printer_list, api_printer_add, api_printer_show,
	api_printer_remove, api_printer_check, api_printer_trust,
	api_printer_forget, api_printer_token;
/* api_picture.c */
http_handler api_picture_list, api_picture_forget;
/* api_registration.c */
http_handler api_registration_list, api_registration_add, api_registration_show,
	api_registration_set, api_registration_remove;
/* api_job.c; the last one for job_waits.h */
http_handler api_job_list, api_job_show, api_job_cancel, api_job_release,
	api_job_retry;
void api_job_answer(struct http_request *req, int64_t job_id);

#endif
