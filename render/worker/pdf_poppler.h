/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_POPPLER_H
#define RENDER_WORKER_PDF_POPPLER_H

#include <stddef.h>

#include "base/err.h"
#include "render/worker/page.h"
#include "render/worker/pdf_fault.h"
#include "render/worker/pdf_page.h"

/*
 * PDF by Poppler and Cairo, the second engine: two to three times slower than
 * MuPDF, which Debian builds without colour management, but right where colours
 * are meant for a press, and a second opinion on broken files.
 */
struct pdf_poppler;

/*
 * data and faults outlive it; password and faults may be NULL. What Poppler
 * says goes to *faults. -EACCES if it wants another password, -EINVAL with a
 * sentence.
 */
int pdf_poppler_open(const void *data, size_t len, const char *password,
                     struct pdf_faults *faults, struct pdf_poppler **out,
                     struct err *err);

int pdf_poppler_pages(const struct pdf_poppler *poppler);

/*
 * Draw page number (from 0), or what progress leaves of it, as pdf_page_draw()
 * places it. Begins the page if need be, never ends it. -EINVAL if it cannot be
 * drawn, or what the writer said.
 */
int pdf_poppler_draw(struct pdf_poppler *poppler, int number,
                     const struct page_spec *spec, struct raster *raster,
                     struct pdf_progress *progress, struct err *err);

void pdf_poppler_free(struct pdf_poppler *poppler);

#endif
