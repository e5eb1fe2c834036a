/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>
#include <sys/stat.h>

#include "server/http/openapi.h"
#include "server/http/route.h"
#include "server/http/socket.h"
#include "tests/unit/server/http_fixture.h"
#include "tests/unit/check_run.h"

/* The pattern with "1" for what stands in braces. */
static const char *path_of(const struct http_route *route)
{
	static char path[256];
	const char *open = strchr(route->pattern, '{');

	if (!open)
		return route->pattern;
	snprintf(path, sizeof path, "%.*s1%s", (int)(open - route->pattern),
	         route->pattern, strchr(open, '}') + 1);
	return path;
}

START_TEST(test_strangers_get_nothing_from_any_route)
{
	const struct http_route *route = &http_routes[_i];
	int status = http_ask_tcp(route->method, path_of(route), NULL, "");

	switch (route->auth) {
	case AUTH_ADMIN_SOCKET: ck_assert_int_eq(status, 403); break;
	case AUTH_PRINTER_TOKEN: ck_assert_int_eq(status, 401); break;
	case AUTH_NONE: ck_assert_int_eq(status, 200); return;
	}
	ck_assert_uint_eq(json_object_size(http.json), 1);
	http_text("error");
	/* a token is no way to the admin's routes, nor is a made-up one */
	status = http_ask_tcp(route->method, path_of(route), "1.x", "{}");
	ck_assert_int_eq(status, route->auth == AUTH_ADMIN_SOCKET ? 403 : 401);
}
END_TEST

START_TEST(test_no_other_method_opens_a_route)
{
	static const char *const methods[] = {"GET",    "HEAD",  "POST",
	                                      "PUT",    "PATCH", "DELETE",
	                                      "OPTIONS"};
	const struct http_route *route = &http_routes[_i];

	if (route->auth == AUTH_NONE)
		return;
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		int status = http_ask_tcp(methods[i], path_of(route), NULL, "");

		ck_assert_msg(status == 401 || status == 403 || status == 405,
		              "%s %s: %d", methods[i], route->pattern, status);
		if (status == 405)
			ck_assert_ptr_nonnull(strstr(http.answer, "\nAllow: "));
	}
}
END_TEST

START_TEST(test_paths_are_matched_whole)
{
	static const char *const paths[] = {
		"/",
		"/healthz/",
		"//healthz",
		"/healthzz",
		"/printers//announce",
		"/printers/a/b/announce",
		"/printers/a/announce/",
		"/api/v1",
		"/api/v1/printers/",
		"/api/v1/jobs/1/",
		"/api/v1/../../healthz",
	};

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		ck_assert_msg(http_ask_tcp("GET", paths[i], NULL, "") == 404,
		              "%s", paths[i]);
		ck_assert_msg(http_ask_admin("GET", paths[i], "") == 404, "%s",
		              paths[i]);
	}
}
END_TEST

START_TEST(test_our_own_user_may_ask_on_the_admin_socket)
{
	const struct http_route *route = &http_routes[_i];
	int status;

	if (route->auth != AUTH_ADMIN_SOCKET)
		return;
	status = http_ask_admin(route->method, path_of(route), "{}");
	ck_assert_msg(status == 200 || status == 400 || status == 404,
	              "%s %s: %s", route->method, route->pattern, http.answer);
}
END_TEST

/* Takes two users, so only root sees it. */
START_TEST(test_another_user_may_not_ask_on_the_admin_socket)
{
	struct client c;

	if (geteuid() != 0)
		return;
	ck_assert_int_eq(chmod(http.folder, 0755), 0);
	ck_assert_int_eq(chmod(http.socket, 0666), 0);
	ck_assert_int_eq(seteuid(65534), 0);
	client_connect_unix(&c, &http.temp.loop, http.socket);
	ck_assert_int_eq(seteuid(0), 0);
	http_send(&c, "GET", "/api/v1/jobs", NULL, "");
	ck_assert_int_eq(http_receive(&c), 403);
}
END_TEST

