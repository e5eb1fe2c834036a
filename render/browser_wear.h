/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_BROWSER_WEAR_H
#define RENDER_BROWSER_WEAR_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How much a browser has done: one that has printed for long grows, and what a
 * document may have left in it should not stay. Zeroed for a new one.
 */
struct browser_wear {
	unsigned n_documents;
	uint64_t n_bytes;  /* of documents and PDFs */
	uint64_t resident; /* when it was looked at, see resident.h */
};

struct browser_wear_limits {
	unsigned documents;
	uint64_t bytes, resident;
};

/* A document is printed by the browser that is process pid. */
void browser_wear_add(struct browser_wear *wear, uint64_t n_bytes, int pid);

/* Whether there should be a new one. */
bool browser_wear_is_over(const struct browser_wear *wear,
                          const struct browser_wear_limits *limits);

#endif
