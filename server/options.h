/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_OPTIONS_H
#define SERVER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "render/fetch_guard.h"
#include "server/smtp/trust.h"

/*
 * The configuration file, read into values. Each option is one row of the
 * table in option_table.c; what the row says is what the program, `--check` and
 * the man page go by.
 */
struct words {
	char **items; /* owned */
	size_t n;
};

/* Numbers are bytes, seconds or plain counts, as their names say. */
struct options {
	char *hostname;
	char *state_dir;
	int64_t log_level; /* enum log_level */

	struct words smtp_listen;
	struct words lmtp_listen;
	char *domain;
	int64_t max_message_size;
	struct trust trust;
	char *constant_address; /* "": there is none */
	int64_t fold_local_part;

	struct words http_listen;
	char *admin_socket;

	int64_t state_timeout_s;
	int64_t state_fresh_s;
	int64_t recovery_wait_s;
	int64_t retention_s;
	int64_t retention_follows;
	int64_t workers;
	char *worker;       /* path of platen-render */
	char *browser;      /* path of the browser, "": none */
	char *office;       /* folder of LibreOffice's programs, "": none */
	int64_t warm;       /* the engines, from the start */
	int64_t postscript; /* whether it is run */
	int64_t render_ahead;
	int64_t stored_form; /* enum stored_form */
	int64_t sandbox_optional;

	int64_t web_enabled;
	struct fetch_guard web_allow;
	int64_t web_page_bytes;
	int64_t web_timeout_s;
	int64_t web_links;

	int64_t connections;
	int64_t connections_per_address;
	int64_t recipients;
	int64_t errors;
	int64_t hops;
	int64_t command_timeout_s;
	int64_t data_timeout_s;
	int64_t session_timeout_s;
	int64_t pages;
	int64_t render_time_s;
	int64_t render_memory;
	int64_t browser_documents;
	int64_t browser_memory;
	int64_t print_bytes;
	int64_t held_print_bytes;
	int64_t held_pages_bytes;
	int64_t parts;
	int64_t nesting;
	int64_t picture_pixels;
	int64_t disk_reserve;

	char **texts; /* as written or by default, one for each row; owned */
};

/*
 * Read and check the whole file. What is wrong is appended to `problems`, a
 * line each: "FILE:LINE: sentence\n"; then -EINVAL is returned. Other failures
 * (a file that cannot be read) leave a line there too. *out is the caller's.
 */
int options_load(const char *path, struct options **out, struct buf *problems);

/* The same for a text in memory; name stands where the path would. */
int options_parse(const char *name, const char *text, size_t len,
                  struct options **out, struct buf *problems);

void options_free(struct options *options);
DEFINE_CLEANUP(struct options *, options_free)

/*
 * Copy what may change while running from `fresh`. `waits` (may be NULL) is
 * called for each option that differs but needs a restart.
 */
void options_adopt(struct options *running, const struct options *fresh,
                   void (*waits)(const char *section, const char *name));

#endif
