/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "fake_printer.h"

#include <errno.h>

#include "base/clock.h"
#include "printers/query.h"
#include "tests/unit/check_run.h"

struct asked {
	struct fake_printer fake;
	struct printer_query *query;
	int n_answers;
	int status;
	struct printer_status st;
	struct err err;
	int code; /* of the fake's answer; -1 silent, -2 a strange one */
	int n_attributes; /* that were asked for */
	int n_wanted;     /* queries still to come */
	bool cancels;
};

static ipp_t *answer(struct fake_printer *fake, ipp_t *request, size_t len)
{
	struct asked *a = fake->test;
	ipp_t *ipp;

	a->n_attributes = ipp_count(
		ipp_find(request, IPP_TAG_OPERATION, "requested-attributes"));
	if (a->code == -1)
		return NULL;
	ipp = fake_answer(a->code == -2 ? 0 : a->code);
	if (a->code == 0)
		ippAddInteger(ipp, IPP_TAG_PRINTER, IPP_TAG_ENUM,
		              "printer-state", 3);
	return ipp;
}

static void ask(struct asked *a, unsigned timeout_ms, bool with_caps);

static void on_status(int status, const struct printer_status *st,
                      const char *pin_seen, const struct err *err, void *arg)
{
	struct asked *a = arg;

	a->n_answers++;
	a->status = status;
	a->st = *st;
	if (err)
		a->err = *err;
	ck_assert_str_eq(pin_seen, "");
	ck_assert(!err == (status == 0));
	if (a->n_answers < a->n_wanted)
		ask(a, 2000, false);
	else
		fake_printer_stop(&a->fake);
}

static void ask(struct asked *a, unsigned timeout_ms, bool with_caps)
{
	struct printer_target target = {.uri = a->fake.uri};
	int before = a->n_answers;

	ck_assert_int_eq(printer_query_start(a->fake.transport, &target,
	                                     timeout_ms, with_caps, &a->query,
	                                     on_status, a, NULL),
	                 0);
	ck_assert_int_eq(a->n_answers, before);
}

static void open_asked(struct asked *a)
{
	*a = (struct asked){.n_wanted = 1};
	fake_printer_open(&a->fake);
	a->fake.answer = answer;
	a->fake.test = a;
}

static void run_asked(struct asked *a)
{
	fake_printer_run(&a->fake);
	ck_assert_int_eq(a->n_answers, a->n_wanted);
}

START_TEST(test_printer_tells_its_state)
{
	struct asked a;

	open_asked(&a);
	ask(&a, 2000, false);
	run_asked(&a);
	ck_assert_int_eq(a.status, 0);
	ck_assert(a.st.reachable);
	ck_assert_int_eq(a.st.state, PRINTER_STATE_IDLE);
}
END_TEST

START_TEST(test_capabilities_are_asked_for_only_when_wanted)
{
	struct asked a, b;

	open_asked(&a);
	ask(&a, 2000, false);
	run_asked(&a);
	open_asked(&b);
	ask(&b, 2000, true);
	run_asked(&b);
	ck_assert_int_gt(a.n_attributes, 0);
	ck_assert_int_gt(b.n_attributes, a.n_attributes);
}
END_TEST

START_TEST(test_many_questions_share_a_transport)
{
	struct asked a;

	open_asked(&a);
	a.n_wanted = 50;
	ask(&a, 2000, false);
	run_asked(&a);
	ck_assert_int_eq(a.fake.n_requests, 50);
}
END_TEST

START_TEST(test_silent_printer_is_off_in_time)
{
	struct asked a;
	int64_t began = clock_mono_ms();

	open_asked(&a);
	a.code = -1;
	ask(&a, 50, false);
	run_asked(&a);
	ck_assert_int_eq(a.status, -ETIMEDOUT);
	ck_assert(!a.st.reachable);
	ck_assert_int_ge(clock_mono_ms() - began, 50);
	ck_assert_ptr_nonnull(strstr(a.err.text, "did not answer within"));
}
END_TEST

START_TEST(test_refused_connection_is_told_apart)
{
	struct asked a;
	struct printer_target target = {.uri = "ipp://127.0.0.1:1/ipp/print"};

	open_asked(&a);
	ck_assert_int_eq(printer_query_start(a.fake.transport, &target, 2000,
	                                     false, &a.query, on_status, &a,
	                                     NULL),
	                 0);
	run_asked(&a);
	ck_assert_int_eq(a.status, -ECONNREFUSED);
	ck_assert_str_eq(a.err.text, "the printer refuses the connection");
}
END_TEST

START_TEST(test_printer_that_hangs_up_is_told_apart)
{
	struct asked a;

	open_asked(&a);
	a.fake.cut_after = 1;
	ask(&a, 2000, false);
	run_asked(&a);
	ck_assert_int_eq(a.status, -ECONNRESET);
}
END_TEST

START_TEST(test_slow_answer_is_still_an_answer)
{
	struct asked a;

	open_asked(&a);
	a.fake.is_dripping = true;
	ask(&a, 10000, false);
	run_asked(&a);
	ck_assert_int_eq(a.status, 0);
}
END_TEST

START_TEST(test_old_printer_is_asked_in_its_version)
{
	struct asked a;

	open_asked(&a);
	a.fake.min_version = 10;
	ask(&a, 2000, false);
	run_asked(&a);
	ck_assert_int_eq(a.status, 0);
	ck_assert_int_eq(a.fake.n_requests, 3);
}
END_TEST

