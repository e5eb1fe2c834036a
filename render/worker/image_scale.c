/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Down first, across second: adding whole lines is what processors do best, and
 * there are fewer lines to go across afterwards. Between the two a sample has
 * 16 bits, so nothing is rounded twice.
 *
 *   line --(weight of the line)--> sum, 24 bits  --> mean, 16 bits
 *                                                --(weights across)--> out
 */
#include "render/worker/image_scale.h"

#include "base/mem.h"
#include "render/worker/image_axis.h"

/* clang turns such loops into vectors at -O2, gcc only from here on */
#ifndef __clang__
#pragma GCC optimize("O3")
#endif

struct image_scale {
	struct image_axis across, down;
	unsigned depth;
	size_t in_len;      /* samples in a line that comes in */
	unsigned n_in;      /* lines taken */
	unsigned n_out;     /* lines given */
	uint32_t *sum;      /* of the lines so far under result n_out */
	uint16_t *mean;     /* sum, shortened */
	uint8_t *before;    /* the line taken last, where lines get more */
	uint8_t *out;       /* one line of the result */
	image_scale_fn *fn; /* takes it */
	void *arg;
};

struct image_scale *image_scale_new(struct image_size in, struct image_size out,
                                    unsigned depth, image_scale_fn *fn,
                                    void *arg)
{
	struct image_scale *scale = xcalloc(1, sizeof *scale);

	image_axis_init(&scale->across, in.width, out.width);
	image_axis_init(&scale->down, in.height, out.height);
	scale->depth = depth;
	scale->in_len = (size_t)in.width * depth;
	scale->sum = xcalloc(scale->in_len, sizeof *scale->sum);
	scale->mean = xcalloc(scale->in_len, sizeof *scale->mean);
	scale->before = xmalloc(scale->in_len);
	scale->out = xmalloc((size_t)out.width * depth);
	scale->fn = fn;
	scale->arg = arg;
	return scale;
}

void image_scale_free(struct image_scale *scale)
{
	if (!scale)
		return;
	image_axis_fini(&scale->across);
	image_axis_fini(&scale->down);
	free(scale->sum);
	free(scale->mean);
	free(scale->before);
	free(scale->out);
	free(scale);
}

static void add_line(uint32_t *sum, const uint8_t *line, uint32_t weight,
                     size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum[i] += line[i] * weight;
}

static void shorten(const uint32_t *sum, uint16_t *mean, size_t n)
{
	for (size_t i = 0; i < n; i++)
		mean[i] = (uint16_t)((sum[i] + 128) >> 8);
}

static inline void go_across(const struct image_axis *axis,
                             const uint16_t *mean, uint8_t *out, unsigned depth)
{
	for (unsigned x = 0; x < axis->n_out; x++) {
		const uint16_t *in = mean + (size_t)axis->first[x] * depth;
		unsigned n = axis->last[x] - axis->first[x] + 1;
		uint32_t sum[3] = {1u << 23, 1u << 23, 1u << 23};

		for (unsigned k = 0; k < n; k++) {
			for (unsigned c = 0; c < depth; c++)
				sum[c] +=
					in[k * depth + c] * axis->weights[x][k];
		}
		for (unsigned c = 0; c < depth; c++)
			*out++ = (uint8_t)(sum[c] >> 24);
	}
}

/* Result n_out is complete in sum. */
static int give_line(struct image_scale *scale)
{
	shorten(scale->sum, scale->mean, scale->in_len);
	memset(scale->sum, 0, scale->in_len * sizeof *scale->sum);
	if (scale->depth == 1)
		go_across(&scale->across, scale->mean, scale->out, 1);
	else
		go_across(&scale->across, scale->mean, scale->out, 3);
	scale->n_out++;
	return scale->fn(scale->out, scale->arg);
}

static uint32_t weight_of(const struct image_scale *scale, unsigned line)
{
	unsigned i = scale->n_out;

	return scale->down.weights[i][line - scale->down.first[i]];
}

/* Fewer lines: each goes under one result, or the end of it and the next. */
static int line_into_fewer(struct image_scale *scale, const uint8_t *line,
                           unsigned at)
{
	int result = 0;

	while (result == 0 && scale->n_out < scale->down.n_out &&
	       scale->down.first[scale->n_out] <= at) {
		add_line(scale->sum, line, weight_of(scale, at), scale->in_len);
		if (scale->down.last[scale->n_out] > at)
			break;
		result = give_line(scale);
	}
	return result;
}

/* More lines: all results that end with this one start at it or before it. */
static int line_into_more(struct image_scale *scale, const uint8_t *line,
                          unsigned at)
{
	int result = 0;

	while (result == 0 && scale->n_out < scale->down.n_out &&
	       scale->down.last[scale->n_out] <= at) {
		if (scale->down.first[scale->n_out] < at)
			add_line(scale->sum, scale->before,
			         weight_of(scale, at - 1), scale->in_len);
		add_line(scale->sum, line, weight_of(scale, at), scale->in_len);
		result = give_line(scale);
	}
	memcpy(scale->before, line, scale->in_len);
	return result;
}

int image_scale_line(struct image_scale *scale, const uint8_t *line)
{
	unsigned at = scale->n_in++;

	if (scale->down.n_out < scale->down.n_in)
		return line_into_fewer(scale, line, at);
	return line_into_more(scale, line, at);
}
