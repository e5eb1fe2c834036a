/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_MESSAGE_FILE_H
#define SPOOL_MESSAGE_FILE_H

#include <stdbool.h>

#include "base/buf.h"
#include "spool/content.h"

/*
 * The file of a large message, sealed while it comes: "<random>.tmp" until
 * message_file_publish() gave it its name. A crash leaves a file that no row
 * names, which the next start deletes.
 */
#define MESSAGE_FILE_NAME 33 /* 32 hexadecimal digits */

struct message_file {
	int dir; /* borrowed */
	int fd;  /* -1: there is none */
	bool is_published;
	char name[MESSAGE_FILE_NAME], tmp_name[MESSAGE_FILE_NAME + 4];
	struct content_seal *seal;
	struct buf sealed; /* not yet written */
};

void message_file_init(struct message_file *f, int dir);
void message_file_fini(struct message_file *f); /* the file stays */

/* Writing never syncs and takes below a millisecond a call of 64 kB. */
int message_file_create(struct message_file *f, const struct content_key *key,
                        struct err *err);
int message_file_write(struct message_file *f, const void *data, size_t len,
                       struct err *err);
int message_file_end(struct message_file *f, struct err *err);

/* Blocks until all of it is durable under its name: for the thread pool. */
int message_file_publish(struct message_file *f, struct err *err);

/* Delete it, under whichever name. */
void message_file_discard(struct message_file *f);

#endif
