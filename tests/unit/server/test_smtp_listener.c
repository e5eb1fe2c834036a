/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "server/smtp/listener.h"
#include "tests/unit/server/smtp_client.h"
#include "tests/unit/server/smtp_recorder.h"
#include "tests/unit/check_run.h"

static uv_loop_t loop;
static struct recorder recorder;
static struct smtp_listener_options options;
static struct smtp_listener *listener;
static const char *addresses[3];
static char folder[] = "/tmp/platen-smtp-XXXXXX";
static char socket_path[64], socket_address[80];
static int n_drained, n_closed;

#define ENVELOPE "MAIL FROM:<a@b.c>\r\nRCPT TO:<p@q.r>\r\nDATA\r\n"

static void setup(void)
{
	uv_loop_init(&loop);
	recorder = (struct recorder){0};
	listener = NULL;
	n_drained = n_closed = 0;
	memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(socket_path, sizeof socket_path, "%s/s", folder);
	snprintf(socket_address, sizeof socket_address, "unix:%s", socket_path);
	addresses[0] = "127.0.0.1:0";
	addresses[1] = socket_address;
	addresses[2] = "[::1]:0";
	smtp_listener_options_init(&options);
	options.addresses = addresses;
	options.n_addresses = 2;
	options.session.hostname = "mx.example";
}

static void start(void)
{
	struct err err = {0};

	ck_assert_msg(smtp_listener_start(&loop, &options, &recorder_policy,
	                                  &recorder, &listener, &err) == 0,
	              "%s", err.text);
}

static void on_closed(void *arg)
{
	n_closed++;
}

static void on_drained(void *arg)
{
	n_drained++;
}

