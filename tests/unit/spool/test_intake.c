/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "db/job_table.h"
#include "spool/dispatch.h"
#include "spool/intake.h"
#include "temp_spool.h"
#include "tests/unit/check_run.h"

/*
 * What the intake asks of dispatch: answered here, so that no printer is asked.
 */
static bool fake_is_held;
static int n_dispatched;

bool dispatch_is_held(struct spool *spool, int64_t printer_id,
                      const struct job_kind *kind, char *reason, size_t size)
{
	snprintf(reason, size, "%s",
	         fake_is_held ? "the printer is out of A4 paper" : "");
	return fake_is_held;
}

void dispatch_job_accepted(struct spool *spool, const struct job_row *job)
{
	n_dispatched++;
}

#define SENDER "ann@example.org"
#define TRACE  "Received: from x\r\n\tby y with ESMTP;\r\n\tThu, 1 Jan\r\n"

static struct temp_spool t;
static int64_t printer_id, lobby;

static void setup(void)
{
	fake_is_held = false;
	n_dispatched = 0;
	temp_spool_open(&t);
	printer_id = temp_spool_add_printer(&t, "lobby", "na_letter_8.5x11in",
	                                    (char *)"colour=yes\n");
	lobby = temp_spool_register(&t, SENDER, "lobby", printer_id);
}

static void teardown(void)
{
	temp_spool_close(&t);
}

struct told {
	int n, status;
	struct intake_result results[4];
	size_t n_results;
	struct err err;
};

static void on_told(int status, const struct intake_result *results, size_t n,
                    const struct err *err, void *arg)
{
	struct told *told = arg;

	told->n++;
	told->status = status;
	told->n_results = n;
	ck_assert_uint_le(n, ARRAY_LEN(told->results));
	if (n)
		memcpy(told->results, results, n * sizeof *results);
	if (err)
		told->err = *err;
}

static struct told commit(struct intake *intake)
{
	struct told told = {0};

	intake_commit(intake, on_told, &told);
	ck_assert_int_eq(told.n, 0); /* never from inside the call */
	while (told.n == 0)
		uv_run(&t.loop, UV_RUN_ONCE);
	ck_assert_uint_eq(t.spool.n_intakes, 0);
	return told;
}

static struct intake *start(int64_t registration_id)
{
	struct intake *intake = intake_new(&t.spool, SENDER);

	ck_assert_int_eq(intake_add(intake, registration_id, "", NULL), 0);
	return intake;
}

static void write_all(struct intake *intake, const char *data, size_t len,
                      size_t step)
{
	struct err err = {0};

	for (size_t at = 0; at < len; at += step)
		ck_assert_msg(intake_write(intake, data + at,
		                           len - at < step ? len - at : step,
		                           &err) == 0,
		              "%s", err.text);
}

static struct told bring(int64_t registration_id, const char *text, size_t step)
{
	struct intake *intake = start(registration_id);

	write_all(intake, text, strlen(text), step);
	return commit(intake);
}

/* A mail with a body of len bytes; the caller's. */
static char *make_mail(const char *header, size_t len)
{
	struct buf mail = {0};

	buf_printf(&mail, TRACE "%s\r\n", header);
	for (size_t i = 0; i < len; i++)
		buf_append(&mail, &"abcdefghijklmnopqrstuvw\r\n"[i % 25], 1);
	buf_str(&mail);
	return mail.data;
}

/* The stored message of a job, opened; the caller's. */
static char *read_back(int64_t job_id, size_t *len)
{
	struct job_row job;
	struct message_row message;
	struct content_key key;
	struct content_open *open CLEANUP(content_open_free) = NULL;
	struct buf plain = {0};
	void *sealed CLEANUP(xfree) = NULL;
	size_t n;

	ck_assert_int_eq(job_read(t.spool.db, job_id, &job, NULL), 0);
	ck_assert_int_eq(message_read(t.spool.db, job.message_id, &message,
	                              NULL),
	                 0);
	if (message.file[0])
		ck_assert_int_eq(fs_read_file(t.spool.messages_dir,
		                              message.file, 1 << 24,
		                              (char **)&sealed, &n, NULL),
		                 0);
	else
		ck_assert_int_eq(message_read_content(t.spool.db,
		                                      job.message_id, &sealed,
		                                      &n, NULL),
		                 0);
	ck_assert_int_eq(content_key_unwrap(&t.spool.master, message.key,
	                                    (size_t)message.key_len, &key,
	                                    NULL),
	                 0);
	open = content_open_new(&key);
	ck_assert_int_eq(content_open_write(open, sealed, n, &plain, NULL), 0);
	ck_assert(content_open_is_whole(open));
	ck_assert_int_eq(message.size, (int64_t)plain.len);
	*len = plain.len;
	buf_str(&plain);
	return plain.data;
}

