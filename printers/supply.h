/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_SUPPLY_H
#define PRINTERS_SUPPLY_H

#include "printers/status.h"

/*
 * Fill status->supplies from printer-supply (PWG 5100.13), else from marker-*
 * (as CUPS and older firmware have it).
 */
void printer_supplies_from_ipp(ipp_t *ipp, struct printer_status *status);

#endif
