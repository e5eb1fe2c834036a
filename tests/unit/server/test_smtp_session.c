/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>
#include <netinet/in.h>

#include "tests/unit/server/smtp_recorder.h"
#include "tests/unit/check_run.h"

static struct recorder recorder;
static struct smtp_session_options options;
static struct smtp_session *session;

static void begin(void)
{
	struct sockaddr_in peer = {.sin_family = AF_INET};

	recorder = (struct recorder){0};
	peer.sin_addr.s_addr = htonl(0xc0000207);
	session = smtp_session_new(&options, &recorder_policy, &recorder,
	                           (struct sockaddr *)&peer, NULL, NULL);
}

static void setup(void)
{
	options = (struct smtp_session_options){.hostname = "mx.example",
	                                        .max_message_size = 10000,
	                                        .max_recipients = 3,
	                                        .max_errors = 10,
	                                        .max_hops = 30};
	begin();
}

static void teardown(void)
{
	smtp_session_free(session);
	session = NULL;
	recorder_fini(&recorder);
}

static void restart_as_lmtp(void)
{
	teardown();
	options.is_lmtp = true;
	begin();
}

static void feed(const char *text)
{
	smtp_session_input(session, text, strlen(text), 1795237417);
}

/* The replies since the last call; valid until the next one. */
static const char *replies(void)
{
	static char text[65536];
	struct buf *out = smtp_session_output(session);

	snprintf(text, sizeof text, "%s", buf_str(out));
	buf_clear(out);
	return text;
}

static void expect(const char *command, const char *reply)
{
	replies();
	feed(command);
	const char *got = replies();
	ck_assert_msg(strncmp(got, reply, strlen(reply)) == 0,
	              "'%s' was answered by '%s', not '%s'", command, got,
	              reply);
}

static bool is_closed(void)
{
	return smtp_session_phase(session) == SMTP_PHASE_CLOSED;
}

#define ENVELOPE "MAIL FROM:<a@b.c>\r\nRCPT TO:<p@q.r>\r\nDATA\r\n"

START_TEST(test_the_banner_comes_first)
{
	ck_assert_str_eq(replies(), "220 mx.example ESMTP platen\r\n");
	restart_as_lmtp();
	ck_assert_str_eq(replies(), "220 mx.example LMTP platen\r\n");
}
END_TEST

START_TEST(test_ehlo_lists_what_is_really_done)
{
	expect("ehlo me.example\r\n", "250-mx.example\r\n"
	                              "250-PIPELINING\r\n"
	                              "250-SIZE 10000\r\n"
	                              "250-8BITMIME\r\n"
	                              "250-SMTPUTF8\r\n"
	                              "250 ENHANCEDSTATUSCODES\r\n");
	expect("HELO me.example\r\n", "250 mx.example\r\n");
}
END_TEST

struct exchange {
	const char *command, *reply;
};

/* In one session; everything that may go wrong before a transaction. */
static const struct exchange first_steps[] = {
	{"MAIL FROM:<a@b.c>\r\n", "503 5.5.1"},
	{"EHLO\r\n", "501 5.5.4"},
	{"EHLO a b\r\n", "501 5.5.4"},
	{"EHLO \x1b[2J\r\n", "501 5.5.4"},
	{"LHLO x\r\n", "500 5.5.1"},
	{"EHLO x  \r\n", "250-"},
	{"RCPT TO:<p@q.r>\r\n", "503 5.5.1"},
	{"DATA\r\n", "503 5.5.1"},
	{"FROB\r\n", "500 5.5.2"},
	{"noop anything\r\n", "250 2.0.0"},
	{"VRFY ann\r\n", "252 2."},
	{"HELP\r\n", "214 2.0.0"},
	{"EXPN list\r\n", "502 5.5.1"},
	{"rSeT\r\n", "250 2.0.0"},
	{"RSET now\r\n", "501 5.5.4"},
};

