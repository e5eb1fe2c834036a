/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A slower disk. Preloaded, it adds FSYNC_MS milliseconds to every fsync,
 * fdatasync and sync_file_range, because virtual disks answer in 50
 * microseconds and so hide the cost of a missing group commit.
 *
 *     LD_PRELOAD=.../slowfsync.so FSYNC_MS=5 program
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_sync_file_range)(int, off64_t, off64_t, unsigned);
static struct timespec delay;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void look_up(void)
{
	const char *text = getenv("FSYNC_MS");
	double ms = text ? strtod(text, NULL) : 0;

	if (!(ms > 0 && ms < 60000))
		ms = 0;
	delay.tv_sec = (time_t)(ms / 1000);
	delay.tv_nsec = (long)((ms - 1000.0 * delay.tv_sec) * 1e6);
	real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
	real_fdatasync = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
	real_sync_file_range =
		(int (*)(int, off64_t, off64_t,
	                 unsigned))dlsym(RTLD_NEXT, "sync_file_range");
}

/* Keeps errno: the caller wants to know how the real call ended. */
static int slowed(int result)
{
	int saved = errno;
	struct timespec left = delay;

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		;
	errno = saved;
	return result;
}

int fsync(int fd)
{
	pthread_once(&once, look_up);
	return slowed(real_fsync(fd));
}

int fdatasync(int fd)
{
	pthread_once(&once, look_up);
	return slowed(real_fdatasync(fd));
}

int sync_file_range(int fd, off64_t offset, off64_t n, unsigned flags)
{
	pthread_once(&once, look_up);
	return slowed(real_sync_file_range(fd, offset, n, flags));
}
