/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_BOX_ROOT_H
#define RENDER_BOX_ROOT_H

#include "base/err.h"
#include "render/box/role.h"

/*
 * Make a root folder that holds the role's readable paths and `extra` (ends
 * with NULL), read-only; /proc of this pid namespace; five harmless devices;
 * an empty /tmp and /dev/shm in memory. Everything else, sockets in /run above
 * all, is not there at all. Call in mount and pid namespaces of our own.
 * -errno with a sentence.
 */
int box_root_enter(const struct box_role *role, const char *const *extra,
                   struct err *err);

#endif
