/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef BASE_SANDBOX_MECHANISM_H
#define BASE_SANDBOX_MECHANISM_H

#include <stdint.h>
#include <sys/types.h>

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

/*
 * Load the rules (libseccomp's) that add_rules() puts into the filter;
 * `otherwise` (SCMP_ACT_...) is done with every other system call.
 */
int sandbox_seccomp_load(uint32_t otherwise, int (*add_rules)(void *filter),
                         struct err *err);

/*
 * For a process that stands between the daemon and who does the work: let go of
 * the descriptors of the work, collect every child, end as this one ended.
 */
_Noreturn void sandbox_wait_for(pid_t child);

/*
 * In a new child: be killed with the parent. alive_fd is the pipe that the
 * parent holds the other end of; if that is closed, the parent has gone in
 * between, and so do we.
 */
int sandbox_die_with_parent(int alive_fd, struct err *err);

#endif
