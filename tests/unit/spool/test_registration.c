/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "temp_spool.h"
#include "tests/unit/check_run.h"

struct good {
	const char *key, *in, *out;
};

static const struct good good[] = {
	{"from", "Ann@EXAMPLE.org", "Ann@example.org"},
	{"from", "*@Example.ORG", "*@example.org"},
	{"from", "*", "*"},
	{"address", "lobby", "lobby"},
	{"address", "a.b+c", "a.b+c"},
	{"retention", "48h", "2d"},
	{"retention", "0", "0s"},
	{"retention", "default", "default"},
	{"recovery-wait", "90", "90s"},
	{"recovery-wait", "default", "default"},
	{"what", "attachments", "attachments"},
	{"media", "A4", "a4"},
	{"media", "letter", "letter"},
	{"media", "a3", "a3"},
	{"media", "a5", "a5"},
	{"media", "legal", "legal"},
	{"media", "iso_a4_210x297mm", "a4"},
	{"media", "iso_b5_176x250mm", "b5"},
	{"media", "default", "default"},
	{"colour", "grey", "grey"},
	{"sides", "two-sided-short-edge", "two-sided-short-edge"},
	{"dpi", "600", "600"},
	{"dpi", "auto", "auto"},
	{"copies", "3", "3"},
	{"tray", "2", "tray-2"},
	{"tray", "default", "default"},
	{"pages", "1-5,8", "1-5,8"},
	{"pages", "1.3-3", "1,3"},
	{"pages", "5-,1-3,2", "1-3,5-"},
	{"number-up", "4", "4"},
	{"scaling", "fill", "fill"},
	{"head", "no", "no"},
	{"banner", "yes", "yes"},
	{"web", "reader", "reader"},
	{"page-limit", "20", "20"},
	{"page-limit", "none", "none"},
	{"over-limit", "ask", "ask"},
	{"stored-form", "mail", "mail"},
	{"stored-form", "pages", "pages"},
	{"remote-pictures", "yes", "yes"},
	{"remote-pictures", "no", "no"},
	{"stored-form", "default", "default"},
	{"format", "pdf-as-is", "pdf-as-is"},
	{"format", "default", "default"},
};

START_TEST(test_a_field_reads_back_as_it_was_set)
{
	const struct good *g = &good[_i];
	struct registration_row row;
	struct err err = {0};
	char text[512];

	registration_init(&row);
	ck_assert_msg(registration_set_field(&row, g->key, g->in, &err) == 0,
	              "%s", err.text);
	ck_assert_str_eq(registration_get_field(&row, g->key, text,
	                                        sizeof text),
	                 g->out);
	ck_assert_int_eq(registration_set_field(&row, g->key, text, NULL), 0);
	ck_assert_str_eq(registration_get_field(&row, g->key, text,
	                                        sizeof text),
	                 g->out);
}
END_TEST

struct bad {
	const char *key, *in, *must_say;
};

static const struct bad bad[] = {
	{"from", "", "from"},
	{"from", "ann", "ann@example.org"},
	{"from", "ann@", "from"},
	{"from", "@example.org", "from"},
	{"from", "ann lee@example.org", "from"},
	{"from", "ann\n@example.org", "from"},
	{"from",
         "0123456789012345678901234567890123456789012345678901234567890123456789@example.org",
         "from"},
	{"address", "", "address"},
	{"address", "lobby@print.example", "before the '@'"},
	{"address", "a b", "address"},
	{"retention", "soon", "retention"},
	{"retention", "-1", "retention"},
	{"recovery-wait", "5 minutes", "recovery-wait"},
	{"what", "everything", "auto, body, attachments, all"},
	{"media", "foolscap", "a4, letter"},
	{"media", "iso_a4", "PWG"},
	{"media", "ISO_A4_210x297mm", "PWG"},
	{"colour", "blue", "auto, colour, grey"},
	{"sides", "both", "two-sided-long-edge"},
	{"dpi", "12", "50 to"},
	{"dpi", "600dpi", "dpi"},
	{"copies", "0", "1 to"},
	{"copies", "99999999999999", "1 to"},
	{"copies", "", "copies"},
	{"tray", "", "tray"},
	{"tray", "the upper one", "media-source"},
	{"pages", "5-1", "1-5,8"},
	{"pages", "0", "3-"},
	{"pages", "1,", "pages"},
	{"number-up", "3", "1, 2, 4"},
	{"scaling", "50%", "fit, fill"},
	{"head", "maybe", "no, yes"},
	{"page-limit", "0", "none or 1"},
	{"page-limit", "99999999999", "none or 1"},
	{"over-limit", "cry", "refuse, first, ask"},
	{"color", "grey", "unknown"},
};

START_TEST(test_a_wrong_field_is_refused_with_what_may_stand_there)
{
	const struct bad *b = &bad[_i];
	struct registration_row row, before;
	struct err err = {0};

	registration_init(&row);
	before = row;
	ck_assert_int_eq(registration_set_field(&row, b->key, b->in, &err),
	                 -EINVAL);
	ck_assert_msg(strstr(err.text, b->must_say), "'%s'", err.text);
	ck_assert_mem_eq(&row, &before, sizeof row);
}
END_TEST

