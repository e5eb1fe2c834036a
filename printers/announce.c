/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/announce.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>

#include "base/mem.h"
#include "printers/http_transport.h"
#include "printers/text.h"

static const struct {
	const char *word;
	enum announce_event event;
} events[] = {
	{"power-on", ANNOUNCE_POWER_ON},
	{"recovered", ANNOUNCE_RECOVERED},
	{"abnormal", ANNOUNCE_ABNORMAL},
	{"periodic", ANNOUNCE_PERIODIC},
};

static int parse_event(const char *word, struct announcement *out,
                       struct err *err)
{
	out->event = ANNOUNCE_RECOVERED;
	if (!word)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(events); i++) {
		if (strcmp(word, events[i].word) == 0) {
			out->event = events[i].event;
			return 0;
		}
	}
	return err_set(
		err, -EINVAL,
		"event must be 'power-on', 'recovered', 'abnormal' or 'periodic'");
}

static int parse_uri(const char *uri, struct announcement *out, struct err *err)
{
	char *url CLEANUP(xfree) = NULL;
	int status;

	if (!uri)
		return 0;
	if (strlen(uri) >= sizeof out->uri)
		return err_set(err, -EINVAL, "uri is too long");
	status = http_url_from_printer_uri(uri, &url, err);
	if (status < 0)
		return err_wrap(err, status, "uri");
	snprintf(out->uri, sizeof out->uri, "%s", uri);
	return 0;
}

/* Six pairs of hexadecimal digits with ':' or '-' between them. */
static int parse_mac(const char *mac, struct announcement *out, struct err *err)
{
	char copy[sizeof out->mac];
	size_t i;

	if (!mac)
		return 0;
	for (i = 0; mac[i] && i < sizeof copy - 1; i++) {
		bool is_gap = i % 3 == 2;
		unsigned char c = (unsigned char)mac[i];

		if (is_gap ? c != ':' && c != '-' : !isxdigit(c))
			break;
		copy[i] = is_gap ? ':' : (char)tolower(c);
	}
	if (i != sizeof copy - 1 || mac[i])
		return err_set(err, -EINVAL,
		               "mac must look like 00:11:22:aa:bb:cc");
	copy[i] = '\0';
	memcpy(out->mac, copy, sizeof copy);
	return 0;
}

static int parse_reasons(const struct announce_body *body,
                         struct announcement *out, struct err *err)
{
	if (body->n_reasons > ANNOUNCE_REASONS_MAX)
		return err_set(err, -EINVAL, "more than %d reasons",
		               ANNOUNCE_REASONS_MAX);
	for (unsigned i = 0; i < body->n_reasons; i++)
		if (!text_keyword(out->reasons[i], sizeof out->reasons[i],
		                  body->reasons[i]))
			return err_set(err, -EINVAL, "reason %u is no keyword",
			               i + 1);
	out->n_reasons = body->n_reasons;
	return 0;
}

int announce_parse(const struct announce_body *body, struct announcement *out,
                   struct err *err)
{
	struct announcement a = {0};
	int status = parse_event(body->event, &a, err);

	if (status == 0)
		status = parse_uri(body->uri, &a, err);
	if (status == 0)
		status = parse_mac(body->mac, &a, err);
	if (status == 0)
		status = parse_reasons(body, &a, err);
	if (status == 0)
		*out = a;
	return status;
}

void announce_gate_init(struct announce_gate *gate, unsigned burst,
                        unsigned every_ms, int64_t now_ms)
{
	*gate = (struct announce_gate){.burst = burst,
	                               .every_ms = every_ms,
	                               .tokens = burst,
	                               .filled_ms = now_ms};
}

bool announce_gate_allow(struct announce_gate *gate, int64_t now_ms)
{
	int64_t n = (now_ms - gate->filled_ms) / gate->every_ms;

	if (n > 0) {
		gate->filled_ms += n * gate->every_ms;
		if (n >= gate->burst - gate->tokens) {
			gate->tokens = gate->burst;
			gate->filled_ms = now_ms;
		} else {
			gate->tokens += (unsigned)n;
		}
	}
	if (gate->tokens == 0)
		return false;
	gate->tokens--;
	return true;
}
