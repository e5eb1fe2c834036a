/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "spool.h"

static struct registration_row example(const char *sender)
{
	struct registration_row row = {
		.printer_id = printer_id,
		.address = "print",
		.retention_s = -1,
		.recovery_wait_s = 30,
		.options = {.what = "auto",
	                    .colour = "grey",
	                    .sides = "one-sided",
	                    .scaling = "auto",
	                    .copies = 1,
	                    .number_up = 1},
		.over_limit = "ask",
		.added_at = 5,
	};

	snprintf(row.sender, sizeof row.sender, "%s", sender);
	return row;
}

static int64_t add(const char *sender)
{
	struct registration_add op = {.row = example(sender)};

	must(db_run(db, &op.op, registration_add_run, &err));
	return op.id;
}

static int64_t find(const char *sender)
{
	struct registration_row row;

	must(registration_find(db, sender, "print", &row, &err));
	return row.id;
}

START_TEST(test_exact_sender_wins_over_domain_over_anybody)
{
	int64_t anybody = add("*"), domain = add("*@example.org");
	int64_t exact = add("ann@example.org");

	ck_assert_int_eq(find("ann@example.org"), exact);
	ck_assert_int_eq(find("bob@example.org"), domain);
	ck_assert_int_eq(find("bob@sub.example.org"), anybody);
	ck_assert_int_eq(find(""), anybody);
}
END_TEST

START_TEST(test_unknown_address_and_unknown_sender_are_told_apart)
{
	struct registration_row row;

	add("ann@example.org");
	ck_assert_int_eq(registration_find(db, "bob@example.org", "print", &row,
	                                   &err),
	                 REGISTRATION_NO_SENDER);
	ck_assert_int_eq(registration_find(db, "ann@example.org", "other", &row,
	                                   &err),
	                 REGISTRATION_NO_ADDRESS);
}
END_TEST

START_TEST(test_registration_is_read_as_it_was_written)
{
	struct registration_row row;

	must(registration_read(db, add("ann@example.org"), &row, &err));
	ck_assert_str_eq(row.sender, "ann@example.org");
	ck_assert_int_eq(row.retention_s, -1);
	ck_assert_int_eq(row.recovery_wait_s, 30);
	ck_assert_str_eq(row.options.colour, "grey");
	ck_assert_int_eq(row.options.copies, 1);
	ck_assert_str_eq(row.over_limit, "ask");
	ck_assert_int_eq(row.added_at, 5);
	ck_assert_int_eq(registration_read(db, 99, &row, &err), -ENOENT);
}
END_TEST

START_TEST(test_pair_is_registered_once_and_for_a_printer_that_is)
{
	struct registration_add op = {.row = example("ann@example.org")};

	add("ann@example.org");
	ck_assert_int_eq(db_run(db, &op.op, registration_add_run, &err),
	                 -EEXIST);
	op.row = example("bob@example.org");
	op.row.printer_id = 99;
	ck_assert_int_eq(db_run(db, &op.op, registration_add_run, &err),
	                 -ENOENT);
}
END_TEST

START_TEST(test_new_times_follow_to_live_jobs_when_asked)
{
	struct registration_set set = {.row = example("ann@example.org"),
	                               .retention_now = 77,
	                               .recovery_wait_now = 11};
	struct job_row row = job_example();
	int64_t live, over;

	set.row.id = row.registration_id = add("ann@example.org");
	live = job_make(&row, "sealed");
	over = job_make(&row, "sealed");
	job_move(over, "ACCEPTED", "PRINTED");
	set.row.retention_s = 77;
	must(db_run(db, &set.op, registration_set_run, &err));
	ck_assert_int_eq(job_get(live).expires_at, 5000);
	set.follow = true;
	must(db_run(db, &set.op, registration_set_run, &err));
	ck_assert_int_eq(job_get(live).expires_at, 1077);
	ck_assert_int_eq(job_get(live).recovery_wait_s, 11);
	ck_assert_int_eq(job_get(over).expires_at, 5000);
	set.row.id = 99;
	memcpy(set.row.sender, "x@y", 4);
	ck_assert_int_eq(db_run(db, &set.op, registration_set_run, &err),
	                 -ENOENT);
}
END_TEST

static int on_each(const struct registration_row *row, const char *name,
                   void *arg)
{
	ck_assert_str_eq(name, "hall");
	++*(int *)arg;
	return 0;
}

START_TEST(test_registrations_are_listed_and_removed)
{
	struct registration_remove remove = {.id = add("*")};
	int n = 0;

	must(registration_each(db, on_each, &n, &err));
	ck_assert_int_eq(n, 1);
	must(db_run(db, &remove.op, registration_remove_run, &err));
	ck_assert_int_eq(db_run(db, &remove.op, registration_remove_run, &err),
	                 -ENOENT);
}
END_TEST

