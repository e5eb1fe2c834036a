/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_unicode.h"

#include <stdbool.h>

#define DEPTH_MAX   4   /* of drawings in drawings */
#define OBJECTS_MAX 500 /* a page may name itself */

/* One look at a page. */
struct look {
	fz_context *ctx;
	struct pdf_unicode *unicode;
	unsigned n_objects, depth;
};

static bool has_file(fz_context *ctx, pdf_obj *descriptor)
{
	return pdf_dict_get(ctx, descriptor, PDF_NAME(FontFile)) ||
	       pdf_dict_get(ctx, descriptor, PDF_NAME(FontFile2)) ||
	       pdf_dict_get(ctx, descriptor, PDF_NAME(FontFile3));
}

static bool brings_letters(fz_context *ctx, pdf_obj *font)
{
	pdf_obj *inner = pdf_array_get(ctx,
	                               pdf_dict_get(ctx, font,
	                                            PDF_NAME(DescendantFonts)),
	                               0);

	return pdf_dict_get(ctx, font, PDF_NAME(CharProcs)) ||
	       has_file(ctx, pdf_dict_get(ctx, inner ? inner : font,
	                                  PDF_NAME(FontDescriptor)));
}

static void hide(struct look *look, pdf_obj *font)
{
	fz_context *ctx = look->ctx;
	struct pdf_unicode *unicode = look->unicode;
	pdf_obj *meaning = pdf_dict_get(ctx, font, PDF_NAME(ToUnicode));

	if (!meaning || unicode->n == PDF_UNICODE_FONTS ||
	    !brings_letters(ctx, font))
		return;
	unicode->hidden[unicode->n].font = pdf_keep_obj(ctx, font);
	unicode->hidden[unicode->n++].meaning = pdf_keep_obj(ctx, meaning);
	pdf_dict_del(ctx, font, PDF_NAME(ToUnicode));
}

static void look_at(struct look *look, pdf_obj *resources)
{
	fz_context *ctx = look->ctx;
	pdf_obj *fonts = pdf_dict_get(ctx, resources, PDF_NAME(Font));
	pdf_obj *drawings = pdf_dict_get(ctx, resources, PDF_NAME(XObject));

	if (look->depth == DEPTH_MAX)
		return;
	look->depth++;
	for (int i = 0; i < pdf_dict_len(ctx, fonts); i++)
		if (look->n_objects++ < OBJECTS_MAX)
			hide(look, pdf_dict_get_val(ctx, fonts, i));
	for (int i = 0; i < pdf_dict_len(ctx, drawings); i++)
		if (look->n_objects++ < OBJECTS_MAX)
			look_at(look,
			        pdf_dict_get(ctx,
			                     pdf_dict_get_val(ctx, drawings, i),
			                     PDF_NAME(Resources)));
	look->depth--;
}

void pdf_unicode_hide(fz_context *ctx, struct pdf_unicode *unicode,
                      fz_page *page)
{
	struct look look = {.ctx = ctx, .unicode = unicode};
	pdf_page *pdf = pdf_page_from_fz_page(ctx, page);

	if (pdf)
		look_at(&look, pdf_page_resources(ctx, pdf));
}

void pdf_unicode_show(fz_context *ctx, struct pdf_unicode *unicode)
{
	for (unsigned i = 0; i < unicode->n; i++)
		pdf_dict_put(ctx, unicode->hidden[i].font, PDF_NAME(ToUnicode),
		             unicode->hidden[i].meaning);
	fz_empty_store(ctx);
}

void pdf_unicode_drop(fz_context *ctx, struct pdf_unicode *unicode)
{
	for (unsigned i = 0; i < unicode->n; i++) {
		pdf_drop_obj(ctx, unicode->hidden[i].font);
		pdf_drop_obj(ctx, unicode->hidden[i].meaning);
	}
	unicode->n = 0;
}
