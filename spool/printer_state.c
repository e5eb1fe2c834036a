/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/printer_state.h"

#include <errno.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "printers/formats.h"
#include "spool/caps_text.h"
#include "spool/learned.h"
#include "spool/printer_check.h"
#include "spool/work.h"

/* What did not change is written down this often all the same. */
#define SAVE_AGAIN_MS 600000
#define STATES_KEPT   64

/*
 * One write of a printer's state.
 *
 *   save        rows are copied, then the writer
 *   on_saved    where it told what it can, decide by that now; free
 */
struct state_save {
	struct printer_save save;
	struct spool *spool; /* borrowed; the database ends before it */
};

/* Jobs are planned by what is in the database. */
static void on_caps_saved(struct spool_printer *p)
{
	p->saves_caps = false;
	if (p->query || p->is_closing)
		return;
	if (p->status)
		dispatch_decide(p);
	else
		dispatch_ask(p);
}

static void on_saved(struct db_op *op, int status, const struct err *err)
{
	struct printer_save *save = CONTAINER_OF(op, struct printer_save, op);
	struct state_save *s = CONTAINER_OF(save, struct state_save, save);
	struct spool_printer *p = dispatch_printer(s->spool, save->row.id);

	if (status < 0)
		log_warn("printer=%s its state cannot be stored: %s",
		         save->row.name, err ? err->text : "database error");
	if (p && save->with_caps)
		on_caps_saved(p);
	free(save->trays);
	free(save->supplies);
	printer_row_fini(&save->row);
	free(s);
}

/* "idle", "processing", "stopped" or "" */
static const char *state_word(const struct printer_status *status)
{
	switch (status->state) {
	case PRINTER_STATE_IDLE: return "idle";
	case PRINTER_STATE_PROCESSING: return "processing";
	case PRINTER_STATE_STOPPED: return "stopped";
	case PRINTER_STATE_UNKNOWN: break;
	}
	return "";
}

/* The rows in which a status is stored; arrays are the caller's. */
static void levels_of(const struct printer_status *status,
                      struct printer_tray_row **trays, size_t *n_trays,
                      struct printer_supply_row **supplies, size_t *n_supplies)
{
	struct printer_tray_row *t = xcalloc(status->n_trays, sizeof *t);
	struct printer_supply_row *s = xcalloc(status->n_supplies, sizeof *s);

	for (unsigned i = 0; i < status->n_trays; i++) {
		const struct printer_tray *from = &status->trays[i];

		snprintf(t[i].name, sizeof t[i].name, "%s", from->name);
		snprintf(t[i].media, sizeof t[i].media, "%s", from->media);
		snprintf(t[i].type, sizeof t[i].type, "%s", from->type);
		t[i].level = from->level;
	}
	for (unsigned i = 0; i < status->n_supplies; i++) {
		const struct printer_supply *from = &status->supplies[i];

		snprintf(s[i].name, sizeof s[i].name, "%s", from->name);
		snprintf(s[i].colour, sizeof s[i].colour, "%s", from->colour);
		snprintf(s[i].type, sizeof s[i].type, "%s", from->type);
		s[i].level = from->level_percent;
	}
	*trays = t;
	*n_trays = status->n_trays;
	*supplies = s;
	*n_supplies = status->n_supplies;
}

static const char *verdict_word(const struct spool_printer *p)
{
	if (p->asked_at == 0)
		return "unknown";
	switch (p->verdict.kind) {
	case VERDICT_NORMAL: return "normal";
	case VERDICT_BUSY: return "busy";
	case VERDICT_ABNORMAL: break;
	}
	return "abnormal";
}

