/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * printer_sim: printers that misbehave on request, for tests.
 *
 * Printers are http://LISTEN:PORT/ipp/print/0 and so on. Beside them:
 *
 *   GET /control?printer=3&state=media-empty   settings.c has the words;
 *                                              printer=2-5, or none for all
 *   GET /ledger[?printer=3]                    every job, as JSON
 *   GET /counts[?printer=3]                    numbers of requests, as JSON
 *
 * Prints "port=N" when ready and ends on SIGTERM, SIGINT or the end of stdin.
 */
#include <getopt.h>
#include <signal.h>
#include <sys/resource.h>

#include "base/mem.h"
#include "sim.h"

#define PRINTERS_MAX 1000000

static struct sim sim;
static uv_signal_t sigterm, sigint;
static uv_pipe_t input;
static char input_buf[256];
static bool ending;

static void end(void)
{
	if (ending)
		return;
	ending = true;
	uv_close((uv_handle_t *)&sigterm, NULL);
	uv_close((uv_handle_t *)&sigint, NULL);
	uv_close((uv_handle_t *)&input, NULL);
	sim_close(&sim);
}

static void on_signal(uv_signal_t *handle, int signum)
{
	end();
}

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
	*buf = uv_buf_init(input_buf, sizeof input_buf);
}

static void on_input(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	if (n < 0)
		end();
}

/* A terminal or a file cannot be polled as a pipe: then only signals end us. */
static void watch_ends(uv_loop_t *loop)
{
	uv_signal_init(loop, &sigterm);
	uv_signal_init(loop, &sigint);
	uv_signal_start(&sigterm, on_signal, SIGTERM);
	uv_signal_start(&sigint, on_signal, SIGINT);
	uv_pipe_init(loop, &input, 0);
	if (uv_guess_handle(STDIN_FILENO) == UV_NAMED_PIPE &&
	    uv_pipe_open(&input, STDIN_FILENO) == 0)
		uv_read_start((uv_stream_t *)&input, on_alloc, on_input);
}

/* Ten thousand printers are ten thousand connections. */
static void raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static int usage(void)
{
	fprintf(stderr,
	        "usage: printer_sim [--listen ADDRESS] [--port N] [--printers N]\n"
	        "                   [--set key=value&...] [--formats a,b] [--events]\n");
	return 2;
}

static int read_options(int argc, char **argv, struct sim_options *opts)
{
	static const struct option names[] = {
		{"listen", required_argument, NULL, 'l'},
		{"port", required_argument, NULL, 'p'},
		{"printers", required_argument, NULL, 'n'},
		{"set", required_argument, NULL, 's'},
		{"formats", required_argument, NULL, 'f'},
		{"events", no_argument, NULL, 'e'},
		{0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (c) {
		case 'l': opts->listen = optarg; break;
		case 'p': opts->port = (int)strtol(optarg, NULL, 10); break;
		case 'n':
			opts->n_printers = (unsigned)strtoul(optarg, NULL, 10);
			break;
		case 's': opts->set = optarg; break;
		case 'f': opts->formats = optarg; break;
		case 'e': opts->events = true; break;
		default: return usage();
		}
	}
	if (optind != argc || opts->n_printers < 1 ||
	    opts->n_printers > PRINTERS_MAX || opts->port < 0 ||
	    opts->port > 65535)
		return usage();
	return 0;
}

int main(int argc, char **argv)
{
	struct sim_options opts = {
		.listen = "127.0.0.1",
		.n_printers = 1,
		.formats =
			"image/pwg-raster,image/urf,application/pdf,image/jpeg",
	};
	struct err err = {0};
	uv_loop_t loop;

	int usage_error = read_options(argc, argv, &opts);
	if (usage_error)
		return usage_error;
	signal(SIGPIPE, SIG_IGN);
	raise_file_limit();
	uv_loop_init(&loop);
	watch_ends(&loop);
	int r = sim_start(&sim, &loop, &opts, &err);
	if (r < 0) {
		fprintf(stderr, "printer_sim: %s\n", err.text);
		end();
	} else {
		printf("port=%d\n", sim.port);
		fflush(stdout);
	}
	uv_run(&loop, UV_RUN_DEFAULT);
	sim_fini(&sim);
	return uv_loop_close(&loop) == 0 && r == 0 ? 0 : 1;
}
