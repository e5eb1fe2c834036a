/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Giving up rights for good, before the first byte from a stranger is read:
 * another user, own namespaces, limits, landlock, seccomp, in this order, and
 * then proof that what was taken is gone.
 *
 * A mechanism that this kernel lacks is noted in the report and passed over;
 * sandbox_holds() says whether enough is left to go on.
 */
struct sandbox_role {
	const char *const
		*readable; /* paths, ends with NULL; missing: skipped */
	const char *const *writable; /* the same; NULL: none */
	bool runs_programs;          /* those among the readable paths */
	uint64_t memory;             /* RLIMIT_AS, 0: as it is */
	uint64_t data;               /* RLIMIT_DATA, 0: as it is */
	unsigned cpu_seconds;        /* RLIMIT_CPU, 0: as it is */
	uint64_t file_bytes;         /* RLIMIT_FSIZE */
	unsigned files;              /* RLIMIT_NOFILE */
	unsigned processes; /* RLIMIT_NPROC, with threads, 0: as it is */
};

struct sandbox_report {
	bool user;       /* root became nobody */
	bool namespaces; /* user, pid, net, ipc, uts */
	bool limits;
	int landlock; /* the kernel's ABI, 0: none */
	bool seccomp;
};

/* Descriptors that stay, beside 0, 1, 2: 3, 4 and 5. All others are closed. */
#define SANDBOX_LAST_FD 5

/*
 * Returns in the process that is in the box, which may be a child of the
 * caller: then the caller only waits and ends as the child did. The child dies
 * with it. Call while there is a single thread; threads started later are in
 * the box too. -errno with a sentence when a mechanism that exists refuses to
 * work; -EPERM when what was taken still works: a file outside the role opens,
 * any file opens for writing, a socket can be had.
 */
int sandbox_enter(const struct sandbox_role *role,
                  struct sandbox_report *report, struct err *err);

/* Whether a stranger's document may be opened in here. */
bool sandbox_holds(const struct sandbox_report *report);

/* "nobody namespaces landlock-7 seccomp limits"; returns out. */
char *sandbox_describe(const struct sandbox_report *report, char *out,
                       size_t size);

#endif
