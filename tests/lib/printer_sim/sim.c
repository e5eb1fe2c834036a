/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "sim.h"

#include "base/mem.h"
#include "conn.h"

#define BACKLOG 4096

static void on_connection(uv_stream_t *listener, int status)
{
	if (status == 0)
		conn_start(listener->data);
}

static int listen_on(struct sim *sim, const struct sim_options *opts,
                     struct err *err)
{
	struct sockaddr_in addr;
	struct sockaddr_in bound;
	int len = sizeof bound;

	int r = uv_ip4_addr(opts->listen, opts->port, &addr);
	if (r == 0)
		r = uv_tcp_bind(&sim->listener, (struct sockaddr *)&addr, 0);
	if (r == 0)
		r = uv_listen((uv_stream_t *)&sim->listener, BACKLOG,
		              on_connection);
	if (r == 0)
		r = uv_tcp_getsockname(&sim->listener,
		                       (struct sockaddr *)&bound, &len);
	if (r < 0)
		return err_set(err, r, "cannot listen on '%s' port %d: %s",
		               opts->listen, opts->port, uv_strerror(r));
	sim->port = ntohs(bound.sin_port);
	return 0;
}

int sim_start(struct sim *sim, uv_loop_t *loop, const struct sim_options *opts,
              struct err *err)
{
	struct settings settings;

	*sim = (struct sim){
		.loop = loop,
		.printers = xcalloc(opts->n_printers, sizeof *sim->printers),
		.n_printers = opts->n_printers,
		.formats = opts->formats,
		.events = opts->events,
	};
	list_init(&sim->conns);
	uv_tcp_init(loop, &sim->listener);
	sim->listener.data = sim;
	settings_init(&settings);
	int r = opts->set ? settings_apply(&settings, opts->set, err) : 0;
	for (unsigned i = 0; i < sim->n_printers; i++) {
		printer_init(&sim->printers[i], sim, i);
		sim->printers[i].settings = settings;
	}
	return r < 0 ? r : listen_on(sim, opts, err);
}

void sim_close(struct sim *sim)
{
	uv_close((uv_handle_t *)&sim->listener, NULL);
	list_for_each (pos, &sim->conns)
		conn_close(LIST_ENTRY(pos, struct conn, link));
	for (unsigned i = 0; i < sim->n_printers; i++)
		printer_close(&sim->printers[i]);
}

void sim_fini(struct sim *sim)
{
	for (unsigned i = 0; i < sim->n_printers; i++)
		printer_fini(&sim->printers[i]);
	free(sim->printers);
}