static const size_t sizes[] = {
	10, 5000, INTAKE_INLINE_MAX, INTAKE_INLINE_MAX + 1, 1 << 20,
};

START_TEST(test_what_came_is_what_is_stored)
{
	static const size_t steps[] = {1000, 65536, 1 << 24};
	size_t size = sizes[_i];

	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		char *mail CLEANUP(xfree) = make_mail("Subject: x\r\n", size);
		struct told told = bring(lobby, mail, steps[i]);
		char *got CLEANUP(xfree) = NULL;
		size_t len;

		ck_assert_msg(told.status == 0, "%s", told.err.text);
		got = read_back(told.results[0].job_id, &len);
		ck_assert_uint_eq(len, strlen(mail));
		ck_assert_str_eq(got, mail);
	}
	ck_assert_int_eq(n_dispatched, 3);
	ck_assert_int_eq(temp_spool_files(t.spool.messages_dir, false),
	                 size > INTAKE_INLINE_MAX - 100 ? 3 : 0);
}
END_TEST

START_TEST(test_a_job_has_what_its_registration_says)
{
	struct registration_row row;
	struct job_row job;
	struct told told;

	registration_init(&row);
	row.printer_id = printer_id;
	registration_set_field(&row, "from", "*@example.org", NULL);
	registration_set_field(&row, "address", "desk", NULL);
	registration_set_field(&row, "media", "a3", NULL);
	registration_set_field(&row, "colour", "grey", NULL);
	registration_set_field(&row, "retention", "1h", NULL);
	registration_set_field(&row, "recovery-wait", "7s", NULL);
	told = bring(temp_spool_add_registration(&t, &row),
	             TRACE "Subject: x\r\n\r\nhi\r\n", 4096);
	ck_assert_int_eq(told.status, 0);
	ck_assert_int_eq(job_read(t.spool.db, told.results[0].job_id, &job,
	                          NULL),
	                 0);
	ck_assert_str_eq(job.state, "ACCEPTED");
	ck_assert_str_eq(job.reason, "");
	ck_assert_str_eq(job.sender, SENDER);
	ck_assert_str_eq(job.address, "desk");
	ck_assert_str_eq(job.printer_name, "lobby");
	ck_assert_str_eq(job.kind.media, "iso_a3_297x420mm");
	ck_assert(!job.kind.is_colour);
	ck_assert_int_eq(job.expires_at, job.received_at + 3600);
	ck_assert_int_eq(job.recovery_wait_s, 7);
	ck_assert_int_eq(job.impressions, -1);
}
END_TEST

START_TEST(test_a_job_has_what_its_printer_says_otherwise)
{
	struct job_row job;
	struct told told = bring(lobby, TRACE "Subject: x\r\n\r\nhi\r\n", 4096);

	ck_assert_int_eq(job_read(t.spool.db, told.results[0].job_id, &job,
	                          NULL),
	                 0);
	ck_assert_str_eq(job.kind.media, "na_letter_8.5x11in");
	ck_assert(job.kind.is_colour);
	ck_assert_int_eq(job.expires_at, job.received_at + 3600);
	ck_assert_int_eq(job.recovery_wait_s, 60);
}
END_TEST

START_TEST(test_an_unnamed_paper_is_a4)
{
	int64_t plain = temp_spool_add_printer(&t, "plain", "", (char *)"");
	struct told told =
		bring(temp_spool_register(&t, SENDER, "plain", plain),
	              TRACE "Subject: x\r\n\r\nhi\r\n", 4096);
	struct job_row job;

	ck_assert_int_eq(job_read(t.spool.db, told.results[0].job_id, &job,
	                          NULL),
	                 0);
	ck_assert_str_eq(job.kind.media, "iso_a4_210x297mm");
	ck_assert(!job.kind.is_colour);
}
END_TEST

