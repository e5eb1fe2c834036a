/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_TRAY_PAPER_H
#define SPOOL_TRAY_PAPER_H

#include <stdbool.h>
#include <stdint.h>

#include "db/db.h"

/*
 * The paper that the printer told last of this tray (IPP media-source), as a
 * PWG name in out. false, and out as it was: no tray is named ("", "auto"), or
 * nothing is known of it.
 */
bool tray_paper(struct db *db, int64_t printer_id, const char *tray,
                char out[64]);

#endif
