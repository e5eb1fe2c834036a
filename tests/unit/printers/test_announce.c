/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "base/mem.h"
#include "printers/announce.h"
#include "tests/unit/check_run.h"

START_TEST(test_empty_body_says_recovered)
{
	struct announce_body body = {0};
	struct announcement a;

	ck_assert_int_eq(announce_parse(&body, &a, NULL), 0);
	ck_assert_int_eq(a.event, ANNOUNCE_RECOVERED);
	ck_assert_str_eq(a.uri, "");
	ck_assert_str_eq(a.mac, "");
}
END_TEST

START_TEST(test_full_body_is_read)
{
	const char *reasons[] = {"media-empty", "Toner-Low"};
	struct announce_body body = {.event = "power-on",
	                             .uri = "ipps://192.0.2.7/ipp/print",
	                             .mac = "00-11-22-AA-BB-CC",
	                             .reasons = reasons,
	                             .n_reasons = 2};
	struct announcement a;

	ck_assert_int_eq(announce_parse(&body, &a, NULL), 0);
	ck_assert_int_eq(a.event, ANNOUNCE_POWER_ON);
	ck_assert_str_eq(a.uri, "ipps://192.0.2.7/ipp/print");
	ck_assert_str_eq(a.mac, "00:11:22:aa:bb:cc");
	ck_assert_uint_eq(a.n_reasons, 2);
	ck_assert_str_eq(a.reasons[1], "toner-low");
}
END_TEST

static const char *bad_reason[] = {"media empty"};
static const char *many_reasons[ANNOUNCE_REASONS_MAX + 1];

static const struct {
	struct announce_body body;
	const char *word; /* in the sentence */
} bad[] = {
	{{.event = "exploded"}, "event"},
	{{.uri = "lpd://host/x"}, "uri"},
	{{.uri = "ipp://a:b@host/"}, "uri"},
	{{.mac = "00:11:22:aa:bb"}, "mac"},
	{{.mac = "00:11:22:aa:bb:cc:dd"}, "mac"},
	{{.mac = "00:11:22:aa:bb:cg"}, "mac"},
	{{.mac = ""}, "mac"},
	{{.reasons = bad_reason, .n_reasons = 1}, "reason 1"},
	{{.reasons = many_reasons, .n_reasons = ANNOUNCE_REASONS_MAX + 1},
         "reasons"},
};

START_TEST(test_bad_body_is_refused_by_its_field)
{
	struct announcement a = {.n_reasons = 77};
	struct err err = {0};

	ck_assert_int_eq(announce_parse(&bad[_i].body, &a, &err), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, bad[_i].word));
	ck_assert_uint_eq(a.n_reasons, 77);
}
END_TEST

START_TEST(test_gate_lets_a_burst_through_and_refills)
{
	struct announce_gate gate;

	announce_gate_init(&gate, 2, 1000, 5000);
	ck_assert(announce_gate_allow(&gate, 5000));
	ck_assert(announce_gate_allow(&gate, 5000));
	ck_assert(!announce_gate_allow(&gate, 5999));
	ck_assert(announce_gate_allow(&gate, 6000));
	ck_assert(!announce_gate_allow(&gate, 6999));
	ck_assert(announce_gate_allow(&gate, 7000));
}
END_TEST

START_TEST(test_gate_never_holds_more_than_its_burst)
{
	struct announce_gate gate;

	announce_gate_init(&gate, 2, 1000, 0);
	ck_assert(announce_gate_allow(&gate, 9000000));
	ck_assert(announce_gate_allow(&gate, 9000000));
	ck_assert(!announce_gate_allow(&gate, 9000999));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("announce");
	TCase *tc = tcase_create("announce");

	tcase_add_test(tc, test_empty_body_says_recovered);
	tcase_add_test(tc, test_full_body_is_read);
	tcase_add_loop_test(tc, test_bad_body_is_refused_by_its_field, 0,
	                    (int)ARRAY_LEN(bad));
	tcase_add_test(tc, test_gate_lets_a_burst_through_and_refills);
	tcase_add_test(tc, test_gate_never_holds_more_than_its_burst);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
