/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>

#include "base/mem.h"
#include "server/mail_policy.h"
#include "spool/intake.h"
#include "tests/unit/check_run.h"

/*
 * Real sessions against an intake that answers here: what is asked of the spool
 * and what the peer is told.
 */
struct intake {
	char sender[400];
	size_t n_recipients;
	struct buf text;
	intake_cb *cb;
	void *arg;
	bool is_detached;
};

static struct intake *pending; /* between commit and its callback */
static int n_live, space, write_result;

int intake_check(struct spool *spool, const char *sender, const char *address,
                 int64_t *registration_id, const char **suffix, struct err *err)
{
	*suffix = "";
	if (strcmp(address, "lobby") != 0 && strcmp(address, "desk") != 0)
		return strcmp(address, "broken") == 0
		               ? err_set(err, -EIO, "no database")
		               : err_set(err, -ENOENT, "no printer at '%s'",
		                         address);
	if (strcmp(sender, "ann@example.org") != 0)
		return err_set(err, -EACCES, "'%s' may not", sender);
	*registration_id = address[0];
	return 0;
}

int intake_may_come(struct spool *spool, int64_t size, struct err *err)
{
	return space < 0 ? err_set(err, space, "no room for it") : 0;
}

struct intake *intake_new(struct spool *spool, const char *sender)
{
	struct intake *intake = xcalloc(1, sizeof *intake);

	n_live++;
	snprintf(intake->sender, sizeof intake->sender, "%s", sender);
	return intake;
}

int intake_add(struct intake *intake, int64_t registration_id,
               const char *suffix, struct err *err)
{
	intake->n_recipients++;
	return 0;
}

int intake_write(struct intake *intake, const void *data, size_t len,
                 struct err *err)
{
	buf_append(&intake->text, data, len);
	return write_result;
}

void intake_commit(struct intake *intake, intake_cb *cb, void *arg)
{
	ck_assert_ptr_null(pending);
	intake->cb = cb;
	intake->arg = arg;
	pending = intake;
}

void intake_detach(struct intake *intake)
{
	ck_assert_ptr_eq(intake, pending);
	intake->is_detached = true;
}

void intake_free(struct intake *intake)
{
	if (!intake)
		return;
	n_live--;
	buf_fini(&intake->text);
	free(intake);
}

static void answer(int status)
{
	static const struct intake_result results[] = {{12, false}, {7, true}};
	struct intake *intake = pending;
	struct err err = {.code = status, .text = "the disk says no"};

	pending = NULL;
	if (!intake->is_detached)
		intake->cb(status, status ? NULL : results,
		           status ? 0 : intake->n_recipients, &err,
		           intake->arg);
	intake_free(intake);
}

static const struct smtp_session_options smtp = {
	.hostname = "mx.example",
	.max_message_size = 1 << 20,
	.max_recipients = 100,
	.max_errors = 10,
	.max_hops = 30,
};

static struct trust trust;
static struct mail_policy_options options = {
	.domain = "print.example",
	.trust = &trust,
};
static struct smtp_session_options session_options;
static struct mail_policy *policy;
static struct smtp_session *session;

static void open_session(const char *peer_trust, bool is_lmtp)
{
	struct sockaddr_in peer = {.sin_family = AF_INET,
	                           .sin_addr = {htonl(INADDR_LOOPBACK)}};

	ck_assert_int_eq(trust_parse(peer_trust, &trust, NULL), 0);
	session_options = smtp;
	session_options.is_lmtp = is_lmtp;
	policy = mail_policy_new(NULL, &options);
	session = smtp_session_new(&session_options, mail_policy_smtp(), policy,
	                           (struct sockaddr *)&peer, NULL, NULL);
	smtp_session_input(session, is_lmtp ? "LHLO c\r\n" : "EHLO c\r\n", 8,
	                   0);
	buf_clear(smtp_session_output(session));
}

static void setup(void)
{
	n_live = space = write_result = 0;
	pending = NULL;
	options.fold_local = false;
	open_session("127.0.0.0/8", false);
}

static void close_session(void)
{
	smtp_session_free(session);
	mail_policy_free(policy);
}

static void teardown(void)
{
	close_session();
	if (pending)
		answer(0);
	ck_assert_int_eq(n_live, 0);
}

