/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/buf.h"
#include "base/fs.h"
#include "spool.h"

/* An operation that adds a printer, and when its answer came. */
struct answer {
	struct printer_add add;
	int status, place;
	int64_t n_seen; /* printers that a reader saw then */
};
static int n_answers;

static int count_printer(const struct printer_row *row, void *arg)
{
	++*(int64_t *)arg;
	return 0;
}

static int64_t count_printers(void)
{
	int64_t n = 0;

	must(printer_each(db, count_printer, &n, &err));
	return n;
}

static void on_answer(struct db_op *op, int status, const struct err *why)
{
	struct answer *answer = CONTAINER_OF(op, struct answer, add.op);

	answer->status = status;
	answer->place = n_answers++;
	answer->n_seen = count_printers();
}

static void submit(struct answer *answer, const char *name)
{
	snprintf(answer->add.row.name, sizeof answer->add.row.name, "%s", name);
	answer->place = -1;
	db_submit(db, &answer->add.op, printer_add_run, on_answer);
}

static void wait_for_all(void)
{
	while (db_backlog(db) > 0)
		uv_run(&loop, UV_RUN_ONCE);
}

/* Holds the writer thread, so that what is submitted meanwhile is one group. */
struct barrier {
	struct db_op op;
	uv_sem_t go;
	bool is_lifted; /* a group may be run twice */
};

static int barrier_run(struct db_conn *conn, struct db_op *op, struct err *why)
{
	struct barrier *barrier = CONTAINER_OF(op, struct barrier, op);

	if (!barrier->is_lifted)
		uv_sem_wait(&barrier->go);
	barrier->is_lifted = true;
	return 0;
}

static void barrier_done(struct db_op *op, int status, const struct err *why)
{
}

static void barrier_start(struct barrier *barrier)
{
	*barrier = (struct barrier){0};
	ck_assert_int_eq(uv_sem_init(&barrier->go, 0), 0);
	db_submit(db, &barrier->op, barrier_run, barrier_done);
}

static void barrier_lift(struct barrier *barrier)
{
	uv_sem_post(&barrier->go);
	wait_for_all();
	uv_sem_destroy(&barrier->go);
}

START_TEST(test_group_is_answered_in_order_and_after_the_commit)
{
	struct barrier barrier;
	struct answer answers[20] = {0};
	char name[16];

	n_answers = 0;
	barrier_start(&barrier);
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof name, "p%d", i);
		submit(&answers[i], name);
	}
	ck_assert_uint_eq(db_backlog(db), 21);
	ck_assert_int_eq(count_printers(), 1);
	ck_assert_int_eq(n_answers, 0);
	barrier_lift(&barrier);
	for (int i = 0; i < 20; i++) {
		ck_assert_int_eq(answers[i].status, 0);
		ck_assert_int_eq(answers[i].place, i);
	}
	ck_assert_int_eq(answers[19].n_seen, 21);
}
END_TEST

START_TEST(test_operation_that_fails_is_undone_alone)
{
	struct barrier barrier;
	struct answer answers[3] = {0};

	n_answers = 0;
	barrier_start(&barrier);
	submit(&answers[0], "first");
	submit(&answers[1], "hall");
	submit(&answers[2], "last");
	barrier_lift(&barrier);
	ck_assert_int_eq(answers[0].status, 0);
	ck_assert_int_eq(answers[1].status, -EEXIST);
	ck_assert_str_eq(answers[1].add.op.err.text,
	                 "there is a printer 'hall' already");
	ck_assert_int_eq(answers[2].status, 0);
	ck_assert_int_eq(answers[1].place, 1);
	ck_assert_int_eq(count_printers(), 3);
}
END_TEST

/* Adds a printer and then fails: the half must not stay. */
static int half_run(struct db_conn *conn, struct db_op *op, struct err *why)
{
	must(printer_add_run(conn, op, why));
	return err_set(why, -ECANCELED, "on purpose");
}

START_TEST(test_half_of_an_operation_does_not_stay)
{
	struct printer_add add = {.row.name = "half"};

	ck_assert_int_eq(db_run(db, &add.op, half_run, &err), -ECANCELED);
	ck_assert_str_eq(err.text, "on purpose");
	ck_assert_int_eq(count_printers(), 1);
}
END_TEST

static void run_inside(struct db_op *op, int status, const struct err *why)
{
	struct printer_add add = {.row.name = "inside"};

	ck_assert_int_eq(status, 0);
	must(db_run(db, &add.op, printer_add_run, &err));
}

START_TEST(test_waiting_call_works_inside_the_loop)
{
	struct printer_add add = {.row.name = "outside"};

	db_submit(db, &add.op, printer_add_run, run_inside);
	wait_for_all();
	ck_assert_int_eq(count_printers(), 3);
}
END_TEST

START_TEST(test_close_finishes_what_was_submitted)
{
	struct answer answer = {0};

	n_answers = 0;
	submit(&answer, "late");
	spool_close();
	ck_assert_int_eq(answer.place, 0);
	spool_open();
	ck_assert_int_eq(count_printers(), 2);
}
END_TEST

