/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTER_SIM_ATTRIBUTES_H
#define PRINTER_SIM_ATTRIBUTES_H

#include <cups/ipp.h>

#include "printer.h"

/*
 * Add a printer's or a job's attributes to a response, only those that
 * `request` asks for (RFC 8011, 4.2.5.1 and 4.3.4.1).
 */
void attributes_add_printer(ipp_t *response, ipp_t *request,
                            const struct printer *printer);
void attributes_add_job(ipp_t *response, ipp_t *request, const struct job *job);

#endif