static const struct exchange mail_arguments[] = {
	{"MAIL FROM:<a@b.c>\r\n", "250 2.1.0"},
	{"MAIL FROM: <a@b.c>\r\n", "250 2.1.0"},
	{"mail from:<>\r\n", "250 2.1.0"},
	{"MAIL FROM:<a@b.c> SIZE=10000 BODY=8BITMIME\r\n", "250 2.1.0"},
	{"MAIL FROM:<a@b.c> BODY=7BIT  SMTPUTF8\r\n", "250 2.1.0"},
	{"MAIL FROM:<\xc3\xbc@b.c> SMTPUTF8\r\n", "250 2.1.0"},
	{"MAIL FROM:<\xc3\xbc@b.c>\r\n", "553 5.6.7"},
	{"MAIL FROM:<a@b.c> SIZE=10001\r\n", "552 5.3.4"},
	{"MAIL FROM:<a@b.c> SIZE=99999999999999999999\r\n", "552 5.3.4"},
	{"MAIL FROM:<a@b.c> SIZE=abc\r\n", "501 5.5.4"},
	{"MAIL FROM:<a@b.c> SIZE=-1\r\n", "501 5.5.4"},
	{"MAIL FROM:<a@b.c> SIZE=\r\n", "501 5.5.4"},
	{"MAIL FROM:<a@b.c> BODY=FOO\r\n", "555 5.5.4"},
	{"MAIL FROM:<a@b.c> AUTH=<>\r\n", "555 5.5.4"},
	{"MAIL FROM:<a@b.c>SIZE=1\r\n", "501 5.5.4"},
	{"MAIL FROM:a@b.c\r\n", "501 5.1.7"},
	{"MAIL FROM:<a\x01@b.c>\r\n", "501 5.1.7"},
	{"MAIL FROM <a@b.c>\r\n", "501 5.5.4"},
	{"MAIL\r\n", "501 5.5.4"},
	{"MAIL FROM:<banned@b.c>\r\n", "550 5.7.1 banned@b.c may not print"},
};

START_TEST(test_first_steps_are_answered_by_the_book)
{
	options.max_errors = 100;
	for (size_t i = 0; i < ARRAY_LEN(first_steps); i++)
		expect(first_steps[i].command, first_steps[i].reply);
}
END_TEST

START_TEST(test_arguments_of_mail_are_checked)
{
	const struct exchange *e = &mail_arguments[_i];
	bool ok = e->reply[0] == '2';

	expect("EHLO x\r\n", "250-");
	expect(e->command, e->reply);
	expect("RCPT TO:<p@q.r>\r\n", ok ? "250 2.1.5" : "503 5.5.1");
}
END_TEST

START_TEST(test_the_policy_sees_canonical_addresses)
{
	feed("EHLO x\r\nMAIL FROM:<@r:A@B.C> size=5 body=8bitmime smtputf8\r\n"
	     "RCPT TO:<\"p\"@Q.R>\r\nRCPT TO:<PostMaster>\r\n");
	ck_assert_str_eq(buf_str(&recorder.events),
	                 "mail <A@b.c> size=5 8bit=1 utf8=1\n"
	                 "rcpt <p@q.r>\nrcpt <postmaster>\n");
}
END_TEST

START_TEST(test_recipients_are_checked_and_limited)
{
	expect("EHLO x\r\nMAIL FROM:<a@b.c>\r\n", "250-");
	expect("MAIL FROM:<a@b.c>\r\n", "503 5.5.1");
	expect("RCPT TO:<>\r\n", "501 5.1.3");
	expect("RCPT TO:<p@q.r> NOTIFY=NEVER\r\n", "555 5.5.4");
	expect("RCPT TO:<\xc3\xbc@q.r>\r\n", "553 5.6.7");
	expect("RCPT TO:<unknown@q.r>\r\n", "550 5.1.1");
	for (int i = 0; i < 3; i++)
		expect("RCPT TO:<p@q.r>\r\n", "250 2.1.5");
	expect("RCPT TO:<p@q.r>\r\n", "452 4.5.3");
	ck_assert_uint_eq(smtp_session_n_recipients(session), 3);
}
END_TEST

