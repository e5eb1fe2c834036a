/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_OFFICE_H
#define RENDER_WORKER_OFFICE_H

#include "base/err.h"
#include "render/worker/ledger.h"

/* If it is an Office file: fills what the ledger says of it. */
bool office_detect(struct ledger_part *part);

/*
 * As pages, by the daemon's LibreOffice. More pages than may be printed: none
 * is. -ENOTSUP: there is no LibreOffice here.
 */
int office_render(const struct ledger_part *part,
                  const struct ledger_printing *printing, struct err *err);

#endif