START_TEST(test_the_admin_socket_is_closed_to_others)
{
	struct err err = {0};
	struct stat st;

	ck_assert_int_eq(stat(http.socket, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0660);
	ck_assert_int_eq(http_socket_unix(http.socket, &err), -EADDRINUSE);
	ck_assert_int_eq(http_ask_admin("GET", "/healthz", ""), 200);
}
END_TEST

START_TEST(test_ports_are_chosen_and_told)
{
	ck_assert_int_gt(http_listener_port(http.listener, 0), 0);
	ck_assert_int_gt(http_listener_port(http.listener, 1), 0);
	ck_assert_int_eq(http_listener_port(http.listener, 2), -EINVAL);
}
END_TEST

START_TEST(test_an_address_that_is_taken_is_named)
{
	char address[32];
	const char *const addresses[] = {"127.0.0.1:0", address};
	struct http_listener_options options = {.addresses = addresses, .n = 2};
	struct http_listener *second = NULL;
	struct err err = {0};

	snprintf(address, sizeof address, "127.0.0.1:%d",
	         http_listener_port(http.listener, 0));
	ck_assert_int_eq(http_listener_start(&http.temp.loop, &options,
	                                     &http.temp.spool, &second, &err),
	                 -EADDRINUSE);
	ck_assert_ptr_nonnull(strstr(err.text, address));
	ck_assert_ptr_null(second);
}
END_TEST

START_TEST(test_unknown_printer_and_wrong_token_look_the_same)
{
	char first[sizeof http.answer];
	char *none = (char *)"";

	temp_spool_add_printer(&http.temp, "lobby", "iso_a4_210x297mm", none);
	ck_assert_int_eq(http_ask_tcp("POST", "/printers/lobby/announce",
	                              "lobby.x", "{}"),
	                 401);
	snprintf(first, sizeof first, "%s", strstr(http.answer, "\r\n\r\n"));
	ck_assert_ptr_nonnull(strstr(http.answer, "WWW-Authenticate: Bearer"));
	ck_assert_int_eq(http_ask_tcp("POST", "/printers/attic/announce",
	                              "attic.x", "{}"),
	                 401);
	ck_assert_str_eq(strstr(http.answer, "\r\n\r\n"), first);
	ck_assert_int_eq(http_ask_tcp("POST", "/printers/lobby/announce", NULL,
	                              "{}"),
	                 401);
	ck_assert_str_eq(strstr(http.answer, "\r\n\r\n"), first);
}
END_TEST

START_TEST(test_bad_json_is_answered_with_a_sentence)
{
	static const char *const bodies[] = {
		"{", "[]", "7", "{\"event\":1}", "{\"a\":1,\"a\":1}", "\xff",
	};

	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		ck_assert_int_eq(http_ask_tcp("POST",
		                              "/printers/lobby/announce",
		                              "lobby.x", bodies[i]),
		                 400);
		ck_assert_uint_gt(strlen(http_text("error")), 10);
	}
}
END_TEST

START_TEST(test_a_body_that_says_it_is_large_is_refused_unread)
{
	struct client c;

	client_connect(&c, &http.temp.loop, "127.0.0.1",
	               http_listener_port(http.listener, 0));
	client_send(&c, "POST /printers/a/announce HTTP/1.1\r\nHost: x\r\n"
	                "Authorization: Bearer a.b\r\n"
	                "Content-Length: 65537\r\n\r\n");
	client_expect(&c, "HTTP/1.1 413 ");
	client_expect_eof(&c);
	client_close(&c);
}
END_TEST

