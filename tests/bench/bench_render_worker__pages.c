/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Text pages, PDF to PWG, against Ghostscript and mutool: the same file, the
 * same paper, whole processes, output to /dev/null. CPU time (user and system)
 * a page, median of 9, the three in turn.
 */
#include <err.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/fs.h"
#include "bench_median.h"
#include "bench_text.h"
#include "render/worker/page.h"

#define PAGES 12

static int write_out(const void *data, size_t len, void *arg)
{
	return fs_write_all(*(int *)arg, data, len, NULL);
}

static void render(const char *path, unsigned dpi, bool colour)
{
	struct page_spec spec = {.format = PAGE_PWG,
	                         .colour = colour,
	                         .dpi = dpi,
	                         .media = "iso_a4_210x297mm",
	                         .media_width = 21000,
	                         .media_height = 29700,
	                         .max_pages = PAGES,
	                         .max_bytes = UINT64_MAX};
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct raster *raster = raster_new(&spec, write_out, NULL, &fd);
	struct err err;
	char *data;
	size_t len;

	if (fs_read_file(AT_FDCWD, path, 64 << 20, &data, &len, &err) < 0 ||
	    pdf_render(data, len, &spec, raster, &err) < 0 ||
	    raster_finish(raster, &err) < 0)
		errx(1, "%s", err.text);
	if (raster_pages(raster) != PAGES)
		errx(1, "%u pages", raster_pages(raster));
}

/* What a child does: argv, or our renderer if that is NULL. */
struct job {
	const char *path;
	unsigned dpi;
	bool colour;
	const char *const *argv;
};

static void run_child(const struct job *job)
{
	if (!job->argv) {
		render(job->path, job->dpi, job->colour);
		_exit(0);
	}
	if (!freopen("/dev/null", "w", stdout) ||
	    !freopen("/dev/null", "w", stderr))
		_exit(126);
	execvp(job->argv[0], (char *const *)job->argv);
	_exit(127);
}

static double run(const struct job *job)
{
	struct rusage usage;
	int status;
	pid_t pid;

	fflush(stdout); /* or the child says it again */
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0)
		run_child(job);
	if (wait4(pid, &status, 0, &usage) != pid || status != 0)
		errx(1, "%s failed", job->argv ? job->argv[0] : "platen");
	return ((double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
	        (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) /
	                1e3) /
	       PAGES;
}

static void bench(const char *path, unsigned dpi, bool colour)
{
	char *resolution = xasprintf("-r%u", dpi);
	char *space = xasprintf("-dcupsColorSpace=%d", colour ? 19 : 18);
	const char *const gs[] = {"gs",
	                          "-q",
	                          "-dSAFER",
	                          "-dBATCH",
	                          "-dNOPAUSE",
	                          "-sDEVICE=pwgraster",
	                          resolution,
	                          space,
	                          "-dcupsBitsPerColor=8",
	                          "-sOutputFile=/dev/null",
	                          path,
	                          NULL};
	const char *const mutool[] = {"mutool", "draw",
	                              "-q",     "-F",
	                              "pwg",    resolution,
	                              "-c",     colour ? "rgb" : "gray",
	                              "-o",     "/dev/null",
	                              path,     NULL};
	struct job jobs[3] = {{path, dpi, colour, NULL},
	                      {path, dpi, colour, gs},
	                      {path, dpi, colour, mutool}};
	double runs[3][BENCH_RUNS], ms[3];

	for (unsigned i = 0; i < BENCH_RUNS; i++) {
		for (unsigned k = 0; k < 3; k++)
			runs[k][i] = run(&jobs[k]);
	}
	for (unsigned k = 0; k < 3; k++)
		ms[k] = bench_median(runs[k]);
	printf("text page, PDF to PWG, %u dpi %s: platen %.1f ms; gs %.1f ms, ratio %.2f; mutool %.1f ms, ratio %.2f\n",
	       dpi, colour ? "srgb_8" : "sgray_8", ms[0], ms[1], ms[1] / ms[0],
	       ms[2], ms[2] / ms[0]);
	free(resolution);
	free(space);
}

int main(void)
{
	char folder[] = "/tmp/platen-bench-XXXXXX";
	char *path;

	if (!mkdtemp(folder))
		err(1, "mkdtemp");
	path = xasprintf("%s/text.pdf", folder);
	bench_text_pdf(path, PAGES);
	bench(path, 300, true);
	bench(path, 600, false);
	unlink(path);
	rmdir(folder);
	free(path);
	return 0;
}
