/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>

#include "base/mem.h"
#include "db/job_table.h"
#include "db/printer_table.h"
#include "server/http/daemon.h"
#include "server/http/job_waits.h"
#include "server/http/route.h"
#include "server/http/socket.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/fuzz/fuzz_mhd.h"
#include "tests/fuzz/fuzz_spool.h"

/*
 * Anything that can be asked over HTTP, from the head of the request to the
 * text of its answer, over a database with a few rows. Each question has one
 * answer, which is JSON; who is no administrator hears nothing of what is for
 * him; and what a registration is made of can be said again in its own words.
 *
 * Input: a byte of options, one that chooses the route, a line for what stands
 * for {...} in its path (or for all of the path), a byte that chooses what the
 * spool says; lines for the query and the Authorization; then the body, or a
 * line for each of its members: "key=value". What is empty is chosen well.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	OPTION_TCP = 1,      /* not asked over the admin socket */
	OPTION_STRANGER = 2, /* by nobody who may */
	OPTION_LOCAL_CASE = 4,
	OPTION_CONSTANT = 8,
	OPTION_CLOSES = 16, /* the listener, while the spool is at work */
	OPTION_RAW = 32,    /* the body is as it is */
	OPTION_NO_TOKEN = 64,
	OPTION_BARE = 128, /* the body has only the members that are named */
};

static uint8_t choice;

/* ---- in place of the daemon and its socket ------------------------------- */

bool http_daemon_is_admin(const struct http_daemon *daemon)
{
	return !(choice & OPTION_TCP);
}

bool http_socket_is_admin(int fd)
{
	return !(choice & OPTION_STRANGER);
}

void http_daemon_answered(struct http_daemon *daemon, struct http_request *req)
{
	assert(req->status >= 200 && req->status < 600);
}

/* ---- a database ---------------------------------------------------------- */

static void add_printer(void)
{
	struct printer_add add = {.row = {.name = "lobby",
	                                  .uri = "ipp://p.example/lobby",
	                                  .format = "image/pwg-raster",
	                                  .verdict = "unknown",
	                                  .media_default = "iso_a4_210x297mm",
	                                  .added_at = 1}};

	add.row.capabilities = (char[]){"media=a4\nmedia=a5\nx=\xff\ny"};
	assert(db_run(db, &add.op, printer_add_run, NULL) == 0);
}

static void add_registration(void)
{
	struct registration_add add = {0};

	registration_init(&add.row);
	add.row.printer_id = 1;
	snprintf(add.row.sender, sizeof add.row.sender, "a@b.example");
	snprintf(add.row.address, sizeof add.row.address, "lobby");
	assert(db_run(db, &add.op, registration_add_run, NULL) == 0);
}

static void add_job(void)
{
	unsigned char key[72] = {1};
	struct job_new job = {.row = {.printer_id = 1,
	                              .printer_name = "lobby",
	                              .state = "HELD",
	                              .sender = "a@b.example",
	                              .address = "lobby",
	                              .subject = "\xe4 job",
	                              .remarks = "one\ntwo",
	                              .kind = {.media = "iso_a4_210x297mm"},
	                              .received_at = 1,
	                              .state_at = 1,
	                              .recovery_wait_s = 60,
	                              .expires_at = 4000000000,
	                              .impressions = -1}};
	struct message_accept accept = {.received_at = 1,
	                                .content = "x",
	                                .content_len = 1,
	                                .key = key,
	                                .key_len = sizeof key,
	                                .jobs = &job,
	                                .n_jobs = 1};

	assert(db_run(db, &accept.op, message_accept_run, NULL) == 0);
}

/* Its files are gone as soon as they are open. */
static void open_database(uv_loop_t *loop)
{
	static const char *const files[] = {"s.db", "s.db-wal", "s.db-shm",
	                                    "s.db-reserve", "lock"};
	char folder[] = "/tmp/platen-fuzz-XXXXXX";
	char *path CLEANUP(xfree) =
		mkdtemp(folder) ? xasprintf("%s/s.db", folder) : NULL;
	int64_t live, held;

	assert(path && db_open(loop, path, NULL, NULL, &db, NULL) == 0);
	add_printer();
	add_registration();
	add_job();
	assert(job_counts(db, &live, &held, NULL) == 0 && live == 1);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		char *file CLEANUP(xfree) =
			xasprintf("%s/%s", folder, files[i]);

		unlink(file);
	}
	assert(rmdir(folder) == 0);
}

/* ---- one question -------------------------------------------------------- */