START_TEST(test_a_body_that_hides_its_size_is_cut)
{
	char chunk[4096 + 16];
	struct client c;

	snprintf(chunk, sizeof chunk, "1000\r\n%04096d\r\n", 0);
	client_connect(&c, &http.temp.loop, "127.0.0.1",
	               http_listener_port(http.listener, 0));
	client_send(&c, "POST /printers/a/announce HTTP/1.1\r\nHost: x\r\n"
	                "Authorization: Bearer a.b\r\n"
	                "Transfer-Encoding: chunked\r\n\r\n");
	for (int i = 0; i < 17; i++)
		client_send(&c, chunk);
	while (!c.saw_eof && !c.was_reset)
		uv_run(&http.temp.loop, UV_RUN_ONCE);
	ck_assert_ptr_null(strstr(buf_str(&c.heard), "HTTP/1.1 2"));
	client_close(&c);
}
END_TEST

/* ---- openapi.json -------------------------------------------------------- */

static const char *scheme_of(enum http_auth auth)
{
	switch (auth) {
	case AUTH_ADMIN_SOCKET: return "adminSocket";
	case AUTH_PRINTER_TOKEN: return "printerToken";
	case AUTH_NONE: return NULL;
	}
	abort();
}

static json_t *described(json_t *paths, const struct http_route *route)
{
	char method[16] = "";

	for (size_t i = 0; route->method[i]; i++)
		method[i] = (char)(route->method[i] | 0x20);
	return json_object_get(json_object_get(paths, route->pattern), method);
}

START_TEST(test_openapi_describes_the_table_and_nothing_else)
{
	json_t *document = json_loads(http_openapi, 0, NULL);
	json_t *paths = json_object_get(document, "paths");
	size_t n = 0;
	const char *path;
	json_t *methods;

	for (size_t i = 0; i < http_n_routes; i++) {
		const char *scheme = scheme_of(http_routes[i].auth);
		json_t *operation = described(paths, &http_routes[i]);
		json_t *security = json_object_get(operation, "security");

		ck_assert_msg(operation != NULL, "%s %s is not described",
		              http_routes[i].method, http_routes[i].pattern);
		ck_assert_uint_eq(json_array_size(security), scheme ? 1 : 0);
		if (scheme)
			ck_assert_ptr_nonnull(
				json_object_get(json_array_get(security, 0),
			                        scheme));
	}
	json_object_foreach(paths, path, methods) n +=
		json_object_size(methods);
	ck_assert_uint_eq(n, http_n_routes);
	json_decref(document);
}
END_TEST

START_TEST(test_openapi_is_served)
{
	ck_assert_int_eq(http_ask_admin("GET", "/api/v1/openapi.json", ""),
	                 200);
	ck_assert_str_eq(http_text("openapi"), "3.0.3");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("http_routes");
	TCase *tc = tcase_create("all");
	int n = (int)http_n_routes;

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, http_setup, http_teardown);
	tcase_add_loop_test(tc, test_strangers_get_nothing_from_any_route, 0,
	                    n);
	tcase_add_loop_test(tc, test_no_other_method_opens_a_route, 0, n);
	tcase_add_test(tc, test_paths_are_matched_whole);
	tcase_add_loop_test(tc, test_our_own_user_may_ask_on_the_admin_socket,
	                    0, n);
	tcase_add_test(tc, test_another_user_may_not_ask_on_the_admin_socket);
	tcase_add_test(tc, test_the_admin_socket_is_closed_to_others);
	tcase_add_test(tc, test_ports_are_chosen_and_told);
	tcase_add_test(tc, test_an_address_that_is_taken_is_named);
	tcase_add_test(tc, test_unknown_printer_and_wrong_token_look_the_same);
	tcase_add_test(tc, test_bad_json_is_answered_with_a_sentence);
	tcase_add_test(tc, test_a_body_that_says_it_is_large_is_refused_unread);
	tcase_add_test(tc, test_a_body_that_hides_its_size_is_cut);
	tcase_add_test(tc, test_openapi_describes_the_table_and_nothing_else);
	tcase_add_test(tc, test_openapi_is_served);
	return check_run(s);
}
