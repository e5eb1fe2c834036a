/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <ctype.h>
#include <errno.h>

#include "base/mem.h"
#include "spool/job_state.h"
#include "tests/unit/check_run.h"

START_TEST(test_every_state_reads_back_from_its_name)
{
	for (int i = 0; i < JOB_N_STATES; i++) {
		char lower[32] = "";
		const char *name = job_state_name((enum job_state)i);
		enum job_state got = JOB_N_STATES;

		ck_assert_int_eq(job_state_from_name(name, &got), 0);
		ck_assert_int_eq(got, i);
		for (size_t j = 0; name[j] && j + 1 < sizeof lower; j++)
			lower[j] = (char)tolower(name[j]);
		ck_assert_int_eq(job_state_from_name(lower, &got), 0);
		ck_assert_int_eq(got, i);
	}
}
END_TEST

START_TEST(test_a_word_that_is_no_state_is_refused)
{
	static const char *const words[] = {"", "RECEIVING", "ACCEPT",
	                                    "ACCEPTEDX", "HELD "};
	enum job_state got = JOB_N_STATES;

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		ck_assert_int_eq(job_state_from_name(words[i], &got), -EINVAL);
	ck_assert_int_eq(got, JOB_N_STATES);
}
END_TEST

static bool is_end(int state)
{
	return state == JOB_PRINTED || state == JOB_FAILED ||
	       state == JOB_EXPIRED || state == JOB_CANCELLED;
}

START_TEST(test_nothing_follows_an_end_and_an_end_follows_all_others)
{
	for (int i = 0; i < JOB_N_STATES; i++) {
		enum job_state from = (enum job_state)i;

		ck_assert_int_eq(job_state_is_over(from), is_end(i));
		for (int to = 0; to < JOB_N_STATES; to++)
			if (is_end(i))
				ck_assert(!job_state_may_follow(from,
				                                (enum job_state)
				                                        to));
		ck_assert_int_eq(job_state_may_follow(from, JOB_FAILED),
		                 !is_end(i));
		ck_assert_int_eq(job_state_may_follow(from, JOB_EXPIRED),
		                 !is_end(i));
		ck_assert_int_eq(job_state_may_follow(from, JOB_CANCELLED),
		                 !is_end(i));
		ck_assert(!job_state_may_follow(from, from));
	}
}
END_TEST

/* A sheet of paper: only what was sent can have been printed. */
START_TEST(test_printed_follows_only_what_was_sent)
{
	for (int i = 0; i < JOB_N_STATES; i++)
		ck_assert_int_eq(job_state_may_follow((enum job_state)i,
		                                      JOB_PRINTED),
		                 i == JOB_SENDING || i == JOB_RESOLVE ||
		                         i == JOB_UNKNOWN);
}
END_TEST

/* What may have been printed is never sent again by itself. */
START_TEST(test_unknown_does_not_go_to_sending)
{
	ck_assert(!job_state_may_follow(JOB_UNKNOWN, JOB_SENDING));
	ck_assert(!job_state_may_follow(JOB_UNKNOWN, JOB_HELD));
	ck_assert(!job_state_may_follow(JOB_UNKNOWN, JOB_RENDERING));
}
END_TEST

START_TEST(test_every_state_can_be_reached_from_accepted)
{
	unsigned seen = 1u << JOB_ACCEPTED, before = 0;

	while (seen != before) {
		before = seen;
		for (int i = 0; i < JOB_N_STATES; i++)
			for (int to = 0; (before >> i & 1) && to < JOB_N_STATES;
			     to++)
				if (job_state_may_follow((enum job_state)i,
				                         (enum job_state)to))
					seen |= 1u << to;
	}
	ck_assert_uint_eq(seen, (1u << JOB_N_STATES) - 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("job_state");
	TCase *tc = tcase_create("job_state");

	tcase_add_test(tc, test_every_state_reads_back_from_its_name);
	tcase_add_test(tc, test_a_word_that_is_no_state_is_refused);
	tcase_add_test(
		tc, test_nothing_follows_an_end_and_an_end_follows_all_others);
	tcase_add_test(tc, test_printed_follows_only_what_was_sent);
	tcase_add_test(tc, test_unknown_does_not_go_to_sending);
	tcase_add_test(tc, test_every_state_can_be_reached_from_accepted);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