START_TEST(test_a_job_for_an_abnormal_printer_is_held_with_its_sentence)
{
	struct job_row job;
	struct told told;

	fake_is_held = true;
	told = bring(lobby, TRACE "Subject: x\r\n\r\nhi\r\n", 4096);
	ck_assert_int_eq(job_read(t.spool.db, told.results[0].job_id, &job,
	                          NULL),
	                 0);
	ck_assert_str_eq(job.state, "HELD");
	ck_assert_str_eq(job.reason, "the printer is out of A4 paper");
	ck_assert_int_eq(n_dispatched, 1);
}
END_TEST

START_TEST(test_second_delivery_prints_once)
{
	size_t size = sizes[_i];
	char *body CLEANUP(xfree) =
		make_mail("Message-ID: <1@x>\r\nSubject: a\r\n", size);
	char *again CLEANUP(xfree) =
		xasprintf("Received: from somewhere else\r\n%s",
	                  body + strlen(TRACE));
	struct told first = bring(lobby, body, 65536);
	int n_files = temp_spool_files(t.spool.messages_dir, false);
	struct told second = bring(lobby, again, 777);

	ck_assert_int_eq(first.status, 0);
	ck_assert(!first.results[0].is_duplicate);
	ck_assert_int_eq(second.status, 0);
	ck_assert(second.results[0].is_duplicate);
	ck_assert_int_eq(second.results[0].job_id, first.results[0].job_id);
	ck_assert_int_eq(n_dispatched, 1);
	ck_assert_int_eq(temp_spool_files(t.spool.messages_dir, false),
	                 n_files);
}
END_TEST

static const char *const different[] = {
	TRACE "Message-ID: <2@x>\r\n\r\nhi\r\n",   /* another id */
	TRACE "Message-ID: <1@x>\r\n\r\nho\r\n",   /* another body */
	TRACE "X-Message-ID: <1@x>\r\n\r\nhi\r\n", /* none at all */
	TRACE "Message-ID:\r\n\r\nhi\r\n",
	TRACE "\r\nMessage-ID: <1@x>\r\n\r\nhi\r\n",
	"Message-ID: <1@x>\r\n\r\nhi\r\n", /* where the trace line stands */
};

START_TEST(test_what_differs_is_printed)
{
	struct told first =
		bring(lobby, TRACE "Message-ID: <1@x>\r\n\r\nhi\r\n", 4096);
	struct told other = bring(lobby, different[_i], 4096);

	ck_assert_int_eq(first.status, 0);
	ck_assert_int_eq(other.status, 0);
	ck_assert(!other.results[0].is_duplicate);
	ck_assert_int_ne(other.results[0].job_id, first.results[0].job_id);
}
END_TEST

static const char *const same[] = {
	TRACE "message-id: <1@x>\r\n\r\nhi\r\n",
	TRACE "MESSAGE-ID :\t<1@x>\r\nSubject: late\r\n\r\nhi\r\n",
	TRACE "Subject: early\r\nMessage-ID:\r\n <1@x>\r\n\r\nhi\r\n",
	"Received: short\r\nMessage-ID: <1@x>\r\n\r\nhi\r\n",
};

START_TEST(test_the_header_may_be_written_otherwise)
{
	struct told first =
		bring(lobby, TRACE "Message-ID: <1@x>\r\n\r\nhi\r\n", 4096);
	struct told other = bring(lobby, same[_i], 1);

	ck_assert(other.results[0].is_duplicate);
	ck_assert_int_eq(other.results[0].job_id, first.results[0].job_id);
}
END_TEST

START_TEST(test_a_huge_header_has_no_fingerprint)
{
	struct buf header CLEANUP(buf_fini) = {0};
	char *mail CLEANUP(xfree) = NULL;

	buf_puts(&header, "Message-ID: <1@x>\r\n");
	while (header.len < 70000)
		buf_puts(&header, "X-Filler: 0123456789\r\n");
	mail = make_mail(buf_str(&header), 100);
	ck_assert(!bring(lobby, mail, 4096).results[0].is_duplicate);
	ck_assert(!bring(lobby, mail, 4096).results[0].is_duplicate);
}
END_TEST

