/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_PAIRS_H
#define PRINTERS_PAIRS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * "type=toner;maxcapacity=100;level=0;": the form that PWG 5100.13 gives to
 * printer-supply and printer-input-tray. The last ';' may be missing.
 */

/* The value of a key; false and "" when absent; cut to fit. */
bool pairs_text(const char *pairs, const char *key, char *out, size_t size);

/* The value as a whole number, or fallback. */
int pairs_int(const char *pairs, const char *key, int fallback);

/*
 * "level" in percent of "maxcapacity". Where only one of them is known: 0, or
 * PRINTER_LEVEL_SOME; negative levels as they are (enum printer_level).
 */
int pairs_level(const char *pairs);

#endif
