/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The pages of a document by two engines:
 *
 *   open        by MuPDF; what it cannot read, by Poppler (pdf_file.h)
 *   each page   by MuPDF; where it fails, or a picture is cut, from there on by
 *               Poppler; what needs the inks of a press, or an RGB that is not
 *               sRGB, at once by Poppler; where that fails, too, by MuPDF with
 *               what it can; where pages stay drawings, lifted into a PDF, and
 *               drawn only if that fails
 */
#include "render/worker/pdf.h"

#include <errno.h>

#include "base/mem.h"
#include "render/worker/drawing.h"
#include "render/worker/pdf_file.h"
#include "render/worker/pdf_lift.h"
#include "render/worker/pdf_page.h"

struct pdf {
	struct pdf_file file;
	struct pdf_band band;
	struct pdf_lift lift; /* pages that stay drawings */
	struct pdf_profiles profiles;
};

static int draw_by_mupdf(struct pdf *pdf, int number,
                         const struct page_spec *spec, struct raster *raster,
                         struct pdf_progress *progress, struct err *err)
{
	fz_context *ctx = pdf->file.ctx;
	char what[64];
	int result = 0;

	if (!pdf->file.doc)
		return PDF_FILE_FAILED;
	snprintf(what, sizeof what, "draw page %d of", number + 1);
	fz_var(result);
	fz_try(ctx) result = pdf_page_draw(ctx, pdf->file.doc, number, spec,
	                                   raster, progress, err);
	fz_catch(ctx) result = pdf_file_caught(&pdf->file, what, err);
	/* a page with a hole is worse than none */
	if ((result == 0 || result == PDF_FILE_FAILED) &&
	    pdf->file.memory.refused > 0)
		return pdf_file_too_much_memory(&pdf->file, err);
	return result;
}

/* MuPDF keeps back what it has said last, to count it instead. */
static void forget(struct pdf *pdf)
{
	fz_flush_warnings(pdf->file.ctx);
	pdf_faults_forget(pdf->file.faults);
}

static int draw_somehow(struct pdf *pdf, int number,
                        const struct page_spec *spec, struct raster *raster,
                        struct pdf_progress *progress, struct err *err)
{
	int result = draw_by_mupdf(pdf, number, spec, raster, progress, err);

	if (result == PDF_FILE_FAILED)
		progress->is_cut |=
			pdf_faults_has(pdf->file.faults, PDF_FAULT_PICTURE) &&
			progress->begun;
	if (result > 0 && pdf_file_has_poppler(&pdf->file)) {
		int other;

		forget(pdf);
		other = pdf_poppler_draw(pdf->file.poppler, number, spec,
		                         raster, progress, err);
		if (other != -EINVAL)
			return other;
	}
	progress->faults = NULL;
	if (result > 0)
		result =
			draw_by_mupdf(pdf, number, spec, raster, progress, err);
	return result == PDF_FILE_FAILED ? -EINVAL : result;
}

static int draw_page(struct pdf *pdf, int number, const struct page_spec *spec,
                     struct raster *raster, struct err *err)
{
	double seconds = pdf->file.options->page_seconds;
	struct pdf_progress progress = {
		.seconds = seconds > 0 ? seconds : PDF_PAGE_SECONDS,
		.profiles = &pdf->profiles,
		.band = &pdf->band,
		.faults = pdf->file.faults,
	};
	int result;

	forget(pdf);
	result = draw_somehow(pdf, number, spec, raster, &progress, err);
	if (progress.is_cut)
		pdf_faults_add(pdf->file.faults, PDF_FAULT_PICTURE);
	pdf_faults_end_page(pdf->file.faults, (unsigned)number + 1);
	if (progress.begun && result < 0)
		raster_page_end(raster, NULL);
	else if (progress.begun)
		result = raster_page_end(raster, err);
	return result;
}

/* The pages lifted so far leave, before one that is drawn. */
static int give_lifted(struct pdf *pdf, struct raster *raster, struct err *err)
{
	struct buf kept CLEANUP(buf_fini) = {0};
	fz_context *ctx = pdf->file.ctx;
	int result = 0;

	if (pdf->lift.n_pages == 0)
		return 0;
	fz_var(result);
	fz_try(ctx) pdf_lift_save(ctx, &pdf->lift, &kept);
	fz_catch(ctx) result = pdf_file_caught(&pdf->file, "keep", err);
	pdf_lift_fini(ctx, &pdf->lift);
	if (result == 0)
		raster_take_pdf(raster, &kept);
	return result == PDF_FILE_FAILED ? -EINVAL : result;
}