static void teardown(void)
{
	if (listener)
		smtp_listener_close(listener, on_closed, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(n_closed, listener ? 1 : 0);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	recorder_fini(&recorder);
	unlink(socket_path);
	rmdir(folder);
}

static void connect_client(struct client *c)
{
	client_connect(c, &loop, "127.0.0.1", smtp_listener_port(listener, 0));
}

static void send_message(struct client *c)
{
	client_expect(c, "220 mx.example ESMTP");
	client_send(c, "EHLO x\r\n" ENVELOPE);
	client_expect(c, "354 ");
	client_send(c, "hello\r\n.\r\nQUIT\r\n");
	client_expect(c, "250 2.0.0 kept 1\r\n221 2.0.0 bye\r\n");
	client_expect_eof(c);
	client_close(c);
}

START_TEST(test_messages_come_in_on_every_kind_of_address)
{
	struct client c;

	options.n_addresses = 3;
	start();
	connect_client(&c);
	send_message(&c);
	client_connect(&c, &loop, "::1", smtp_listener_port(listener, 2));
	send_message(&c);
	client_connect_unix(&c, &loop, socket_path);
	send_message(&c);
	ck_assert_uint_eq(recorder.n_messages, 3);
	buf_str(&recorder.bodies);
	ck_assert_ptr_nonnull(strstr(recorder.bodies.data, "([127.0.0.1])"));
	ck_assert_ptr_nonnull(strstr(recorder.bodies.data, "([IPv6:::1])"));
	ck_assert_int_eq(smtp_listener_port(listener, 1), -EINVAL);
}
END_TEST

START_TEST(test_an_ipv4_peer_of_a_dual_stack_socket_is_ipv4)
{
	struct client c;

	addresses[0] = "*:0";
	start();
	connect_client(&c);
	send_message(&c);
	ck_assert_ptr_nonnull(
		strstr(buf_str(&recorder.bodies), "([127.0.0.1])"));
}
END_TEST

START_TEST(test_a_late_outcome_reaches_the_peer)
{
	struct client c;

	recorder.is_async = true;
	start();
	connect_client(&c);
	client_send(&c, "EHLO x\r\n" ENVELOPE);
	client_expect(&c, "354 ");
	client_send(&c, "hello\r\n.\r\nNOOP\r\n");
	while (!recorder.waiting)
		uv_run(&loop, UV_RUN_ONCE);
	recorder_finish(&recorder, recorder.waiting);
	client_expect(&c, "250 2.0.0 kept 1\r\n250 2.0.0 ok\r\n");
	client_close(&c);
}
END_TEST

START_TEST(test_a_peer_that_sends_fin_after_the_dot_is_answered)
{
	struct client c;

	recorder.is_async = true;
	start();
	connect_client(&c);
	client_send(&c, "EHLO x\r\n" ENVELOPE);
	client_expect(&c, "354 ");
	client_send(&c, "hello\r\n.\r\n");
	client_send_eof(&c);
	while (!recorder.waiting)
		uv_run(&loop, UV_RUN_ONCE);
	uv_run(&loop, UV_RUN_NOWAIT);
	recorder_finish(&recorder, recorder.waiting);
	client_expect(&c, "250 2.0.0 kept 1\r\n");
	client_expect_eof(&c);
	client_close(&c);
}
END_TEST

START_TEST(test_a_disconnect_in_the_message_leaves_nothing)
{
	struct client c;

	start();
	connect_client(&c);
	client_send(&c, "EHLO x\r\n" ENVELOPE);
	client_expect(&c, "354 ");
	client_send(&c, "half a mess");
	client_send_eof(&c);
	client_expect_eof(&c);
	ck_assert_uint_eq(recorder.n_messages, 0);
	ck_assert_ptr_nonnull(strstr(buf_str(&recorder.events), "abort"));
	client_close(&c);
}
END_TEST

START_TEST(test_one_connection_too_many_is_told_so)
{
	struct client a, b, c;

	options.limits.max_connections = 2;
	start();
	connect_client(&a);
	client_expect(&a, "220 ");
	connect_client(&b);
	client_expect(&b, "220 ");
	connect_client(&c);
	client_expect(&c, "421 4.3.2 ");
	client_expect_eof(&c);
	client_close(&c);
	client_send(&a, "QUIT\r\n");
	client_expect_eof(&a);
	connect_client(&c); /* the slot is free again */
	client_expect(&c, "220 ");
	client_close(&a);
	client_close(&b);
	client_close(&c);
}
END_TEST

START_TEST(test_one_address_cannot_take_every_slot)
{
	struct client a, b, c;

	options.limits.max_per_address = 1;
	start();
	connect_client(&a);
	client_expect(&a, "220 ");
	connect_client(&b);
	client_expect(&b, "421 4.7.0 ");
	client_expect_eof(&b);
	client_close(&b);
	/* All users of a local socket look the same: no cap of their own. */
	client_connect_unix(&b, &loop, socket_path);
	client_expect(&b, "220 ");
	client_connect_unix(&c, &loop, socket_path);
	client_expect(&c, "220 ");
	client_close(&a);
	client_close(&b);
	client_close(&c);
}
END_TEST

START_TEST(test_a_command_must_be_complete_in_time)
{
	struct client c;

	options.limits.command_ms = 100;
	start();
	connect_client(&c);
	client_expect(&c, "220 ");
	client_drip(&c, 5); /* bytes alone do not move the deadline */
	client_expect(&c, "421 4.4.2 timeout");
	uv_timer_stop(&c.timer);
	client_expect_eof(&c);
	client_close(&c);
}
END_TEST

START_TEST(test_a_silent_message_times_out)
{
	struct client c;

	options.limits.data_ms = 50;
	start();
	connect_client(&c);
	client_send(&c, "EHLO x\r\n" ENVELOPE "begin");
	client_expect(&c, "421 4.4.2 timeout");
	client_expect_eof(&c);
	ck_assert_ptr_nonnull(strstr(buf_str(&recorder.events), "abort"));
	client_close(&c);
}
END_TEST

START_TEST(test_a_message_that_drips_is_too_slow)
{
	struct client c;

	options.limits.rate_grace_ms = 50;
	options.limits.min_rate = 100000;
	start();
	connect_client(&c);
	client_send(&c, "EHLO x\r\n" ENVELOPE);
	client_expect(&c, "354 ");
	client_drip(&c, 5);
	client_expect(&c, "421 4.4.2 data comes too slowly");
	uv_timer_stop(&c.timer);
	client_expect_eof(&c);
	client_close(&c);
}
END_TEST

static void on_noop(uv_timer_t *timer)
{
	client_send(timer->data, "NOOP\r\n");
}

START_TEST(test_no_session_lasts_for_ever)
{
	struct client c;

	options.limits.session_ms = 100;
	start();
	connect_client(&c);
	uv_timer_start(&c.timer, on_noop, 5, 5);
	client_expect(&c, "421 4.4.2 session lasts too long");
	uv_timer_stop(&c.timer);
	client_expect_eof(&c);
	client_close(&c);
}
END_TEST

START_TEST(test_deadlines_shrink_when_slots_run_out)
{
	struct client c[5];

	options.limits.max_connections = 5;
	options.limits.stress_ms = 50;
	start();
	for (size_t i = 0; i < ARRAY_LEN(c); i++) {
		connect_client(&c[i]);
		client_expect(&c[i], "220 ");
	}
	client_expect(&c[0], "421 4.4.2 timeout");
	for (size_t i = 0; i < ARRAY_LEN(c); i++)
		client_close(&c[i]);
}
END_TEST

/* 64 MB of commands: more than the sockets between us hold. */
START_TEST(test_a_peer_that_does_not_read_is_not_read_either)
{
	struct buf noops CLEANUP(buf_fini) = {0};
	struct client c;

	while (noops.len < 64 << 20)
		buf_puts(&noops, "NOOP\r\n");
	options.limits.command_ms = 500;
	start();
	connect_client(&c);
	uv_read_stop(&c.h.stream);
	client_send_borrowed(&c, noops.data, noops.len);
	while (smtp_listener_n_connections(listener) > 0)
		uv_run(&loop, UV_RUN_ONCE);
	client_close(&c);
	ck_assert_uint_eq(c.n_sent, 0);
}
END_TEST

START_TEST(test_the_reason_arrives_although_more_was_sent)
{
	struct buf rest CLEANUP(buf_fini) = {0};
	struct client c;

	start();
	connect_client(&c);
	client_send(&c, "EHLO x\r\n" ENVELOPE);
	client_expect(&c, "354 ");
	buf_puts(&rest, "a\n.\n" ENVELOPE);
	while (rest.len < 2 << 20)
		buf_puts(&rest, "smuggled\r\n.\r\n");
	client_send_bytes(&c, rest.data, rest.len);
	client_expect(&c, "550 5.5.2 bare <LF>");
	client_expect_eof(&c);
	while (c.n_unsent > 0)
		uv_run(&loop, UV_RUN_ONCE);
	ck_assert(!c.was_reset);
	ck_assert_uint_eq(recorder.n_messages, 0);
	client_close(&c);
}
END_TEST

START_TEST(test_draining_finishes_what_is_in_hand)
{
	struct client idle, busy;

	recorder.is_async = true;
	start();
	connect_client(&idle);
	client_expect(&idle, "220 ");
	connect_client(&busy);
	client_send(&busy, "EHLO x\r\n" ENVELOPE);
	client_expect(&busy, "354 ");
	smtp_listener_drain(listener, on_drained, NULL);
	client_expect(&idle, "421 4.3.2 shutting down");
	client_expect_eof(&idle);
	client_send(&busy, "hello\r\n.\r\n");
	while (!recorder.waiting)
		uv_run(&loop, UV_RUN_ONCE);
	ck_assert_int_eq(n_drained, 0);
	recorder_finish(&recorder, recorder.waiting);
	client_expect(&busy, "250 2.0.0 kept 1\r\n421 4.3.2 shutting down");
	client_expect_eof(&busy);
	client_close(&idle);
	client_close(&busy);
	while (n_drained == 0)
		uv_run(&loop, UV_RUN_ONCE);
	ck_assert_uint_eq(smtp_listener_n_connections(listener), 0);
	ck_assert_ptr_null(strstr(buf_str(&recorder.events), "abort"));
}
END_TEST

START_TEST(test_draining_an_idle_listener_reports_once_and_later)
{
	start();
	smtp_listener_drain(listener, on_drained, NULL);
	ck_assert_int_eq(n_drained, 0);
	while (n_drained == 0)
		uv_run(&loop, UV_RUN_ONCE);
	uv_run(&loop, UV_RUN_ONCE);
	ck_assert_int_eq(n_drained, 1);
}
END_TEST

START_TEST(test_closing_aborts_what_is_in_hand)
{
	struct client c;

	recorder.is_async = true;
	start();
	connect_client(&c);
	client_send(&c, "EHLO x\r\n" ENVELOPE);
	client_expect(&c, "354 ");
	client_send(&c, "hello\r\n.\r\n");
	while (!recorder.waiting)
		uv_run(&loop, UV_RUN_ONCE);
	smtp_listener_close(listener, on_closed, NULL);
	ck_assert_ptr_null(recorder.waiting);
	ck_assert_int_eq(n_closed, 0);
	client_expect_eof(&c);
	client_close(&c);
	while (n_closed == 0)
		uv_run(&loop, UV_RUN_ONCE);
	listener = NULL;
	n_closed = 0;
}
END_TEST

static void expect_no_start(const char *address, int code)
{
	struct smtp_listener *l = NULL;
	struct err err = {0};

	addresses[1] = address;
	ck_assert_int_eq(smtp_listener_start(&loop, &options, &recorder_policy,
	                                     &recorder, &l, &err),
	                 code);
	ck_assert_ptr_null(l);
	ck_assert_ptr_nonnull(strstr(err.text, address));
}

START_TEST(test_an_address_that_cannot_be_had_is_named)
{
	char taken[32];

	start();
	snprintf(taken, sizeof taken, "127.0.0.1:%d",
	         smtp_listener_port(listener, 0));
	expect_no_start(taken, -EADDRINUSE);
	expect_no_start("192.0.2.1:0", -EADDRNOTAVAIL);
	expect_no_start("localhost:0", -EINVAL);
	/* Somebody lives behind this socket. */
	expect_no_start(socket_address, -EADDRINUSE);
}
END_TEST

START_TEST(test_a_socket_left_by_the_dead_is_replaced)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct client c;
	struct stat st;

	memcpy(un.sun_path, socket_path, strlen(socket_path));
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&un, sizeof un), 0);
	close(fd);
	start();
	ck_assert_int_eq(stat(socket_path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0660);
	client_connect_unix(&c, &loop, socket_path);
	send_message(&c);
}
END_TEST

