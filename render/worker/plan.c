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

/* An invitation says more than the text beside it, and stays. */
static bool is_prose(const struct ledger_part *part)
{
	return part->kind == LEDGER_TEXT || part->kind == LEDGER_HTML;
}

/* A text that another branch of its alternatives has said already. */
static bool is_said(const struct plan *plan, const struct ledger_part *part)
{
	if (!is_prose(part))
		return false;
	for (size_t i = 0; i < plan->n_parts; i++) {
		const struct ledger_part *other = plan->parts[i];

		if (is_prose(other) && ledger_is_other_form(part, other))
			return true;
	}
	return false;
}

void plan_wanted(const struct ledger *ledger, struct plan *plan)
{
	for (size_t i = 0; i < ledger->n_parts; i++) {
		struct ledger_part *part = &ledger->parts[i];

		if (ledger_is_wanted(part) && !is_said(plan, part) &&
		    plan->n_parts < PLAN_PARTS)
			plan->parts[plan->n_parts++] = part;
	}
}

bool plan_has(const struct ledger_part *part, void *arg)
{
	const struct plan *plan = arg;

	for (size_t i = 0; i < plan->n_parts; i++)
		if (plan->parts[i] == part)
			return true;
	return false;
}

/*
 * The head of an attached mail went to the first of its texts that could take
 * it, which may be an alternative that is not printed.
 */
static void move_head(struct plan *plan, struct ledger_part *from)
{
	size_t group = strcspn(from->alternative, ":");

	for (size_t i = 0; i < plan->n_parts; i++) {
		struct ledger_part *to = plan->parts[i];

		if (to->head || !text_part_takes_head(to) ||
		    strncmp(to->alternative, from->alternative, group + 1) != 0)
			continue;
		to->head = TAKE(from->head);
		return;
	}
}

void plan_keep_heads(struct plan *plan, struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->n_parts; i++) {
		struct ledger_part *part = &ledger->parts[i];

		if (part->head && part->alternative[0] && !plan_has(part, plan))
			move_head(plan, part);
	}
}

static bool is_body(const struct ledger_part *part)
{
	return !part->attached && !part->head && !part->is_web &&
	       text_part_takes_head(part) &&
	       strcasecmp(part->disposition, "attachment") != 0;
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