START_TEST(test_close_leaves_no_log)
{
	char *wal CLEANUP(xfree) = xasprintf("%s-wal", path);

	ck_assert_int_eq(access(wal, F_OK), 0);
	spool_close();
	ck_assert_int_eq(access(wal, F_OK), -1);
	spool_open();
}
END_TEST

START_TEST(test_second_program_is_refused)
{
	struct db *second = NULL;

	ck_assert_int_eq(db_open(&loop, path, NULL, NULL, &second, &err),
	                 -EBUSY);
	ck_assert_ptr_null(second);
	ck_assert_ptr_nonnull(strstr(err.text, "another platend"));
}
END_TEST

/* ---- another connection, as an operator's sqlite3 ----------------------- */

static sqlite3 *outside_open(void)
{
	sqlite3 *outside = NULL;

	ck_assert_int_eq(sqlite3_open(path, &outside), SQLITE_OK);
	return outside;
}

static void outside_exec(sqlite3 *outside, const char *sql)
{
	int code = sqlite3_exec(outside, sql, NULL, NULL, NULL);

	ck_assert_msg(code == SQLITE_OK, "%s: %s", sql,
	              sqlite3_errmsg(outside));
}

START_TEST(test_write_lock_of_another_program_is_told)
{
	sqlite3 *outside = outside_open();
	struct printer_add add = {.row.name = "new"};

	outside_exec(outside, "BEGIN IMMEDIATE");
	ck_assert_int_eq(db_run(db, &add.op, printer_add_run, &err), -EBUSY);
	outside_exec(outside, "ROLLBACK");
	sqlite3_close(outside);
	ck_assert(!db_is_broken(db));
	must(db_run(db, &add.op, printer_add_run, &err));
}
END_TEST

static void on_checkpoint(struct db_op *op, int status, const struct err *why)
{
}

static int checkpoint(void)
{
	struct db_op op;

	db_checkpoint(db, &op, on_checkpoint);
	wait_for_all();
	return op.status;
}

START_TEST(test_checkpoint_waits_until_a_reader_is_gone)
{
	char *wal CLEANUP(xfree) = xasprintf("%s-wal", path);
	sqlite3 *outside = outside_open();
	struct printer_add add = {.row.name = "new"};
	struct stat st;

	outside_exec(outside, "BEGIN; SELECT * FROM printer");
	must(db_run(db, &add.op, printer_add_run, &err));
	ck_assert_int_eq(checkpoint(), -EBUSY);
	outside_exec(outside, "ROLLBACK");
	ck_assert_int_eq(checkpoint(), 0);
	sqlite3_close(outside);
	ck_assert_int_eq(stat(wal, &st), 0);
	ck_assert_int_eq(st.st_size, 0);
}
END_TEST

START_TEST(test_checkpoint_keeps_its_place_among_operations)
{
	struct barrier barrier;
	struct answer first = {0}, last = {0};
	struct db_op op;

	n_answers = 0;
	barrier_start(&barrier);
	submit(&first, "first");
	db_checkpoint(db, &op, on_checkpoint);
	submit(&last, "last");
	barrier_lift(&barrier);
	ck_assert_int_eq(first.place, 0);
	ck_assert_int_eq(op.status, 0);
	ck_assert_int_eq(last.place, 1);
}
END_TEST

START_TEST(test_every_view_can_be_read)
{
	sqlite3 *outside = outside_open();
	sqlite3_stmt *views = NULL;
	int n = 0;

	sqlite3_prepare_v2(outside,
	                   "SELECT name FROM sqlite_schema WHERE type = 'view'",
	                   -1, &views, NULL);
	for (; sqlite3_step(views) == SQLITE_ROW; n++) {
		char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"",
		                            sqlite3_column_text(views, 0));

		outside_exec(outside, sql);
		sqlite3_free(sql);
	}
	ck_assert_int_eq(n, 6);
	sqlite3_finalize(views);
	sqlite3_close(outside);
}
END_TEST

/* ---- retention ---------------------------------------------------------- */

static bool file_has(const char *suffix, const char *marker)
{
	char *name CLEANUP(xfree) = xasprintf("%s%s", path, suffix);
	char *data CLEANUP(xfree) = NULL;
	size_t len = 0;

	return fs_read_file(AT_FDCWD, name, 1 << 26, &data, &len, NULL) == 0 &&
	       memmem(data, len, marker, strlen(marker));
}

/*
 * In a child: closing a database's descriptor in the process that has it open
 * drops SQLite's locks.
 */
static bool is_on_disk(const char *marker)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0)
		_exit(file_has("", marker) || file_has("-wal", marker));
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status) != 0;
}

