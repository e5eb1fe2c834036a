/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_PLAN_REPORT_H
#define SPOOL_PLAN_REPORT_H

#include "spool/plan.h"

/*
 * A mail by which a machine tells of another one: a bounce, a read receipt, a
 * complaint (multipart/report, RFC 6522), an automatic answer. Whoever gets it
 * wants to read what it says, which is its body; the mail that it is about, and
 * what it says once more for programs, come along.
 *
 * Marks those with is_reported, before plan_decide(); nothing where no body
 * would be left to read. is_auto_reply: the mail says so (RFC 3834).
 */
void plan_report_mark(struct plan_part *parts, size_t n, bool is_auto_reply);

#endif
