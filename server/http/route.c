/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/http/route.h"

#include "base/mem.h"
#include "server/http/daemon.h"
#include "server/http/socket.h"

#define API "/api/v1"
#define ROUTE(method, pattern, auth, function)                                 \
	{                                                                      \
		method, pattern, auth, function                                \
	}

/* clang-format off */
const struct http_route http_routes[] = {
	ROUTE("GET",    "/healthz",                  AUTH_NONE,          health_live),
	ROUTE("GET",    "/readyz",                   AUTH_NONE,          health_ready),
	ROUTE("POST",   "/printers/{name}/announce", AUTH_PRINTER_TOKEN, announce_take),
	ROUTE("GET",    API "/openapi.json",         AUTH_ADMIN_SOCKET,  health_openapi),
	ROUTE("GET",    API "/printers",             AUTH_ADMIN_SOCKET,  api_printer_list),
	ROUTE("POST",   API "/printers",             AUTH_ADMIN_SOCKET,  api_printer_add),
	ROUTE("GET",    API "/printers/{name}",      AUTH_ADMIN_SOCKET,  api_printer_show),
	ROUTE("DELETE", API "/printers/{name}",      AUTH_ADMIN_SOCKET,  api_printer_remove),
	ROUTE("POST",   API "/printers/{name}/check", AUTH_ADMIN_SOCKET, api_printer_check),
	ROUTE("POST",   API "/printers/{name}/trust", AUTH_ADMIN_SOCKET, api_printer_trust),
	ROUTE("POST",   API "/printers/{name}/forget", AUTH_ADMIN_SOCKET, api_printer_forget),
	ROUTE("POST",   API "/printers/{name}/token", AUTH_ADMIN_SOCKET, api_printer_token),
	ROUTE("GET",    API "/registrations",        AUTH_ADMIN_SOCKET,  api_registration_list),
	ROUTE("POST",   API "/registrations",        AUTH_ADMIN_SOCKET,  api_registration_add),
	ROUTE("GET",    API "/registrations/{id}",   AUTH_ADMIN_SOCKET,  api_registration_show),
	ROUTE("PATCH",  API "/registrations/{id}",   AUTH_ADMIN_SOCKET,  api_registration_set),
	ROUTE("DELETE", API "/registrations/{id}",   AUTH_ADMIN_SOCKET,  api_registration_remove),
	ROUTE("GET",    API "/pictures",             AUTH_ADMIN_SOCKET,  api_picture_list),
	ROUTE("DELETE", API "/pictures/{hash}",      AUTH_ADMIN_SOCKET,  api_picture_forget),
	ROUTE("GET",    API "/jobs",                 AUTH_ADMIN_SOCKET,  api_job_list),
	ROUTE("GET",    API "/jobs/{id}",            AUTH_ADMIN_SOCKET,  api_job_show),
	ROUTE("POST",   API "/jobs/{id}/cancel",     AUTH_ADMIN_SOCKET,  api_job_cancel),
	ROUTE("POST",   API "/jobs/{id}/release",    AUTH_ADMIN_SOCKET,  api_job_release),
	ROUTE("POST",   API "/jobs/{id}/retry",      AUTH_ADMIN_SOCKET,  api_job_retry),
};
/* clang-format on */
const size_t http_n_routes = ARRAY_LEN(http_routes);

/* Whether path is of the pattern; param is set then. */
static bool matches(const char *pattern, const char *path,
                    char param[HTTP_PARAM_MAX])
{
	size_t head = strcspn(pattern, "{"), n;

	if (strncmp(pattern, path, head) != 0)
		return false;
	if (pattern[head] == '\0')
		return path[head] == '\0';
	n = strcspn(path + head, "/");
	if (n == 0 || n >= HTTP_PARAM_MAX ||
	    strcmp(strchr(pattern, '}') + 1, path + head + n) != 0)
		return false;
	memcpy(param, path + head, n);
	param[n] = '\0';
	return true;
}

/* HEAD is GET whose body libmicrohttpd leaves out. */
static bool is_method(const struct http_route *route, const char *method)
{
	return strcmp(route->method, method) == 0 ||
	       (strcmp(route->method, "GET") == 0 &&
	        strcmp(method, "HEAD") == 0);
}

static bool is_admin(const struct http_request *req)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(req->connection,
	                                MHD_CONNECTION_INFO_CONNECTION_FD);

	return http_socket_is_admin(info->connect_fd);
}

static void authorise(struct http_request *req)
{
	switch (req->route->auth) {
	case AUTH_NONE: return;
	case AUTH_PRINTER_TOKEN:
		if (!http_request_bearer(req))
			http_refuse(req, MHD_HTTP_UNAUTHORIZED,
			            "the printer's token is missing or wrong");
		return;
	case AUTH_ADMIN_SOCKET:
		if (!http_daemon_is_admin(req->daemon))
			http_refuse(req, MHD_HTTP_FORBIDDEN,
			            "this is offered on the admin socket only");
		else if (!is_admin(req))
			http_refuse(
				req, MHD_HTTP_FORBIDDEN,
				"only root and the server's own user may ask here");
		return;
	}
	abort();
}

static void refuse_method(struct http_request *req, const char *allowed)
{
	http_refuse(req, MHD_HTTP_METHOD_NOT_ALLOWED, "use %s", allowed);
	http_request_header(req, MHD_HTTP_HEADER_ALLOW, allowed);
}

void http_route_find(struct http_request *req, const char *method,
                     const char *path)
{
	struct buf allowed CLEANUP(buf_fini) = {0};

	for (size_t i = 0; i < http_n_routes; i++) {
		const struct http_route *route = &http_routes[i];

		if (!matches(route->pattern, path, req->param))
			continue;
		if (is_method(route, method)) {
			req->route = route;
			authorise(req);
			return;
		}
		buf_printf(&allowed, "%s%s", allowed.len ? ", " : "",
		           route->method);
	}
	if (allowed.len)
		refuse_method(req, buf_str(&allowed));
	else
		http_refuse(req, MHD_HTTP_NOT_FOUND, "there is no such page");
}
