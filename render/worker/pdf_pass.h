/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_PASS_H
#define RENDER_WORKER_PDF_PASS_H

#include <stddef.h>

/*
 * A PDF that goes to the printer as it is, because the registration says so:
 * how many pages it has. 0 where it has to be rendered all the same: it wants a
 * password, or cannot be read without repairing it.
 */
unsigned pdf_pass_pages(const void *data, size_t len);

#endif
