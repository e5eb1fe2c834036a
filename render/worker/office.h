/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_OFFICE_H
#define RENDER_WORKER_OFFICE_H

#include "base/err.h"
#include "render/worker/ledger.h"

/*
 * If it is an Office file, or a drawing that LibreOffice reads: fills what the
 * ledger says of it. Drawings are pictures, which may belong to the body.
 */
bool office_detect(struct ledger_part *part);

/* By its name, whatever is in it. */
bool office_is_called(const struct ledger_part *part);

/*
 * As the PDF that the daemon's LibreOffice makes of it, appended to *pdf; at
 * most max_pages of it, unless that is 0. -ENOTSUP: there is no LibreOffice
 * here; else a sentence about the part.
 */
int office_to_pdf(const struct ledger_part *part, struct control *control,
                  unsigned max_pages, struct buf *pdf, struct err *err);

/* As pages. More of them than may be printed: none is. */
int office_render(const struct ledger_part *part,
                  const struct ledger_printing *printing, struct err *err);

#endif
