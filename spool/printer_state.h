/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_PRINTER_STATE_H
#define SPOOL_PRINTER_STATE_H

#include "spool/dispatch.h"

/*
 * Reading a printer's state: one question at a time, the answer judged, written
 * down when it says something new, and handed to dispatch_decide().
 */

/* Ask now; when a question is under way already, that one counts. */
void printer_state_ask(struct spool_printer *printer);

/* Whether what it said last is young enough to act on. */
bool printer_state_is_fresh(const struct spool_printer *printer);

/* Drop what it said: it is asked again before anything is decided. */
void printer_state_forget(struct spool_printer *printer);

/* What is asked again and again of its capabilities. */
void printer_state_take_caps(struct spool_printer *printer,
                             const struct printer_caps *caps);

/* It does so: remembered until it is another printer (enum learned). */
void printer_state_learn(struct spool_printer *printer, unsigned learned);

/* How many copies of a document it makes, as far as it can be believed. */
unsigned printer_state_copies_max(const struct spool_printer *printer,
                                  const struct printer_caps *caps);

#endif
