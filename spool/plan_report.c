/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/plan_report.h"

#include <strings.h>

#include "base/mem.h"

/* What a report says for programs: RFC 3464, 8098, 5965 and 6533. */
static bool is_for_programs(const struct render_part *part)
{
	static const char *const types[] = {
		"message/delivery-status",
		"message/global-delivery-status",
		"message/disposition-notification",
		"message/global-disposition-notification",
		"message/feedback-report",
	};

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strcasecmp(part->type, types[i]) == 0)
			return !part->attached;
	return false;
}

/* Of the mail that it is about only the head came along. */
static bool is_head_of_mail(const struct render_part *part)
{
	return strcasecmp(part->type, "text/rfc822-headers") == 0 ||
	       strcasecmp(part->type, "message/global-headers") == 0;
}

static bool is_notice(const struct render_part *part)
{
	return part->printable && plan_is_body(part) &&
	       !is_for_programs(part) && !is_head_of_mail(part);
}

void plan_report_mark(struct plan_part *parts, size_t n, bool is_auto_reply)
{
	bool is_report = false, has_notice = false;

	for (size_t i = 0; i < n; i++) {
		is_report |= is_for_programs(&parts[i].part);
		has_notice |= is_notice(&parts[i].part);
	}
	for (size_t i = 0; i < n && has_notice; i++)
		parts[i].is_reported =
			(is_report && !is_notice(&parts[i].part)) ||
			(is_auto_reply && parts[i].part.attached);
}
