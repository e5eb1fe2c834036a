/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/printer_set.h"

#include "base/clock.h"
#include "base/mem.h"
#include "spool/caps_text.h"
#include "spool/learned.h"
#include "spool/printer_check.h"
#include "spool/printer_state.h"
#include "spool/render_turn.h"
#include "spool/resolving.h"
#include "spool/sending.h"
#include "spool/work.h"

#define ANNOUNCE_BURST    10
#define ANNOUNCE_EVERY_MS 500

static void index_printer(struct spool *spool, struct spool_printer *p)
{
	size_t need = (size_t)p->id + 1;

	if (need > spool->n_by_id) {
		spool->by_id =
			xrealloc(spool->by_id, need * sizeof *spool->by_id);
		memset(spool->by_id + spool->n_by_id, 0,
		       (need - spool->n_by_id) * sizeof *spool->by_id);
		spool->n_by_id = need;
	}
	spool->by_id[p->id] = p;
}

static void load_caps(struct spool_printer *p, const char *text)
{
	struct printer_caps *caps CLEANUP(xfree) = xcalloc(1, sizeof *caps);

	if (caps_from_text(text, caps, NULL) == 0)
		printer_state_take_caps(p, caps);
}

struct spool_printer *printer_load(struct spool *spool,
                                   const struct printer_row *row)
{
	struct spool_printer *p = xcalloc(1, sizeof *p);

	p->spool = spool;
	p->id = row->id;
	p->epoch = row->epoch;
	snprintf(p->name, sizeof p->name, "%s", row->name);
	p->uri = xstrdup(row->uri);
	p->pin = xstrdup(row->pin);
	memcpy(p->token_hash, row->token_hash, sizeof p->token_hash);
	p->has_token = row->has_token;
	p->asked_at = row->checked_at;
	p->changed_at = row->changed_at;
	p->announced_at = row->announced_at;
	p->learned = learned_from_text(row->learned);
	p->wants_caps = true; /* it may have been replaced meanwhile */
	list_init(&p->checks);
	list_init(&p->turn_link);
	list_init(&p->state_link);
	announce_gate_init(&p->gate, ANNOUNCE_BURST, ANNOUNCE_EVERY_MS,
	                   clock_mono_ms());
	uv_timer_init(spool->loop, &p->timer);
	p->timer.data = p;
	load_caps(p, row->capabilities);
	list_append(&spool->printers, &p->link);
	index_printer(spool, p);
	return p;
}

void printer_drop(struct spool_printer *p)
{
	p->is_closing = true;
	uv_timer_stop(&p->timer);
	if (p->query)
		printer_query_cancel(p->query);
	p->query = NULL;
	if (p->sending)
		sending_drop(p->sending);
	p->sending = NULL;
	if (p->resolving)
		resolving_drop(p->resolving);
	p->resolving = NULL;
	render_turn_leave(p);
	if (p->work)
		work_drop(p->work);
	printer_check_answered(p);
}

struct spool_printer *printer_by_name(struct spool *spool, const char *name)
{
	list_for_each (link, &spool->printers) {
		struct spool_printer *p =
			LIST_ENTRY(link, struct spool_printer, link);

		if (strcmp(p->name, name) == 0 && !p->is_closing)
			return p;
	}
	return NULL;
}

static void on_printer_closed(uv_handle_t *handle)
{
	struct spool_printer *p = handle->data;

	free(p->uri);
	free(p->pin);
	free(p->held);
	free(p);
}

void printer_free(struct spool_printer *p)
{
	list_remove(&p->link);
	printer_state_forget(p);
	p->spool->by_id[p->id] = NULL;
	uv_close((uv_handle_t *)&p->timer, on_printer_closed);
}
