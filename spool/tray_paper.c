/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/tray_paper.h"

#include <stdio.h>

#include "base/mem.h"
#include "db/printer_table.h"
#include "printers/tray.h"

bool tray_paper(struct db *db, int64_t printer_id, const char *tray,
                char out[64])
{
	struct printer_tray_row *rows CLEANUP(xfree) = NULL;
	size_t n = 0;

	if (!tray[0] || printer_read_trays(db, printer_id, &rows, &n, NULL) < 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!rows[i].media[0] || !printer_tray_is(rows[i].name, tray))
			continue;
		snprintf(out, 64, "%s", rows[i].media);
		return true;
	}
	return false;
}