START_TEST(test_pipelined_commands_are_answered_in_order)
{
	replies();
	feed("EHLO x\r\n" ENVELOPE "hello\r\n.\r\n"
	     "MAIL FROM:<d@e.f>\r\nRCPT TO:<unknown@q.r>\r\nDATA\r\nQUIT\r\n");
	ck_assert_str_eq(strstr(replies(), "250 ENH"),
	                 "250 ENHANCEDSTATUSCODES\r\n"
	                 "250 2.1.0 sender ok\r\n"
	                 "250 2.1.5 recipient ok\r\n"
	                 "354 end with <CR><LF>.<CR><LF>\r\n"
	                 "250 2.0.0 kept 1\r\n"
	                 "250 2.1.0 sender ok\r\n"
	                 "550 5.1.1 no such printer\r\n"
	                 "554 5.5.1 no valid recipients\r\n"
	                 "221 2.0.0 bye\r\n");
	ck_assert(is_closed());
	ck_assert(smtp_session_did_quit(session));
	ck_assert_uint_eq(recorder.n_messages, 1);
}
END_TEST

START_TEST(test_the_message_begins_with_our_received_line)
{
	feed("EHLO me.example\r\n" ENVELOPE "S: x\r\n\r\n..a\r\n...\r\n.b\r\n"
	     ".\r\n");
	ck_assert_str_eq(buf_str(&recorder.bodies),
	                 "[Received: from me.example ([192.0.2.7])\r\n"
	                 "\tby mx.example with ESMTP;\r\n"
	                 "\tSat, 21 Nov 2026 05:03:37 +0000\r\n"
	                 "S: x\r\n\r\n.a\r\n..\r\nb\r\n]");
}
END_TEST

START_TEST(test_an_empty_message_is_a_message)
{
	feed("HELO x\r\n" ENVELOPE ".\r\n");
	ck_assert_uint_eq(recorder.n_messages, 1);
	ck_assert_ptr_nonnull(strstr(buf_str(&recorder.bodies), "with SMTP;"));
}
END_TEST

START_TEST(test_nul_bytes_stay_in_the_message)
{
	static const char body[] = "a\0b\r\n\0.\r\nc\r\n.\r\n";

	feed("EHLO x\r\n" ENVELOPE);
	smtp_session_input(session, body, sizeof body - 1, 0);
	ck_assert_uint_eq(recorder.n_messages, 1);
	ck_assert_ptr_nonnull(memmem(recorder.bodies.data, recorder.bodies.len,
	                             "a\0b\r\n\0.\r\nc\r\n]", 13));
}
END_TEST

START_TEST(test_replies_wait_for_an_unfinished_message)
{
	recorder.is_async = true;
	feed("EHLO x\r\n" ENVELOPE);
	replies();
	feed("one\r\n.\r\nNOOP\r\n" ENVELOPE);
	ck_assert_int_eq(smtp_session_phase(session), SMTP_PHASE_WAIT);
	feed("two\r\n.\r\nQUIT\r\n");
	ck_assert_str_eq(replies(), "");
	recorder_finish(&recorder, session);
	ck_assert_str_eq(replies(), "250 2.0.0 kept 1\r\n250 2.0.0 ok\r\n"
	                            "250 2.1.0 sender ok\r\n"
	                            "250 2.1.5 recipient ok\r\n"
	                            "354 end with <CR><LF>.<CR><LF>\r\n");
	ck_assert_int_eq(smtp_session_phase(session), SMTP_PHASE_WAIT);
	recorder_finish(&recorder, session);
	ck_assert_str_eq(replies(), "250 2.0.0 kept 1\r\n221 2.0.0 bye\r\n");
	ck_assert_ptr_null(strstr(buf_str(&recorder.events), "abort"));
}
END_TEST

START_TEST(test_too_much_pipelining_asks_for_a_pause)
{
	recorder.is_async = true;
	feed("EHLO x\r\n" ENVELOPE ".\r\n");
	for (int i = 0; i < 4096 / 6; i++)
		feed("NOOP\r\n");
	ck_assert(!smtp_session_is_full(session));
	feed("NOOP\r\n");
	ck_assert(smtp_session_is_full(session));
	recorder_finish(&recorder, session);
	ck_assert(!smtp_session_is_full(session));
}
END_TEST