static void save(struct spool_printer *p, const struct printer_status *status)
{
	struct state_save *s = xcalloc(1, sizeof *s);
	struct printer_row *row = &s->save.row;

	s->spool = p->spool;
	row->id = p->id;
	snprintf(row->name, sizeof row->name, "%s", p->name);
	snprintf(row->pin, sizeof row->pin, "%s", p->pin);
	snprintf(row->verdict, sizeof row->verdict, "%s", verdict_word(p));
	snprintf(row->reason, sizeof row->reason, "%s", p->verdict.reason);
	snprintf(row->sentence, sizeof row->sentence, "%s",
	         p->verdict.sentence);
	snprintf(row->state, sizeof row->state, "%s", p->state);
	learned_to_text(p->learned, row->learned);
	row->checked_at = p->asked_at;
	row->changed_at = p->changed_at;
	row->announced_at = p->announced_at;
	if (status && status->reachable) {
		s->save.with_levels = true;
		levels_of(status, &s->save.trays, &s->save.n_trays,
		          &s->save.supplies, &s->save.n_supplies);
	}
	p->saved_ms = clock_mono_ms();
	db_submit(p->spool->db, &s->save.op, printer_save_run, on_saved);
}

void printer_state_learn(struct spool_printer *p, unsigned learned)
{
	char text[LEARNED_TEXT_MAX];

	if ((p->learned & learned) == learned)
		return;
	p->learned |= learned;
	learned_to_text(learned, text);
	log_info("printer=%s learned of it: %s", p->name, text);
	save(p, NULL);
}

unsigned printer_state_copies_max(const struct spool_printer *p,
                                  const struct printer_caps *caps)
{
	return p->learned & LEARNED_ONE_COPY ? 1 : (unsigned)caps->copies_max;
}

void printer_state_take_caps(struct spool_printer *p,
                             const struct printer_caps *caps)
{
	p->has_create_job = caps->operations & CAPS_CREATE_JOB;
	p->may_colour = caps->has_colour;
}

static void set_caps(struct printer_row *row, const struct printer_caps *caps,
                     const char *format)
{
	free(row->capabilities);
	row->capabilities = caps_to_text(caps);
	snprintf(row->make_and_model, sizeof row->make_and_model, "%s",
	         caps->make_and_model);
	snprintf(row->media_default, sizeof row->media_default, "%s",
	         caps->media_default);
	snprintf(row->format, sizeof row->format, "%s", format);
}

/* What another one did says nothing of this one. */
static void unlearn(struct spool_printer *p, const char *told_before,
                    const struct printer_caps *caps)
{
	struct printer_caps *old CLEANUP(xfree) = xcalloc(1, sizeof *old);

	if (p->learned && (caps_from_text(told_before, old, NULL) < 0 ||
	                   !learned_of_same(old, caps))) {
		log_info(
			"printer=%s is another one: what was learned of it is forgotten",
			p->name);
		p->learned = 0;
	}
}

/*
 * A printer can be replaced, or taught, under the address that it has. What it
 * cannot tell in a way that we print leaves what was known.
 */
static void renew_caps(struct spool_printer *p, const struct printer_caps *caps)
{
	struct state_save *s;
	struct print_wish wish = {0};
	struct print_format format;
	struct printer_row row;
	char *text CLEANUP(xfree) = caps_to_text(caps);
	bool is_same;

	p->wants_caps = false;
	if (print_format_choose(caps, &wish, &format, NULL) < 0 ||
	    printer_read(p->spool->db, p->id, &row, NULL) < 0)
		return;
	is_same = strcmp(row.capabilities, text) == 0;
	if (is_same) {
		printer_row_fini(&row);
		return;
	}
	log_info("printer=%s tells anew what it can: %s, %s", p->name,
	         caps->make_and_model, format.mime);
	printer_state_take_caps(p, caps);
	unlearn(p, row.capabilities, caps);
	s = xcalloc(1, sizeof *s);
	s->spool = p->spool;
	s->save.row = row;
	s->save.with_caps = true;
	p->saves_caps = true;
	learned_to_text(p->learned, s->save.row.learned);
	set_caps(&s->save.row, caps, format.mime);
	db_submit(p->spool->db, &s->save.op, printer_save_run, on_saved);
}

