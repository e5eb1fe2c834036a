/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DB_RESERVE_H
#define DB_RESERVE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Room that is kept for the database itself: a file of zeros beside it.
 *
 * The write-ahead log gives its room back only after it was written into the
 * database, which may have to grow for that; on a disk that is full to the last
 * byte neither can move. Giving up this file lets the log be written back, and
 * so what was taken can still be printed, marked and deleted.
 */
struct reserve {
	char *path;
	int64_t size; /* bytes that the file has now */
};

/* Beside the database at db_path; takes what is to be had. */
void reserve_init(struct reserve *reserve, const char *db_path);
void reserve_fini(struct reserve *reserve); /* the file stays */

/* Give the room to the file system. */
void reserve_give_up(struct reserve *reserve);

/*
 * Take it again: 24 MB, but never more than half of what is free, so that work
 * goes on beside it. Cheap when nothing is missing; a failure leaves less.
 */
void reserve_take(struct reserve *reserve);

#endif
