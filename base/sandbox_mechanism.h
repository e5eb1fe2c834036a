/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef BASE_SANDBOX_MECHANISM_H
#define BASE_SANDBOX_MECHANISM_H

#include "base/sandbox.h"

/*
 * The mechanisms under sandbox.h, a file each. All return 0 when enforced, 1
 * when this system does not have it, -errno with a sentence otherwise.
 */
int sandbox_user_apply(struct err *err);        /* root becomes nobody */
int sandbox_capabilities_drop(struct err *err); /* all, and no_new_privs */
/* A pipe whose ends are above SANDBOX_LAST_FD. */
int sandbox_pipe(int ends[2], struct err *err);
int sandbox_namespace_enter(struct err *err); /* may fork; see there */
int sandbox_limits_apply(const struct sandbox_role *role, struct err *err);
int sandbox_landlock_apply(const struct sandbox_role *role, int *abi,
                           struct err *err);
int sandbox_seccomp_apply(struct err *err);

#endif
