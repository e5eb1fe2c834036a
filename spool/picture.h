/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_PICTURE_H
#define SPOOL_PICTURE_H

#include <stdbool.h>

#include "base/err.h"
#include "spool/plan.h"
#include "spool/spool.h"

/*
 * Pictures that a sender keeps attaching are logos, not documents. After so
 * many mails with other texts one is taken for a logo; a photo that is sent
 * once, or sent again with the same mail, is printed.
 */
#define PICTURE_LOGO_MAILS 3

/* Set is_logo of each part, from what was seen of this sender. */
void picture_mark_logos(struct spool *spool, const char *sender,
                        struct plan_part *parts, size_t n);

/*
 * The hashes of what is to be remembered of this mail; *out is the caller's,
 * what it points to is the parts'. How many.
 */
size_t picture_hashes(const struct plan_part *parts, size_t n,
                      const char ***out);

/*
 * Forget a picture, so that it is printed again. cb comes once, later, after
 * the commit; -ENOENT.
 */
typedef void picture_cb(int status, const struct err *err, void *arg);
void picture_forget(struct spool *spool, const char *hash, picture_cb *cb,
                    void *arg);

#endif
