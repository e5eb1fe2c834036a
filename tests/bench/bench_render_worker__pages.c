/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Text pages, PDF to PWG, against Ghostscript and mutool: the same file, the
 * same paper, whole processes, output to /dev/null. CPU time (user and system)
 * a page, median of 9, the three in turn.
 */
#include "bench_median.h"
#include "bench_render.h"
#include "bench_text.h"

#define PAGES 12

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
	struct bench_job jobs[3] = {{path, dpi, colour, PAGES, NULL},
	                            {path, dpi, colour, PAGES, gs},
	                            {path, dpi, colour, PAGES, mutool}};
	double runs[3][BENCH_RUNS], ms[3];

	for (unsigned i = 0; i < BENCH_RUNS; i++) {
		for (unsigned k = 0; k < 3; k++)
			runs[k][i] = bench_cpu(&jobs[k]);
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
