/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdio.h>
#include <time.h>

#include "base/log.h"
#include "base/mem.h"
#include "render/pool.h"
#include "render/process.h"

/*
 * bench_render__first_page PLATEN-RENDER: from start to ready of a worker, and
 * from render_start() to the first page of a one-page text (300 dpi, sRGB) with
 * a spare waiting. Medians of 21, and the ratio of the two: what the spare
 * saves.
 */
#define N_RUNS  21
#define REST_MS 250 /* between runs, so that the next spare is ready */

static uv_loop_t loop;
static struct render_pool *pool;
static uv_timer_t rest;
static const char *path;
static double ready_ms[N_RUNS], page_ms[N_RUNS], started;
static int n_ready, n_pages;

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values)
{
	qsort(values, N_RUNS, sizeof *values, compare);
	return values[N_RUNS / 2];
}

static void start_worker(void);

static void on_line(struct process *process, char *line, void *arg)
{
	if (strncmp(line, "ready=", 6) != 0)
		return;
	ready_ms[n_ready++] = now_ms() - started;
	process_kill(process, "measured");
}

static void on_gone(struct process *process, int exit_code,
                    const char *sentence, void *arg)
{
	if (n_ready < N_RUNS)
		start_worker();
}

static void start_worker(void)
{
	static const struct process_events events = {.on_line = on_line,
	                                             .on_gone = on_gone};
	const struct render_pool_options options = {
		.worker_path = path,
		.limits = {.seconds = 60,
	                   .memory = UINT64_C(1) << 30,
	                   .pages = 10,
	                   .output_bytes = 1 << 30},
	};
	struct process *process;
	struct err err;

	started = now_ms();
	if (process_start(&loop, &options, &events, NULL, &process, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		exit(1);
	}
}

static void on_ledger(struct render *render, void *arg)
{
	static const struct render_target target = {
		.format = "image/pwg-raster",
		.dpi = 300,
		.colour = true,
		.media = "iso_a4_210x297mm",
		.media_width = 21000,
		.media_height = 29700,
		.sides = "one-sided",
		.sheet_back = "normal",
	};
	const char *ids[] = {"1"};

	if (render_plan(render, &target, ids, 1, NULL) < 0)
		exit(1);
}

static void on_page(struct render *render, unsigned page, uint64_t end_offset,
                    const char *part, void *arg)
{
	page_ms[n_pages++] = now_ms() - started;
}

static void on_end(struct render *render, int status, unsigned pages,
                   uint64_t bytes, const char *sentence, void *arg)
{
	if (status == 0)
		return;
	fprintf(stderr, "%s\n", sentence);
	exit(1);
}

static void on_rest(uv_timer_t *timer)
{
	static const char message[] =
		"From: a@example.org\r\n\r\nHello printer,\r\n"
		"this is a page of text.\r\n";
	static const struct render_events events = {.on_ledger = on_ledger,
	                                            .on_page = on_page,
	                                            .on_end = on_end};
	struct render *render;

	if (n_pages == N_RUNS) {
		uv_close((uv_handle_t *)timer, NULL);
		render_pool_close(pool, NULL, NULL);
		return;
	}
	started = now_ms();
	if (render_start(pool, &events, NULL, &render, NULL) < 0)
		exit(1);
	render_feed(render, message, sizeof message - 1);
	render_feed_end(render);
}

static void measure_pages(void)
{
	const struct render_pool_options options = {
		.worker_path = path,
		.workers = 1,
		.spares = 1,
		.limits = {.seconds = 60,
	                   .memory = UINT64_C(1) << 30,
	                   .pages = 10,
	                   .output_bytes = 1 << 30},
	};
	struct err err;

	if (render_pool_new(&loop, &options, &pool, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		exit(1);
	}
	uv_timer_init(&loop, &rest);
	uv_timer_start(&rest, on_rest, REST_MS, REST_MS);
	uv_run(&loop, UV_RUN_DEFAULT);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: bench_render__first_page "
		                "PLATEN-RENDER\n");
		return 2;
	}
	path = argv[1];
	uv_loop_init(&loop);
	start_worker();
	uv_run(&loop, UV_RUN_DEFAULT);
	measure_pages();
	uv_loop_close(&loop);
	double ready = median(ready_ms), page = median(page_ms);

	printf("worker start to ready: %.1f ms; start to first page with a "
	       "spare: %.1f ms; ratio %.2f\n",
	       ready, page, ready / page);
	return 0;
}
