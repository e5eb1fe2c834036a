/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_layer.h"

#include <mupdf/pdf.h>

#define LAYERS_MAX 5000 /* more are not looked at */

bool pdf_layer_is_for_screens(fz_context *ctx, fz_page *page)
{
	pdf_page *pdf = pdf_page_from_fz_page(ctx, page);
	pdf_obj *layers;
	int n;

	if (!pdf)
		return false;
	layers = pdf_dict_getp(ctx, pdf_trailer(ctx, pdf->doc),
	                       "Root/OCProperties/OCGs");
	n = pdf_array_len(ctx, layers);
	for (int i = 0; i < n && i < LAYERS_MAX; i++) {
		pdf_obj *layer = pdf_array_get(ctx, layers, i);
		pdf_obj *state =
			pdf_dict_getp(ctx, layer, "Usage/Print/PrintState");

		if (pdf_name_eq(ctx, state, PDF_NAME(OFF)))
			return true;
	}
	return false;
}