START_TEST(test_rset_helo_and_disconnect_abort_the_transaction)
{
	feed("EHLO x\r\nMAIL FROM:<a@b.c>\r\nRSET\r\n");
	expect("DATA\r\n", "503 5.5.1");
	feed("MAIL FROM:<a@b.c>\r\nEHLO y\r\n");
	feed(ENVELOPE "half a mess");
	smtp_session_free(session);
	session = NULL;
	ck_assert_str_eq(buf_str(&recorder.events),
	                 "mail <a@b.c> size=-1 8bit=0 utf8=0\nabort\n"
	                 "mail <a@b.c> size=-1 8bit=0 utf8=0\nabort\n"
	                 "mail <a@b.c> size=-1 8bit=0 utf8=0\nrcpt <p@q.r>\n"
	                 "data\nabort\n");
	ck_assert_uint_eq(recorder.n_messages, 0);
}
END_TEST

START_TEST(test_a_session_that_goes_while_waiting_is_aborted)
{
	recorder.is_async = true;
	feed("EHLO x\r\n" ENVELOPE ".\r\n");
	ck_assert_ptr_eq(recorder.waiting, session);
	smtp_session_free(session);
	session = NULL;
	ck_assert_ptr_null(recorder.waiting);
}
END_TEST

static void send_lines(const char *line, int n)
{
	for (int i = 0; i < n; i++)
		feed(line);
}

START_TEST(test_an_oversize_message_is_read_to_its_end)
{
	feed("EHLO x\r\n" ENVELOPE);
	replies();
	send_lines("ten bytes\r\n", 1000);
	ck_assert_str_eq(replies(), "");
	expect(".\r\n", "552 5.3.4");
	ck_assert_uint_eq(recorder.n_messages, 0);
	ck_assert_ptr_nonnull(strstr(buf_str(&recorder.events), "abort"));
	expect(ENVELOPE, "250 2.1.0");
	expect(".\r\n", "250 2.0.0");
}
END_TEST

START_TEST(test_a_message_of_just_the_limit_is_kept)
{
	for (int extra = 0; extra <= 1; extra++) {
		feed("EHLO x\r\n" ENVELOPE);
		send_lines("..23456\r\n", 1250); /* 8 bytes when unstuffed */
		expect(extra ? "x\r\n.\r\n" : ".\r\n",
		       extra ? "552 5.3.4" : "250 2.0.0");
	}
}
END_TEST

START_TEST(test_a_mail_loop_is_refused)
{
	feed("EHLO x\r\n" ENVELOPE);
	send_lines("received: from y\r\n", 31);
	expect("\r\n.\r\n", "554 5.4.6");
	feed(ENVELOPE);
	send_lines("Received: from y\r\n", 30);
	feed("\r\n");
	send_lines("Received: in the body\r\n", 9);
	expect(".\r\n", "250 2.0.0");
}
END_TEST

START_TEST(test_a_store_that_fails_is_answered_at_the_end)
{
	recorder.body_result = -EIO;
	feed("EHLO x\r\n" ENVELOPE);
	expect("text\r\n.\r\n", "451 4.3.0");
	recorder.body_result = -ENOSPC;
	feed(ENVELOPE);
	expect("text\r\n.\r\n", "452 4.3.1");
	recorder.body_result = 0;
	feed(ENVELOPE);
	expect("text\r\n.\r\n", "250 2.0.0");
	ck_assert_uint_eq(recorder.n_messages, 1);
}
END_TEST

START_TEST(test_data_can_be_refused)
{
	recorder.data_code = 452;
	expect("EHLO x\r\n", "250-");
	feed("MAIL FROM:<a@b.c>\r\nRCPT TO:<p@q.r>\r\n");
	expect("DATA\r\n", "452 4.3.1");
	expect("RCPT TO:<p@q.r>\r\n", "503 5.5.1");
	recorder.data_code = 421;
	feed("MAIL FROM:<a@b.c>\r\nRCPT TO:<p@q.r>\r\n");
	expect("DATA\r\n", "421 4.3.1");
	ck_assert(is_closed());
}
END_TEST

