/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/smtp/body.h"

#include "base/mem.h"

/*
 * Walk to the first CR with memchr(), which reads a cache line at a time where
 * a loop over bytes reads one, and make sure that no LF came before it.
 */
static int skip_line(struct smtp_body *body, const char **p, const char *end)
{
	const char *cr = memchr(*p, '\r', (size_t)(end - *p));
	const char *stop = cr ? cr : end;

	if (memchr(*p, '\n', (size_t)(stop - *p)))
		return SMTP_BODY_BARE_LF;
	body->at = cr ? SMTP_BODY_AFTER_CR : SMTP_BODY_IN_LINE;
	*p = cr ? cr + 1 : end;
	return SMTP_BODY_MORE;
}

/* One step from p; *run is where the bytes not yet handed over begin. */
static int step(struct smtp_body *body, const char **p, const char *end,
                const char **run)
{
	switch (body->at) {
	case SMTP_BODY_AT_LINE_START:
		if (**p != '.')
			return skip_line(body, p, end);
		body->at = SMTP_BODY_AFTER_DOT;
		*run = ++*p;
		return SMTP_BODY_MORE;
	case SMTP_BODY_IN_LINE: return skip_line(body, p, end);
	case SMTP_BODY_AFTER_CR:
		if (*(*p)++ != '\n')
			return SMTP_BODY_BARE_CR;
		body->at = SMTP_BODY_AT_LINE_START;
		return SMTP_BODY_MORE;
	case SMTP_BODY_AFTER_DOT:
		if (**p != '\r')
			return skip_line(body, p, end);
		body->at = SMTP_BODY_AFTER_DOT_CR;
		*run = ++*p;
		return SMTP_BODY_MORE;
	case SMTP_BODY_AFTER_DOT_CR:
		if (*(*p)++ != '\n')
			return SMTP_BODY_BARE_CR;
		*run = *p;
		return SMTP_BODY_END;
	}
	abort();
}

int smtp_body_feed(struct smtp_body *body, const char *data, size_t len,
                   size_t *used, smtp_body_sink *sink, void *arg)
{
	const char *p = data, *end = data + len, *run = data;
	int r = SMTP_BODY_MORE;

	while (p < end && r == SMTP_BODY_MORE) {
		const char *from = run, *before = p;

		r = step(body, &p, end, &run);
		if (run != from && before > from)
			sink(arg, from, (size_t)(before - from));
	}
	if (r == SMTP_BODY_MORE && p > run)
		sink(arg, run, (size_t)(p - run));
	*used = (size_t)(p - data);
	return r;
}
