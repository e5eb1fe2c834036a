/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "db/picture_table.h"
#include "spool.h"
#include "tests/unit/check_run.h"

#define DAY (INT64_C(24) * 3600)

/* A mail of ann's with this text came with the picture "logo". */
struct seeing {
	struct db_op op;
	struct pictures_seen seen;
	int64_t now;
};

static int see_run(struct db_conn *conn, struct db_op *op, struct err *e)
{
	struct seeing *seeing = CONTAINER_OF(op, struct seeing, op);

	return pictures_remember(conn, &seeing->seen, seeing->now, e);
}

static void see(const char *body, int64_t now)
{
	static const char *const hashes[] = {"logo"};
	struct seeing seeing = {
		.seen = {.sender = "ann@example.org",
	                 .body = body,
	                 .hashes = hashes,
	                 .n = 1},
		.now = now,
	};

	must(db_run(db, &seeing.op, see_run, &err));
}

static int64_t count(const char *sender, const char *body)
{
	int64_t n = -1;

	must(picture_count(db, sender, "logo", body, &n, &err));
	return n;
}

START_TEST(test_only_mails_with_other_texts_count)
{
	see("first", 1000);
	see("first", 2000);
	see("second", 3000);
	ck_assert_int_eq(count("ann@example.org", "third"), 2);
	ck_assert_int_eq(count("ann@example.org", "second"), 1);
	ck_assert_int_eq(count("bob@example.org", "third"), 0);
}
END_TEST

static int keep(const struct picture_row *row, void *arg)
{
	*(struct picture_row *)arg = *row;
	return 0;
}

START_TEST(test_few_mails_of_a_picture_are_kept)
{
	struct picture_row row = {0};
	char body[8];

	for (int i = 0; i < 9; i++) {
		snprintf(body, sizeof body, "b%d", i);
		see(body, 1000 + i);
	}
	must(picture_each(db, keep, &row, &err));
	ck_assert_str_eq(row.sender, "ann@example.org");
	ck_assert_str_eq(row.hash, "logo");
	ck_assert_int_eq(row.n_mails, 5);
	ck_assert_int_eq(row.first_seen_at, 1004);
	ck_assert_int_eq(row.last_seen_at, 1008);
}
END_TEST

START_TEST(test_pictures_are_forgotten_in_time_or_when_asked)
{
	struct dedupe_expire expire = {.now = 200 * DAY};
	struct picture_forget forget = {.hash = "logo"};

	see("old", 1 * DAY);
	see("new", 190 * DAY);
	must(db_run(db, &expire.op, dedupe_expire_run, &err));
	ck_assert_int_eq(count("ann@example.org", ""), 1);
	must(db_run(db, &forget.op, picture_forget_run, &err));
	ck_assert_int_eq(count("ann@example.org", ""), 0);
	ck_assert_int_eq(db_run(db, &forget.op, picture_forget_run, &err),
	                 -ENOENT);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("picture");
	TCase *tc = tcase_create("picture");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_only_mails_with_other_texts_count);
	tcase_add_test(tc, test_few_mails_of_a_picture_are_kept);
	tcase_add_test(tc, test_pictures_are_forgotten_in_time_or_when_asked);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