/* A value that is no JSON is a string. */
static void add_member(json_t *object, const char *line)
{
	char *key CLEANUP(xfree) = xstrndup(line, strcspn(line, "="));
	const char *text = line + strlen(key) + (strchr(line, '=') != NULL);
	json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);

	json_object_set_new(object, key, value ? value : json_string(text));
}

static void take_body(struct input *in, struct buf *body)
{
	json_t *object;
	char *text;

	if (choice & OPTION_RAW) {
		buf_append(body, in->data, in->len);
		return;
	}
	object = choice & OPTION_BARE ? json_object()
	                              : json_pack("{s:s, s:s}", "printer",
	                                          "lobby", "from", "*");
	while (in->len > 0) {
		char *line CLEANUP(xfree) = take_text(in);

		add_member(object, line);
	}
	text = json_dumps(object, 0);
	buf_puts(body, text);
	free(text);
	json_decref(object);
}

/* The caller's; *method is of the table. */
static char *take_path(struct input *in, const char **method)
{
	size_t i = take(in);
	const struct http_route *route = &http_routes[i % http_n_routes];
	size_t head = strcspn(route->pattern, "{");
	char *text = take_text(in), *path;

	*method = route->method;
	if (i >= 2 * http_n_routes)
		return text;
	if (route->pattern[head])
		path = xasprintf("%.*s%s%s", (int)head, route->pattern,
		                 text[0]                            ? text
		                 : strstr(route->pattern, "{name}") ? "lobby"
		                                                    : "1",
		                 strchr(route->pattern, '}') + 1);
	else
		path = xstrdup(route->pattern);
	free(text);
	return path;
}

static void check_answer(const struct http_request *req)
{
	json_t *object = json_loads(req->answer->text, 0, NULL);
	const char *error = json_string_value(json_object_get(object, "error"));

	assert(json_is_object(object));
	assert(req->status < 400 || (error && error[0]));
	json_decref(object);
	if (req->route && req->route->auth == AUTH_ADMIN_SOCKET &&
	    choice & (OPTION_TCP | OPTION_STRANGER))
		assert(req->status == MHD_HTTP_FORBIDDEN);
}

/* As daemon.c does. It is gone when the listener closes meanwhile. */
static struct http_request *handle(struct http_request *req, uint8_t how)
{
	req->route->handle(req);
	if (asked.arg && choice & OPTION_CLOSES) {
		http_refuse(req, MHD_HTTP_SERVICE_UNAVAILABLE,
		            "the server is stopping");
		check_answer(req);
		req->is_abandoned = true;
		req->connection = NULL;
		req = NULL;
	}
	if (asked.arg)
		spool_tells(how);
	return req;
}

static void on_closed(void *arg)
{
	++*(int *)arg;
}

static void close_waits(struct job_waits *waits, uv_loop_t *loop)
{
	int n_closed = 0;

	job_waits_close(waits, on_closed, &n_closed);
	uv_run(loop, UV_RUN_DEFAULT);
	assert(n_closed == 1 && uv_loop_close(loop) == 0);
}

static void ask_one(struct http_service *service,
                    struct MHD_Connection *connection, struct input *in,
                    uv_loop_t *loop)
{
	struct http_request *req = http_request_new(service, NULL, connection);
	const char *method;
	char *path CLEANUP(xfree) = take_path(in, &method);
	char *token CLEANUP(xfree) = NULL;
	uint8_t how = take(in);

	connection_set_query(connection, take_text(in));
	token = take_text(in);
	if (!(choice & OPTION_NO_TOKEN))
		connection->authorization = token[0] ? token : "Bearer x";
	take_body(in, &req->body);
	http_route_find(req, method, path);
	if (req->status == 0)
		req = handle(req, how);
	close_waits(service->waits, loop);
	if (req)
		check_answer(req);
	http_request_free(req);
	free(connection->query);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uv_loop_t db_loop;
	struct input in = {data, size};
	struct MHD_Connection connection = {0};
	struct http_service service = {.domain = (char[]){"print.example"}};
	uv_loop_t loop;

	if (!db) {
		uv_loop_init(&db_loop);
		open_database(&db_loop);
	}
	memset(&asked, 0, sizeof asked);
	choice = take(&in);
	service.keeps_local_case = choice & OPTION_LOCAL_CASE;
	service.constant_address =
		choice & OPTION_CONSTANT ? (char[]){"print"} : (char[]){""};
	uv_loop_init(&loop);
	service.waits = job_waits_new(&loop, NULL, api_job_answer);
	ask_one(&service, &connection, &in, &loop);
	return 0;
}
