/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTER_SIM_CONTROL_H
#define PRINTER_SIM_CONTROL_H

#include "sim.h"

/*
 * Answer GET `target` (/control, /ledger, /counts): the HTTP status, and in
 * *body the text to send, which the caller frees.
 */
int control_get(struct sim *sim, const char *target, char **body);

#endif
