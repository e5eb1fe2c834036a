/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A disk that fails at the Nth call. Preloaded, it counts the calls that make a
 * spool durable, and fails the one that the test asked for, or has the program
 * killed there:
 *
 *     LD_PRELOAD=.../faultcount.so FAULT_CONTROL=FILE program
 *
 * FILE holds a struct control and is mapped by the test as well, so that the
 * test decides from which moment calls count. Only regular files count, not
 * sockets, pipes and the log. The program's own children are left alone.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
	FAULT_WRITE = 1,
	FAULT_SYNC = 2,
	FAULT_RENAME = 4,
	FAULT_BEGIN = 8, /* the first write after a sync: of a commit */
};

/* Little endian, as Python's "<IIIIII" reads it. */
struct control {
	_Atomic uint32_t kinds; /* which calls count; 0: none */
	_Atomic uint32_t nth;   /* fail this one; 0: only count */
	_Atomic uint32_t error; /* errno; 0: SIGKILL instead */
	_Atomic uint32_t stays; /* 1: all later ones fail as well */
	_Atomic uint32_t count; /* calls so far */
	_Atomic uint32_t failed;
};

static struct control *control;
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
static ssize_t (*real_pwritev64)(int, const struct iovec *, int, off64_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_rename)(const char *, const char *);
static int (*real_renameat)(int, const char *, int, const char *);
static int (*real_renameat2)(int, const char *, int, const char *, unsigned);
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Atomic int has_written; /* since the last sync */

static void map_control(void)
{
	const char *path = getenv("FAULT_CONTROL");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;

	if (fd < 0)
		return;
	void *map = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE,
	                 MAP_SHARED, fd, 0);
	close(fd);
	if (map != MAP_FAILED)
		control = map;
}

static void set_up(void)
{
	real_write = dlsym(RTLD_NEXT, "write");
	real_writev = dlsym(RTLD_NEXT, "writev");
	real_pwrite64 = dlsym(RTLD_NEXT, "pwrite64");
	real_pwritev64 = dlsym(RTLD_NEXT, "pwritev64");
	real_fsync = dlsym(RTLD_NEXT, "fsync");
	real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
	real_rename = dlsym(RTLD_NEXT, "rename");
	real_renameat = dlsym(RTLD_NEXT, "renameat");
	real_renameat2 = dlsym(RTLD_NEXT, "renameat2");
	map_control();
	unsetenv("LD_PRELOAD");
}

__attribute__((constructor)) static void at_start(void)
{
	pthread_once(&once, set_up);
}

/* Is this the call to fail? errno is set when it is. */
static int is_faulty(uint32_t kind)
{
	pthread_once(&once, set_up);
	if (!control || !(control->kinds & kind))
		return 0;
	uint32_t n = atomic_fetch_add(&control->count, 1) + 1;
	uint32_t nth = control->nth;
	if (nth == 0 || n < nth || (n > nth && !control->stays))
		return 0;
	atomic_fetch_add(&control->failed, 1);
	if (control->error == 0)
		kill(getpid(), SIGKILL);
	errno = (int)control->error;
	return 1;
}

static int is_faulty_write(void)
{
	int is_first = !atomic_exchange(&has_written, 1);

	return is_faulty(FAULT_WRITE) || (is_first && is_faulty(FAULT_BEGIN));
}

static int is_faulty_sync(void)
{
	atomic_store(&has_written, 0);
	return is_faulty(FAULT_SYNC);
}

/* Standard input, output and error belong to the tests. */
static int is_counted_file(int fd)
{
	struct stat st;

	return fd > STDERR_FILENO && fstat(fd, &st) == 0 &&
	       (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
}

ssize_t write(int fd, const void *data, size_t len)
{
	if (is_counted_file(fd) && is_faulty_write())
		return -1;
	pthread_once(&once, set_up);
	return real_write(fd, data, len);
}

ssize_t writev(int fd, const struct iovec *iov, int n)
{
	if (is_counted_file(fd) && is_faulty_write())
		return -1;
	pthread_once(&once, set_up);
	return real_writev(fd, iov, n);
}

ssize_t pwrite64(int fd, const void *data, size_t len, off64_t at)
{
	if (is_counted_file(fd) && is_faulty_write())
		return -1;
	pthread_once(&once, set_up);
	return real_pwrite64(fd, data, len, at);
}

ssize_t pwrite(int fd, const void *data, size_t len, off_t at)
{
	return pwrite64(fd, data, len, at);
}

ssize_t pwritev64(int fd, const struct iovec *iov, int n, off64_t at)
{
	if (is_counted_file(fd) && is_faulty_write())
		return -1;
	pthread_once(&once, set_up);
	return real_pwritev64(fd, iov, n, at);
}

ssize_t pwritev(int fd, const struct iovec *iov, int n, off_t at)
{
	return pwritev64(fd, iov, n, at);
}

int fsync(int fd)
{
	if (is_counted_file(fd) && is_faulty_sync())
		return -1;
	pthread_once(&once, set_up);
	return real_fsync(fd);
}

int fdatasync(int fd)
{
	if (is_counted_file(fd) && is_faulty_sync())
		return -1;
	pthread_once(&once, set_up);
	return real_fdatasync(fd);
}

int rename(const char *from, const char *to)
{
	return is_faulty(FAULT_RENAME) ? -1 : real_rename(from, to);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	return is_faulty(FAULT_RENAME)
	               ? -1
	               : real_renameat(from_dir, from, to_dir, to);
}

int renameat2(int from_dir, const char *from, int to_dir, const char *to,
              unsigned flags)
{
	return is_faulty(FAULT_RENAME)
	               ? -1
	               : real_renameat2(from_dir, from, to_dir, to, flags);
}
