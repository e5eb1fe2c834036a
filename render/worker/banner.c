/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/banner.h"

#include "base/mem.h"
#include "render/worker/head.h"

static void fill_card(struct card *card, const char *job,
                      const struct ledger *ledger, struct plan *plan)
{
	char *title CLEANUP(xfree) =
		job[0] ? xasprintf("Print job %s", job) : xstrdup("Print job");

	card_set_title(card, title);
	for (size_t i = 0; i < ledger->head.n_rows; i++)
		card_add(card, ledger->head.rows[i].label,
		         ledger->head.rows[i].value);
	head_add_parts(card, ledger, plan_has, plan);
}

static int render_card(const struct card *card, const struct page_spec *spec,
                       struct raster *raster, struct err *err)
{
	struct text *text CLEANUP(text_free) = NULL;
	int r = text_new(spec, raster, &text, err);

	if (r == 0)
		r = card_put(card, text, err);
	if (r == 0) {
		text_put_rule(text);
		r = text_finish(text, err);
	}
	return r;
}

/* The document does not begin on the back of the banner. */
static int render_back(struct raster *raster, struct err *err)
{
	int r = raster_page_begin(raster, err);

	return r < 0 ? r : raster_page_end(raster, err);
}

int banner_render(const char *job, const struct ledger *ledger,
                  struct plan *plan, const struct page_spec *spec,
                  struct raster *raster, struct err *err)
{
	struct card card CLEANUP(card_fini) = {0};
	int r;

	if (spec->format == PAGE_JPEG)
		return 0;
	fill_card(&card, job, ledger, plan);
	r = render_card(&card, spec, raster, err);
	if (r == 0 && spec->sides != SIDES_ONE && raster_pages(raster) % 2 != 0)
		r = render_back(raster, err);
	return r;
}