START_TEST(test_every_recipient_gets_an_answer_and_one_copy)
{
	int64_t desk = temp_spool_register(&t, SENDER, "desk", printer_id);
	struct intake *intake = start(lobby);
	struct told told;

	ck_assert_int_eq(intake_add(intake, desk, "", NULL), 0);
	ck_assert_int_eq(intake_add(intake, lobby, "", NULL), 0);
	ck_assert_uint_eq(intake_n_recipients(intake), 3);
	write_all(intake, TRACE "\r\nhi\r\n", strlen(TRACE "\r\nhi\r\n"), 100);
	told = commit(intake);
	ck_assert_int_eq(told.status, 0);
	ck_assert_uint_eq(told.n_results, 3);
	ck_assert_int_eq(told.results[0].job_id, told.results[2].job_id);
	ck_assert_int_ne(told.results[0].job_id, told.results[1].job_id);
	ck_assert_int_eq(n_dispatched, 2);
}
END_TEST

START_TEST(test_a_second_delivery_to_one_more_prints_there_only)
{
	static const char text[] = TRACE "Message-ID: <1@x>\r\n\r\nhi\r\n";
	int64_t desk = temp_spool_register(&t, SENDER, "desk", printer_id);
	struct told first = bring(lobby, text, 4096), second;
	struct intake *intake = start(lobby);

	ck_assert_int_eq(intake_add(intake, desk, "", NULL), 0);
	write_all(intake, text, strlen(text), 4096);
	second = commit(intake);
	ck_assert(second.results[0].is_duplicate);
	ck_assert_int_eq(second.results[0].job_id, first.results[0].job_id);
	ck_assert(!second.results[1].is_duplicate);
	ck_assert_int_eq(n_dispatched, 2);
}
END_TEST

START_TEST(test_a_forgotten_message_leaves_nothing_behind)
{
	char *mail CLEANUP(xfree) = make_mail("", 200000);
	struct intake *small = start(lobby), *large = start(lobby);

	write_all(small, mail, 1000, 1000);
	write_all(large, mail, strlen(mail), 4096);
	ck_assert_int_eq(temp_spool_files(t.spool.messages_dir, false), 1);
	intake_free(small);
	intake_free(large);
	intake_free(NULL);
	ck_assert_int_eq(temp_spool_files(t.spool.messages_dir, false), 0);
}
END_TEST

START_TEST(test_a_message_nobody_waits_for_is_kept)
{
	char *mail CLEANUP(xfree) = make_mail("", _i ? 200000 : 100);
	struct intake *intake = start(lobby);
	struct told told = {0};

	write_all(intake, mail, strlen(mail), 4096);
	intake_commit(intake, on_told, &told);
	intake_detach(intake);
	while (t.spool.n_intakes > 0)
		uv_run(&t.loop, UV_RUN_ONCE);
	ck_assert_int_eq(told.n, 0);
	ck_assert_int_eq(n_dispatched, 1);
}
END_TEST

START_TEST(test_a_message_that_is_too_large_is_refused_on_the_way)
{
	char *mail CLEANUP(xfree) = make_mail("", 200000);
	struct intake *intake = start(lobby);
	struct err err = {0};

	t.spool.options.max_message_size = 100000;
	ck_assert_int_eq(intake_may_come(&t.spool, 100001, &err), -EFBIG);
	ck_assert_int_eq(intake_may_come(&t.spool, 100000, &err), 0);
	ck_assert_int_eq(intake_write(intake, mail, 100000, &err), 0);
	ck_assert_int_eq(intake_write(intake, mail, 1, &err), -EFBIG);
	ck_assert_str_ne(err.text, "");
	intake_free(intake);
}
END_TEST

START_TEST(test_mail_is_refused_below_the_disk_reserve)
{
	struct err err = {0};

	ck_assert_int_eq(intake_may_come(&t.spool, -1, &err), 0);
	t.spool.options.disk_reserve = INT64_MAX / 2;
	ck_assert_int_eq(intake_may_come(&t.spool, -1, &err), -ENOSPC);
	ck_assert_int_eq(intake_may_come(&t.spool, 5000, &err), -ENOSPC);
	ck_assert_str_ne(err.text, "");
}
END_TEST

