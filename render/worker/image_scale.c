/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Down first, across second: adding whole lines is what processors do best, and
 * there are fewer lines to go across afterwards. Samples have 16 bits on the
 * way down. Where few of them become one, as in most photographs, they keep
 * them across, and two pixels are worked on at once; else they are of floating
 * point there, as the errors of many roundings would be seen.
 *
 *   line --(weight of the line)--> sum --(weights of pairs)--> out
 *                                  sum --> row --(weights across)--> out
 */
#include "render/worker/image_scale.h"

#include <stdbool.h>

#include "base/mem.h"
#include "render/worker/image_axis.h"
#include "render/worker/image_weigh.h"

/* clang turns such loops into vectors at -O2, gcc only from here on */
#ifndef __clang__
#pragma GCC optimize("O3")
#endif

#define FEW_TAPS 4 /* sources of a result that 16 bits are enough for */

/* A pixel and what stands behind it; one instruction on most processors. */
typedef float four_samples __attribute__((vector_size(16)));

typedef uint8_t small_pair __attribute__((vector_size(8)));

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
	image_pair *pairs;      /* the same for two at once; NULL: too many */
	float *result;          /* one line; room for a pixel more */
	uint8_t *before;        /* the line taken last, where lines get more */
	uint8_t *out;           /* result, rounded; room for a pixel more */
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

/* What is one would need a bit more; the rounding of the result hides it. */
static uint16_t weight_of_16_bits(const struct image_axis *axis, unsigned x,
                                  unsigned k)
{
	uint32_t weight =
		k <= axis->last[x] - axis->first[x] ? axis->weights[x][k] : 0;

	return weight < IMAGE_ONE ? (uint16_t)weight : IMAGE_ONE - 1;
}

/* A last pixel that has no other beside it makes up a pair of two of it. */
static void make_pairs(struct image_scale *scale)
{
	const struct image_axis *axis = &scale->across;
	unsigned n = axis->n_out, n_taps = scale->n_taps;
	image_pair *at;

	at = xcalloc((size_t)(n / 2 + 1) * n_taps, sizeof *at);
	scale->pairs = at;
	for (unsigned x = 0; x < n; x += 2) {
		for (unsigned k = 0; k < n_taps; k++, at++) {
			unsigned other = x + 1 < n ? x + 1 : x;
			uint16_t a = weight_of_16_bits(axis, x, k);
			uint16_t b = weight_of_16_bits(axis, other, k);

			*at = (image_pair){a, a, a, a, b, b, b, b};
		}
	}
}

struct image_scale *image_scale_new(struct image_size in, struct image_size out,
                                    unsigned depth, image_scale_fn *fn,
                                    void *arg)
{
	struct image_scale *scale = xcalloc(1, sizeof *scale);
	size_t room; /* what weighs nothing is read, too */

	image_axis_init(&scale->across, in.width, out.width);
	image_axis_init(&scale->down, in.height, out.height);
	scale->same = in.width == out.width && in.height == out.height;
	scale->depth = depth;
	scale->in_len = (size_t)in.width * depth;
	scale->out_len = (size_t)out.width * depth;
	make_taps(scale);
	if (depth == 3 && scale->n_taps <= FEW_TAPS)
		make_pairs(scale);
	room = scale->in_len + (size_t)scale->n_taps * depth + 1;
	scale->sum = xcalloc(room, sizeof *scale->sum);
	scale->row = xcalloc(room, sizeof *scale->row);
	scale->result = xcalloc(scale->out_len + depth, sizeof *scale->result);
	scale->before = xmalloc(scale->in_len);
	scale->out = xmalloc(scale->out_len + depth + 1);
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
	free(scale->pairs);
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

/* Put together in a register: by way of memory the processor would wait. */
static inline image_pair take_pair(const uint16_t *a, const uint16_t *b)
{
	typedef uint64_t halves __attribute__((vector_size(16)));
	uint64_t one, two;

	memcpy(&one, a, sizeof one);
	memcpy(&two, b, sizeof two);
	return (image_pair)(halves){one, two};
}

/* n_taps is a constant where it matters: the loop over them is then unrolled.
 */
static inline __attribute__((always_inline)) void
go_across_pairs(const struct image_scale *scale, unsigned n_taps)
{
	const unsigned *first = scale->across.first;
	const image_pair *pair = scale->pairs;
	unsigned n = scale->across.n_out;
	uint8_t *out = scale->out;

	for (unsigned x = 0; x < n; x += 2, out += 6) {
		const uint16_t *a = scale->sum + 3 * (size_t)first[x];
		const uint16_t *b =
			scale->sum + 3 * (size_t)first[x + (x + 1 < n)];
		image_pair sum = {128, 128, 128, 128, 128, 128, 128, 128};
		small_pair bytes;

		for (unsigned k = 0; k < n_taps; k++) {
			sum += image_weigh(take_pair(a + 3 * (size_t)k,
			                             b + 3 * (size_t)k),
			                   *pair++);
		}
		bytes = __builtin_convertvector(sum >> 8, small_pair);
		memcpy(out, &bytes, 4);
		memcpy(out + 3, (const uint8_t *)&bytes + 4, 4);
	}
}

static void go_across_rgb(const struct image_scale *scale)
{
	const unsigned *first = scale->across.first;
	const float *taps = scale->taps;
	float *out = scale->result;

	for (unsigned x = 0; x < scale->across.n_out; x++) {
		const float *in = scale->row + 3 * (size_t)first[x];
		four_samples sum = {0.5f, 0.5f, 0.5f, 0.5f};

		for (unsigned k = 0; k < scale->n_taps; k++) {
			four_samples pixel;

			memcpy(&pixel, in + 3 * (size_t)k, sizeof pixel);
			sum += pixel * taps[k];
		}
		memcpy(out, &sum, sizeof sum);
		out += 3;
		taps += scale->n_taps;
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

static void make_bytes(const float *result, uint8_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		float value = result[i] < 255 ? result[i] : 255;

		out[i] = (uint8_t)(int)value;
	}
}

static void go_across_floating(const struct image_scale *scale)
{
	make_row(scale->sum, scale->row, scale->in_len);
	if (scale->depth == 1)
		go_across_gray(scale);
	else
		go_across_rgb(scale);
	make_bytes(scale->result, scale->out, scale->out_len);
}

static void go_across(const struct image_scale *scale)
{
	if (!scale->pairs)
		go_across_floating(scale);
	else if (scale->n_taps == 2)
		go_across_pairs(scale, 2);
	else if (scale->n_taps == 3)
		go_across_pairs(scale, 3);
	else
		go_across_pairs(scale, scale->n_taps);
}

/* Result n_out is complete in sum. */
static int give_line(struct image_scale *scale)
{
	go_across(scale);
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
