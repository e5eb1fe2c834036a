/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/picture.h"

#include <stdio.h>

#include "base/log.h"
#include "base/mem.h"
#include "db/picture_table.h"
#include "spool/spool_private.h"

void picture_mark_logos(struct spool *spool, const char *sender,
                        struct plan_part *parts, size_t n)
{
	const char *body = plan_body_hash(parts, n);

	for (size_t i = 0; i < n; i++) {
		int64_t n_mails = 0;

		if (!plan_is_lone_picture(&parts[i]))
			continue;
		if (picture_count(spool->db, sender, parts[i].part.hash, body,
		                  &n_mails, NULL) < 0)
			return; /* printed rather than lost */
		parts[i].is_logo = n_mails >= PICTURE_LOGO_MAILS;
	}
}

size_t picture_hashes(const struct plan_part *parts, size_t n,
                      const char ***out)
{
	const char **hashes = xcalloc(n ? n : 1, sizeof *hashes);
	size_t n_hashes = 0;

	for (size_t i = 0; i < n; i++)
		if (plan_is_lone_picture(&parts[i]))
			hashes[n_hashes++] = parts[i].part.hash;
	*out = hashes;
	return n_hashes;
}

/* One command: to the writer, then told and freed. */
struct forgetting {
	struct picture_forget forget;
	picture_cb *cb;
	void *arg;
};

static void on_forgotten(struct db_op *op, int status, const struct err *err)
{
	struct picture_forget *forget =
		CONTAINER_OF(op, struct picture_forget, op);
	struct forgetting *forgetting =
		CONTAINER_OF(forget, struct forgetting, forget);

	if (status == 0)
		log_info("picture=%s forgotten", forget->hash);
	forgetting->cb(status, err, forgetting->arg);
	free(forgetting);
}

void picture_forget(struct spool *spool, const char *hash, picture_cb *cb,
                    void *arg)
{
	struct forgetting *forgetting = xcalloc(1, sizeof *forgetting);

	forgetting->cb = cb;
	forgetting->arg = arg;
	snprintf(forgetting->forget.hash, sizeof forgetting->forget.hash, "%s",
	         hash);
	db_submit(spool->db, &forgetting->forget.op, picture_forget_run,
	          on_forgotten);
}
