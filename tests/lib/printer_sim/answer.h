/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTER_SIM_ANSWER_H
#define PRINTER_SIM_ANSWER_H

#include <cups/ipp.h>
#include <stdbool.h>

#include "base/buf.h"

/* What goes over the wire. Each appends to `out`. */
void answer_text(struct buf *out, int status, const char *type,
                 const char *body);
void answer_ipp(struct buf *out, ipp_t *response);
void answer_garbage(struct buf *out);

/*
 * An IPP response that is valid but does not stop: answer_flood_head(), then
 * answer_flood_block() ANSWER_HUGE_BLOCKS times (a true Content-Length was
 * announced) or, if endless, for ever (chunked).
 */
#define ANSWER_HUGE_BLOCKS 1024
void answer_flood_head(struct buf *out, const ipp_t *response, bool endless);
void answer_flood_block(struct buf *out, bool endless);

/* Read an IPP message from memory; NULL when it is none. The caller deletes. */
ipp_t *answer_read_ipp(const char *data, size_t len);

#endif