static void add_tests(TCase *tc)
{
	tcase_add_test(tc, test_messages_come_in_on_every_kind_of_address);
	tcase_add_test(tc, test_an_ipv4_peer_of_a_dual_stack_socket_is_ipv4);
	tcase_add_test(tc, test_a_late_outcome_reaches_the_peer);
	tcase_add_test(tc,
	               test_a_peer_that_sends_fin_after_the_dot_is_answered);
	tcase_add_test(tc, test_a_disconnect_in_the_message_leaves_nothing);
	tcase_add_test(tc, test_one_connection_too_many_is_told_so);
	tcase_add_test(tc, test_one_address_cannot_take_every_slot);
	tcase_add_test(tc, test_a_command_must_be_complete_in_time);
	tcase_add_test(tc, test_a_silent_message_times_out);
	tcase_add_test(tc, test_a_message_that_drips_is_too_slow);
	tcase_add_test(tc, test_no_session_lasts_for_ever);
	tcase_add_test(tc, test_deadlines_shrink_when_slots_run_out);
	tcase_add_test(tc, test_a_peer_that_does_not_read_is_not_read_either);
	tcase_add_test(tc, test_the_reason_arrives_although_more_was_sent);
	tcase_add_test(tc, test_draining_finishes_what_is_in_hand);
	tcase_add_test(tc,
	               test_draining_an_idle_listener_reports_once_and_later);
	tcase_add_test(tc, test_closing_aborts_what_is_in_hand);
	tcase_add_test(tc, test_an_address_that_cannot_be_had_is_named);
	tcase_add_test(tc, test_a_socket_left_by_the_dead_is_replaced);
}

int main(void)
{
	Suite *suite = suite_create("smtp listener");
	TCase *tc = tcase_create("loopback");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	add_tests(tc);
	suite_add_tcase(suite, tc);

	return check_run(suite);
}