/* ---- printers ----------------------------------------------------------- */

START_TEST(test_printer_in_use_is_not_removed)
{
	struct printer_remove remove = {.id = printer_id};
	struct registration_remove registration = {.id = add("*")};
	struct job_row row = job_example();
	int64_t job = job_make(&row, "sealed");

	ck_assert_int_eq(db_run(db, &remove.op, printer_remove_run, &err),
	                 -EBUSY);
	must(db_run(db, &registration.op, registration_remove_run, &err));
	ck_assert_int_eq(db_run(db, &remove.op, printer_remove_run, &err),
	                 -EBUSY);
	job_move(job, "ACCEPTED", "CANCELLED");
	must(db_run(db, &remove.op, printer_remove_run, &err));
	ck_assert_int_eq(db_run(db, &remove.op, printer_remove_run, &err),
	                 -ENOENT);
}
END_TEST

START_TEST(test_printer_keeps_what_it_said)
{
	struct printer_tray_row trays[] = {
		{"Tray 1", "iso_a4_210x297mm", "sheet", 40},
		{"Tray 2", "", "sheet", -3},
	};
	struct printer_supply_row supplies[] = {{"Black", "k", "toner", 9}};
	struct printer_save save = {
		.row = {.id = printer_id,
	                .verdict = "abnormal",
	                .reason = "media-empty",
	                .sentence = "no paper",
	                .state = "stopped",
	                .checked_at = 50,
	                .capabilities = (char *)"colour=1\n",
	                .format = "image/urf"},
		.with_caps = true,
		.with_levels = true,
		.trays = trays,
		.n_trays = 2,
		.supplies = supplies,
		.n_supplies = 1,
	};
	struct printer_row row;
	struct printer_tray_row *found = NULL;
	struct printer_supply_row *ink = NULL;
	size_t n = 0;

	must(db_run(db, &save.op, printer_save_run, &err));
	save.with_caps = save.with_levels = false;
	save.row.format[0] = '\0';
	must(db_run(db, &save.op, printer_save_run, &err));
	must(printer_read(db, printer_id, &row, &err));
	ck_assert_str_eq(row.name, "hall");
	ck_assert_str_eq(row.verdict, "abnormal");
	ck_assert_str_eq(row.sentence, "no paper");
	ck_assert_str_eq(row.capabilities, "colour=1\n");
	ck_assert_str_eq(row.format, "image/urf");
	ck_assert_int_eq(row.checked_at, 50);
	ck_assert_int_eq(row.epoch, 1);
	printer_row_fini(&row);
	must(printer_read_trays(db, printer_id, &found, &n, &err));
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(found[1].name, "Tray 2");
	ck_assert_int_eq(found[1].level, -3);
	free(found);
	must(printer_read_supplies(db, printer_id, &ink, &n, &err));
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(ink[0].colour, "k");
	free(ink);
	save.row.id = 99;
	ck_assert_int_eq(db_run(db, &save.op, printer_save_run, &err), -ENOENT);
}
END_TEST

START_TEST(test_printer_token_and_address_are_replaced)
{
	struct printer_set_token token = {.id = printer_id,
	                                  .token_hash = "hash"};
	struct printer_set_uri uri = {.id = printer_id, .uri = "ipp://new/"};
	struct printer_row row;

	must(printer_read_by_name(db, "hall", &row, &err));
	ck_assert(!row.has_token);
	printer_row_fini(&row);
	must(db_run(db, &token.op, printer_set_token_run, &err));
	must(db_run(db, &uri.op, printer_set_uri_run, &err));
	must(printer_read_by_name(db, "hall", &row, &err));
	ck_assert(row.has_token);
	ck_assert_mem_eq(row.token_hash, token.token_hash, 32);
	ck_assert_str_eq(row.uri, "ipp://new/");
	printer_row_fini(&row);
	ck_assert_int_eq(printer_read_by_name(db, "none", &row, &err), -ENOENT);
	ck_assert_int_eq(printer_read(db, 99, &row, &err), -ENOENT);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("registration");
	TCase *tc = tcase_create("registration");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_exact_sender_wins_over_domain_over_anybody);
	tcase_add_test(tc,
	               test_unknown_address_and_unknown_sender_are_told_apart);
	tcase_add_test(tc, test_registration_is_read_as_it_was_written);
	tcase_add_test(tc,
	               test_pair_is_registered_once_and_for_a_printer_that_is);
	tcase_add_test(tc, test_new_times_follow_to_live_jobs_when_asked);
	tcase_add_test(tc, test_registrations_are_listed_and_removed);
	tcase_add_test(tc, test_printer_in_use_is_not_removed);
	tcase_add_test(tc, test_printer_keeps_what_it_said);
	tcase_add_test(tc, test_printer_token_and_address_are_replaced);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
