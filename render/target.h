/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_TARGET_H
#define RENDER_TARGET_H

#include <stdbool.h>

#include "base/buf.h"
#include "render/pool.h"

/* What the pages are for, in the words of render/protocol.h. */

/* Nothing is missing and the resolution is one of this world. */
bool target_is_sound(const struct render_target *target);

/* Append the request block, its empty line included. */
void target_write(struct buf *out, const struct render_target *target,
                  const struct render_pool_options *options);

#endif
