/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_PROFILE_H
#define RENDER_WORKER_PDF_PROFILE_H

#include <stdbool.h>

#include <mupdf/fitz.h>

#define PDF_PROFILES_KEPT 16

/*
 * The ICC profiles of a document. MuPDF, as Debian builds it, takes every RGB
 * for sRGB, which makes the colours of most cameras, telephones and screens
 * dull. Zero-initialised is valid; what was found of a profile is kept.
 */
struct pdf_profiles {
	struct pdf_profile {
		int number; /* of its object */
		bool is_other;
	} known[PDF_PROFILES_KEPT];
	unsigned n;
};

/*
 * Whether something on the page may be painted in an RGB that is not sRGB: what
 * it names is looked at, not what it draws. Throws.
 */
bool pdf_profiles_are_other(fz_context *ctx, struct pdf_profiles *profiles,
                            fz_page *page);

#endif
