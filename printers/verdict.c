/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/verdict.h"

#include <stdio.h>

#include "base/mem.h"
#include "printers/media.h"
#include "printers/tray.h"

struct verdict_case {
	const struct printer_status *status;
	const struct verdict_job *job;
};

/*
 * One reason that holds jobs. Some have an excuse: the printer reports it, but
 * this job is not concerned.
 */
struct verdict_rule {
	const char *keyword; /* printer-state-reasons without its suffix */
	bool (*is_excused)(const struct verdict_case *c);
	void (*describe)(const struct verdict_case *c, char *out, size_t size);
	const char *sentence; /* where describe is NULL */
};

static bool has_paper(const struct verdict_case *c);
static bool has_ink_enough(const struct verdict_case *c);
static void describe_paper(const struct verdict_case *c, char *out,
                           size_t size);
static void describe_ink(const struct verdict_case *c, char *out, size_t size);

/*
 * In the order in which they are told: what stops the paper first, the vague
 * ones last. RFC 8011 5.4.12, PWG 5100.9.
 */
/* clang-format off */
static const struct verdict_rule rules[] = {
	{"media-jam", NULL, NULL, "the printer has a paper jam"},
	{"cover-open", NULL, NULL, "a cover of the printer is open"},
	{"door-open", NULL, NULL, "a door of the printer is open"},
	{"interlock-open", NULL, NULL, "a cover of the printer is open"},
	{"media-needed", NULL, describe_paper, NULL},
	{"media-empty", has_paper, describe_paper, NULL},
	{"input-tray-missing", has_paper, NULL, "a paper tray of the printer is missing"},
	{"toner-empty", has_ink_enough, describe_ink, NULL},
	{"marker-supply-empty", has_ink_enough, describe_ink, NULL},
	{"marker-supply-missing", NULL, NULL, "a toner or ink cartridge of the printer is missing"},
	{"developer-empty", NULL, NULL, "the printer is out of developer"},
	{"marker-waste-full", NULL, NULL, "the printer's waste container is full"},
	{"output-area-full", NULL, NULL, "the printer's output tray is full"},
	{"output-tray-missing", NULL, NULL, "the printer's output tray is missing"},
	{"opc-life-over", NULL, NULL, "the printer's drum is worn out"},
	{"fuser-over-temp", NULL, NULL, "the printer is too hot"},
	{"spool-area-full", NULL, NULL, "the printer's memory is full"},
	{"shutdown", NULL, NULL, "the printer is switched off"},
	{"stopping", NULL, NULL, "the printer is being stopped"},
	{"moving-to-paused", NULL, NULL, "the printer is being paused"},
	{"paused", NULL, NULL, "the printer is paused"},
	{"deactivated", NULL, NULL, "the printer is deactivated"},
	{"hibernate", NULL, NULL, "the printer is in hibernation"},
	{"offline", NULL, NULL, "the printer is offline"},
	{"timed-out", NULL, NULL, "the printer does not answer its server"},
	{"connecting-to-device", NULL, NULL, "the printer's server is still connecting to it"},
	{"other-error", NULL, NULL, "the printer reports an error"},
};
/* clang-format on */

/*
 * Is it that keyword, whatever the suffix? ippeveprinter derives the suffix
 * from printer-state and CUPS makes every SNMP alert a warning, so that it says
 * nothing about how bad it is.
 */
static bool is_reason(const char *reason, const char *keyword)
{
	size_t len = strlen(keyword);

	if (strncmp(reason, keyword, len) != 0)
		return false;
	reason += len;
	return !*reason || strcmp(reason, "-report") == 0 ||
	       strcmp(reason, "-warning") == 0 || strcmp(reason, "-error") == 0;
}

static bool has_reason(const struct printer_status *status, const char *keyword)
{
	for (unsigned i = 0; i < status->n_reasons; i++)
		if (is_reason(status->reasons[i], keyword))
			return true;
	return false;
}

