/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <sys/socket.h>

#include "tests/unit/server/smtp_recorder.h"

/*
 * Any bytes, cut in any way: replies, questions to the policy and finished
 * messages must be the same as in one piece. The first byte chooses SMTP or
 * LMTP and who finishes messages when, the second one seeds the cuts.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct smtp_session_options options = {
	.hostname = "mx.example",
	.max_message_size = 200,
	.max_recipients = 2,
	.max_errors = 10,
	.max_hops = 2,
};

struct outcome {
	struct recorder recorder;
	struct buf out;
};

static size_t next_cut(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return 1 + (*seed >> 24) % 11;
}

/* seed 0: in one piece. Half of the async outcomes come between pieces. */
static void deliver(const char *data, size_t len, uint32_t seed, bool is_async,
                    struct outcome *o)
{
	struct sockaddr peer = {.sa_family = AF_UNIX};
	struct smtp_session *s CLEANUP(smtp_session_free) =
		smtp_session_new(&options, &recorder_policy, &o->recorder,
	                         &peer, NULL, NULL);

	o->recorder.is_async = is_async;
	for (size_t n, at = 0; at < len; at += n) {
		n = seed ? next_cut(&seed) : len;
		if (n > len - at)
			n = len - at;
		smtp_session_input(s, data + at, n, 0);
		if (o->recorder.waiting && seed & 1 << 20)
			recorder_finish(&o->recorder, o->recorder.waiting);
	}
	while (o->recorder.waiting)
		recorder_finish(&o->recorder, o->recorder.waiting);
	buf_append(&o->out, smtp_session_output(s)->data,
	           smtp_session_output(s)->len);
}

static void must_equal(struct buf *a, struct buf *b)
{
	if (a->len != b->len ||
	    (a->len > 0 && memcmp(a->data, b->data, a->len) != 0))
		abort();
}

static void outcome_fini(struct outcome *o)
{
	recorder_fini(&o->recorder);
	buf_fini(&o->out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct outcome whole = {0}, pieces = {0};

	if (size < 2)
		return 0;
	options.is_lmtp = data[0] & 1;

	const char *text = (const char *)data + 2;
	bool is_async = data[0] & 2;

	deliver(text, size - 2, 0, is_async, &whole);
	deliver(text, size - 2, data[1] + 1u, is_async, &pieces);
	must_equal(&whole.out, &pieces.out);
	must_equal(&whole.recorder.events, &pieces.recorder.events);
	must_equal(&whole.recorder.bodies, &pieces.recorder.bodies);
	outcome_fini(&whole);
	outcome_fini(&pieces);
	return 0;
}
