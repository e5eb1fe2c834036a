/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/http/request.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <strings.h>

#include "base/mem.h"
#include "server/http/daemon.h"
#include "server/http/value.h"

/* Seconds in which who asked too often may ask again. */
#define RETRY_AFTER "1"

struct http_request *http_request_new(struct http_service *service,
                                      struct http_daemon *daemon,
                                      struct MHD_Connection *connection)
{
	struct http_request *req = xcalloc(1, sizeof *req);

	req->service = service;
	req->daemon = daemon;
	req->connection = connection;
	list_init(&req->link);
	return req;
}

void http_request_free(struct http_request *req)
{
	if (!req)
		return;
	list_remove(&req->link);
	if (req->answer)
		MHD_destroy_response(req->answer);
	buf_fini(&req->body);
	free(req);
}

const char *http_request_query(const struct http_request *req, const char *key)
{
	return MHD_lookup_connection_value(req->connection,
	                                   MHD_GET_ARGUMENT_KIND, key);
}

const char *http_request_bearer(const struct http_request *req)
{
	const char *value =
		MHD_lookup_connection_value(req->connection, MHD_HEADER_KIND,
	                                    MHD_HTTP_HEADER_AUTHORIZATION);

	if (!value || strncasecmp(value, "Bearer ", 7) != 0)
		return NULL;
	value += 7;
	while (*value == ' ')
		value++;
	return *value ? value : NULL;
}

json_t *http_request_object(struct http_request *req)
{
	json_error_t why;
	json_t *object;

	if (req->body.len == 0)
		return json_object();
	object = json_loadb(req->body.data, req->body.len,
	                    JSON_REJECT_DUPLICATES, &why);
	if (!object) {
		http_refuse(req, MHD_HTTP_BAD_REQUEST,
		            "the body is no JSON: %s (line %d)", why.text,
		            why.line);
		return NULL;
	}
	if (!json_is_object(object)) {
		json_decref(object);
		http_refuse(req, MHD_HTTP_BAD_REQUEST,
		            "the body is no JSON object");
		return NULL;
	}
	return object;
}

static bool parse_number(const char *text, int64_t *out)
{
	char *end;

	if (text[0] < '0' || text[0] > '9' || strlen(text) > 18)
		return false;
	*out = strtoll(text, &end, 10);
	return *end == '\0';
}

bool http_request_id(struct http_request *req, int64_t *id)
{
	if (parse_number(req->param, id))
		return true;
	http_refuse(req, MHD_HTTP_NOT_FOUND, "'%s' is no number", req->param);
	return false;
}

bool http_request_number(struct http_request *req, const char *key, int64_t min,
                         int64_t max, int64_t otherwise, int64_t *out)
{
	const char *text = http_request_query(req, key);
	int64_t n = otherwise;

	if (text && (!parse_number(text, &n) || n < min || n > max)) {
		http_refuse(req, MHD_HTTP_BAD_REQUEST,
		            "'%s' must be a number from %lld to %lld", key,
		            (long long)min, (long long)max);
		return false;
	}
	*out = n;
	return true;
}

bool http_request_claim(struct http_request *req)
{
	if (!req->is_abandoned)
		return true;
	http_request_free(req);
	return false;
}

static void answer(struct http_request *req, unsigned status, const char *type,
                   void *text, enum MHD_ResponseMemoryMode mode)
{
	assert(req->status == 0);
	req->status = status;
	req->answer = MHD_create_response_from_buffer(strlen(text), text, mode);
	if (!req->answer)
		abort();
	http_request_header(req, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	http_request_header(req, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	http_request_header(req, "X-Content-Type-Options", "nosniff");
	if (status == MHD_HTTP_UNAUTHORIZED)
		http_request_header(req, MHD_HTTP_HEADER_WWW_AUTHENTICATE,
		                    "Bearer realm=\"platen\"");
	if (status == MHD_HTTP_TOO_MANY_REQUESTS)
		http_request_header(req, MHD_HTTP_HEADER_RETRY_AFTER,
		                    RETRY_AFTER);
	http_daemon_answered(req->daemon, req);
}

void http_answer(struct http_request *req, unsigned status, json_t *body)
{
	char *text = json_dumps(body, JSON_COMPACT | JSON_PRESERVE_ORDER);

	if (!text)
		abort();
	json_decref(body);
	answer(req, status, "application/json", text, MHD_RESPMEM_MUST_FREE);
}

void http_answer_text(struct http_request *req, unsigned status,
                      const char *type, const char *text)
{
	answer(req, status, type, (void *)text, MHD_RESPMEM_PERSISTENT);
}

void http_refuse(struct http_request *req, unsigned status, const char *fmt,
                 ...)
{
	struct err err = {0};
	va_list ap;

	va_start(ap, fmt);
	err_vset(&err, -EINVAL, fmt, ap);
	va_end(ap);
	http_answer(req, status,
	            json_pack("{s:o}", "error", http_string(err.text)));
}

static unsigned status_of(int code)
{
	switch (-code) {
	case EINVAL: return MHD_HTTP_BAD_REQUEST;
	case EACCES: return MHD_HTTP_UNAUTHORIZED;
	case ENOENT: return MHD_HTTP_NOT_FOUND;
	case EEXIST:
	case EBUSY:
	case EALREADY: return MHD_HTTP_CONFLICT;
	case ENOTSUP: return MHD_HTTP_UNPROCESSABLE_CONTENT;
	case EAGAIN: return MHD_HTTP_TOO_MANY_REQUESTS;
	case EIO:
	case ECANCELED: return MHD_HTTP_SERVICE_UNAVAILABLE;
	case ENOSPC: return MHD_HTTP_INSUFFICIENT_STORAGE;
	case ETIMEDOUT:
	case ECONNREFUSED:
	case ECONNRESET:
	case EHOSTUNREACH:
	case ENETUNREACH:
	case EPROTO: return MHD_HTTP_BAD_GATEWAY; /* the printer's fault */
	default: return MHD_HTTP_INTERNAL_SERVER_ERROR;
	}
}

void http_refuse_err(struct http_request *req, int code, const struct err *err)
{
	http_refuse(req, status_of(code), "%s",
	            err && err->text[0] ? err->text : strerror(-code));
}

bool http_request_succeeded(struct http_request *req, int status,
                            const struct err *err)
{
	if (!http_request_claim(req))
		return false;
	if (status < 0)
		http_refuse_err(req, status, err);
	return status >= 0;
}

void http_answer_list(struct http_request *req, int status,
                      const struct err *err, const char *key, json_t *array)
{
	if (status < 0) {
		json_decref(array);
		http_refuse_err(req, status, err);
	} else {
		http_answer(req, MHD_HTTP_OK, json_pack("{s:o}", key, array));
	}
}

void http_request_header(struct http_request *req, const char *name,
                         const char *value)
{
	MHD_add_response_header(req->answer, name, value);
}