/* Say it, and begin with `expected` must what comes back. */
static void say(const char *line, const char *expected)
{
	struct buf *out = smtp_session_output(session);

	smtp_session_input(session, line, strlen(line), 0);
	ck_assert_msg(strncmp(buf_str(out), expected, strlen(expected)) == 0 &&
	                      (*expected || out->len == 0),
	              "to '%s': '%s', not '%s'", line, buf_str(out), expected);
	buf_clear(out);
}

static void expect(const char *expected)
{
	struct buf *out = smtp_session_output(session);

	ck_assert_str_eq(buf_str(out), expected);
	buf_clear(out);
}

static void send_mail(void)
{
	say("MAIL FROM:<ann@example.org>\r\n", "250 ");
	say("RCPT TO:<lobby@print.example>\r\n", "250 ");
	say("DATA\r\n", "354 ");
	say("Subject: x\r\n\r\nhi\r\n.\r\n", "");
}

START_TEST(test_accepted_is_said_after_the_commit_with_the_job)
{
	send_mail();
	ck_assert_ptr_nonnull(pending);
	ck_assert_str_eq(pending->sender, "ann@example.org");
	ck_assert_ptr_nonnull(
		strstr(buf_str(&pending->text), "Subject: x\r\n\r\nhi\r\n"));
	answer(0);
	expect("250 2.0.0 accepted as job 12\r\n");
	send_mail();
	answer(0);
	expect("250 2.0.0 accepted as job 12\r\n");
}
END_TEST

START_TEST(test_several_recipients_are_answered_together)
{
	say("MAIL FROM:<ann@example.org>\r\n", "250 ");
	say("RCPT TO:<lobby@print.example>\r\n", "250 ");
	say("RCPT TO:<cellar@print.example>\r\n", "550 5.1.1 ");
	say("RCPT TO:<desk@PRINT.example>\r\n", "250 ");
	say("DATA\r\n", "354 ");
	say("hi\r\n.\r\n", "");
	ck_assert_uint_eq(pending->n_recipients, 2);
	answer(0);
	expect("250 2.0.0 accepted as jobs 12 7\r\n");
}
END_TEST

START_TEST(test_lmtp_answers_each_recipient)
{
	close_session();
	open_session("127.0.0.1", true);
	say("MAIL FROM:<ann@example.org>\r\n", "250 ");
	say("RCPT TO:<lobby@print.example>\r\n", "250 ");
	say("RCPT TO:<desk@print.example>\r\n", "250 ");
	say("DATA\r\n", "354 ");
	say("hi\r\n.\r\n", "");
	answer(0);
	expect("250 2.0.0 accepted as job 12\r\n"
	       "250 2.0.0 accepted as job 7\r\n");
	say("MAIL FROM:<ann@example.org>\r\n", "250 ");
	say("RCPT TO:<lobby@print.example>\r\n", "250 ");
	say("RCPT TO:<desk@print.example>\r\n", "250 ");
	say("DATA\r\n", "354 ");
	say("hi\r\n.\r\n", "");
	answer(-EIO);
	expect("451 4.3.0 cannot store the message now, try again later\r\n"
	       "451 4.3.0 cannot store the message now, try again later\r\n");
}
END_TEST

struct failure {
	int status;
	const char *reply;
};

static const struct failure failures[] = {
	{-EIO, "451 4.3.0 cannot store the message now, try again later\r\n"},
	{-ENOENT,
         "451 4.3.0 cannot store the message now, try again later\r\n"},
	{-EACCES,
         "451 4.3.0 cannot store the message now, try again later\r\n"},
	{-ENOSPC, "452 4.3.1 no space left, try again later\r\n"},
};

START_TEST(test_what_is_not_durable_is_to_be_sent_again)
{
	send_mail();
	answer(failures[_i].status);
	expect(failures[_i].reply);
}
END_TEST

START_TEST(test_a_stranger_is_not_heard)
{
	close_session();
	open_session("192.0.2.0/24", false);
	say("MAIL FROM:<ann@example.org>\r\n",
	    "550 5.7.1 mail from this network is not accepted");
}
END_TEST

START_TEST(test_a_bounce_is_refused)
{
	say("MAIL FROM:<>\r\n", "550 5.7.1 a bounce cannot be printed");
}
END_TEST

struct rcpt_case {
	const char *from, *to, *reply;
};

