/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_WEB_H
#define RENDER_WORKER_WEB_H

#include "base/err.h"
#include "render/worker/control.h"
#include "render/worker/ledger.h"

/*
 * Web pages, the worker's half: it reads the links of a mail to the daemon, and
 * what the daemon fetched becomes one more part of the ledger, looked at and
 * printed like those that came by mail.
 */

/* "link" lines, if the body has any. */
int web_tell_links(struct control *control, const struct ledger *ledger,
                   struct err *err);

/*
 * An "attach" line: read the bytes that follow it, add the part. A page that is
 * no use on paper (it asks to log in, it is empty) gets a note. *out is in the
 * ledger. -EINVAL when the line makes no sense, -errno when the daemon is gone.
 */
int web_take_page(struct control *control, const struct protocol_line *words,
                  struct ledger *ledger, struct ledger_part **out,
                  struct err *err);

#endif