static bool has_tray_names(const struct printer_status *status)
{
	for (unsigned i = 0; i < status->n_trays; i++)
		if (status->trays[i].name[0])
			return true;
	return false;
}

/*
 * Where the printer names no trays it is not known which one is empty; and a
 * slot for single sheets is, until the printer asks for one.
 */
static bool wants_tray(const struct verdict_case *c)
{
	const char *source = c->job->source;

	return source[0] && strcmp(source, "auto") != 0 &&
	       strcmp(source, "manual") != 0 && has_tray_names(c->status);
}

static bool tray_is_for(const struct verdict_case *c,
                        const struct printer_tray *tray)
{
	const struct verdict_job *job = c->job;

	if (!tray->media[0])
		return false;
	if (wants_tray(c) && !printer_tray_is(tray->name, job->source))
		return false;
	return !job->media[0] || media_is_same_size(tray->media, job->media);
}

/*
 * The job's own tray is empty, though the printer complains of nothing: some
 * say so only when a job has stopped there, and all others behind it.
 */
static bool is_tray_empty(const struct verdict_case *c)
{
	bool is_found = false;

	if (!wants_tray(c))
		return false;
	for (unsigned i = 0; i < c->status->n_trays; i++) {
		const struct printer_tray *tray = &c->status->trays[i];

		if (!printer_tray_is(tray->name, c->job->source))
			continue;
		is_found = true;
		if (tray->level != 0)
			return false;
	}
	return is_found;
}

/*
 * media-empty says that at least one tray is empty, not which. The job goes if
 * a tray with its paper has some; or may have some, if another tray, known to
 * be empty, explains the report.
 */
static bool has_paper(const struct verdict_case *c)
{
	bool is_explained = false, is_possible = false;

	if (has_reason(c->status, "media-needed"))
		return false;
	for (unsigned i = 0; i < c->status->n_trays; i++) {
		const struct printer_tray *tray = &c->status->trays[i];

		if (tray->level == 0)
			is_explained = true;
		else if (!tray_is_for(c, tray))
			continue;
		else if (tray->level > 0 || tray->level == PRINTER_LEVEL_SOME)
			return true;
		else
			is_possible = true;
	}
	return is_explained && is_possible;
}

static bool is_black(const struct printer_supply *supply)
{
	return strcmp(supply->colour, "black") == 0 ||
	       strstr(supply->colour, "-black");
}

static bool is_colour(const struct printer_supply *supply)
{
	return supply->colour[0] && !is_black(supply);
}

/* Only if somebody allowed it: an empty colour lets a gray job pass. */
static bool has_ink_enough(const struct verdict_case *c)
{
	bool has_black = false, is_explained = false;

	if (c->job->is_colour || !c->job->may_lack_colour)
		return false;
	for (unsigned i = 0; i < c->status->n_supplies; i++) {
		const struct printer_supply *s = &c->status->supplies[i];

		if (s->is_receptacle)
			continue;
		if (s->level_percent == 0) {
			if (!is_colour(s))
				return false;
			is_explained = true;
		} else if (is_black(s)) {
			has_black = s->level_percent > 0 ||
			            s->level_percent == PRINTER_LEVEL_SOME;
		}
	}
	return has_black && is_explained;
}

static void describe_paper(const struct verdict_case *c, char *out, size_t size)
{
	char title[64] = "";

	if (c->job->media[0])
		media_title(c->job->media, title, sizeof title);
	snprintf(out, size, "the printer is out of %s%spaper%s%s%s", title,
	         title[0] ? " " : "", wants_tray(c) ? " in its tray '" : "",
	         wants_tray(c) ? c->job->source : "", wants_tray(c) ? "'" : "");
}

static const char *supply_noun(const struct printer_supply *supply)
{
	return strstr(supply->type, "ink") ? "ink" : "toner";
}

