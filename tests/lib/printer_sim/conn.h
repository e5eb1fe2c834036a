/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTER_SIM_CONN_H
#define PRINTER_SIM_CONN_H

#include <uv.h>

#include "base/buf.h"
#include "base/list.h"
#include "http.h"
#include "ops.h"
#include "sim.h"

enum conn_step {
	CONN_HEAD,       /* reading a request's head */
	CONN_ATTRIBUTES, /* its IPP attributes */
	CONN_DOCUMENT,   /* the data after them */
	CONN_ANSWERING,  /* what comes meanwhile waits */
	CONN_SILENT,     /* will never answer; what comes is dropped */
	CONN_CLOSING,
};

/*
 * One connection of a client.
 *
 *   conn_start   accept, read
 *   on_read      HEAD -> ATTRIBUTES -> DOCUMENT -> ANSWERING
 *   on_written   next request, or the next block of a flood
 *   on_paused    a slow reader reads on
 *   conn_close   cuts the job in hand, closes both handles
 *   on_closed    last handle gone: free
 */
struct conn {
	struct list link; /* sim's conns */
	struct sim *sim;  /* borrowed */
	uv_tcp_t tcp;
	uv_timer_t pause;
	uv_write_t write;
	int open_handles; /* freed when this reaches 0, and only there */
	enum conn_step step;
	struct http_head head;
	struct http_body body;
	struct buf in;   /* what was read and not used yet */
	struct buf attr; /* the IPP attributes so far */
	size_t scanned;  /* of attr: whole attributes */
	struct buf out;  /* being written */
	struct printer *printer;
	struct op op;
	uint64_t document_bytes; /* of this request */
	int flood_left;          /* blocks; -1: endless */
	char chunk[65536];
};

void conn_start(struct sim *sim); /* accepts; a failure drops the client */
void conn_close(struct conn *conn);

#endif