START_TEST(test_long_lines_cost_no_memory_and_keep_in_step)
{
	expect("EHLO x\r\n", "250-");
	send_lines("NOOP xxxxxxxxxxxxxxxxxxxxxxxxxxx", 32768);
	expect("\r\n", "500 5.5.2");
	expect("NOOP\r\n", "250 2.0.0");
}
END_TEST

START_TEST(test_a_line_may_have_2048_bytes)
{
	char line[2050];

	for (size_t len = 2047; len <= 2049; len++) {
		memset(line, 'x', sizeof line);
		memcpy(line, "NOOP ", 5);
		memcpy(line + len - 2, "\r\n", 3);
		expect(line, len <= 2048 ? "250 2.0.0" : "500 5.5.2");
	}
}
END_TEST

START_TEST(test_the_eleventh_error_closes)
{
	expect("EHLO x\r\n", "250-");
	for (int i = 0; i < 10; i++)
		expect("FROB\r\n", "500 5.5.2");
	expect("FROB\r\n", "421 4.7.0");
	ck_assert(is_closed());
	expect("NOOP\r\n", "");
}
END_TEST

START_TEST(test_browsers_are_dropped)
{
	expect("POST / HTTP/1.1\r\nHost: x\r\n\r\n" ENVELOPE, "554 5.5.0");
	ck_assert(is_closed());
	ck_assert_str_eq(buf_str(&recorder.events), "");
}
END_TEST

START_TEST(test_bare_line_ends_in_commands_close)
{
	expect("EHLO x\nMAIL FROM:<a@b.c>\r\n", "550 5.5.2 bare <LF>");
	ck_assert(is_closed());
	teardown();
	begin();
	expect("EHLO x\rMAIL FROM:<a@b.c>\r\n", "550 5.5.2 bare <CR>");
	ck_assert(is_closed());
}
END_TEST

START_TEST(test_nul_in_a_command_is_an_error)
{
	replies();
	smtp_session_input(session, "EHLO x\0y\r\n", 10, 0);
	ck_assert(strncmp(replies(), "500 5.5.2", 9) == 0);
}
END_TEST

START_TEST(test_replies_carry_no_bytes_of_the_peer)
{
	struct buf out CLEANUP(buf_fini) = {0};
	struct smtp_reply reply;

	smtp_reply_set(&reply, 550, "5.1.1 a\r\n250 b\x1b\xc3\xbc");
	smtp_reply_write(&reply, &out);
	ck_assert_str_eq(buf_str(&out), "550 5.1.1 a??250 b???\r\n");
}
END_TEST

START_TEST(test_lmtp_answers_once_per_accepted_recipient)
{
	restart_as_lmtp();
	expect("EHLO x\r\n", "500 5.5.1");
	expect("HELO x\r\n", "500 5.5.1");
	expect("LHLO x\r\n", "250-mx.example");
	feed("MAIL FROM:<a@b.c>\r\nRCPT TO:<unknown@q.r>\r\n");
	expect("DATA\r\n", "503 5.5.1");
	feed("RCPT TO:<p@q.r>\r\nRCPT TO:<unknown@q.r>\r\nRCPT TO:<s@q.r>\r\n");
	expect("DATA\r\n", "354");
	feed("x\r\n.\r\n");
	ck_assert_str_eq(replies(), "250 2.0.0 kept 1\r\n250 2.0.0 kept 2\r\n");
	ck_assert_ptr_nonnull(strstr(buf_str(&recorder.bodies), "with LMTP;"));
}
END_TEST

