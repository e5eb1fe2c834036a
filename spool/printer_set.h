/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_PRINTER_SET_H
#define SPOOL_PRINTER_SET_H

#include "spool/dispatch.h"

/* The printers in memory. */

/* Take a row in; the printer is looked after from now on. */
struct spool_printer *printer_load(struct spool *spool,
                                   const struct printer_row *row);

/* NULL when there is none, or when it goes. */
struct spool_printer *printer_by_name(struct spool *spool, const char *name);

/* Stop everything that goes on for it, at removal and at shutdown. */
void printer_drop(struct spool_printer *printer);

/* After printer_drop(), when no change of it is under way any more. */
void printer_free(struct spool_printer *printer);

#endif