static const struct rcpt_case rcpt_cases[] = {
	{"ann@example.org", "<lobby@elsewhere.example>",
         "550 5.7.1 relay denied"},
	{"ann@example.org", "<lobby@sub.print.example>",
         "550 5.7.1 relay denied"},
	{"ann@example.org", "<cellar@print.example>",
         "550 5.1.1 no printer at 'cellar'"},
	{"ann@example.org", "<postmaster>",
         "550 5.1.1 no printer at 'postmaster'"},
	{"ann@example.org", "<Lobby@print.example>",
         "550 5.1.1 no printer at 'Lobby'"},
	{"bob@example.org", "<lobby@print.example>",
         "550 5.7.1 'bob@example.org' may not"},
	{"ann@example.org", "<broken@print.example>", "451 4.3.0 "},
};

START_TEST(test_a_wrong_recipient_is_refused_with_its_reason)
{
	const struct rcpt_case *c = &rcpt_cases[_i];
	char *mail CLEANUP(xfree) = xasprintf("MAIL FROM:<%s>\r\n", c->from);
	char *rcpt CLEANUP(xfree) = xasprintf("RCPT TO:%s\r\n", c->to);

	say(mail, "250 ");
	say(rcpt, c->reply);
}
END_TEST

START_TEST(test_local_parts_fold_only_when_told)
{
	smtp_session_free(session);
	mail_policy_free(policy);
	options.fold_local = true;
	open_session("127.0.0.0/8", false);
	say("MAIL FROM:<Ann@example.org>\r\n", "250 ");
	say("RCPT TO:<LOBBY@print.example>\r\n", "250 ");
}
END_TEST

START_TEST(test_no_space_is_said_before_the_data)
{
	space = -ENOSPC;
	say("MAIL FROM:<ann@example.org>\r\n", "452 4.3.1 ");
	space = -EFBIG;
	say("MAIL FROM:<ann@example.org>\r\n", "552 5.3.4 ");
	space = 0;
	say("MAIL FROM:<ann@example.org>\r\n", "250 ");
	say("RCPT TO:<lobby@print.example>\r\n", "250 ");
	space = -ENOSPC;
	say("DATA\r\n", "452 4.3.1 ");
}
END_TEST

START_TEST(test_no_space_on_the_way_forgets_the_message)
{
	say("MAIL FROM:<ann@example.org>\r\n", "250 ");
	say("RCPT TO:<lobby@print.example>\r\n", "250 ");
	say("DATA\r\n", "354 ");
	write_result = -ENOSPC;
	say("hi\r\n", "");
	ck_assert_int_eq(n_live, 0);
	say(".\r\n", "452 4.3.1 ");
}
END_TEST

START_TEST(test_a_peer_that_goes_while_it_waits_does_not_undo_the_commit)
{
	send_mail();
	smtp_session_free(session);
	session = NULL;
	ck_assert_ptr_nonnull(pending);
	ck_assert(pending->is_detached);
}
END_TEST

START_TEST(test_a_reset_forgets_the_message)
{
	say("MAIL FROM:<ann@example.org>\r\n", "250 ");
	say("RCPT TO:<lobby@print.example>\r\n", "250 ");
	ck_assert_int_eq(n_live, 1);
	say("RSET\r\n", "250 ");
	ck_assert_int_eq(n_live, 0);
}
END_TEST

static TCase *make_cases(void)
{
	TCase *tc = tcase_create("mail_policy");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_accepted_is_said_after_the_commit_with_the_job);
	tcase_add_test(tc, test_several_recipients_are_answered_together);
	tcase_add_test(tc, test_lmtp_answers_each_recipient);
	tcase_add_loop_test(tc, test_what_is_not_durable_is_to_be_sent_again, 0,
	                    (int)ARRAY_LEN(failures));
	tcase_add_test(tc, test_a_stranger_is_not_heard);
	tcase_add_test(tc, test_a_bounce_is_refused);
	tcase_add_loop_test(tc,
	                    test_a_wrong_recipient_is_refused_with_its_reason,
	                    0, (int)ARRAY_LEN(rcpt_cases));
	tcase_add_test(tc, test_local_parts_fold_only_when_told);
	tcase_add_test(tc, test_no_space_is_said_before_the_data);
	tcase_add_test(tc, test_no_space_on_the_way_forgets_the_message);
	tcase_add_test(
		tc,
		test_a_peer_that_goes_while_it_waits_does_not_undo_the_commit);
	tcase_add_test(tc, test_a_reset_forgets_the_message);
	return tc;
}

int main(void)
{
	Suite *suite = suite_create("mail_policy");

	suite_add_tcase(suite, make_cases());
	return check_run(suite);
}
