/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdlib.h>

#include "base/mem.h"
#include "printers/resolve.h"
#include "spool/resolving.h"
#include "tests/unit/check_run.h"

/* The table of ARCHITECTURE.md, "Printed once, or said otherwise". */
static const struct {
	const char *step;
	bool no_byte, counts;
	struct resolve_result result;
	enum resolve_verdict want;
	bool has_more; /* documents in that try */
} rows[] = {
	/* nothing was sent: whatever is there may go */
	{"intent", false, false, {.found = false}, RESOLVE_RETRY},
	{"intent",
         false,
         false,
         {.found = true, .job_state = 4},
         RESOLVE_CANCEL},
	{"intent",
         false,
         false,
         {.found = true, .job_state = 7},
         RESOLVE_RETRY},
	{"created", true, false, {.found = false}, RESOLVE_RETRY},
	/* the printer says that it has no document */
	{"created",
         false,
         false,
         {.found = true, .job_state = 7, .reasons = "job-data-insufficient"},
         RESOLVE_RETRY},
	{"created",
         false,
         false,
         {.found = true, .job_state = 4, .reasons = "job-incoming"},
         RESOLVE_CANCEL},
	{"created",
         false,
         false,
         {.found = true, .job_state = 8, .number_of_documents = 0},
         RESOLVE_RETRY},
	/* of several documents it may have some, and wait for the next */
	{"created",
         false,
         false,
         {.found = true,
          .job_state = 7,
          .reasons = "job-incoming",
          .number_of_documents = 2},
         RESOLVE_UNKNOWN,
         true},
	{"created",
         false,
         false,
         {.found = true,
          .job_state = 7,
          .reasons = "job-data-insufficient",
          .number_of_documents = -1},
         RESOLVE_UNKNOWN,
         true},
	{"created",
         false,
         false,
         {.found = true, .job_state = 7, .reasons = "job-incoming"},
         RESOLVE_RETRY,
         true},
	/* but something came out, or it says so */
	{"created",
         false,
         true,
         {.found = true, .job_state = 8, .impressions = 1},
         RESOLVE_UNKNOWN},
	{"created",
         false,
         false,
         {.found = true, .job_state = 9, .number_of_documents = 0},
         RESOLVE_UNKNOWN},
	/* bytes may have been printed */
	{"created",
         false,
         false,
         {.found = false, .number_of_documents = -1},
         RESOLVE_UNKNOWN},
	{"created",
         false,
         false,
         {.found = true, .job_state = 5, .number_of_documents = -1},
         RESOLVE_CANCEL},
	{"created",
         false,
         false,
         {.found = true, .job_state = 9, .number_of_documents = -1},
         RESOLVE_UNKNOWN},
	{"created",
         false,
         true,
         {.found = true, .job_state = 9, .number_of_documents = -1},
         RESOLVE_UNKNOWN},
	{"created",
         false,
         false,
         {.found = true, .job_state = 7, .number_of_documents = -1},
         RESOLVE_UNKNOWN},
	{"created",
         false,
         true,
         {.found = true,
          .job_state = 7,
          .number_of_documents = -1,
          .impressions = 0},
         RESOLVE_RETRY},
	{"created",
         false,
         true,
         {.found = true,
          .job_state = 7,
          .number_of_documents = -1,
          .impressions = 2},
         RESOLVE_UNKNOWN},
	/* all of it was taken */
	{"delivered",
         false,
         false,
         {.found = true, .job_state = 9},
         RESOLVE_PRINTED},
	{"delivered", false, false, {.found = false}, RESOLVE_PRINTED},
	{"delivered",
         false,
         false,
         {.found = true, .job_state = 5},
         RESOLVE_FOLLOW},
	{"delivered",
         false,
         false,
         {.found = true, .job_state = 8},
         RESOLVE_FAILED},
};

START_TEST(test_evidence_decides_what_became_of_a_job)
{
	ck_assert_int_eq(resolving_judge(rows[_i].step, rows[_i].no_byte,
	                                 rows[_i].counts,
	                                 rows[_i].has_more ? 3 : 1,
	                                 &rows[_i].result),
	                 rows[_i].want);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("resolving");
	TCase *tc = tcase_create("judge");

	tcase_add_loop_test(tc, test_evidence_decides_what_became_of_a_job, 0,
	                    (int)ARRAY_LEN(rows));
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
