/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "db/job_table.h"
#include "server/http/registration_body.h"
#include "spool/job.h"
#include "tests/unit/server/http_fixture.h"
#include "tests/unit/check_run.h"

#define REGISTRATIONS "/api/v1/registrations"

static void add_printer(const char *name)
{
	char *caps = (char *)"format=image/pwg-raster\nmedia=a4\nmedia=a5\n";

	temp_spool_add_printer(&http.temp, name, "iso_a4_210x297mm", caps);
}

static int64_t add_job(const char *subject)
{
	unsigned char key[72] = {1};
	struct job_new job = {.row = {.printer_id = 1,
	                              .state = "HELD",
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
	struct err err = {0};

	snprintf(job.row.printer_name, sizeof job.row.printer_name, "lobby");
	snprintf(job.row.sender, sizeof job.row.sender, "a@b.example");
	snprintf(job.row.address, sizeof job.row.address, "lobby");
	snprintf(job.row.subject, sizeof job.row.subject, "%s", subject);
	snprintf(job.row.kind.media, sizeof job.row.kind.media,
	         "iso_a4_210x297mm");
	ck_assert_msg(db_run(http.temp.spool.db, &accept.op, message_accept_run,
	                     &err) == 0,
	              "%s", err.text);
	return job.id;
}

START_TEST(test_a_printer_is_listed_and_shown)
{
	json_t *caps;

	add_printer("lobby");
	ck_assert_int_eq(http_ask_admin("GET", "/api/v1/printers", ""), 200);
	ck_assert_uint_eq(json_array_size(
				  json_object_get(http.json, "printers")),
	                  1);
	ck_assert_int_eq(http_ask_admin("GET", "/api/v1/printers/lobby", ""),
	                 200);
	ck_assert_str_eq(http_text("uri"), "ipp://p.example/lobby");
	ck_assert(json_is_null(json_object_get(http.json, "asked_at")));
	ck_assert(json_is_array(json_object_get(http.json, "trays")));
	caps = json_object_get(http.json, "capabilities");
	ck_assert_str_eq(json_string_value(json_object_get(caps, "media")),
	                 "a4, a5");
	ck_assert_int_eq(http_ask_admin("GET", "/api/v1/printers/attic", ""),
	                 404);
}
END_TEST

START_TEST(test_a_registration_lives_its_life)
{
	add_printer("lobby");
	ck_assert_int_eq(
		http_ask_admin(
			"POST", REGISTRATIONS,
			"{\"printer\":\"lobby\",\"from\":\"Ann@Example.ORG\",\"copies\":2,\"retention\":\"2d\"}"),
		201);
	ck_assert_str_eq(http_text("from"), "ann@example.org");
	ck_assert_str_eq(http_text("address"), "lobby");
	ck_assert_str_eq(http_text("mail_to"), "lobby@print.example");
	ck_assert_str_eq(http_text("copies"), "2");
	ck_assert_str_eq(http_text("retention"), "2d");
	ck_assert_int_eq(
		http_ask_admin(
			"POST", REGISTRATIONS,
			"{\"printer\":\"lobby\",\"from\":\"ann@example.org\"}"),
		409);
	ck_assert_int_eq(http_ask_admin("PATCH", REGISTRATIONS "/1",
	                                "{\"copies\":\"3\"}"),
	                 200);
	ck_assert_str_eq(http_text("copies"), "3");
	ck_assert_str_eq(http_text("retention"), "2d");
	ck_assert_int_eq(http_ask_admin("GET", REGISTRATIONS, ""), 200);
	ck_assert_uint_eq(json_array_size(
				  json_object_get(http.json, "registrations")),
	                  1);
	ck_assert_int_eq(http_ask_admin("DELETE", REGISTRATIONS "/1", ""), 200);
	ck_assert_int_eq(http_ask_admin("GET", REGISTRATIONS "/1", ""), 404);
}
END_TEST

START_TEST(test_bad_registrations_are_refused_with_a_sentence)
{
	static const struct {
		const char *body;
		int status;
	} bad[] = {
		{"{}", 400},
		{"{\"printer\":\"lobby\"}", 400},
		{"{\"printer\":7,\"from\":\"*\"}", 404},
		{"{\"printer\":\"attic\",\"from\":\"*\"}", 404},
		{"{\"printer\":\"lobby\",\"from\":\"nobody\"}", 400},
		{"{\"printer\":\"lobby\",\"from\":\"*\",\"copies\":0}", 400},
		{"{\"printer\":\"lobby\",\"from\":\"*\",\"copies\":1.5}", 400},
		{"{\"printer\":\"lobby\",\"from\":\"*\",\"mood\":\"x\"}", 400},
	};

	add_printer("lobby");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		int status = http_ask_admin("POST", REGISTRATIONS, bad[i].body);

		ck_assert_msg(status == bad[i].status, "%s: %s", bad[i].body,
		              http.answer);
		ck_assert_uint_gt(strlen(http_text("error")), 5);
	}
}
END_TEST

START_TEST(test_senders_are_stored_as_mail_is_compared)
{
	static const char *const good[][2] = {
		{"*", "*"},
		{"*@Example.ORG", "*@example.org"},
		{"Ann@Example.ORG", "ann@example.org"},
	};
	static const char *const bad[] = {"",   "**",      "ann",
	                                  "*@", "a b@c.d", "a@b\n"};
	char out[ADDRESS_MAX];
	struct err err = {0};

	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		ck_assert_int_eq(registration_body_sender(good[i][0], false,
		                                          out, &err),
		                 0);
		ck_assert_str_eq(out, good[i][1]);
	}
	ck_assert_int_eq(registration_body_sender("Ann@b.c", true, out, &err),
	                 0);
	ck_assert_str_eq(out, "Ann@b.c");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		ck_assert_int_eq(registration_body_sender(bad[i], false, out,
		                                          &err),
		                 -EINVAL);
	ck_assert_int_eq(registration_body_address("Lobby@print.example", false,
	                                           out, &err),
	                 0);
	ck_assert_str_eq(out, "lobby");
}
END_TEST

