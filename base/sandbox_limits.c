/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/sandbox_mechanism.h"

#include <errno.h>
#include <sys/resource.h>

#include "base/mem.h"

/* AddressSanitizer reserves terabytes: under it, memory cannot be limited. */
#if defined(__SANITIZE_ADDRESS__)
#define ADDRESS_SPACE_IS_OURS false
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ADDRESS_SPACE_IS_OURS false
#endif
#endif
#ifndef ADDRESS_SPACE_IS_OURS
#define ADDRESS_SPACE_IS_OURS true
#endif

/* Never above what the process already has: raising would need a right. */
static int limit(int what, rlim_t soft, rlim_t hard, struct err *err)
{
	struct rlimit now;

	if (getrlimit(what, &now) < 0)
		return err_errno(err, errno, "cannot read limit %d", what);
	if (now.rlim_max != RLIM_INFINITY && hard > now.rlim_max)
		hard = now.rlim_max;
	now.rlim_cur = soft < hard ? soft : hard;
	now.rlim_max = hard;
	if (setrlimit(what, &now) < 0)
		return err_errno(err, errno, "cannot set limit %d", what);
	return 0;
}

/*
 * The soft CPU limit sends SIGXCPU, which a process can turn into a sentence;
 * two seconds later the hard one kills.
 */
int sandbox_limits_apply(const struct sandbox_role *role, struct err *err)
{
	int r = limit(RLIMIT_CORE, 0, 0, err);

	if (r == 0)
		r = limit(RLIMIT_FSIZE, role->file_bytes, role->file_bytes,
		          err);
	if (r == 0 && role->files)
		r = limit(RLIMIT_NOFILE, role->files, role->files, err);
	if (r == 0 && role->cpu_seconds)
		r = limit(RLIMIT_CPU, role->cpu_seconds, role->cpu_seconds + 2,
		          err);
	if (r == 0 && role->memory && ADDRESS_SPACE_IS_OURS)
		r = limit(RLIMIT_AS, role->memory, role->memory, err);
	if (r == 0 && role->data && ADDRESS_SPACE_IS_OURS)
		r = limit(RLIMIT_DATA, role->data, role->data, err);
	if (r == 0 && role->processes)
		r = limit(RLIMIT_NPROC, role->processes, role->processes, err);
	return r;
}
