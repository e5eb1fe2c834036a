/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <sys/socket.h>

#include "tests/unit/server/smtp_recorder.h"
#include "tests/unit/check_run.h"

/*
 * Everything that some server once took for the end of a message, delivered in
 * every way: whole, in two pieces at each place, byte by byte. Behind it stands
 * a second message, which must never come to be (CVE-2023-51764, -51765,
 * -51766).
 */
#define HEAD                                                                   \
	"EHLO x\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<p@q.r>\r\nDATA\r\n"           \
	"first"
#define SMUGGLED                                                               \
	"MAIL FROM:<evil@b.c>\r\nRCPT TO:<p@q.r>\r\nDATA\r\n"                  \
	"smuggled\r\n.\r\nQUIT\r\n"

struct ending {
	const char *bytes;
	size_t len;
	enum {
		IS_END,
		IS_REFUSED,
		IS_TEXT
	} kind;
};

#define E(bytes, kind)                                                         \
	{                                                                      \
		bytes, sizeof bytes - 1, kind                                  \
	}

static const struct ending endings[] = {
	E("\r\n.\r\n", IS_END),       E("\r\n.\n", IS_REFUSED),
	E("\r\n.\r", IS_REFUSED),     E("\n.\r\n", IS_REFUSED),
	E("\n.\n", IS_REFUSED),       E("\n.\r", IS_REFUSED),
	E("\r.\r\n", IS_REFUSED),     E("\r.\n", IS_REFUSED),
	E("\r.\r", IS_REFUSED),       E("\r\r\n.\r\n", IS_REFUSED),
	E("\r\n.\r\r\n", IS_REFUSED), E("\n\r\n.\r\n", IS_REFUSED),
	E("\r\n\0.\r\n", IS_TEXT),    E("\r\n.\0\r\n", IS_TEXT),
	E("\r\n.\r\0\n", IS_REFUSED), E("\r\0\n.\r\n", IS_REFUSED),
	E("\0\r\n..\r\n", IS_TEXT),   E("\r\n. \r\n", IS_TEXT),
	E("\r\n.\t\r\n", IS_TEXT),    E("\r\n..\n", IS_REFUSED),
};

static const struct smtp_session_options options = {
	.hostname = "mx.example",
	.max_message_size = 10000,
	.max_recipients = 100,
	.max_errors = 10,
	.max_hops = 30,
};

struct outcome {
	struct recorder recorder;
	struct buf out;
};

static void outcome_fini(struct outcome *o)
{
	recorder_fini(&o->recorder);
	buf_fini(&o->out);
}

/* Pieces of `first` bytes and then `next` bytes each. */
static void deliver(const char *data, size_t len, size_t first, size_t next,
                    struct outcome *o)
{
	struct sockaddr peer = {.sa_family = AF_UNIX};
	struct smtp_session *s CLEANUP(smtp_session_free) =
		smtp_session_new(&options, &recorder_policy, &o->recorder,
	                         &peer, NULL, NULL);
	size_t n = first;

	for (size_t at = 0; at < len; at += n, n = next) {
		if (n == 0)
			n = next;
		if (n > len - at)
			n = len - at;
		smtp_session_input(s, data + at, n, 0);
	}
	buf_append(&o->out, smtp_session_output(s)->data,
	           smtp_session_output(s)->len);
}

static void check_outcome(const struct ending *e, struct outcome *o)
{
	const char *out = buf_str(&o->out);
	const char *events = buf_str(&o->recorder.events);

	if (e->kind == IS_END) { /* two honest messages */
		ck_assert_uint_eq(o->recorder.n_messages, 2);
		ck_assert_ptr_nonnull(strstr(out, "221 2.0.0"));
		return;
	}
	ck_assert_ptr_null(strstr(events, "evil"));
	if (e->kind == IS_REFUSED) {
		ck_assert_uint_eq(o->recorder.n_messages, 0);
		ck_assert_ptr_nonnull(strstr(out, "354 "));
		ck_assert_ptr_nonnull(strstr(out, "\r\n550 5.5.2 bare"));
	} else { /* all of it is the text of one message */
		ck_assert_uint_eq(o->recorder.n_messages, 1);
		ck_assert_ptr_nonnull(memmem(o->recorder.bodies.data,
		                             o->recorder.bodies.len, "evil",
		                             4));
	}
}

START_TEST(test_only_crlf_dot_crlf_ends_a_message)
{
	const struct ending *e = &endings[_i];
	struct buf in CLEANUP(buf_fini) = {0};

	buf_puts(&in, HEAD);
	buf_append(&in, e->bytes, e->len);
	buf_puts(&in, SMUGGLED);

	struct outcome whole = {0};

	deliver(in.data, in.len, in.len, in.len, &whole);
	check_outcome(e, &whole);
	/* first = 0 is byte by byte */
	for (size_t first = 0; first < in.len; first++) {
		struct outcome o = {0};

		deliver(in.data, in.len, first, first ? in.len : 1, &o);
		check_outcome(e, &o);
		ck_assert_str_eq(buf_str(&o.out), buf_str(&whole.out));
		ck_assert_str_eq(buf_str(&o.recorder.events),
		                 buf_str(&whole.recorder.events));
		ck_assert_uint_eq(o.recorder.bodies.len,
		                  whole.recorder.bodies.len);
		ck_assert(whole.recorder.bodies.len == 0 ||
		          memcmp(o.recorder.bodies.data,
		                 whole.recorder.bodies.data,
		                 whole.recorder.bodies.len) == 0);
		outcome_fini(&o);
	}
	outcome_fini(&whole);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("smtp smuggling");
	TCase *tc = tcase_create("endings");

	tcase_add_loop_test(tc, test_only_crlf_dot_crlf_ends_a_message, 0,
	                    ARRAY_LEN(endings));
	suite_add_tcase(suite, tc);

	return check_run(suite);
}
