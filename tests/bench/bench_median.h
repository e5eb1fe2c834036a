/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_BENCH_BENCH_MEDIAN_H
#define TESTS_BENCH_BENCH_MEDIAN_H

#include <stdlib.h>
#include <time.h>

#define BENCH_RUNS 9

static inline int bench_compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static inline double bench_median(double runs[BENCH_RUNS])
{
	qsort(runs, BENCH_RUNS, sizeof *runs, bench_compare);
	return runs[BENCH_RUNS / 2];
}

/* CPU time of this process, in ms. */
static inline double bench_cpu_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

#endif
