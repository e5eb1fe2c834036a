/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_CHECK_RUN_H
#define TESTS_UNIT_CHECK_RUN_H

#include <check.h>

/*
 * Run every test of the suite, which is taken over; CK_VERBOSITY says how much
 * is told. What main() returns: 0 when all have passed.
 */
static inline int check_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int n_failed;

	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? 0 : 1;
}

#endif
