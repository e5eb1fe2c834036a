/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_IMAGE_AXIS_H
#define RENDER_WORKER_IMAGE_AXIS_H

#include <stdint.h>

/* The weights of one result's sources add up to exactly this. */
#define IMAGE_ONE 65536u

/*
 * How a row of n_in values becomes one of n_out: result i is the sum of sources
 * first[i] to last[i], each times its weight. Sources ascend with the results.
 */
struct image_axis {
	unsigned n_in, n_out;
	unsigned *first, *last;
	uint32_t **weights; /* weights[i][k - first[i]] */
	uint32_t *all;      /* what they point into */
};

void image_axis_init(struct image_axis *axis, unsigned n_in, unsigned n_out);
void image_axis_fini(struct image_axis *axis);

#endif
