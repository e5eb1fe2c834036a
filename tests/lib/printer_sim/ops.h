/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTER_SIM_OPS_H
#define PRINTER_SIM_OPS_H

#include <cups/ipp.h>

#include "printer.h"

/*
 * One IPP request at one printer. ops_begin() when its attributes have come:
 * `job` is then where the document goes, or NULL if there is none (or it is not
 * wanted). ops_end() when the body has ended: the response is ready to be sent.
 */
struct op {
	struct printer *printer; /* borrowed */
	ipp_t *request;          /* owned */
	ipp_t *response;         /* owned */
	struct job *job;         /* borrowed; takes the document */
};

void ops_begin(struct op *op, struct printer *printer, ipp_t *request);
void ops_end(struct op *op);
void ops_fini(struct op *op); /* zeroed is valid */

/* How this request is to be answered; counts settings.times down. */
enum answer ops_answer(const struct op *op);

#endif
