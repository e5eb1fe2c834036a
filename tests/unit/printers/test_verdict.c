/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdio.h>

#include "base/mem.h"
#include "printers/verdict.h"
#include "tests/unit/check_run.h"

static struct printer_status healthy(void)
{
	struct printer_status st;

	printer_status_init_off(&st);
	st.reachable = st.accepting = true;
	st.state = PRINTER_STATE_IDLE;
	return st;
}

static struct printer_status with_reason(const char *reason)
{
	struct printer_status st = healthy();

	snprintf(st.reasons[0], sizeof st.reasons[0], "%s", reason);
	st.n_reasons = 1;
	return st;
}

static void add_tray(struct printer_status *st, const char *name,
                     const char *media, int level)
{
	struct printer_tray *tray = &st->trays[st->n_trays++];

	*tray = (struct printer_tray){.level = level};
	snprintf(tray->name, sizeof tray->name, "%s", name);
	snprintf(tray->media, sizeof tray->media, "%s", media);
}

static void add_supply(struct printer_status *st, const char *colour, int level)
{
	struct printer_supply *supply = &st->supplies[st->n_supplies++];

	*supply = (struct printer_supply){.level_percent = level,
	                                  .type = "toner"};
	snprintf(supply->colour, sizeof supply->colour, "%s", colour);
}

static struct verdict judge(const struct printer_status *st,
                            struct verdict_job job)
{
	struct verdict v;

	verdict_judge(st, &job, &v);
	return v;
}

static const struct verdict_job any_job;
static const struct verdict_job a4_job = {.media = "iso_a4_210x297mm"};

static const char *const hard[] = {
	"media-jam",
	"cover-open",
	"door-open",
	"interlock-open",
	"media-empty",
	"media-needed",
	"input-tray-missing",
	"output-area-full",
	"output-tray-missing",
	"toner-empty",
	"marker-supply-empty",
	"marker-supply-missing",
	"developer-empty",
	"marker-waste-full",
	"opc-life-over",
	"fuser-over-temp",
	"paused",
	"moving-to-paused",
	"shutdown",
	"stopping",
	"timed-out",
	"connecting-to-device",
	"spool-area-full",
	"deactivated",
	"hibernate",
	"offline",
};

START_TEST(test_hard_reason_holds_whatever_its_suffix)
{
	static const char *const suffixes[] = {"", "-report", "-warning",
	                                       "-error"};

	for (size_t s = 0; s < ARRAY_LEN(suffixes); s++) {
		char reason[64];
		struct printer_status st;
		struct verdict v;

		snprintf(reason, sizeof reason, "%s%s", hard[_i], suffixes[s]);
		st = with_reason(reason);
		v = judge(&st, any_job);
		ck_assert_int_eq(v.kind, VERDICT_ABNORMAL);
		ck_assert_str_eq(v.reason, hard[_i]);
		ck_assert_str_ne(v.sentence, "");
	}
}
END_TEST

static const char *const soft[] = {
	"toner-low",          "marker-supply-low",
	"media-low-warning",  "marker-waste-almost-full-warning",
	"opc-near-eol",       "output-area-almost-full",
	"fuser-under-temp",   "identify-printer-requested",
	"cups-waiting",       "media-empty-soon",
	"other-warning",      "com.example-mood-report",
	"media-jam-imminent", "sleep-mode",
};

START_TEST(test_warning_does_not_hold)
{
	struct printer_status st = with_reason(soft[_i]);

	ck_assert_int_eq(judge(&st, any_job).kind, VERDICT_NORMAL);
}
END_TEST

START_TEST(test_unknown_reason_holds_only_when_stopped)
{
	struct printer_status st = with_reason("com.example-odd-error");

	ck_assert_int_eq(judge(&st, any_job).kind, VERDICT_NORMAL);
	st.state = PRINTER_STATE_STOPPED;
	ck_assert_int_eq(judge(&st, any_job).kind, VERDICT_ABNORMAL);
	ck_assert_str_eq(judge(&st, any_job).reason, "stopped");
}
END_TEST

START_TEST(test_printer_that_cannot_be_asked_is_off)
{
	struct printer_status st;
	struct verdict v;

	printer_status_init_off(&st);
	v = judge(&st, any_job);
	ck_assert_int_eq(v.kind, VERDICT_ABNORMAL);
	ck_assert_str_eq(v.reason, "off");
}
END_TEST

START_TEST(test_other_error_holds)
{
	struct printer_status st = with_reason("other-error");

	ck_assert_int_eq(judge(&st, any_job).kind, VERDICT_ABNORMAL);
}
END_TEST

START_TEST(test_stopped_tells_the_printers_message)
{
	struct printer_status st = healthy();

	st.state = PRINTER_STATE_STOPPED;
	snprintf(st.message, sizeof st.message, "call service");
	ck_assert_str_eq(judge(&st, any_job).sentence,
	                 "the printer is stopped: call service");
}
END_TEST

