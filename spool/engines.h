/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_ENGINES_H
#define SPOOL_ENGINES_H

#include <uv.h>

#include "render/pool.h"
#include "spool/spool.h"

/*
 * The foreign programs that make PDFs for the workers, as far as this machine
 * has them. None is started before its first document.
 */
struct engines;

struct engines *engines_new(uv_loop_t *loop,
                            const struct spool_options *options);

/* For render_pool_options; borrowed. */
struct convert_engines engines_of(const struct engines *engines);

/* After the pool of workers is gone. closed comes once, maybe at once. */
void engines_close(struct engines *engines, void (*closed)(void *arg),
                   void *arg);

#endif
