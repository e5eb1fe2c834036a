/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/sandbox_mechanism.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include <linux/seccomp.h>

#include <seccomp.h>

#include "base/mem.h"

/*
 * What is left is reading files, computing, and talking over descriptors that
 * are open already. Everything else kills the process, but for what innocent
 * libraries try on their own account (a look at nscd, a lock file): that fails
 * with EACCES.
 */
static const int allowed[] = {
	/* descriptors */
	SCMP_SYS(read),
	SCMP_SYS(write),
	SCMP_SYS(readv),
	SCMP_SYS(writev),
	SCMP_SYS(pread64),
	SCMP_SYS(lseek),
	SCMP_SYS(close),
	SCMP_SYS(dup),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(fadvise64),
	/* looking at files: landlock says which */
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(stat),
	SCMP_SYS(lstat),
	SCMP_SYS(statx),
	SCMP_SYS(fstatfs),
	SCMP_SYS(statfs),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(getdents64),
	SCMP_SYS(getcwd),
	/* memory */
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	/* threads; their start is below */
	SCMP_SYS(futex),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sched_getattr),
	SCMP_SYS(sched_setattr),
	SCMP_SYS(sched_getscheduler),
	SCMP_SYS(sched_getparam),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(restart_syscall),
	/* itself, time, chance */
	SCMP_SYS(setpriority), /* without a capability: only to be nicer */
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getuid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getegid),
	SCMP_SYS(getrusage),
	SCMP_SYS(sysinfo),
	SCMP_SYS(uname),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_getres),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(nanosleep),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(times),
	SCMP_SYS(getrandom),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

/* Tried by libraries that take no for an answer. */
static const int refused[] = {
	SCMP_SYS(getpeername),
	SCMP_SYS(getsockname),
	SCMP_SYS(socket),
	SCMP_SYS(connect),
	SCMP_SYS(ioctl),
	SCMP_SYS(fcntl),
	SCMP_SYS(unlink),
	SCMP_SYS(mkdir),
	SCMP_SYS(link),
	SCMP_SYS(rename),
	SCMP_SYS(chmod),
	SCMP_SYS(creat),
	SCMP_SYS(prlimit64),
	SCMP_SYS(prctl),
	SCMP_SYS(utime),
	SCMP_SYS(mlock),
	SCMP_SYS(sched_setaffinity),
};

/* Opening is reading: any of these flags asks for more. */
#define WRITE_FLAGS (O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND)

static int allow_open(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp reading[] = {
		SCMP_A1(SCMP_CMP_MASKED_EQ, WRITE_FLAGS, 0),
		SCMP_A2(SCMP_CMP_MASKED_EQ, WRITE_FLAGS, 0),
	};
	int r = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(open),
	                               1, &reading[0]);

	if (r == 0)
		r = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW,
		                           SCMP_SYS(openat), 1, &reading[1]);
	for (int flag = O_WRONLY; r == 0 && flag <= O_RDWR; flag++)
		r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES),
		                     SCMP_SYS(openat), 1,
		                     SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE,
		                             flag));
	return r;
}

/* abort() signals its own thread, so that a handler can say why. */
static int allow_abort(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
	                        SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
}

/*
 * Pango looks for fonts in threads. A thread is no process: it shares the box
 * and ends with it. clone3() hides its flags from filters; without it glibc
 * uses clone().
 */
static int allow_threads(scmp_filter_ctx filter)
{
	const scmp_datum_t thread = CLONE_THREAD | CLONE_VM | CLONE_SIGHAND;
	int r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
	                         SCMP_SYS(clone3), 0);

	if (r == 0)
		r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
		                     SCMP_A0(SCMP_CMP_MASKED_EQ, thread,
		                             thread));
	return r;
}

/* iconv's converters are shared objects: code from files, never from memory. */
static int allow_mapping(scmp_filter_ctx filter)
{
	int r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
	                         SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));

	if (r == 0)
		r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
		                     SCMP_A2(SCMP_CMP_MASKED_EQ,
		                             PROT_EXEC | PROT_WRITE, PROT_EXEC),
		                     SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS,
		                             0));
	if (r == 0)
		r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect),
		                     1,
		                     SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	return r;
}

/* Some calls do not exist on every architecture: libseccomp passes over them.
 */
static int add_rules(void *filter)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(allowed); i++)
		r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(refused); i++)
		r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), refused[i],
		                     0);
	if (r == 0)
		r = allow_open(filter);
	if (r == 0)
		r = allow_mapping(filter);
	if (r == 0)
		r = allow_threads(filter);
	if (r == 0)
		r = allow_abort(filter);
	return r;
}

/* A kernel with filters looks at the missing one and says so. */
static bool is_there(void)
{
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0, 0) < 0 &&
	       errno == EFAULT;
}

int sandbox_seccomp_load(uint32_t otherwise, int (*add)(void *filter),
                         struct err *err)
{
	scmp_filter_ctx filter = seccomp_init(otherwise);
	int r;

	if (!filter)
		return err_set(err, -ENOMEM,
		               "cannot make a system call filter");
	r = add(filter);
	if (r == 0)
		r = seccomp_load(filter);
	seccomp_release(filter);
	if (r < 0)
		return err_errno(err, -r, "cannot load the system call filter");
	return 0;
}

int sandbox_seccomp_apply(struct err *err)
{
	if (!is_there())
		return 1;
	return sandbox_seccomp_load(SCMP_ACT_KILL_PROCESS, add_rules, err);
}
