/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Down first, across second: adding whole lines is what processors do best, and
 * there are fewer lines to go across afterwards. Samples have 16 bits on the
 * way down, and are of floating point on the way across, where the three
 * colours of a pixel are worked on at once.
 *
 *   line --(weight of the line)--> sum, 16 bits --> row
 *                                              --(weights across)--> out
 */
#include "render/worker/image_scale.h"

#include <stdbool.h>

#include "base/mem.h"
#include "render/worker/image_axis.h"

/* clang turns such loops into vectors at -O2, gcc only from here on */
#ifndef __clang__
#pragma GCC optimize("O3")
#endif

/* A pixel and what stands behind it; one instruction on most processors. */
typedef float four_samples __attribute__((vector_size(16)));

struct image_scale {
	struct image_axis across, down;
	bool same; /* nothing is to be done */
	unsigned depth;
	size_t in_len, out_len; /* samples in a line */
	unsigned n_in;          /* lines taken */
	unsigned n_out;         /* lines given */
	uint16_t *sum;          /* of the lines so far under result n_out */
	uint32_t weight;        /* of these lines, of IMAGE_ONE */
	float *row;             /* sum, 0 to 255, and what weighs nothing */
	unsigned n_taps;        /* the most sources of a result, across */
	float *taps;            /* so many weights for each of them */
	float *result;          /* one line; room for a pixel more */
	uint8_t *before;        /* the line taken last, where lines get more */
	uint8_t *out;           /* result, rounded */
	image_scale_fn *fn;     /* takes it */
	void *arg;
};

/*
 * As many weights for each result, the last of them 0 where it has less
 * sources: a loop that always runs equally often is one that processors guess.
 */
static void make_taps(struct image_scale *scale)
{
	const struct image_axis *axis = &scale->across;

	for (unsigned x = 0; x < axis->n_out; x++) {
		unsigned n = axis->last[x] - axis->first[x] + 1;

		scale->n_taps = n > scale->n_taps ? n : scale->n_taps;
	}
	scale->taps = xcalloc((size_t)axis->n_out * scale->n_taps,
	                      sizeof *scale->taps);
	for (unsigned x = 0; x < axis->n_out; x++) {
		unsigned n = axis->last[x] - axis->first[x] + 1;
		float *taps = scale->taps + (size_t)x * scale->n_taps;

		for (unsigned k = 0; k < n; k++)
			taps[k] = (float)axis->weights[x][k] / IMAGE_ONE;
	}
}

struct image_scale *image_scale_new(struct image_size in, struct image_size out,
                                    unsigned depth, image_scale_fn *fn,
                                    void *arg)
{
	struct image_scale *scale = xcalloc(1, sizeof *scale);

	image_axis_init(&scale->across, in.width, out.width);
	image_axis_init(&scale->down, in.height, out.height);
	scale->same = in.width == out.width && in.height == out.height;
	scale->depth = depth;
	scale->in_len = (size_t)in.width * depth;
	scale->out_len = (size_t)out.width * depth;
	scale->sum = xcalloc(scale->in_len, sizeof *scale->sum);
	make_taps(scale);
	scale->row = xcalloc(scale->in_len + (size_t)scale->n_taps * depth + 1,
	                     sizeof *scale->row);
	scale->result = xcalloc(scale->out_len + depth, sizeof *scale->result);
	scale->before = xmalloc(scale->in_len);
	scale->out = xmalloc(scale->out_len);
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
	free(scale->row);
	free(scale->taps);
	free(scale->result);
	free(scale->before);
	free(scale->out);
	free(scale);
}

static void set_line(uint16_t *sum, const uint8_t *line, uint16_t weight,
                     size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum[i] = (uint16_t)(line[i] * weight);
}

static void add_line(uint16_t *sum, const uint8_t *line, uint16_t weight,
                     size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum[i] = (uint16_t)(sum[i] + line[i] * weight);
}