START_TEST(test_every_key_can_be_shown_and_set_again)
{
	struct registration_row row;
	char text[512];
	int n = 0;

	registration_init(&row);
	registration_set_field(&row, "from", "ann@example.org", NULL);
	registration_set_field(&row, "address", "lobby", NULL);
	for (; registration_keys[n]; n++) {
		registration_get_field(&row, registration_keys[n], text,
		                       sizeof text);
		ck_assert_str_ne(text, "");
		ck_assert_int_eq(registration_set_field(&row,
		                                        registration_keys[n],
		                                        text, NULL),
		                 0);
	}
	ck_assert_int_eq(n, 22);
}
END_TEST

struct told {
	int n, status;
	int64_t id;
	struct err err;
};

static void on_told(int status, int64_t id, const struct err *err, void *arg)
{
	struct told *told = arg;

	told->n++;
	told->status = status;
	told->id = id;
	if (err)
		told->err = *err;
}

static struct registration_row row_of(const char *sender, int64_t printer_id)
{
	struct registration_row row;

	registration_init(&row);
	row.printer_id = printer_id;
	registration_set_field(&row, "from", sender, NULL);
	registration_set_field(&row, "address", "lobby", NULL);
	return row;
}

static void wait_for(struct temp_spool *t, struct told *told)
{
	ck_assert_int_eq(told->n, 0); /* never from inside the call */
	while (told->n == 0)
		uv_run(&t->loop, UV_RUN_ONCE);
}

START_TEST(test_a_registration_is_added_changed_and_removed)
{
	struct temp_spool t;
	struct registration_row row, got;
	struct told told = {0};
	int64_t id;

	temp_spool_open(&t);
	row = row_of("ann@example.org",
	             temp_spool_add_printer(&t, "lobby", "", (char *)""));
	registration_add(&t.spool, &row, on_told, &told);
	wait_for(&t, &told);
	ck_assert_msg(told.status == 0, "%s", told.err.text);
	id = told.id;
	ck_assert_int_eq(registration_read(t.spool.db, id, &got, NULL), 0);
	ck_assert_str_eq(got.sender, "ann@example.org");
	ck_assert_int_gt(got.added_at, 1600000000);

	row.id = id;
	row.options.copies = 2;
	told = (struct told){0};
	registration_set(&t.spool, &row, on_told, &told);
	wait_for(&t, &told);
	ck_assert_int_eq(told.status, 0);
	ck_assert_int_eq(told.id, id);
	ck_assert_int_eq(registration_read(t.spool.db, id, &got, NULL), 0);
	ck_assert_int_eq(got.options.copies, 2);

	told = (struct told){0};
	registration_remove(&t.spool, id, on_told, &told);
	wait_for(&t, &told);
	ck_assert_int_eq(told.status, 0);
	ck_assert_int_eq(registration_read(t.spool.db, id, &got, NULL),
	                 -ENOENT);
	temp_spool_close(&t);
}
END_TEST

START_TEST(test_what_cannot_be_registered_is_told_with_a_sentence)
{
	struct temp_spool t;
	struct registration_row row;
	struct told told = {0};

	temp_spool_open(&t);
	row = row_of("ann@example.org",
	             temp_spool_add_printer(&t, "lobby", "", (char *)""));
	row.sender[0] = '\0';
	registration_add(&t.spool, &row, on_told, &told);
	wait_for(&t, &told);
	ck_assert_int_eq(told.status, -EINVAL);
	ck_assert_ptr_nonnull(strstr(told.err.text, "from"));

	row = row_of("ann@example.org", 999);
	told = (struct told){0};
	registration_add(&t.spool, &row, on_told, &told);
	wait_for(&t, &told);
	ck_assert_int_eq(told.status, -ENOENT);
	ck_assert_str_ne(told.err.text, "");

	told = (struct told){0};
	registration_remove(&t.spool, 999, on_told, &told);
	wait_for(&t, &told);
	ck_assert_int_eq(told.status, -ENOENT);
	temp_spool_close(&t);
}
END_TEST

START_TEST(test_limits_come_from_the_server_unless_set)
{
	struct spool spool = {0};
	struct registration_row row;

	spool.options.retention_s = 100;
	spool.options.recovery_wait_s = 10;
	registration_init(&row);
	ck_assert_int_eq(registration_retention(&spool, &row), 100);
	ck_assert_int_eq(registration_recovery_wait(&spool, &row), 10);
	row.retention_s = 0;
	row.recovery_wait_s = 3;
	ck_assert_int_eq(registration_retention(&spool, &row), 0);
	ck_assert_int_eq(registration_recovery_wait(&spool, &row), 3);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("registration");
	TCase *tc = tcase_create("registration");

	tcase_add_loop_test(tc, test_a_field_reads_back_as_it_was_set, 0,
	                    (int)ARRAY_LEN(good));
	tcase_add_loop_test(
		tc, test_a_wrong_field_is_refused_with_what_may_stand_there, 0,
		(int)ARRAY_LEN(bad));
	tcase_add_test(tc, test_every_key_can_be_shown_and_set_again);
	tcase_add_test(tc, test_a_registration_is_added_changed_and_removed);
	tcase_add_test(tc,
	               test_what_cannot_be_registered_is_told_with_a_sentence);
	tcase_add_test(tc, test_limits_come_from_the_server_unless_set);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
