/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/cards.h"

#include <errno.h>

#define BETWEEN_MM 500u /* 1/100 mm */

struct deck {
	struct text *text;
	struct err *err;
	unsigned n;
};

static int put_next(const struct card *card, void *arg)
{
	struct deck *deck = arg;

	if (deck->n++ > 0) {
		text_put_rule(deck->text);
		text_put_space(deck->text, BETWEEN_MM);
	}
	return card_put(card, deck->text, deck->err);
}

int cards_render(const char *utf8, size_t len, cards_read_fn *read,
                 const struct card *head, const struct page_spec *spec,
                 struct raster *raster, struct err *err)
{
	struct text *text CLEANUP(text_free) = NULL;
	struct deck deck = {.err = err};
	int r = text_new(spec, raster, &text, err);

	deck.text = text;
	if (r == 0 && head)
		r = put_next(head, &deck);
	if (r == 0)
		r = read(utf8, len, put_next, &deck);
	if (r < 0)
		return r;
	if (deck.n == (head ? 1u : 0u))
		return err_set(err, -EINVAL, "there is nothing to read in it");
	return text_finish(text, err);
}
