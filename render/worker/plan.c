/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/plan.h"

#include <errno.h>
#include <strings.h>

#include "base/mem.h"
#include "render/worker/head.h"
#include "render/worker/text_part.h"

static int add(const struct ledger *ledger, const char *id, struct plan *plan,
               struct err *err)
{
	struct ledger_part *part;

	if (!id || plan->n_parts == PLAN_PARTS)
		return err_set(err, -EINVAL, "the plan makes no sense");
	part = ledger_find(ledger, id);
	if (!part)
		return err_set(err, -EINVAL, "there is no part '%s'", id);
	plan->parts[plan->n_parts++] = part;
	return 0;
}

int plan_read(struct control *control, const struct ledger *ledger,
              struct plan *plan, struct err *err)
{
	for (;;) {
		struct protocol_line words;
		const char *text;
		int r = control_read_line(control, &text, err);

		if (r > 0)
			return err_set(err, -ECONNABORTED, "no plan came");
		if (r < 0)
			return r;
		char *copy CLEANUP(xfree) = xstrdup(text);
		r = protocol_parse(copy, &words, err);
		if (r < 0)
			return r;
		if (protocol_get(&words, "go"))
			return 0;
		r = add(ledger, protocol_get(&words, "print"), plan, err);
		if (r < 0)
			return r;
	}
}

void plan_wanted(const struct ledger *ledger, struct plan *plan)
{
	for (size_t i = 0; i < ledger->n_parts; i++)
		if (ledger_is_wanted(&ledger->parts[i]) &&
		    plan->n_parts < PLAN_PARTS)
			plan->parts[plan->n_parts++] = &ledger->parts[i];
}

static bool is_body(const struct ledger_part *part)
{
	return !part->attached && !part->head && !part->is_web &&
	       text_part_takes_head(part) &&
	       strcasecmp(part->disposition, "attachment") != 0;
}

bool plan_has(const struct ledger_part *part, void *arg)
{
	const struct plan *plan = arg;

	for (size_t i = 0; i < plan->n_parts; i++)
		if (plan->parts[i] == part)
			return true;
	return false;
}

void plan_place_head(struct plan *plan, struct ledger *ledger)
{
	for (size_t i = 0; i < plan->n_parts; i++) {
		struct ledger_part *part = plan->parts[i];

		if (!is_body(part))
			continue;
		head_add_parts(&ledger->head, ledger, plan_has, plan);
		part->head = xmemdup(&ledger->head, sizeof ledger->head);
		ledger->head = (struct card){0};
		return;
	}
}
