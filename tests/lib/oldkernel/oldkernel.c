/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * An older kernel. Preloaded, it answers for landlock, namespaces and seccomp
 * as a kernel does that has less of them:
 *
 *     LD_PRELOAD=.../oldkernel.so OLD_LANDLOCK=2 OLD_NAMESPACES=no
 *         OLD_SECCOMP=no program
 *
 * OLD_LANDLOCK=0 is a kernel without it. A right that the ABI does not know is
 * refused as that kernel would, so asking for too much is seen.
 */
#include <dlfcn.h>
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
	uint64_t fs, net, scoped;
	size_t size;
} abis[] = {
	{0},
	{0x1fff, 0, 0, 8},
	{0x3fff, 0, 0, 8},
	{0x7fff, 0, 0, 8},
	{0x7fff, 3, 0, 16},
	{0xffff, 3, 0, 16},
	{0xffff, 3, 3, 24},
};

static int fail(int code)
{
	errno = code;
	return -1;
}

static bool lacks(const char *name)
{
	const char *word = getenv(name);

	return word && strcmp(word, "no") == 0;
}

/* 0: pass it on. */
static long landlock(int abi, const uint64_t *attr, size_t size, long flags)
{
	uint64_t asked[3] = {0};

	if (abi == 0)
		return fail(EOPNOTSUPP);
	if (!attr)
		return flags == 1 ? abi : fail(EINVAL);
	if (size > abis[abi].size)
		return fail(E2BIG);
	memcpy(asked, attr, size);
	if (asked[0] & ~abis[abi].fs || asked[1] & ~abis[abi].net ||
	    asked[2] & ~abis[abi].scoped)
		return fail(EINVAL);
	return 0;
}

long syscall(long number, ...)
{
	long (*real)(long, ...) =
		(long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
	const char *old = getenv("OLD_LANDLOCK");
	long a[6];
	va_list args;

	va_start(args, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	if (number == SYS_landlock_create_ruleset && old) {
		long abi = strtol(old, NULL, 10);
		long r = abi > 6 ? fail(EINVAL)
		                 : landlock((int)abi, (const uint64_t *)a[0],
		                            (size_t)a[1], a[2]);

		if (r != 0)
			return r;
	}
	if (number == SYS_seccomp && lacks("OLD_SECCOMP"))
		return fail(ENOSYS);
	return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int unshare(int flags)
{
	int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "unshare");

	return lacks("OLD_NAMESPACES") ? fail(EPERM) : real(flags);
}

int prctl(int option, ...)
{
	int (*real)(int, ...) = (int (*)(int, ...))dlsym(RTLD_NEXT, "prctl");
	unsigned long a[4];
	va_list args;

	va_start(args, option);
	for (int i = 0; i < 4; i++)
		a[i] = va_arg(args, unsigned long);
	va_end(args);
	if (option == PR_SET_SECCOMP && lacks("OLD_SECCOMP"))
		return fail(EINVAL);
	return real(option, a[0], a[1], a[2], a[3]);
}
