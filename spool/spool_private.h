/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_SPOOL_PRIVATE_H
#define SPOOL_SPOOL_PRIVATE_H

#include "base/list.h"
#include "printers/http_transport.h"
#include "spool/content.h"
#include "spool/fingerprint.h"
#include "spool/spool.h"

/* Shared by the files of spool/ only. */
struct spool {
	uv_loop_t *loop; /* borrowed */
	struct spool_options options;
	struct db *db;
	struct http_transport *transport;
	struct fetcher *fetcher; /* NULL: links are not followed */
	struct engines *engines;
	struct render_pool *pool;
	struct content_key master;
	struct fingerprint_secret fingerprint_secret;
	int state_dir;    /* descriptors of folders */
	int messages_dir; /* "messages": sealed mails, <random>, <random>.tmp */
	int pages_dir;    /* "pages": sealed print data */
	struct list printers;         /* struct spool_printer.link */
	struct spool_printer **by_id; /* by printer id, with gaps */
	size_t n_by_id;
	struct list turns[2]; /* spool_printer.turn_link by enum render_turn */
	unsigned n_works;     /* renderings that have begun */
	struct list states;   /* spool_printer.state_link, youngest last */
	unsigned n_states;
	struct list watches;        /* struct job_watch.link */
	struct list paused_changes; /* struct job_change.link */
	struct retention *retention;
	unsigned n_intakes; /* being committed: the database stays open */
	int64_t free_bytes; /* of state_dir, as of free_bytes_at_ms (0 never) */
	int64_t free_bytes_at_ms;
	bool is_closing;
};

#endif
