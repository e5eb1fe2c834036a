/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_BLANK_H
#define RENDER_WORKER_PDF_BLANK_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether the PDF is a single page with nothing on it: what another program
 * makes where it had nothing to make pages of. false where it cannot be read.
 */
bool pdf_is_blank(const void *data, size_t len);

/* Letters on its pages, without blanks; SIZE_MAX where it cannot be read. */
size_t pdf_letters(const void *data, size_t len);

#endif
