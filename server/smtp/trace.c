/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/smtp/trace.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"

static const char *const days[] = {"Sun", "Mon", "Tue", "Wed",
                                   "Thu", "Fri", "Sat"};
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* strftime() would ask the locale; RFC 5322 wants English. */
static void write_date(int64_t seconds, struct buf *out)
{
	time_t t = (time_t)seconds;
	struct tm tm;

	gmtime_r(&t, &tm);
	buf_printf(out, "%s, %d %s %04d %02d:%02d:%02d +0000", days[tm.tm_wday],
	           tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour,
	           tm.tm_min, tm.tm_sec);
}

void smtp_trace_write(const struct smtp_trace *trace, struct buf *out)
{
	bool is_v6 = strchr(trace->peer, ':');

	buf_printf(out, "Received: from %s", trace->helo);
	if (strcmp(trace->peer, "unix") != 0)
		buf_printf(out, " ([%s%s])", is_v6 ? "IPv6:" : "", trace->peer);
	buf_printf(out, "\r\n\tby %s with %s", trace->hostname,
	           trace->protocol);
	buf_puts(out, ";\r\n\t");
	write_date(trace->time, out);
	buf_puts(out, "\r\n");
}

static void end_line(struct smtp_hops *hops)
{
	if (hops->prefix_len == 2 && memcmp(hops->prefix, "\r\n", 2) == 0)
		hops->is_body = true;
	else if (hops->prefix_len == sizeof hops->prefix &&
	         strncasecmp(hops->prefix, "Received:", 9) == 0)
		hops->n++;
	hops->prefix_len = 0;
}

void smtp_hops_feed(struct smtp_hops *hops, const char *data, size_t len)
{
	const char *p = data, *end = data + len;

	while (p < end && !hops->is_body) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		const char *stop = lf ? lf + 1 : end;
		size_t n = sizeof hops->prefix - hops->prefix_len;

		if (n > (size_t)(stop - p))
			n = (size_t)(stop - p);
		memcpy(hops->prefix + hops->prefix_len, p, n);
		hops->prefix_len += (unsigned char)n;
		if (lf)
			end_line(hops);
		p = stop;
	}
}
