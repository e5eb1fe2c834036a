/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTER_SIM_SIM_H
#define PRINTER_SIM_SIM_H

#include <stdbool.h>
#include <uv.h>

#include "base/err.h"
#include "base/list.h"
#include "printer.h"

struct sim_options {
	const char *listen;  /* address */
	int port;            /* 0: choose one */
	unsigned n_printers; /* at least 1 */
	const char *set;     /* first settings of all printers; NULL: normal */
	const char *formats; /* "a,b": document-format-supported */
	bool events;         /* one JSON line per event on stdout */
};

/* The simulator: one listener, its printers, its connections. */
struct sim {
	uv_loop_t *loop; /* borrowed */
	uv_tcp_t listener;
	int port;
	struct printer *printers; /* owned array */
	unsigned n_printers;
	const char *formats; /* borrowed */
	bool events;
	struct list conns; /* of struct conn.link */
};

/* Listens; fails with a sentence. The loop still must run after a failure. */
int sim_start(struct sim *sim, uv_loop_t *loop, const struct sim_options *opts,
              struct err *err);
void sim_close(struct sim *sim); /* closes every handle; then run the loop */
void sim_fini(struct sim *sim);  /* after the loop */

#endif
