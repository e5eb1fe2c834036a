/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_PRINTER_CHECK_H
#define SPOOL_PRINTER_CHECK_H

#include "spool/dispatch.h"

/* People who wait for a state read (printer.c), told when it is answered. */
void printer_check_answered(struct spool_printer *printer);

#endif