/* FNV-1a over what is stored of the levels: has anything changed? */
static uint64_t hash_levels(const struct printer_status *status)
{
	uint64_t h = 14695981039346656037ull;

	for (unsigned i = 0; i < status->n_trays; i++) {
		h = (h ^ (uint64_t)(status->trays[i].level + 8)) *
		    1099511628211ull;
		for (const char *c = status->trays[i].media; *c; c++)
			h = (h ^ (unsigned char)*c) * 1099511628211ull;
	}
	for (unsigned i = 0; i < status->n_supplies; i++)
		h = (h ^ (uint64_t)(status->supplies[i].level_percent + 8)) *
		    1099511628211ull;
	return h;
}

static void note(struct spool_printer *p, const struct printer_status *status,
                 const struct err *err)
{
	struct verdict_job any = {.may_lack_colour = false};
	struct verdict old = p->verdict;
	uint64_t levels = hash_levels(status);
	bool first = p->asked_at == 0, is_new;

	verdict_judge(status, &any, &p->verdict);
	if (err && err->text[0])
		snprintf(p->verdict.sentence, sizeof p->verdict.sentence,
		         "%.255s", err->text);
	p->asked_at = clock_now();
	p->asked_ms = clock_mono_ms();
	is_new = first || old.kind != p->verdict.kind ||
	         strcmp(old.reason, p->verdict.reason) != 0;
	if (is_new) {
		p->changed_at = p->asked_at;
		log_info("printer=%s %s%s%s", p->name, verdict_word(p),
		         p->verdict.sentence[0] ? ": " : "",
		         p->verdict.sentence);
	}
	if (is_new || levels != p->levels_hash ||
	    strcmp(p->state, state_word(status)) != 0 ||
	    !list_is_empty(&p->checks) ||
	    p->asked_ms - p->saved_ms > SAVE_AGAIN_MS) {
		p->levels_hash = levels;
		snprintf(p->state, sizeof p->state, "%s", state_word(status));
		save(p, status);
	}
}

void printer_state_forget(struct spool_printer *p)
{
	if (!p->status)
		return;
	list_remove(&p->state_link);
	p->spool->n_states--;
	free(p->status);
	p->status = NULL;
}

/* A state is large, and of use for seconds: only the youngest are kept. */
static void keep(struct spool_printer *p, const struct printer_status *status)
{
	struct spool *spool = p->spool;

	printer_state_forget(p);
	if (spool->n_states == STATES_KEPT)
		printer_state_forget(LIST_ENTRY(spool->states.next,
		                                struct spool_printer,
		                                state_link));
	p->status = xmemdup(status, sizeof *status);
	list_append(&spool->states, &p->state_link);
	spool->n_states++;
}

static void on_answer(int status, const struct printer_status *st,
                      const char *pin_seen, const struct err *err, void *arg)
{
	struct spool_printer *p = arg;

	p->query = NULL;
	if (p->is_closing)
		return;
	if (status == 0 && p->pin[0] == '\0' && pin_seen[0] != '\0') {
		free(p->pin);
		p->pin = xstrdup(pin_seen);
		p->saved_ms = 0;
	}
	if (status == 0 && p->asks_caps)
		renew_caps(p, &st->caps);
	p->wants_caps |= !st->reachable;
	note(p, st, status < 0 ? err : NULL);
	keep(p, st);
	if (!p->wants_ask)
		printer_check_answered(p);
	dispatch_decide(p);
	if (p->work)
		work_state_is_known(p->work);
	if (p->wants_ask && !p->query) {
		p->wants_ask = false;
		printer_state_ask(p);
	}
}

void printer_state_ask(struct spool_printer *p)
{
	struct printer_target target = {.uri = p->uri, .pin = p->pin};
	struct err err = {0};

	if (p->query || p->is_closing || p->spool->is_closing)
		return;
	p->asks_caps = p->wants_caps;
	if (printer_query_start(p->spool->transport, &target,
	                        p->spool->options.state_timeout_ms,
	                        p->asks_caps, &p->query, on_answer, p,
	                        &err) < 0) {
		p->query = NULL;
		log_error("printer=%s cannot be asked: %s", p->name, err.text);
	}
}

bool printer_state_is_fresh(const struct spool_printer *p)
{
	return p->status && clock_mono_ms() - p->asked_ms <
	                            (int64_t)p->spool->options.state_fresh_ms;
}