static const struct {
	const char *raw;
	int status;
} nonsense[] = {
	{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", -EBADMSG},
	{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", -EBADMSG},
	{"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", -ENOENT},
	{"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", -EACCES},
	{"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", -EBUSY},
	{"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", -EPROTO},
	{"HTTP/1.1 301 Away\r\nLocation: http://127.0.0.1:1/\r\n"
         "Content-Length: 0\r\n\r\n",
         -EPROTO},
	{"@PJL READY\r\n\r\n", -EBADMSG},
};

START_TEST(test_nonsense_is_no_state)
{
	struct asked a;

	open_asked(&a);
	a.fake.raw = nonsense[_i].raw;
	ask(&a, 2000, false);
	run_asked(&a);
	ck_assert_int_eq(a.status, nonsense[_i].status);
	ck_assert(!a.st.reachable);
	ck_assert_str_ne(a.err.text, "");
}
END_TEST

START_TEST(test_endless_answer_is_cut)
{
	static char raw[HTTP_ANSWER_MAX + 200];
	struct asked a;
	int n = snprintf(raw, sizeof raw,
	                 "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n",
	                 HTTP_ANSWER_MAX + 100);

	memset(raw + n, 'x', sizeof raw - 1 - (size_t)n);
	open_asked(&a);
	a.fake.raw = raw;
	ask(&a, 10000, false);
	run_asked(&a);
	ck_assert_int_eq(a.status, -EFBIG);
}
END_TEST

START_TEST(test_answer_without_state_is_nonsense)
{
	struct asked a;

	open_asked(&a);
	a.code = -2;
	ask(&a, 2000, false);
	run_asked(&a);
	ck_assert_int_eq(a.status, -EBADMSG);
}
END_TEST

static const struct {
	int code;
	int status;
} refusals[] = {
	{IPP_STATUS_ERROR_NOT_FOUND, -ENOENT},
	{IPP_STATUS_ERROR_NOT_AUTHENTICATED, -EACCES},
	{IPP_STATUS_ERROR_BUSY, -EBUSY},
	{IPP_STATUS_ERROR_INTERNAL, -EPROTO},
};

START_TEST(test_refusal_has_its_reason)
{
	struct asked a;

	open_asked(&a);
	a.code = refusals[_i].code;
	ask(&a, 2000, false);
	run_asked(&a);
	ck_assert_int_eq(a.status, refusals[_i].status);
	ck_assert_ptr_nonnull(
		strstr(a.err.text, ippErrorString((ipp_status_t)a.code)));
}
END_TEST

START_TEST(test_cancelled_question_stays_silent)
{
	struct asked a;

	open_asked(&a);
	a.n_wanted = 0;
	ask(&a, 2000, false);
	printer_query_cancel(a.query);
	fake_printer_stop(&a.fake);
	run_asked(&a);
}
END_TEST

START_TEST(test_closing_the_transport_drops_the_question)
{
	struct asked a;

	open_asked(&a);
	a.n_wanted = 0;
	a.code = -1;
	ask(&a, 60000, false);
	while (a.fake.n_requests == 0)
		uv_run(&a.fake.loop, UV_RUN_ONCE);
	fake_printer_stop(&a.fake);
	run_asked(&a);
}
END_TEST

static const struct {
	const char *uri;
	const char *url; /* NULL: refused */
} addresses[] = {
	{"ipp://host/ipp/print", "http://host:631/ipp/print"},
	{"ipps://host/ipp/print", "https://host:631/ipp/print"},
	{"ipp://host:8631/", "http://host:8631/"},
	{"http://host:80/x", "http://host:80/x"},
	{"https://host/x", "https://host/x"},
	{"IPP://[2001:db8::1]/x", "http://[2001:db8::1]:631/x"},
	{"socket://host:9100", NULL},
	{"file:///etc/passwd", NULL},
	{"ipp://user:secret@host/", NULL},
	{"ipp:///nohost", NULL},
	{"host", NULL},
	{"", NULL},
	{"ipp://ho st/", NULL},
	{"ipp://host/a\r\nX: y", NULL},
};

START_TEST(test_address_becomes_a_url_or_is_refused)
{
	char *url CLEANUP(xfree) = NULL;
	struct err err = {0};
	int status = http_url_from_printer_uri(addresses[_i].uri, &url, &err);

	if (addresses[_i].url) {
		ck_assert_int_eq(status, 0);
		ck_assert_str_eq(url, addresses[_i].url);
	} else {
		ck_assert_int_eq(status, -EINVAL);
		ck_assert_str_ne(err.text, "");
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("query");
	TCase *tc = tcase_create("query");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_printer_tells_its_state);
	tcase_add_test(tc, test_capabilities_are_asked_for_only_when_wanted);
	tcase_add_test(tc, test_many_questions_share_a_transport);
	tcase_add_test(tc, test_silent_printer_is_off_in_time);
	tcase_add_test(tc, test_refused_connection_is_told_apart);
	tcase_add_test(tc, test_printer_that_hangs_up_is_told_apart);
	tcase_add_test(tc, test_slow_answer_is_still_an_answer);
	tcase_add_test(tc, test_old_printer_is_asked_in_its_version);
	tcase_add_loop_test(tc, test_nonsense_is_no_state, 0,
	                    (int)ARRAY_LEN(nonsense));
	tcase_add_test(tc, test_endless_answer_is_cut);
	tcase_add_test(tc, test_answer_without_state_is_nonsense);
	tcase_add_loop_test(tc, test_refusal_has_its_reason, 0,
	                    (int)ARRAY_LEN(refusals));
	tcase_add_test(tc, test_cancelled_question_stays_silent);
	tcase_add_test(tc, test_closing_the_transport_drops_the_question);
	tcase_add_loop_test(tc, test_address_becomes_a_url_or_is_refused, 0,
	                    (int)ARRAY_LEN(addresses));
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
