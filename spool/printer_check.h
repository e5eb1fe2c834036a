/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_PRINTER_CHECK_H
#define SPOOL_PRINTER_CHECK_H

#include "spool/dispatch.h"

/* People who wait for a state read (printer.c), told when it is answered. */
void printer_check_answered(struct spool_printer *printer);

/* Take a row into memory; the printer is looked after from now on. */
struct spool_printer *printer_load(struct spool *spool,
                                   const struct printer_row *row);

/* Stop everything that goes on for it, at removal and at shutdown. */
void printer_drop(struct spool_printer *printer);

/* After printer_drop(), when no change of it is under way any more. */
void printer_free(struct spool_printer *printer);

#endif
