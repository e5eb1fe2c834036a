/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "base/mem.h"
#include "server/http/announcement.h"
#include "tests/unit/check_run.h"

static struct announcement out;
static struct err err;

static int parse(const char *text)
{
	json_t *object = json_loads(text, 0, NULL);
	int r;

	ck_assert_ptr_nonnull(object);
	out = (struct announcement){.event = ANNOUNCE_PERIODIC};
	err = (struct err){0};
	r = announcement_from_json(object, &out, &err);
	json_decref(object);
	return r;
}

START_TEST(test_all_members_arrive)
{
	ck_assert_int_eq(
		parse("{\"event\":\"abnormal\",\"uri\":\"ipp://10.0.0.9/ipp/print\",\"mac\":\"00-11-22-AA-BB-CC\",\"reasons\":[\"media-empty\",\"door-open\"]}"),
		0);
	ck_assert_int_eq(out.event, ANNOUNCE_ABNORMAL);
	ck_assert_str_eq(out.uri, "ipp://10.0.0.9/ipp/print");
	ck_assert_str_eq(out.mac, "00:11:22:aa:bb:cc");
	ck_assert_uint_eq(out.n_reasons, 2);
	ck_assert_str_eq(out.reasons[1], "door-open");
}
END_TEST

START_TEST(test_nothing_said_means_recovered)
{
	ck_assert_int_eq(parse("{}"), 0);
	ck_assert_int_eq(out.event, ANNOUNCE_RECOVERED);
}
END_TEST

START_TEST(test_state_is_short_for_event)
{
	ck_assert_int_eq(parse("{\"state\":\"normal\"}"), 0);
	ck_assert_int_eq(out.event, ANNOUNCE_RECOVERED);
	ck_assert_int_eq(parse("{\"state\":\"abnormal\"}"), 0);
	ck_assert_int_eq(out.event, ANNOUNCE_ABNORMAL);
}
END_TEST

START_TEST(test_members_of_a_later_day_are_left_out)
{
	ck_assert_int_eq(parse("{\"event\":\"power-on\",\"mood\":[1,{}]}"), 0);
	ck_assert_int_eq(out.event, ANNOUNCE_POWER_ON);
}
END_TEST

START_TEST(test_refusals_name_the_member_and_leave_the_result)
{
	static const char *const bad[][2] = {
		{"{\"event\":7}", "event"},
		{"{\"event\":\"dancing\"}", "event"},
		{"{\"state\":\"so-so\"}", "state"},
		{"{\"state\":null}", "state"},
		{"{\"state\":\"normal\",\"event\":\"recovered\"}", "state"},
		{"{\"uri\":{}}", "uri"},
		{"{\"uri\":\"javascript:1\"}", "uri"},
		{"{\"mac\":\"00:11\"}", "mac"},
		{"{\"reasons\":\"media-empty\"}", "reasons"},
		{"{\"reasons\":[1]}", "reasons"},
		{"{\"reasons\":[\"a b\"]}", "reason"},
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		ck_assert_msg(parse(bad[i][0]) == -EINVAL, "%s", bad[i][0]);
		ck_assert_msg(strstr(err.text, bad[i][1]) != NULL, "%s: %s",
		              bad[i][0], err.text);
		ck_assert_int_eq(out.event, ANNOUNCE_PERIODIC);
	}
}
END_TEST

START_TEST(test_too_many_reasons_are_refused)
{
	json_t *object = json_pack("{s:[]}", "reasons");

	for (int i = 0; i <= ANNOUNCE_REASONS_MAX; i++)
		json_array_append_new(json_object_get(object, "reasons"),
		                      json_string("media-low"));
	ck_assert_int_eq(announcement_from_json(object, &out, &err), -EINVAL);
	json_decref(object);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("announcement");
	TCase *tc = tcase_create("all");

	suite_add_tcase(s, tc);
	tcase_add_test(tc, test_all_members_arrive);
	tcase_add_test(tc, test_nothing_said_means_recovered);
	tcase_add_test(tc, test_state_is_short_for_event);
	tcase_add_test(tc, test_members_of_a_later_day_are_left_out);
	tcase_add_test(tc, test_refusals_name_the_member_and_leave_the_result);
	tcase_add_test(tc, test_too_many_reasons_are_refused);
	return check_run(s);
}
