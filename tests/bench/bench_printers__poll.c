/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <uv.h>

#include "base/buf.h"
#include "base/mem.h"
#include "printers/ipp.h"
#include "printers/query.h"

/*
 * What it costs to ask 10,000 printers for their state every 30 s. Each printer
 * is an address of its own in 127.0.0.0/8, hence a connection of its own; they
 * are played by a child process, so that the CPU time measured is ours alone.
 */
#define N_PRINTERS  10000
#define N_IN_FLIGHT 32
#define EVERY_S     30

/* ---- the printers: one answer for everybody ---- */

static struct buf answer;
static uv_tcp_t server;

struct peer {
	uv_tcp_t tcp;
	uv_write_t write;
	char space[4096];
};

static void peer_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void peer_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
	struct peer *peer = handle->data;

	*buf = uv_buf_init(peer->space, sizeof peer->space);
}

static void peer_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *in)
{
	struct peer *peer = stream->data;
	uv_buf_t out = uv_buf_init(answer.data, (unsigned)answer.len);

	if (n < 0)
		uv_close((uv_handle_t *)stream, peer_closed);
	else if (n > 0) /* a request fits into one segment */
		uv_write(&peer->write, stream, &out, 1, NULL);
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct peer *peer = xcalloc(1, sizeof *peer);

	uv_tcp_init(listener->loop, &peer->tcp);
	peer->tcp.data = peer;
	uv_accept(listener, (uv_stream_t *)&peer->tcp);
	uv_read_start((uv_stream_t *)&peer->tcp, peer_alloc, peer_read);
}

static void add_octets(ipp_t *ipp, ipp_attribute_t **attr, const char *name,
                       const char *value)
{
	int len = (int)strlen(value);

	if (!*attr)
		*attr = ippAddOctetString(ipp, IPP_TAG_PRINTER, name, value,
		                          len);
	else
		ippSetOctetString(ipp, attr, ippGetCount(*attr), value, len);
}

static void make_answer(void)
{
	struct buf body = {0};
	ipp_attribute_t *supplies = NULL, *trays = NULL;
	ipp_t *ipp = ippNew();

	ippSetVersion(ipp, 2, 0);
	ippAddString(ipp, IPP_TAG_OPERATION, IPP_TAG_CHARSET,
	             "attributes-charset", NULL, "utf-8");
	ippAddInteger(ipp, IPP_TAG_PRINTER, IPP_TAG_ENUM, "printer-state", 3);
	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_KEYWORD,
	             "printer-state-reasons", NULL, "media-empty-report");
	for (int i = 0; i < 5; i++)
		add_octets(
			ipp, &supplies, "printer-supply",
			"index=2;class=supplyThatIsConsumed;type=toner;unit=percent;maxcapacity=100;level=40;colorantname=black;");
	for (int i = 0; i < 3; i++)
		add_octets(
			ipp, &trays, "printer-input-tray",
			"type=sheetFeedAutoRemovableTray;mediafeed=29700;mediaxfeed=21000;maxcapacity=250;level=0;status=0;name=main;");
	ipp_encode(ipp, &body);
	ippDelete(ipp);
	buf_printf(&answer,
	           "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n"
	           "Content-Length: %zu\r\n\r\n",
	           body.len);
	buf_append(&answer, body.data, body.len);
	buf_fini(&body);
}

static int listen_somewhere(uv_loop_t *loop)
{
	struct sockaddr_in address;
	int len = sizeof address;

	uv_tcp_init(loop, &server);
	uv_ip4_addr("0.0.0.0", 0, &address);
	if (uv_tcp_bind(&server, (struct sockaddr *)&address, 0) < 0 ||
	    uv_listen((uv_stream_t *)&server, 512, on_connection) < 0)
		abort();
	uv_tcp_getsockname(&server, (struct sockaddr *)&address, &len);
	return ntohs(address.sin_port);
}

static void play_printers(int port_fd)
{
	uv_loop_t loop;
	int port;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	make_answer();
	uv_loop_init(&loop);
	port = listen_somewhere(&loop);
	if (write(port_fd, &port, sizeof port) != sizeof port)
		abort();
	uv_run(&loop, UV_RUN_DEFAULT);
}

/* ---- we ---- */

static struct http_transport *transport;
static int printers_port;
static int n_started, n_answered;

static void ask_next(void);

static void on_status(int status, const struct printer_status *st,
                      const char *pin_seen, const struct err *err, void *arg)
{
	if (status < 0) {
		fprintf(stderr, "query: %s\n", err->text);
		abort();
	}
	if (++n_answered == N_PRINTERS)
		http_transport_close(transport, NULL, NULL);
	else
		ask_next();
}

static void ask_next(void)
{
	char uri[64];
	struct printer_target target = {.uri = uri};
	struct printer_query *query;

	if (n_started == N_PRINTERS)
		return;
	snprintf(uri, sizeof uri, "ipp://127.1.%d.%d:%d/ipp/print",
	         n_started / 250, n_started % 250 + 1, printers_port);
	n_started++;
	if (printer_query_start(transport, &target, 10000, false, &query,
	                        on_status, NULL, NULL) < 0)
		abort();
}

static double cpu_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void report(double cpu_s)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	printf("cpu per question: %.0f us\n", cpu_s * 1e6 / N_PRINTERS);
	printf("%d printers every %d s: %.1f %% of one core (to reach: 15 %%)\n",
	       N_PRINTERS, EVERY_S, cpu_s * 100 / EVERY_S);
	printf("peak resident: %.1f MB (to reach: 150 MB)\n",
	       (double)usage.ru_maxrss / 1024);
}

int main(void)
{
	int pipe_fds[2];
	uv_loop_t loop;
	double began;
	pid_t child;

	if (pipe(pipe_fds) < 0 || (child = fork()) < 0)
		abort();
	if (child == 0) {
		play_printers(pipe_fds[1]);
		_exit(0);
	}
	if (read(pipe_fds[0], &printers_port, sizeof printers_port) !=
	    sizeof printers_port)
		abort();
	uv_loop_init(&loop);
	transport = http_transport_new(&loop);
	began = cpu_seconds();
	for (int i = 0; i < N_IN_FLIGHT; i++)
		ask_next();
	uv_run(&loop, UV_RUN_DEFAULT);
	report(cpu_seconds() - began);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return uv_loop_close(&loop) == 0 ? 0 : 1;
}
