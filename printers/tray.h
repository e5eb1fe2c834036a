/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_TRAY_H
#define PRINTERS_TRAY_H

#include "printers/status.h"

/*
 * Fill status->trays: levels from printer-input-tray, paper from
 * media-col-ready, joined by the tray's name; media-ready where a printer has
 * nothing better. media_ready must be filled before.
 */
void printer_trays_from_ipp(ipp_t *ipp, struct printer_status *status);

/*
 * Whether two names mean one tray: the media-source "tray-1" is "Tray 1" of
 * printer-input-tray.
 */
bool printer_tray_is(const char *a, const char *b);

#endif
