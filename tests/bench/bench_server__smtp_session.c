/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>

#include "base/buf.h"
#include "base/mem.h"
#include "server/smtp/session.h"

/*
 * What the protocol costs: messages through a session whose policy keeps
 * nothing, against copying the same bytes once. Sockets are not part of it.
 */
static int accept_mail(void *arg, struct smtp_session *s,
                       const struct smtp_mail *mail, struct smtp_reply *reply)
{
	return 0;
}

static int accept_rcpt(void *arg, struct smtp_session *s, const char *address,
                       struct smtp_reply *reply)
{
	return 0;
}

static int accept_data(void *arg, struct smtp_session *s,
                       struct smtp_reply *reply)
{
	return 0;
}

static int drop_body(void *arg, struct smtp_session *s, const char *data,
                     size_t len)
{
	return 0;
}

static void say_kept(void *arg, struct smtp_session *s)
{
	struct smtp_reply reply;

	smtp_reply_set(&reply, 250, "2.0.0 kept");
	smtp_session_finish(s, &reply, 1);
}

static void forget(void *arg, struct smtp_session *s)
{
}

static const struct smtp_policy policy = {
	accept_mail, accept_rcpt, accept_data, drop_body, say_kept, forget,
};

static const struct smtp_session_options options = {
	.hostname = "mx.example",
	.max_message_size = 50 << 20,
	.max_recipients = 100,
	.max_errors = 10,
	.max_hops = 30,
};

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void write_message(struct buf *out, size_t size)
{
	buf_puts(out, "MAIL FROM:<a@b.c> SIZE=5000\r\nRCPT TO:<p@q.r>\r\n"
	              "DATA\r\nSubject: x\r\n\r\n");
	while (out->len < size)
		buf_puts(out, "A line of text as mail programs write them, "
		              "seventy-six bytes in all.......\r\n");
	buf_puts(out, ".\r\n");
}

static double run_session(const struct buf *message, size_t n)
{
	struct sockaddr peer = {.sa_family = AF_UNIX};
	struct smtp_session *s CLEANUP(smtp_session_free) =
		smtp_session_new(&options, &policy, NULL, &peer, NULL, NULL);
	double start = now_s();

	smtp_session_input(s, "EHLO x\r\n", 8, 0);
	for (size_t i = 0; i < n; i++) {
		smtp_session_input(s, message->data, message->len, 0);
		buf_clear(smtp_session_output(s));
	}
	return now_s() - start;
}

static double run_copy(const struct buf *message, size_t n)
{
	char *to CLEANUP(xfree) = xmalloc(message->len);
	double start = now_s();

	for (size_t i = 0; i < n; i++) {
		memcpy(to, message->data, message->len);
		__asm__ volatile("" : : "r"(to) : "memory");
	}
	return now_s() - start;
}

static void measure(const char *name, size_t size, size_t n)
{
	struct buf message CLEANUP(buf_fini) = {0};

	write_message(&message, size);

	double copy = run_copy(&message, n), session = run_session(&message, n);

	printf("%s: %.0f messages/s, %.0f MB/s, %.1f times a copy\n", name,
	       (double)n / session, (double)(n * message.len) / session / 1e6,
	       session / copy);
}

int main(void)
{
	measure("5 kB", 5000, 200000);
	measure("1 MB", 1000000, 2000);
	return 0;
}
