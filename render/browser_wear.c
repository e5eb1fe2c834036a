/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/browser_wear.h"

#include "render/resident.h"

/* Asking for the memory of ten processes takes a millisecond. */
#define LOOK_EVERY 8

void browser_wear_add(struct browser_wear *wear, uint64_t n_bytes, int pid)
{
	wear->n_bytes += n_bytes;
	if (wear->n_documents++ % LOOK_EVERY == 0)
		wear->resident = resident_below(pid);
}

bool browser_wear_is_over(const struct browser_wear *wear,
                          const struct browser_wear_limits *limits)
{
	return wear->n_documents >= limits->documents ||
	       wear->n_bytes >= limits->bytes ||
	       wear->resident >= limits->resident;
}