START_TEST(test_not_accepting_is_busy_while_it_works)
{
	struct printer_status st = healthy();

	st.accepting = false;
	ck_assert_int_eq(judge(&st, any_job).kind, VERDICT_ABNORMAL);
	st.state = PRINTER_STATE_PROCESSING;
	ck_assert_int_eq(judge(&st, any_job).kind, VERDICT_BUSY);
	st.state = PRINTER_STATE_IDLE;
	st.queued_job_count = 2;
	ck_assert_int_eq(judge(&st, any_job).kind, VERDICT_BUSY);
}
END_TEST

START_TEST(test_full_memory_is_busy_while_it_works)
{
	struct printer_status st = with_reason("spool-area-full-report");

	st.state = PRINTER_STATE_PROCESSING;
	ck_assert_int_eq(judge(&st, any_job).kind, VERDICT_BUSY);
	st.state = PRINTER_STATE_STOPPED;
	ck_assert_int_eq(judge(&st, any_job).kind, VERDICT_ABNORMAL);
}
END_TEST

START_TEST(test_busy_does_not_hide_a_jam)
{
	struct printer_status st = with_reason("media-jam");

	st.accepting = false;
	st.state = PRINTER_STATE_PROCESSING;
	ck_assert_str_eq(judge(&st, any_job).reason, "media-jam");
	ck_assert_int_eq(judge(&st, any_job).kind, VERDICT_ABNORMAL);
}
END_TEST

START_TEST(test_empty_a3_tray_holds_a3_jobs_only)
{
	struct printer_status st = with_reason("media-empty-report");
	struct verdict_job a3_job = {.media = "iso_a3_297x420mm"};
	struct verdict v;

	add_tray(&st, "tray-1", "iso_a4_210x297mm", 60);
	add_tray(&st, "tray-2", "iso_a3_297x420mm", 0);
	ck_assert_int_eq(judge(&st, a4_job).kind, VERDICT_NORMAL);
	v = judge(&st, a3_job);
	ck_assert_int_eq(v.kind, VERDICT_ABNORMAL);
	ck_assert_str_eq(v.sentence, "the printer is out of A3 paper");
}
END_TEST

START_TEST(test_media_needed_holds_even_with_paper)
{
	struct printer_status st = with_reason("media-empty");

	snprintf(st.reasons[1], sizeof st.reasons[1], "media-needed");
	st.n_reasons = 2;
	add_tray(&st, "tray-1", "iso_a4_210x297mm", 60);
	ck_assert_str_eq(judge(&st, a4_job).reason, "media-needed");
}
END_TEST

START_TEST(test_unknown_level_counts_when_another_tray_is_the_empty_one)
{
	struct printer_status st = with_reason("media-empty");

	add_tray(&st, "tray-1", "iso_a4_210x297mm", PRINTER_LEVEL_UNKNOWN);
	ck_assert_int_eq(judge(&st, a4_job).kind, VERDICT_ABNORMAL);
	add_tray(&st, "tray-2", "iso_a5_148x210mm", 0);
	ck_assert_int_eq(judge(&st, a4_job).kind, VERDICT_NORMAL);
}
END_TEST

START_TEST(test_at_least_one_sheet_is_paper)
{
	struct printer_status st = with_reason("media-empty");

	add_tray(&st, "tray-1", "iso_a4_210x297mm", PRINTER_LEVEL_SOME);
	ck_assert_int_eq(judge(&st, a4_job).kind, VERDICT_NORMAL);
}
END_TEST

START_TEST(test_job_from_another_tray_does_not_count)
{
	struct printer_status st = with_reason("media-empty");
	struct verdict_job job = a4_job;

	add_tray(&st, "main", "iso_a4_210x297mm", 0);
	add_tray(&st, "manual", "iso_a4_210x297mm", 50);
	snprintf(job.source, sizeof job.source, "main");
	ck_assert_int_eq(judge(&st, job).kind, VERDICT_ABNORMAL);
	ck_assert_int_eq(judge(&st, a4_job).kind, VERDICT_NORMAL);
}
END_TEST

START_TEST(test_empty_tray_holds_who_asked_for_it)
{
	struct printer_status st = with_reason(_i ? "media-empty" : "none");
	struct verdict_job job = a4_job;
	struct verdict v;

	add_tray(&st, "Tray 1", "iso_a4_210x297mm", 0);
	add_tray(&st, "Tray 2", "iso_a4_210x297mm", 50);
	snprintf(job.source, sizeof job.source, "tray-1");
	v = judge(&st, job);
	ck_assert_int_eq(v.kind, VERDICT_ABNORMAL);
	ck_assert_str_eq(v.reason, "media-empty");
	ck_assert_str_eq(v.sentence,
	                 "the printer is out of A4 paper in its tray 'tray-1'");
	ck_assert_int_eq(judge(&st, a4_job).kind, VERDICT_NORMAL);
	snprintf(job.source, sizeof job.source, "tray-2");
	ck_assert_int_eq(judge(&st, job).kind, VERDICT_NORMAL);
	st.trays[1].level = 0;
	st.trays[0].level = PRINTER_LEVEL_SOME;
	ck_assert_int_eq(judge(&st, job).kind, VERDICT_ABNORMAL);
}
END_TEST