START_TEST(test_lmtp_refuses_once_per_accepted_recipient)
{
	restart_as_lmtp();
	recorder.body_result = -ENOSPC;
	feed("LHLO x\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<p@q.r>\r\n"
	     "RCPT TO:<s@q.r>\r\nDATA\r\n");
	replies();
	feed("x\r\n.\r\n");
	ck_assert_str_eq(replies(),
	                 "452 4.3.1 no space left, try again later\r\n"
	                 "452 4.3.1 no space left, try again later\r\n");
}
END_TEST

START_TEST(test_draining_lets_a_transaction_finish)
{
	feed("EHLO x\r\nMAIL FROM:<a@b.c>\r\n");
	smtp_session_drain(session);
	expect("RCPT TO:<p@q.r>\r\n", "250 2.1.5");
	expect("DATA\r\n", "354");
	feed("x\r\n.\r\nMAIL FROM:<a@b.c>\r\n");
	ck_assert_str_eq(replies(),
	                 "250 2.0.0 kept 1\r\n"
	                 "421 4.3.2 shutting down, try again later\r\n");
	ck_assert(is_closed());
	ck_assert_ptr_null(strstr(buf_str(&recorder.events), "abort"));
}
END_TEST

START_TEST(test_draining_ends_an_idle_session_at_once)
{
	replies();
	smtp_session_drain(session);
	ck_assert(strncmp(replies(), "421 4.3.2", 9) == 0);
	ck_assert(is_closed());
}
END_TEST

static void add_dialogue_tests(Suite *suite)
{
	TCase *tc = tcase_create("dialogue");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_the_banner_comes_first);
	tcase_add_test(tc, test_ehlo_lists_what_is_really_done);
	tcase_add_test(tc, test_first_steps_are_answered_by_the_book);
	tcase_add_loop_test(tc, test_arguments_of_mail_are_checked, 0,
	                    ARRAY_LEN(mail_arguments));
	tcase_add_test(tc, test_the_policy_sees_canonical_addresses);
	tcase_add_test(tc, test_recipients_are_checked_and_limited);
	tcase_add_test(tc, test_pipelined_commands_are_answered_in_order);
	tcase_add_test(tc, test_long_lines_cost_no_memory_and_keep_in_step);
	tcase_add_test(tc, test_a_line_may_have_2048_bytes);
	tcase_add_test(tc, test_the_eleventh_error_closes);
	tcase_add_test(tc, test_browsers_are_dropped);
	tcase_add_test(tc, test_bare_line_ends_in_commands_close);
	tcase_add_test(tc, test_nul_in_a_command_is_an_error);
	tcase_add_test(tc, test_replies_carry_no_bytes_of_the_peer);
	suite_add_tcase(suite, tc);
}

static void add_message_tests(Suite *suite)
{
	TCase *tc = tcase_create("messages");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_the_message_begins_with_our_received_line);
	tcase_add_test(tc, test_an_empty_message_is_a_message);
	tcase_add_test(tc, test_nul_bytes_stay_in_the_message);
	tcase_add_test(tc, test_replies_wait_for_an_unfinished_message);
	tcase_add_test(tc, test_too_much_pipelining_asks_for_a_pause);
	tcase_add_test(tc, test_rset_helo_and_disconnect_abort_the_transaction);
	tcase_add_test(tc, test_a_session_that_goes_while_waiting_is_aborted);
	tcase_add_test(tc, test_an_oversize_message_is_read_to_its_end);
	tcase_add_test(tc, test_a_message_of_just_the_limit_is_kept);
	tcase_add_test(tc, test_a_mail_loop_is_refused);
	tcase_add_test(tc, test_a_store_that_fails_is_answered_at_the_end);
	tcase_add_test(tc, test_data_can_be_refused);
	tcase_add_test(tc, test_lmtp_answers_once_per_accepted_recipient);
	tcase_add_test(tc, test_lmtp_refuses_once_per_accepted_recipient);
	tcase_add_test(tc, test_draining_lets_a_transaction_finish);
	tcase_add_test(tc, test_draining_ends_an_idle_session_at_once);
	suite_add_tcase(suite, tc);
}

int main(void)
{
	Suite *suite = suite_create("smtp session");

	add_dialogue_tests(suite);
	add_message_tests(suite);

	return check_run(suite);
}
