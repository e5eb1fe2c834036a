/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_ANNOUNCE_H
#define PRINTERS_ANNOUNCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/*
 * A printer, or the agent beside it, says by itself how it is (K9, K12, K14).
 * It is a reason to ask the printer, never the answer: what is believed is the
 * state read that follows. Only the address is taken from it, and only because
 * the caller authenticated it.
 */
enum announce_event {
	ANNOUNCE_POWER_ON,
	ANNOUNCE_RECOVERED, /* "normal": paper, ink, jam: whatever it was */
	ANNOUNCE_ABNORMAL,
	ANNOUNCE_PERIODIC,
};

/* The decoded body; NULL where absent. Borrowed. */
struct announce_body {
	const char *event; /* "power-on", "recovered", "abnormal", "periodic" */
	const char *uri;   /* the printer's present address */
	const char *mac;   /* "00:11:22:aa:bb:cc", also with '-' */
	const char **reasons;
	unsigned n_reasons;
};

#define ANNOUNCE_REASONS_MAX 32

struct announcement {
	enum announce_event event;
	char uri[256]; /* "" none */
	char mac[18];  /* "00:11:22:aa:bb:cc", lower case; "" none */
	char reasons[ANNOUNCE_REASONS_MAX][64];
	unsigned n_reasons;
};

/*
 * Check a body. An absent event is "recovered", the plainest announcement.
 * -EINVAL with a sentence that names the field.
 */
int announce_parse(const struct announce_body *body, struct announcement *out,
                   struct err *err);

/*
 * So many announcements per printer: a bucket of `burst` that gets one back
 * every `every_ms`. Zero-initialised after announce_gate_init() only.
 */
struct announce_gate {
	unsigned burst;
	unsigned every_ms;
	unsigned tokens;
	int64_t filled_ms; /* clock_mono_ms() up to which tokens are counted */
};

void announce_gate_init(struct announce_gate *gate, unsigned burst,
                        unsigned every_ms, int64_t now_ms);

/* One more now? Takes a token when true. */
bool announce_gate_allow(struct announce_gate *gate, int64_t now_ms);

#endif
