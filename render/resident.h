/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_RESIDENT_H
#define RENDER_RESIDENT_H

#include <stdint.h>

/*
 * Bytes in memory that a process and all that it has started, and those that
 * these have started, have for themselves: what they share with each other or
 * with files is not in it, so that nothing counts twice. 0 where /proc does not
 * say.
 */
uint64_t resident_below(int pid);

#endif