START_TEST(test_tray_that_is_not_ready_holds_who_asked_for_it)
{
	struct printer_status st = with_reason("media-empty");
	struct verdict_job job = a4_job;

	/* the empty one is left out of media-col-ready */
	add_tray(&st, "main", "iso_a4_210x297mm", PRINTER_LEVEL_SOME);
	snprintf(job.source, sizeof job.source, "photo");
	ck_assert_int_eq(judge(&st, job).kind, VERDICT_ABNORMAL);
	ck_assert_int_eq(judge(&st, a4_job).kind, VERDICT_NORMAL);
}
END_TEST

START_TEST(test_tray_does_not_count_where_the_printer_names_none)
{
	struct printer_status st = with_reason("media-empty");
	struct verdict_job job = a4_job;

	snprintf(job.source, sizeof job.source, "tray-1");
	add_tray(&st, "", "iso_a4_210x297mm", PRINTER_LEVEL_SOME);
	ck_assert_int_eq(judge(&st, job).kind, VERDICT_NORMAL);
	/* nor where it is filled sheet by sheet */
	st = healthy();
	add_tray(&st, "manual", "iso_a4_210x297mm", 0);
	snprintf(job.source, sizeof job.source, "manual");
	ck_assert_int_eq(judge(&st, job).kind, VERDICT_NORMAL);
}
END_TEST

START_TEST(test_empty_colour_holds_unless_allowed_for_gray)
{
	struct printer_status st = with_reason("toner-empty-warning");
	struct verdict v;

	add_supply(&st, "black", 40);
	add_supply(&st, "cyan", 0);
	add_supply(&st, "yellow", 0);
	v = judge(&st, any_job);
	ck_assert_int_eq(v.kind, VERDICT_ABNORMAL);
	ck_assert_str_eq(v.sentence,
	                 "the printer is out of cyan and yellow toner");
	v = judge(&st, (struct verdict_job){.may_lack_colour = true});
	ck_assert_int_eq(v.kind, VERDICT_NORMAL);
	v = judge(&st, (struct verdict_job){.may_lack_colour = true,
	                                    .is_colour = true});
	ck_assert_int_eq(v.kind, VERDICT_ABNORMAL);
}
END_TEST

START_TEST(test_empty_black_always_holds)
{
	struct printer_status st = with_reason("toner-empty");

	add_supply(&st, "black", 0);
	add_supply(&st, "cyan", 0);
	ck_assert_int_eq(judge(&st,
	                       (struct verdict_job){.may_lack_colour = true})
	                         .kind,
	                 VERDICT_ABNORMAL);
}
END_TEST

START_TEST(test_unknown_levels_never_hold)
{
	struct printer_status st = healthy();

	add_tray(&st, "tray-1", "iso_a4_210x297mm", PRINTER_LEVEL_UNKNOWN);
	add_supply(&st, "black", PRINTER_LEVEL_UNKNOWN);
	add_supply(&st, "cyan", PRINTER_LEVEL_ANY);
	ck_assert_int_eq(judge(&st, a4_job).kind, VERDICT_NORMAL);
	ck_assert_str_eq(judge(&st, a4_job).reason, "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verdict");
	TCase *tc = tcase_create("verdict");

	tcase_add_loop_test(tc, test_hard_reason_holds_whatever_its_suffix, 0,
	                    (int)ARRAY_LEN(hard));
	tcase_add_loop_test(tc, test_warning_does_not_hold, 0,
	                    (int)ARRAY_LEN(soft));
	tcase_add_test(tc, test_unknown_reason_holds_only_when_stopped);
	tcase_add_test(tc, test_printer_that_cannot_be_asked_is_off);
	tcase_add_test(tc, test_other_error_holds);
	tcase_add_test(tc, test_stopped_tells_the_printers_message);
	tcase_add_test(tc, test_not_accepting_is_busy_while_it_works);
	tcase_add_test(tc, test_full_memory_is_busy_while_it_works);
	tcase_add_test(tc, test_busy_does_not_hide_a_jam);
	tcase_add_test(tc, test_empty_a3_tray_holds_a3_jobs_only);
	tcase_add_test(tc, test_media_needed_holds_even_with_paper);
	tcase_add_test(
		tc,
		test_unknown_level_counts_when_another_tray_is_the_empty_one);
	tcase_add_test(tc, test_at_least_one_sheet_is_paper);
	tcase_add_test(tc, test_job_from_another_tray_does_not_count);
	tcase_add_loop_test(tc, test_empty_tray_holds_who_asked_for_it, 0, 2);
	tcase_add_test(tc, test_tray_that_is_not_ready_holds_who_asked_for_it);
	tcase_add_test(tc,
	               test_tray_does_not_count_where_the_printer_names_none);
	tcase_add_test(tc, test_empty_colour_holds_unless_allowed_for_gray);
	tcase_add_test(tc, test_empty_black_always_holds);
	tcase_add_test(tc, test_unknown_levels_never_hold);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