/*
 * Line `at` into result n_out, which begins with it or not. Weights are rounded
 * to 8 bits so that they add up to 256 all the same: 16 bits are enough for the
 * sum, and processors multiply eight of them at once.
 */
static void take_line(struct image_scale *scale, const uint8_t *line,
                      unsigned at)
{
	const struct image_axis *down = &scale->down;
	unsigned i = scale->n_out;
	bool begins = at == down->first[i];
	uint32_t before = begins ? 0 : scale->weight;
	uint32_t after = before + down->weights[i][at - down->first[i]];
	uint16_t weight =
		(uint16_t)(((after + 128) >> 8) - ((before + 128) >> 8));

	if (begins)
		set_line(scale->sum, line, weight, scale->in_len);
	else
		add_line(scale->sum, line, weight, scale->in_len);
	scale->weight = after;
}

static void make_row(const uint16_t *sum, float *row, size_t n)
{
	for (size_t i = 0; i < n; i++)
		row[i] = (float)sum[i] * (1 / 256.0f);
}

/* n_taps is a constant where it matters: the loop over them is then unrolled.
 */
static inline __attribute__((always_inline)) void
go_across_rgb(const struct image_scale *scale, unsigned n_taps)
{
	const unsigned *first = scale->across.first;
	const float *taps = scale->taps;
	float *out = scale->result;

	for (unsigned x = 0; x < scale->across.n_out; x++) {
		const float *in = scale->row + 3 * (size_t)first[x];
		four_samples sum = {0.5f, 0.5f, 0.5f, 0.5f};

		for (unsigned k = 0; k < n_taps; k++) {
			four_samples pixel;

			memcpy(&pixel, in + 3 * (size_t)k, sizeof pixel);
			sum += pixel * taps[k];
		}
		memcpy(out, &sum, sizeof sum);
		out += 3;
		taps += n_taps;
	}
}

static void go_across_gray(const struct image_scale *scale)
{
	const float *taps = scale->taps;

	for (unsigned x = 0; x < scale->across.n_out; x++) {
		const float *in = scale->row + scale->across.first[x];
		float sum = 0.5f;

		for (unsigned k = 0; k < scale->n_taps; k++)
			sum += in[k] * taps[k];
		scale->result[x] = sum;
		taps += scale->n_taps;
	}
}

static void go_across(const struct image_scale *scale)
{
	if (scale->depth == 1)
		go_across_gray(scale);
	else if (scale->n_taps == 2)
		go_across_rgb(scale, 2);
	else if (scale->n_taps == 3)
		go_across_rgb(scale, 3);
	else
		go_across_rgb(scale, scale->n_taps);
}

static void make_bytes(const float *result, uint8_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		float value = result[i] < 255 ? result[i] : 255;

		out[i] = (uint8_t)(int)value;
	}
}

/* Result n_out is complete in sum. */
static int give_line(struct image_scale *scale)
{
	make_row(scale->sum, scale->row, scale->in_len);
	go_across(scale);
	make_bytes(scale->result, scale->out, scale->out_len);
	scale->n_out++;
	return scale->fn(scale->out, scale->arg);
}

/* Fewer lines: each goes under one result, or the end of it and the next. */
static int line_into_fewer(struct image_scale *scale, const uint8_t *line,
                           unsigned at)
{
	int result = 0;

	while (result == 0 && scale->n_out < scale->down.n_out &&
	       scale->down.first[scale->n_out] <= at) {
		take_line(scale, line, at);
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
			take_line(scale, scale->before, at - 1);
		take_line(scale, line, at);
		result = give_line(scale);
	}
	memcpy(scale->before, line, scale->in_len);
	return result;
}

int image_scale_line(struct image_scale *scale, const uint8_t *line)
{
	unsigned at = scale->n_in++;

	if (scale->same)
		return scale->fn(line, scale->arg);
	if (scale->down.n_out < scale->down.n_in)
		return line_into_fewer(scale, line, at);
	return line_into_more(scale, line, at);
}