START_TEST(test_jobs_are_listed_page_by_page)
{
	json_t *jobs;

	add_printer("lobby");
	for (int i = 0; i < 5; i++)
		add_job("s");
	ck_assert_int_eq(http_ask_admin("GET",
	                                "/api/v1/jobs?limit=3&state=held", ""),
	                 200);
	jobs = json_object_get(http.json, "jobs");
	ck_assert_uint_eq(json_array_size(jobs), 3);
	ck_assert_int_eq(json_integer_value(json_object_get(http.json, "next")),
	                 3);
	ck_assert_int_eq(http_ask_admin("GET", "/api/v1/jobs?limit=3&after=3",
	                                ""),
	                 200);
	jobs = json_object_get(http.json, "jobs");
	ck_assert_uint_eq(json_array_size(jobs), 2);
	ck_assert(json_is_null(json_object_get(http.json, "next")));
	ck_assert_int_eq(http_ask_admin("GET", "/api/v1/jobs?state=printed",
	                                ""),
	                 200);
	ck_assert_uint_eq(json_array_size(json_object_get(http.json, "jobs")),
	                  0);
}
END_TEST

START_TEST(test_bad_questions_about_jobs_are_refused)
{
	static const struct {
		const char *path;
		int status;
	} bad[] = {
		{"/api/v1/jobs?state=lost", 400},
		{"/api/v1/jobs?limit=0", 400},
		{"/api/v1/jobs?limit=1001", 400},
		{"/api/v1/jobs?after=-1", 400},
		{"/api/v1/jobs?after=99999999999999999999", 400},
		{"/api/v1/jobs?printer=attic", 404},
		{"/api/v1/jobs/1", 404},
		{"/api/v1/jobs/one", 404},
		{"/api/v1/jobs/99999999999999999999", 404},
		{"/api/v1/jobs/1?wait=301", 400},
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		ck_assert_msg(http_ask_admin("GET", bad[i].path, "") ==
		                      bad[i].status,
		              "%s: %s", bad[i].path, http.answer);
}
END_TEST

START_TEST(test_a_subject_that_is_no_utf8_can_be_shown)
{
	add_printer("lobby");
	add_job("caf\xe9");
	ck_assert_int_eq(http_ask_admin("GET", "/api/v1/jobs/1", ""), 200);
	ck_assert_str_eq(http_text("subject"), "caf?");
}
END_TEST

static void start_waiting(struct client *c)
{
	client_connect_unix(c, &http.temp.loop, http.socket);
	http_send(c, "GET", "/api/v1/jobs/1?wait=300", NULL, "");
	/* answered on the same loop, hence after the first one was read */
	ck_assert_int_eq(http_ask_admin("GET", "/api/v1/jobs/1", ""), 200);
	ck_assert_uint_eq(c->heard.len, 0);
}

START_TEST(test_who_waits_is_told_when_the_job_is_over)
{
	struct client c;

	add_printer("lobby");
	add_job("s");
	start_waiting(&c);
	ck_assert_int_eq(http_ask_admin("POST", "/api/v1/jobs/1/cancel", ""),
	                 200);
	ck_assert_str_eq(http_text("state"), "CANCELLED");
	ck_assert_int_eq(http_receive(&c), 200);
	ck_assert_str_eq(http_text("state"), "CANCELLED");
	ck_assert_int_eq(http_ask_admin("POST", "/api/v1/jobs/1/cancel", ""),
	                 409);
}
END_TEST

START_TEST(test_pages_of_a_retry_are_looked_at_before_anything_happens)
{
	static const char *const bad[] = {
		"{\"pages\":3}",    "{\"pages\":null}",
		"{\"pages\":[1]}",  "[]",
		"{\"pages\":\"\"}", "{\"pages\":\"0-1\"}",
	};

	add_printer("lobby");
	add_job("s");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		ck_assert_int_eq(http_ask_admin("POST", "/api/v1/jobs/1/retry",
		                                bad[i]),
		                 400);
	ck_assert_int_eq(http_ask_admin("GET", "/api/v1/jobs/1", ""), 200);
	ck_assert_str_eq(http_text("state"), "HELD");
	ck_assert_str_eq(http_text("only_pages"), "");
}
END_TEST

START_TEST(test_who_waits_is_told_when_the_server_stops)
{
	struct client c;

	add_printer("lobby");
	add_job("s");
	start_waiting(&c);
	http_close();
	ck_assert_int_eq(http_receive(&c), 200);
	ck_assert_str_eq(http_text("state"), "HELD");
}
END_TEST

START_TEST(test_an_operation_may_end_after_the_listener_is_gone)
{
	struct client c;
	char caps[] = "";

	temp_spool_add_printer(&http.temp, "lobby", "iso_a4_210x297mm", caps);
	client_connect_unix(&c, &http.temp.loop, http.socket);
	http_send(&c, "POST", REGISTRATIONS, NULL,
	          "{\"printer\":\"lobby\",\"from\":\"*\"}");
	while (db_backlog(http.temp.spool.db) == 0 && c.heard.len == 0)
		uv_run(&http.temp.loop, UV_RUN_ONCE);
	http_close();
	client_expect(&c, "HTTP/1.1 ");
	client_expect_eof(&c);
	client_close(&c);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("http_api");
	TCase *tc = tcase_create("all");

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, http_setup, http_teardown);
	tcase_add_test(tc, test_a_printer_is_listed_and_shown);
	tcase_add_test(tc, test_a_registration_lives_its_life);
	tcase_add_test(tc, test_bad_registrations_are_refused_with_a_sentence);
	tcase_add_test(tc, test_senders_are_stored_as_mail_is_compared);
	tcase_add_test(tc, test_jobs_are_listed_page_by_page);
	tcase_add_test(tc, test_bad_questions_about_jobs_are_refused);
	tcase_add_test(tc, test_a_subject_that_is_no_utf8_can_be_shown);
	tcase_add_test(tc, test_who_waits_is_told_when_the_job_is_over);
	tcase_add_test(
		tc,
		test_pages_of_a_retry_are_looked_at_before_anything_happens);
	tcase_add_test(tc, test_who_waits_is_told_when_the_server_stops);
	tcase_add_test(tc,
	               test_an_operation_may_end_after_the_listener_is_gone);
	return check_run(s);
}
