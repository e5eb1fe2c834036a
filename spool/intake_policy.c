/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/intake.h"

#include <errno.h>

#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include "db/registration_table.h"
#include "spool/spool_private.h"

/* What is decided before the first byte comes. */

#define FREE_BYTES_FRESH_MS 100

/* "lobby+duplex" is lobby, unless it is registered as it stands. */
static int find(struct spool *spool, const char *sender, const char *address,
                struct registration_row *row, const char **suffix,
                struct err *err)
{
	const char *plus = strchr(address, '+');
	char *plain CLEANUP(xfree) =
		plus ? xstrndup(address, (size_t)(plus - address)) : NULL;
	int r = registration_find(spool->db, sender, address, row, err);

	*suffix = "";
	if (r != REGISTRATION_NO_ADDRESS || !plus)
		return r;
	*suffix = plus + 1;
	return registration_find(spool->db, sender, plain, row, err);
}

int intake_check(struct spool *spool, const char *sender, const char *address,
                 int64_t *registration_id, const char **suffix, struct err *err)
{
	struct registration_row row;
	int r = find(spool, sender, address, &row, suffix, err);

	if (r == REGISTRATION_NO_ADDRESS)
		return err_set(
			err, -ENOENT,
			"there is no printer at '%.64s'; ask the administrator for the right address",
			address);
	if (r == REGISTRATION_NO_SENDER)
		return err_set(
			err, -EACCES,
			"'%.200s' may not print at '%.64s'; ask the administrator to register this sender",
			sender, address);
	if (r < 0)
		return r;
	*registration_id = row.id;
	return 0;
}

/* statvfs() for each of ten thousand messages a second would be felt. */
static int64_t free_bytes(struct spool *spool)
{
	int64_t now = clock_mono_ms();

	if (spool->free_bytes_at_ms == 0 ||
	    now - spool->free_bytes_at_ms >= FREE_BYTES_FRESH_MS) {
		spool->free_bytes = fs_free_bytes(spool->state_dir);
		spool->free_bytes_at_ms = now;
	}
	return spool->free_bytes;
}

int intake_may_come(struct spool *spool, int64_t size, struct err *err)
{
	int64_t there = free_bytes(spool);
	int64_t need = spool->options.disk_reserve + (size > 0 ? size : 0);

	if (size > spool->options.max_message_size)
		return err_set(err, -EFBIG,
		               "the message is larger than %lld bytes",
		               (long long)spool->options.max_message_size);
	if (there < 0)
		return err_errno(err, (int)-there,
		                 "cannot tell how much space is left");
	if (there < need)
		return err_set(err, -ENOSPC,
		               "no space left for mail, try again later");
	return 0;
}
