/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/image_axis.h"

#include "base/mem.h"

/* The mean of what result i covers: whole sources, and parts at both ends. */
static void cover(struct image_axis *axis, unsigned i)
{
	uint64_t begin = (uint64_t)i * axis->n_in; /* in 1/n_out source */
	uint64_t end = begin + axis->n_in;
	uint32_t left = IMAGE_ONE;
	unsigned first = (unsigned)(begin / axis->n_out);
	unsigned last = (unsigned)((end - 1) / axis->n_out);

	axis->first[i] = first;
	axis->last[i] = last;
	for (unsigned k = first; k < last; k++) {
		uint64_t from = (uint64_t)k * axis->n_out;
		uint64_t to = from + axis->n_out;
		uint64_t part = to - (from > begin ? from : begin);
		uint32_t weight = (uint32_t)(part * IMAGE_ONE / axis->n_in);

		axis->weights[i][k - first] = weight;
		left -= weight;
	}
	axis->weights[i][last - first] = left;
}

/* Between the two sources whose middles lie around the middle of result i. */
static void interpolate(struct image_axis *axis, unsigned i)
{
	/* in 1/(2 n_out) source, counted from the middle of the first one */
	int64_t middle = (2 * (int64_t)i + 1) * axis->n_in - axis->n_out;
	int64_t unit = 2 * (int64_t)axis->n_out;
	int64_t first = middle < 0 ? 0 : middle / unit;
	int64_t rest = middle < 0 ? 0 : middle % unit;
	uint32_t weight = (uint32_t)(rest * IMAGE_ONE / unit);

	axis->first[i] = axis->last[i] = (unsigned)first;
	if (weight > 0 && first + 1 < axis->n_in)
		axis->last[i]++;
	else
		weight = 0;
	axis->weights[i][0] = IMAGE_ONE - weight;
	axis->weights[i][1] = weight;
}

void image_axis_init(struct image_axis *axis, unsigned n_in, unsigned n_out)
{
	uint32_t *next;

	axis->n_in = n_in;
	axis->n_out = n_out;
	axis->first = xcalloc(n_out, sizeof *axis->first);
	axis->last = xcalloc(n_out, sizeof *axis->last);
	axis->weights = xcalloc(n_out, sizeof *axis->weights);
	axis->all =
		xcalloc((size_t)n_in + 2 * (size_t)n_out, sizeof *axis->all);
	next = axis->all;
	for (unsigned i = 0; i < n_out; i++) {
		axis->weights[i] = next;
		if (n_out < n_in)
			cover(axis, i);
		else
			interpolate(axis, i);
		next += n_out < n_in ? axis->last[i] - axis->first[i] + 1 : 2;
	}
}

void image_axis_fini(struct image_axis *axis)
{
	free(axis->first);
	free(axis->last);
	free(axis->weights);
	free(axis->all);
}
