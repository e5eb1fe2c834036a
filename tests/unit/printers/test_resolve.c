/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "fake_printer.h"

#include <errno.h>

#include "printers/resolve.h"
#include "tests/unit/check_run.h"

struct asked {
	struct fake_printer fake;
	struct resolve *resolve;
	struct resolve_result result;
	int n_results;
	bool knows_id;          /* Get-Job-Attributes finds the job */
	const char *in_waiting; /* job-name in the list of not-completed */
	const char *in_past;    /* and of completed */
	int n_looks;            /* at the job */
	int ends_after;         /* looks until the job is canceled */
	int cancel_code;
	bool is_silent;
};

static void add_job(ipp_t *ipp, int id, const char *name, int state)
{
	ippAddInteger(ipp, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-id", id);
	ippAddString(ipp, IPP_TAG_JOB, IPP_TAG_NAME, "job-name", NULL, name);
	ippAddInteger(ipp, IPP_TAG_JOB, IPP_TAG_ENUM, "job-state", state);
	ippAddInteger(ipp, IPP_TAG_JOB, IPP_TAG_INTEGER, "number-of-documents",
	              0);
	ippAddString(ipp, IPP_TAG_JOB, IPP_TAG_KEYWORD, "job-state-reasons",
	             NULL, "job-incoming");
}

static ipp_t *answer_list(struct asked *a, ipp_t *request)
{
	ipp_attribute_t *which =
		ipp_find(request, IPP_TAG_OPERATION, "which-jobs");
	bool is_past = strcmp(ippGetString(which, 0, NULL), "completed") == 0;
	const char *name = is_past ? a->in_past : a->in_waiting;
	ipp_t *ipp = fake_answer(0);

	add_job(ipp, 3, "somebody else's", 5);
	if (name) {
		ippAddSeparator(ipp);
		add_job(ipp, 17, name, is_past ? 9 : 4);
	}
	return ipp;
}

static ipp_t *answer(struct fake_printer *fake, ipp_t *request, size_t len)
{
	struct asked *a = fake->test;
	ipp_t *ipp;

	if (a->is_silent)
		return NULL;
	switch (ippGetOperation(request)) {
	case IPP_OP_GET_JOBS: return answer_list(a, request);
	case IPP_OP_CANCEL_JOB: return fake_answer(a->cancel_code);
	default: break;
	}
	a->n_looks++;
	if (!a->knows_id)
		return fake_answer(IPP_STATUS_ERROR_NOT_FOUND);
	ipp = fake_answer(0);
	add_job(ipp, 12, "x",
	        a->ends_after && a->n_looks >= a->ends_after ? 7 : 5);
	return ipp;
}

static void on_result(const struct resolve_result *result, void *arg)
{
	struct asked *a = arg;

	a->result = *result;
	a->n_results++;
	fake_printer_stop(&a->fake);
}

static void open_asked(struct asked *a)
{
	*a = (struct asked){0};
	fake_printer_open(&a->fake);
	a->fake.answer = answer;
	a->fake.test = a;
}

static int start(struct asked *a, int id, const char *tag)
{
	const struct resolve_question question = {
		.target = {.uri = a->fake.uri},
		.printer_job_id = id,
		.tag = tag,
		.timeout_ms = a->is_silent ? 50 : 5000,
		.cb = on_result,
		.arg = a,
	};

	return resolve_start(a->fake.transport, &question, &a->resolve, NULL);
}

static void resolve(struct asked *a, int id, const char *tag)
{
	ck_assert_int_eq(start(a, id, tag), 0);
	fake_printer_run(&a->fake);
	ck_assert_int_eq(a->n_results, 1);
}

static void cancel_job(struct asked *a, unsigned timeout_ms)
{
	const struct resolve_question question = {
		.target = {.uri = a->fake.uri},
		.printer_job_id = 12,
		.timeout_ms = timeout_ms,
		.cb = on_result,
		.arg = a,
	};

	ck_assert_int_eq(resolve_cancel_job_start(a->fake.transport, &question,
	                                          &a->resolve, NULL),
	                 0);
	fake_printer_run(&a->fake);
	ck_assert_int_eq(a->n_results, 1);
}

START_TEST(test_job_is_found_by_its_number)
{
	struct asked a;

	open_asked(&a);
	a.knows_id = true;
	resolve(&a, 12, NULL);
	ck_assert(a.result.reachable);
	ck_assert(a.result.found);
	ck_assert_int_eq(a.result.printer_job_id, 12);
	ck_assert_int_eq(a.result.job_state, 5);
	ck_assert_int_eq(a.result.number_of_documents, 0);
	ck_assert_int_eq(a.result.impressions, -1);
	ck_assert_str_eq(a.result.reasons, "job-incoming");
}
END_TEST

START_TEST(test_job_is_found_by_its_tag_among_the_waiting)
{
	struct asked a;

	open_asked(&a);
	a.in_waiting = "platen-7-1 Invoice";
	resolve(&a, 0, "platen-7-1");
	ck_assert(a.result.found);
	ck_assert_int_eq(a.result.printer_job_id, 17);
	ck_assert_int_eq(a.fake.n_requests, 1);
}
END_TEST

START_TEST(test_job_is_found_by_its_tag_among_the_past)
{
	struct asked a;

	open_asked(&a);
	a.in_past = "platen-7-1";
	resolve(&a, 0, "platen-7-1");
	ck_assert(a.result.found);
	ck_assert_int_eq(a.result.job_state, 9);
}
END_TEST

START_TEST(test_unknown_number_is_searched_by_tag)
{
	struct asked a;

	open_asked(&a);
	a.in_past = "platen-7-1 Invoice";
	resolve(&a, 12, "platen-7-1");
	ck_assert(a.result.found);
	ck_assert_int_eq(a.result.printer_job_id, 17);
}
END_TEST

START_TEST(test_longer_tag_is_another_job)
{
	struct asked a;

	open_asked(&a);
	a.in_waiting = "platen-7-11 Invoice";
	a.in_past = "Re: platen-7-1";
	resolve(&a, 0, "platen-7-1");
	ck_assert(a.result.reachable);
	ck_assert(!a.result.found);
}
END_TEST

START_TEST(test_silent_printer_leaves_it_open)
{
	struct asked a;

	open_asked(&a);
	a.is_silent = true;
	resolve(&a, 12, "platen-7-1");
	ck_assert(!a.result.reachable);
	ck_assert_int_eq(a.result.err.code, -ETIMEDOUT);
}
END_TEST

START_TEST(test_neither_number_nor_tag_is_a_mistake)
{
	struct asked a;

	open_asked(&a);
	ck_assert_int_eq(start(&a, 0, NULL), -EINVAL);
	fake_printer_stop(&a.fake);
	fake_printer_run(&a.fake);
}
END_TEST

START_TEST(test_cancelled_job_is_watched_to_its_end)
{
	struct asked a;

	open_asked(&a);
	a.knows_id = true;
	a.ends_after = 2;
	cancel_job(&a, 10000);
	ck_assert(a.result.found);
	ck_assert_int_eq(a.result.job_state, 7);
	ck_assert_int_eq(a.n_looks, 2);
}
END_TEST

START_TEST(test_job_that_ended_before_is_reported_as_it_is)
{
	struct asked a;

	open_asked(&a);
	a.knows_id = true;
	a.ends_after = 1;
	a.cancel_code = IPP_STATUS_ERROR_NOT_POSSIBLE;
	cancel_job(&a, 10000);
	ck_assert_int_eq(a.result.job_state, 7);
}
END_TEST

START_TEST(test_job_that_does_not_end_is_reported_in_time)
{
	struct asked a;

	open_asked(&a);
	a.knows_id = true;
	cancel_job(&a, 300);
	ck_assert(a.result.found);
	ck_assert_int_eq(a.result.job_state, 5);
}
END_TEST

START_TEST(test_dropped_resolve_stays_silent)
{
	struct asked a;

	open_asked(&a);
	ck_assert_int_eq(start(&a, 12, NULL), 0);
	resolve_cancel(a.resolve);
	fake_printer_stop(&a.fake);
	fake_printer_run(&a.fake);
	ck_assert_int_eq(a.n_results, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("resolve");
	TCase *tc = tcase_create("resolve");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_job_is_found_by_its_number);
	tcase_add_test(tc, test_job_is_found_by_its_tag_among_the_waiting);
	tcase_add_test(tc, test_job_is_found_by_its_tag_among_the_past);
	tcase_add_test(tc, test_unknown_number_is_searched_by_tag);
	tcase_add_test(tc, test_longer_tag_is_another_job);
	tcase_add_test(tc, test_silent_printer_leaves_it_open);
	tcase_add_test(tc, test_neither_number_nor_tag_is_a_mistake);
	tcase_add_test(tc, test_cancelled_job_is_watched_to_its_end);
	tcase_add_test(tc, test_job_that_ended_before_is_reported_as_it_is);
	tcase_add_test(tc, test_job_that_does_not_end_is_reported_in_time);
	tcase_add_test(tc, test_dropped_resolve_stays_silent);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