/* "the printer is out of cyan and yellow toner" */
static void describe_ink(const struct verdict_case *c, char *out, size_t size)
{
	char list[128] = "";
	const char *noun = "toner or ink";
	size_t len = 0;

	for (unsigned i = 0; i < c->status->n_supplies; i++) {
		const struct printer_supply *s = &c->status->supplies[i];

		if (s->is_receptacle || s->level_percent != 0 ||
		    !s->colour[0] || len + strlen(s->colour) + 6 > sizeof list)
			continue;
		noun = supply_noun(s);
		len += (size_t)snprintf(list + len, sizeof list - len, "%s%s",
		                        len ? " and " : "", s->colour);
	}
	snprintf(out, size, "the printer is out of %s%s%s", list,
	         list[0] ? " " : "", noun);
}

static void verdict_set(struct verdict *out, enum verdict_kind kind,
                        const char *reason, const char *sentence)
{
	out->kind = kind;
	snprintf(out->reason, sizeof out->reason, "%s", reason);
	snprintf(out->sentence, sizeof out->sentence, "%s", sentence);
}

/* The first rule that holds this job, or NULL. */
static const struct verdict_rule *rule_find(const struct verdict_case *c)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		const struct verdict_rule *rule = &rules[i];

		if (has_reason(c->status, rule->keyword) &&
		    !(rule->is_excused && rule->is_excused(c)))
			return rule;
	}
	return NULL;
}

static bool is_working(const struct printer_status *status)
{
	return status->state == PRINTER_STATE_PROCESSING ||
	       (status->state == PRINTER_STATE_IDLE &&
	        status->queued_job_count > 0);
}

/* Full memory empties by itself while pages come out; otherwise it holds. */
static bool is_passing(const struct verdict_rule *rule,
                       const struct printer_status *status)
{
	return strcmp(rule->keyword, "spool-area-full") == 0 &&
	       is_working(status);
}

static void judge_rule(const struct verdict_case *c,
                       const struct verdict_rule *rule, struct verdict *out)
{
	enum verdict_kind kind = VERDICT_ABNORMAL;

	if (is_passing(rule, c->status))
		kind = VERDICT_BUSY;
	verdict_set(out, kind, rule->keyword,
	            rule->sentence ? rule->sentence : "");
	if (rule->describe)
		rule->describe(c, out->sentence, sizeof out->sentence);
}

static void judge_stopped(const struct printer_status *status,
                          struct verdict *out)
{
	verdict_set(out, VERDICT_ABNORMAL, "stopped", "the printer is stopped");
	if (status->message[0])
		snprintf(out->sentence, sizeof out->sentence,
		         "the printer is stopped: %.200s", status->message);
}

static void judge_not_accepting(const struct printer_status *status,
                                struct verdict *out)
{
	if (is_working(status))
		verdict_set(out, VERDICT_BUSY, "busy",
		            "the printer is busy with other jobs");
	else
		verdict_set(out, VERDICT_ABNORMAL, "not-accepting-jobs",
		            "the printer takes no jobs");
}

static void judge_tray(const struct verdict_case *c, struct verdict *out)
{
	verdict_set(out, VERDICT_ABNORMAL, "media-empty", "");
	describe_paper(c, out->sentence, sizeof out->sentence);
}

void verdict_judge(const struct printer_status *status,
                   const struct verdict_job *job, struct verdict *out)
{
	struct verdict_case c = {status, job};
	const struct verdict_rule *rule;

	if (!status->reachable) {
		verdict_set(out, VERDICT_ABNORMAL, "off",
		            "the printer is off or cannot be reached");
		return;
	}
	rule = rule_find(&c);
	if (rule)
		judge_rule(&c, rule, out);
	else if (status->state == PRINTER_STATE_STOPPED)
		judge_stopped(status, out);
	else if (is_tray_empty(&c))
		judge_tray(&c, out);
	else if (!status->accepting)
		judge_not_accepting(status, out);
	else
		verdict_set(out, VERDICT_NORMAL, "", "");
}
