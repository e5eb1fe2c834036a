/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_POSTSCRIPT_H
#define RENDER_WORKER_POSTSCRIPT_H

#include <stdbool.h>

#include "base/err.h"
#include "render/worker/ledger.h"

/*
 * PostScript files, plain and encapsulated. Nothing here runs them: the
 * daemon's Ghostscript does, where the administrator allows it.
 */

/*
 * The program within a file that begins as PostScript does, or *len 0: after a
 * byte order mark, ^D or a printer's job language; of a DOS EPS file (EPSF 3.0,
 * 5.2) the part that is PostScript. Points into data.
 */
const char *postscript_find(const char *data, size_t size, size_t *len);

/* If it begins as PostScript: fills what the ledger says of it. */
bool postscript_detect(struct ledger_part *part);

/* The same for what only its type or its name calls PostScript. */
bool postscript_detect_by_name(struct ledger_part *part);

/* The administrator does not allow it: all such parts get a note. */
void postscript_refuse(struct ledger *ledger);

/*
 * An EPS file may name its edges at its end; Ghostscript, which reads it once,
 * looks for them in front. The program, with them there, is appended to *out.
 */
void postscript_put(const char *program, size_t len, struct buf *out);

/*
 * As pages, by the daemon's Ghostscript. More pages than may be printed: none
 * is.
 */
int postscript_render(const struct ledger_part *part,
                      const struct ledger_printing *printing, struct err *err);

#endif
