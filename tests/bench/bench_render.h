/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_BENCH_BENCH_RENDER_H
#define TESTS_BENCH_BENCH_RENDER_H

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "render/worker/page.h"

/* One PDF to PWG in a process of its own, by us or by another program. */

static inline int bench_write_out(const void *data, size_t len, void *arg)
{
	return fs_write_all(*(int *)arg, data, len, NULL);
}

static inline void bench_render(const char *path, unsigned dpi, bool colour,
                                unsigned n_pages)
{
	struct page_spec spec = {.format = PAGE_PWG,
	                         .colour = colour,
	                         .dpi = dpi,
	                         .media = "iso_a4_210x297mm",
	                         .media_width = 21000,
	                         .media_height = 29700,
	                         .max_pages = n_pages,
	                         .max_bytes = UINT64_MAX};
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct raster *raster = raster_new(&spec, bench_write_out, NULL, &fd);
	struct err err;
	char *data;
	size_t len;

	if (fs_read_file(AT_FDCWD, path, 64 << 20, &data, &len, &err) < 0 ||
	    pdf_render(data, len, &spec, raster, &err) < 0 ||
	    raster_finish(raster, &err) < 0)
		errx(1, "%s", err.text);
	if (raster_pages(raster) != n_pages)
		errx(1, "%u pages", raster_pages(raster));
}

/* What a child does: argv, or our renderer if that is NULL. */
struct bench_job {
	const char *path;
	unsigned dpi;
	bool colour;
	unsigned n_pages;
	const char *const *argv;
};

static inline pid_t bench_start(const struct bench_job *job)
{
	pid_t pid;

	fflush(stdout); /* or the child says it again */
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid > 0)
		return pid;
	if (!job->argv) {
		bench_render(job->path, job->dpi, job->colour, job->n_pages);
		_exit(0);
	}
	if (!freopen("/dev/null", "w", stdout) ||
	    !freopen("/dev/null", "w", stderr))
		_exit(126);
	execvp(job->argv[0], (char *const *)job->argv);
	_exit(127);
}

static inline void bench_wait(const struct bench_job *job, pid_t pid,
                              struct rusage *usage)
{
	int status;

	if (wait4(pid, &status, 0, usage) != pid || status != 0)
		errx(1, "%s failed", job->argv ? job->argv[0] : "platen");
}

/* CPU time, user and system, in ms a page. */
static inline double bench_cpu(const struct bench_job *job)
{
	struct rusage u;

	bench_wait(job, bench_start(job), &u);
	return ((double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
	        (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3) /
	       job->n_pages;
}

static inline double bench_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

#endif
