/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_UNICODE_H
#define RENDER_WORKER_PDF_UNICODE_H

#include <mupdf/pdf.h>

#define PDF_UNICODE_FONTS 64 /* of a page; others keep theirs */

/*
 * What the letters of a page's fonts mean (ISO 32000-2, 9.10.3) is for who
 * searches and copies. MuPDF makes it ready with every font, which may take as
 * long as drawing the page; so it is taken out of those fonts that bring their
 * letters along.
 */
struct pdf_unicode {
	struct {
		pdf_obj *font, *meaning; /* kept */
	} hidden[PDF_UNICODE_FONTS];
	unsigned n;
};

/*
 * Take it out of the fonts that the page names. *unicode is zero before; it is
 * to be ended with pdf_unicode_drop(), whatever happens. Throws.
 */
void pdf_unicode_hide(fz_context *ctx, struct pdf_unicode *unicode,
                      fz_page *page);

/*
 * Put it back and forget the fonts: the letters that one of them brought are
 * broken, and others are found by what they mean. Throws.
 */
void pdf_unicode_show(fz_context *ctx, struct pdf_unicode *unicode);

void pdf_unicode_drop(fz_context *ctx, struct pdf_unicode *unicode);

#endif
