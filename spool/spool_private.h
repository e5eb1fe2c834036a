/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_SPOOL_PRIVATE_H
#define SPOOL_SPOOL_PRIVATE_H

#include "base/list.h"
#include "printers/http_transport.h"
#include "spool/content.h"
#include "spool/spool.h"

/* Shared by the files of spool/ only. */
struct spool {
	uv_loop_t *loop; /* borrowed */
	struct spool_options options;
	struct db *db;
	struct http_transport *transport;
	struct render_pool *pool;
	struct content_key master;
	int state_dir;    /* descriptors of folders */
	int messages_dir; /* "messages": sealed mails, <random>, <random>.tmp */
	int pages_dir;    /* "pages": sealed print data */
	struct list printers;      /* struct spool_printer.link */
	struct list watches;       /* struct job_watch.link */
	struct retention *retention;
	bool is_closing;
};

/* A job was accepted for this printer: see to it (spool/dispatch.c). */
void dispatch_job_accepted(struct spool *spool, int64_t printer_id);

#endif
