/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_CAPS_TEXT_H
#define SPOOL_CAPS_TEXT_H

#include "base/err.h"
#include "printers/caps.h"

/*
 * What a printer can do, as the key=value lines of the column
 * printer.capabilities: readable by an operator, and read back at start, so
 * that mail can be rendered for a printer that is off.
 */
char *caps_to_text(const struct printer_caps *caps); /* the caller's */

/* Unknown keys are left out; -EINVAL for a line that is none. */
int caps_from_text(const char *text, struct printer_caps *out, struct err *err);

#endif
