/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_BOX_BOX_H
#define RENDER_BOX_BOX_H

#include "base/err.h"
#include "render/box/role.h"

/*
 * Enter the box: root becomes nobody; own user, pid, mount, net, ipc and uts
 * namespaces; a root folder with the role's paths and `extra` (ends with NULL)
 * only; limits; landlock where the kernel has it; a filter of system calls.
 *
 * Returns in a child of the caller, which is not the first process of the pid
 * namespace, so that it need not collect orphans. The caller waits and ends as
 * the child does; if the caller is killed, or the caller's own parent ends,
 * everything in the box is killed. -errno with a sentence: this system cannot
 * make the box.
 */
int box_enter(const struct box_role *role, const char *const *extra,
              struct err *err);

#endif