START_TEST(test_a_file_that_cannot_be_published_is_not_accepted)
{
	char *mail CLEANUP(xfree) = make_mail("", 200000);
	struct intake *intake = start(lobby);
	struct told told;

	write_all(intake, mail, strlen(mail), 4096);
	/* Its name goes away under it: the rename fails. */
	temp_spool_files(t.spool.messages_dir, true);
	told = commit(intake);
	ck_assert_int_eq(told.status, -ENOENT);
	ck_assert_uint_eq(told.n_results, 0);
	ck_assert_str_ne(told.err.text, "");
	ck_assert_int_eq(n_dispatched, 0);
}
END_TEST

START_TEST(test_who_may_not_print_is_told_what_to_do)
{
	struct err err = {0};
	const char *suffix;
	int64_t id = 0;

	ck_assert_int_eq(intake_check(&t.spool, SENDER, "lobby", &id, &suffix,
	                              &err),
	                 0);
	ck_assert_int_eq(id, lobby);
	ck_assert_int_eq(intake_check(&t.spool, SENDER, "cellar", &id, &suffix,
	                              &err),
	                 -ENOENT);
	ck_assert_ptr_nonnull(strstr(err.text, "'cellar'"));
	ck_assert_ptr_nonnull(strstr(err.text, "ask the administrator"));
	ck_assert_int_eq(intake_check(&t.spool, "bob@example.org", "lobby", &id,
	                              &suffix, &err),
	                 -EACCES);
	ck_assert_ptr_nonnull(strstr(err.text, "'bob@example.org'"));
	ck_assert_ptr_nonnull(strstr(err.text, "ask the administrator"));
	ck_assert_int_eq(id, lobby);
}
END_TEST

START_TEST(test_a_registration_that_has_gone_takes_no_recipient)
{
	struct intake *intake = intake_new(&t.spool, SENDER);
	struct err err = {0};

	ck_assert_int_eq(intake_add(intake, 999, "", &err), -ENOENT);
	ck_assert_uint_eq(intake_n_recipients(intake), 0);
	intake_free(intake);
}
END_TEST

static TCase *make_cases(void)
{
	TCase *tc = tcase_create("intake");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_what_came_is_what_is_stored, 0,
	                    (int)ARRAY_LEN(sizes));
	tcase_add_test(tc, test_a_job_has_what_its_registration_says);
	tcase_add_test(tc, test_a_job_has_what_its_printer_says_otherwise);
	tcase_add_test(tc, test_an_unnamed_paper_is_a4);
	tcase_add_test(
		tc,
		test_a_job_for_an_abnormal_printer_is_held_with_its_sentence);
	tcase_add_loop_test(tc, test_second_delivery_prints_once, 0,
	                    (int)ARRAY_LEN(sizes));
	tcase_add_loop_test(tc, test_what_differs_is_printed, 0,
	                    (int)ARRAY_LEN(different));
	tcase_add_loop_test(tc, test_the_header_may_be_written_otherwise, 0,
	                    (int)ARRAY_LEN(same));
	tcase_add_test(tc, test_a_huge_header_has_no_fingerprint);
	tcase_add_test(tc, test_every_recipient_gets_an_answer_and_one_copy);
	tcase_add_test(tc,
	               test_a_second_delivery_to_one_more_prints_there_only);
	tcase_add_test(tc, test_a_forgotten_message_leaves_nothing_behind);
	tcase_add_loop_test(tc, test_a_message_nobody_waits_for_is_kept, 0, 2);
	tcase_add_test(tc,
	               test_a_message_that_is_too_large_is_refused_on_the_way);
	tcase_add_test(tc, test_mail_is_refused_below_the_disk_reserve);
	tcase_add_test(tc,
	               test_a_file_that_cannot_be_published_is_not_accepted);
	tcase_add_test(tc, test_who_may_not_print_is_told_what_to_do);
	tcase_add_test(tc,
	               test_a_registration_that_has_gone_takes_no_recipient);
	return tc;
}

int main(void)
{
	Suite *suite = suite_create("intake");

	suite_add_tcase(suite, make_cases());
	return check_run(suite);
}