START_TEST(test_content_is_gone_after_the_job_and_a_checkpoint)
{
	static const char marker[] = "kept-no-longer-than-needed";
	struct job_row row = job_example();
	struct buf content CLEANUP(buf_fini) = {0};
	int64_t id, other;

	memcpy(row.subject, "private-subject", 16);
	for (int i = 0; i < 1000; i++)
		buf_puts(&content, marker);
	id = job_make(&row, buf_str(&content));
	other = job_make(&row, buf_str(&content));
	ck_assert(is_on_disk(marker));
	ck_assert_int_eq(checkpoint(), 0);
	ck_assert(is_on_disk(marker));
	ck_assert(is_on_disk("private-subject"));
	job_move(id, "ACCEPTED", "EXPIRED");
	job_move(other, "ACCEPTED", "CANCELLED");
	ck_assert_int_eq(checkpoint(), 0);
	ck_assert(!is_on_disk(marker));
	ck_assert(!is_on_disk("private-subject"));
}
END_TEST

/* ---- files that cannot be opened ---------------------------------------- */

static void refused(int code, const char *why)
{
	db = NULL;
	ck_assert_int_eq(db_open(&loop, path, NULL, NULL, &db, &err), code);
	ck_assert_ptr_null(db);
	ck_assert_msg(strstr(err.text, why) != NULL, "%s", err.text);
}

/* Also shows that the file was left as it was. */
static void write_file(int64_t offset, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pwrite(fd, text, strlen(text), offset),
	                 (ssize_t)strlen(text));
	close(fd);
}

START_TEST(test_newer_database_is_refused_naming_both_versions)
{
	sqlite3 *outside;
	char known[32];

	spool_close();
	outside = outside_open();
	outside_exec(outside, "PRAGMA user_version = 77");
	sqlite3_close(outside);
	refused(-EINVAL, "version 77");
	snprintf(known, sizeof known, "up to %d", db_schema_version());
	ck_assert_ptr_nonnull(strstr(err.text, known));
	outside = outside_open();
	outside_exec(outside, "PRAGMA user_version = 1");
	sqlite3_close(outside);
	spool_open();
}
END_TEST

START_TEST(test_file_that_is_no_database_is_refused_and_kept)
{
	write_file(0, "this is a letter to somebody, and not a database; it is "
	              "long enough to have a header of a hundred bytes, too");
	refused(-EIO, "not a database");
	ck_assert(is_on_disk("a letter to somebody"));
}
END_TEST

START_TEST(test_database_of_another_program_is_refused)
{
	sqlite3 *outside = outside_open();

	outside_exec(outside, "CREATE TABLE cats (name TEXT)");
	sqlite3_close(outside);
	refused(-EIO, "no spool");
}
END_TEST

START_TEST(test_empty_file_is_refused)
{
	close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	refused(-EIO, "empty");
}
END_TEST

START_TEST(test_log_without_its_database_is_refused)
{
	char *wal CLEANUP(xfree) = xasprintf("%s-wal", path);

	close(open(wal, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	refused(-EIO, "missing");
	ck_assert_int_eq(access(path, F_OK), -1);
}
END_TEST

START_TEST(test_damaged_page_is_refused)
{
	char junk[4097];

	spool_open();
	spool_close();
	memset(junk, 'x', sizeof junk);
	junk[4096] = '\0';
	write_file(2 * 4096, junk);
	refused(-EIO, "");
	ck_assert(is_on_disk("xxxxxxxxxxxxxxxx"));
}
END_TEST

START_TEST(test_start_that_was_cut_short_is_made_good)
{
	char *half CLEANUP(xfree) = xasprintf("%s.new", path);

	close(open(half, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	spool_open();
	ck_assert_int_eq(access(half, F_OK), -1);
	spool_close();
}
END_TEST

static Suite *make_suite(void)
{
	Suite *suite = suite_create("db");
	TCase *tc = tcase_create("open");
	TCase *files = tcase_create("files");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc,
	               test_group_is_answered_in_order_and_after_the_commit);
	tcase_add_test(tc, test_operation_that_fails_is_undone_alone);
	tcase_add_test(tc, test_half_of_an_operation_does_not_stay);
	tcase_add_test(tc, test_waiting_call_works_inside_the_loop);
	tcase_add_test(tc, test_close_finishes_what_was_submitted);
	tcase_add_test(tc, test_close_leaves_no_log);
	tcase_add_test(tc, test_second_program_is_refused);
	tcase_add_test(tc, test_write_lock_of_another_program_is_told);
	tcase_add_test(tc, test_checkpoint_waits_until_a_reader_is_gone);
	tcase_add_test(tc, test_checkpoint_keeps_its_place_among_operations);
	tcase_add_test(tc, test_every_view_can_be_read);
	tcase_add_test(tc, test_content_is_gone_after_the_job_and_a_checkpoint);
	tcase_add_test(tc, test_newer_database_is_refused_naming_both_versions);
	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(files, dir_make, dir_remove);
	tcase_add_test(files,
	               test_file_that_is_no_database_is_refused_and_kept);
	tcase_add_test(files, test_database_of_another_program_is_refused);
	tcase_add_test(files, test_empty_file_is_refused);
	tcase_add_test(files, test_log_without_its_database_is_refused);
	tcase_add_test(files, test_damaged_page_is_refused);
	tcase_add_test(files, test_start_that_was_cut_short_is_made_good);
	suite_add_tcase(suite, files);
	return suite;
}

int main(void)
{
	return check_run(make_suite());
}