/* PDF_FILE_FAILED: nothing has happened. */
static int lift_page(struct pdf *pdf, int number, const struct page_spec *spec,
                     struct raster *raster, struct err *err)
{
	fz_context *ctx = pdf->file.ctx;
	bool is_cut = false;
	int result = 0;

	if (!pdf->file.doc || !raster_keeps_drawings(raster))
		return PDF_FILE_FAILED;
	fz_var(result);
	fz_var(is_cut);
	fz_try(ctx) is_cut =
		pdf_lift_page(ctx, &pdf->lift, pdf->file.doc, number, spec,
	                      raster_pages(raster) + 1);
	fz_catch(ctx) result = pdf_file_caught(&pdf->file, "keep", err);
	if (result == 0)
		result = raster_page_begin(raster, err);
	if (result != 0)
		return result;
	if (is_cut && spec->scaling == SCALING_NONE)
		raster_cut(raster);
	raster_page_is_in_pdf(raster);
	return raster_page_end(raster, err);
}

static int print_page(struct pdf *pdf, int number, const struct page_spec *spec,
                      struct raster *raster, struct err *err)
{
	int result = lift_page(pdf, number, spec, raster, err);

	if (result != PDF_FILE_FAILED)
		return result;
	result = give_lifted(pdf, raster, err);
	return result < 0 ? result : draw_page(pdf, number, spec, raster, err);
}

static int print_pages(struct pdf *pdf, const struct page_spec *spec,
                       struct raster *raster, struct err *err)
{
	int result = 0, given;

	for (int i = 0; i < pdf->file.n_pages && result == 0; i++) {
		if (raster_is_wanted(raster))
			result = print_page(pdf, i, spec, raster, err);
		else
			raster_skip_page(raster);
	}
	given = give_lifted(pdf, raster, result == 0 ? err : NULL);
	return result < 0 ? result : given;
}

int pdf_render_with(const void *data, size_t len,
                    const struct pdf_options *options,
                    const struct page_spec *spec, struct raster *raster,
                    struct err *err)
{
	struct pdf pdf = {0};
	struct err unheard;
	int result;

	err = err ? err : &unheard;
	result = pdf_file_open(&pdf.file, data, len, options, spec, err);
	if (result == 0)
		result = pdf_file_check_pages(&pdf.file, raster, err);
	if (result == 0)
		result = print_pages(&pdf, spec, raster, err);
	pdf_lift_fini(pdf.file.ctx, &pdf.lift);
	pdf_band_fini(&pdf.band);
	pdf_file_close(&pdf.file);
	return result;
}

static int drop_output(const void *data, size_t len, void *arg)
{
	return 0;
}

void pdf_warm_up(void)
{
	static const char small[] =
		"%PDF-1.4\n"
		"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
		"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 60 60]"
		"/Contents 4 0 R/Resources<</Font<</F<</Type/Font"
		"/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
		"4 0 obj<</Length 55>>stream\n"
		"1 0 0 rg 0 0 60 9 re f BT /F 9 Tf 9 30 Td(platen)Tj ET\n"
		"endstream endobj\n"
		"trailer<</Root 1 0 R>>\n";
	const struct page_spec spec = {
		.colour = true,
		.dpi = 72,
		.media = "custom_small",
		.media_width = 2500,
		.media_height = 2500,
		.max_pages = 1,
		.max_bytes = 1 << 20,
	};
	struct raster *raster = raster_new(&spec, drop_output, NULL, NULL);

	pdf_render(small, sizeof small - 1, &spec, raster, NULL);
	raster_free(raster);
}

int pdf_render(const void *data, size_t len, const struct page_spec *spec,
               struct raster *raster, struct err *err)
{
	static const struct pdf_options none = {.kind = PDF_KIND_PDF};

	return pdf_render_with(data, len, &none, spec, raster, err);
}
