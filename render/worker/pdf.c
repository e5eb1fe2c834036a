/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A document of pages by two engines. MuPDF's errors are long jumps, so they
 * are caught here, and everything that must be dropped afterwards stands in
 * struct pdf.
 *
 *   open        by MuPDF; what it cannot read, by Poppler
 *   each page   by MuPDF; where it fails, or a picture is cut, from there on by
 *               Poppler; what needs the inks of a press, or an RGB that is not
 *               sRGB, at once by Poppler; where that fails, too, by MuPDF with
 *               what it can; where pages stay drawings, lifted into a PDF, and
 *               drawn only if that fails
 */
#include "render/worker/pdf.h"

#include <errno.h>

#include "base/mem.h"
#include "render/limit.h"
#include "render/worker/drawing.h"
#include "render/worker/pdf_lift.h"
#include "render/worker/pdf_memory.h"
#include "render/worker/pdf_page.h"
#include "render/worker/pdf_poppler.h"

#define MEMORY_BYTES    (384u << 20) /* MuPDF as a whole */
#define EPUB_POINTS     11           /* the size of its letters */
#define POINTS_PER_UNIT (72 / 2540.0)

/* Outcome: MuPDF cannot; err says why. */
#define FAILED          2

struct pdf {
	const void *data; /* the caller's */
	size_t len;
	const struct pdf_options *options;
	struct pdf_memory memory;
	fz_context *ctx;
	fz_document *doc;            /* NULL: MuPDF cannot read it */
	struct pdf_poppler *poppler; /* NULL until it is needed */
	struct pdf_band band;
	struct pdf_lift lift; /* pages that stay drawings */
	int n_pages;
	struct pdf_faults *faults; /* the caller's, or unheard */
	struct pdf_faults unheard;
	struct pdf_profiles profiles;
};

static void on_message(void *arg, const char *message)
{
	pdf_faults_hear(arg, message);
}

static int init(struct pdf *pdf, struct err *err)
{
	pdf->memory.max = MEMORY_BYTES;
	pdf->faults =
		pdf->options->faults ? pdf->options->faults : &pdf->unheard;
	pdf->ctx = pdf_memory_context(&pdf->memory);
	if (!pdf->ctx)
		return err_set(err, -ENOMEM, "cannot start the PDF engine");
	fz_set_warning_callback(pdf->ctx, on_message, pdf->faults);
	fz_set_error_callback(pdf->ctx, on_message, pdf->faults);
	return 0;
}

static void fini(struct pdf *pdf)
{
	pdf_lift_fini(pdf->ctx, &pdf->lift);
	fz_drop_document(pdf->ctx, pdf->doc);
	fz_drop_context(pdf->ctx);
	pdf_band_fini(&pdf->band);
	pdf_poppler_free(pdf->poppler);
}

static int too_much_memory(const struct pdf *pdf, struct err *err)
{
	char what[32], sentence[LIMIT_SENTENCE];

	snprintf(what, sizeof what, "the %s",
	         pdf_kind_name(pdf->options->kind));
	return err_set(err, -EFBIG, "%s",
	               limit_memory(what, pdf->memory.max, sentence));
}

/* FAILED, or -EFBIG, which no other engine shall try. */
static int caught(struct pdf *pdf, const char *what, struct err *err)
{
	const char *message = fz_caught_message(pdf->ctx);

	if (fz_caught(pdf->ctx) == FZ_ERROR_MEMORY)
		return too_much_memory(pdf, err);
	err_set(err, -EINVAL, "cannot %s the %s: %s", what,
	        pdf_kind_name(pdf->options->kind), message);
	return FAILED;
}

static fz_document *open_stream(fz_context *ctx, fz_stream *stream,
                                enum pdf_kind kind)
{
	switch (kind) {
	case PDF_KIND_PDF:
		return &pdf_open_document_with_stream(ctx, stream)->super;
	case PDF_KIND_XPS:
		return fz_open_document_with_stream(ctx, "application/oxps",
		                                    stream);
	case PDF_KIND_EPUB:
		return fz_open_document_with_stream(ctx, "application/epub+zip",
		                                    stream);
	}
	return NULL;
}

static fz_document *open_document(struct pdf *pdf)
{
	fz_context *ctx = pdf->ctx;
	fz_stream *stream = fz_open_memory(ctx, pdf->data, pdf->len);
	fz_document *doc = NULL;

	fz_var(doc);
	fz_try(ctx)
	{
		if (pdf->options->kind != PDF_KIND_PDF)
			fz_register_document_handlers(ctx);
		doc = open_stream(ctx, stream, pdf->options->kind);
	}
	fz_always(ctx) fz_drop_stream(ctx, stream);
	fz_catch(ctx) fz_rethrow(ctx);
	return doc;
}

static int unlock(struct pdf *pdf, struct err *err)
{
	const char *password = pdf->options->password;

	if (!fz_needs_password(pdf->ctx, pdf->doc))
		return 0;
	if (!password)
		return err_set(err, -EACCES, "it is protected by a password");
	if (!fz_authenticate_password(pdf->ctx, pdf->doc, password))
		return err_set(err, -EACCES,
		               "it is protected by another password");
	return 0;
}

/* Some forget to say so, but have no fields that anybody else could show. */
static bool is_drawn_by_its_program(fz_context *ctx, pdf_obj *root)
{
	pdf_obj *form = pdf_dict_get(ctx, root, PDF_NAME(AcroForm));

	return pdf_to_bool(ctx, pdf_dict_gets(ctx, root, "NeedsRendering")) ||
	       (pdf_dict_get(ctx, form, PDF_NAME(XFA)) &&
	        pdf_array_len(ctx, pdf_dict_get(ctx, form, PDF_NAME(Fields))) ==
	                0);
}

/* Pages of which their makers think that nobody prints them. */
static void find_stand_ins(struct pdf *pdf)
{
	pdf_document *doc = pdf_document_from_fz_document(pdf->ctx, pdf->doc);
	pdf_obj *root;

	if (!doc)
		return;
	root = pdf_dict_get(pdf->ctx, pdf_trailer(pdf->ctx, doc),
	                    PDF_NAME(Root));
	pdf->faults->is_form = is_drawn_by_its_program(pdf->ctx, root);
	pdf->faults->is_portfolio =
		pdf_is_dict(pdf->ctx,
	                    pdf_dict_gets(pdf->ctx, root, "Collection"));
}

static int open_by_mupdf(struct pdf *pdf, const struct page_spec *spec,
                         struct err *err)
{
	int result = 0;

	fz_var(result);
	fz_try(pdf->ctx)
	{
		pdf->doc = open_document(pdf);
		result = unlock(pdf, err);
		if (pdf->options->kind == PDF_KIND_EPUB)
			fz_layout_document(pdf->ctx, pdf->doc,
			                   (float)(spec->media_width *
			                           POINTS_PER_UNIT),
			                   (float)(spec->media_height *
			                           POINTS_PER_UNIT),
			                   EPUB_POINTS);
		if (result == 0) {
			pdf->n_pages = fz_count_pages(pdf->ctx, pdf->doc);
			find_stand_ins(pdf);
		}
	}
	fz_catch(pdf->ctx) result = caught(pdf, "read", err);
	return result;
}

/* The other engine, if it can read the document. */
static bool have_poppler(struct pdf *pdf)
{
	if (!pdf->poppler && pdf->options->kind == PDF_KIND_PDF)
		pdf_poppler_open(pdf->data, pdf->len, pdf->options->password,
		                 pdf->faults, &pdf->poppler, NULL);
	return pdf->poppler;
}

static int open_somehow(struct pdf *pdf, const struct page_spec *spec,
                        struct err *err)
{
	int result;

	if (pdf->len == 0)
		return err_set(err, -EINVAL, "the %s is empty",
		               pdf_kind_name(pdf->options->kind));
	result = open_by_mupdf(pdf, spec, err);
	if (result != FAILED)
		return result;
	fz_drop_document(pdf->ctx, pdf->doc);
	pdf->doc = NULL;
	if (!have_poppler(pdf))
		return -EINVAL; /* err is MuPDF's */
	pdf->n_pages = pdf_poppler_pages(pdf->poppler);
	return 0;
}

static bool has_lost_pages(fz_context *ctx, pdf_document *doc)
{
	pdf_obj *kids = NULL;

	fz_var(kids);
	fz_try(ctx) kids =
		pdf_dict_getp(ctx, pdf_trailer(ctx, doc), "Root/Pages/Kids");
	fz_catch(ctx) kids = NULL;
	return pdf_was_repaired(ctx, doc) || !pdf_is_array(ctx, kids);
}

static int no_pages(const struct pdf *pdf, struct err *err)
{
	pdf_document *doc =
		pdf->doc ? pdf_document_from_fz_document(pdf->ctx, pdf->doc)
			 : NULL;

	if (doc && has_lost_pages(pdf->ctx, doc))
		return err_set(err, -EINVAL,
		               "the PDF is damaged: no page of it is left");
	return err_set(err, -EINVAL, "the %s has no pages",
	               pdf_kind_name(pdf->options->kind));
}

static int check_pages(const struct pdf *pdf, const struct raster *raster,
                       struct err *err)
{
	char what[64];

	if (pdf->n_pages < 1)
		return no_pages(pdf, err);
	snprintf(what, sizeof what, "the %s",
	         pdf_kind_name(pdf->options->kind));
	return raster_check_pages(raster, what, (unsigned)pdf->n_pages,
	                          pdf->options->cut_at > 0 &&
	                                  (unsigned)pdf->n_pages >=
	                                          pdf->options->cut_at,
	                          err);
}

static int draw_by_mupdf(struct pdf *pdf, int number, bool press_too,
                         const struct page_spec *spec, struct raster *raster,
                         struct pdf_progress *progress, struct err *err)
{
	char what[64];
	int result = 0;

	if (!pdf->doc)
		return FAILED;
	snprintf(what, sizeof what, "draw page %d of", number + 1);
	fz_var(result);
	fz_try(pdf->ctx) result =
		pdf_page_draw(pdf->ctx, pdf->doc, number, press_too, spec,
	                      raster, &pdf->band, progress, err);
	fz_catch(pdf->ctx) result = caught(pdf, what, err);
	/* a page with a hole is worse than none */
	if ((result == 0 || result == FAILED) && pdf->memory.refused > 0)
		return too_much_memory(pdf, err);
	return result;
}

/* MuPDF keeps back what it has said last, to count it instead. */
static void forget(struct pdf *pdf)
{
	fz_flush_warnings(pdf->ctx);
	pdf_faults_forget(pdf->faults);
}

static int draw_somehow(struct pdf *pdf, int number,
                        const struct page_spec *spec, struct raster *raster,
                        struct pdf_progress *progress, struct err *err)
{
	int result =
		draw_by_mupdf(pdf, number, false, spec, raster, progress, err);

	if (result == FAILED)
		progress->is_cut |=
			pdf_faults_has(pdf->faults, PDF_FAULT_PICTURE) &&
			progress->begun;
	if (result > 0 && have_poppler(pdf)) {
		int other;

		forget(pdf);
		other = pdf_poppler_draw(pdf->poppler, number, spec, raster,
		                         progress, err);
		if (other != -EINVAL)
			return other;
	}
	progress->faults = NULL;
	if (result > 0)
		result = draw_by_mupdf(pdf, number, true, spec, raster,
		                       progress, err);
	return result == FAILED ? -EINVAL : result;
}

static int draw_page(struct pdf *pdf, int number, const struct page_spec *spec,
                     struct raster *raster, struct err *err)
{
	double seconds = pdf->options->page_seconds;
	struct pdf_progress progress = {
		.seconds = seconds > 0 ? seconds : PDF_PAGE_SECONDS,
		.profiles = &pdf->profiles,
		.faults = pdf->faults,
	};
	int result;

	forget(pdf);
	result = draw_somehow(pdf, number, spec, raster, &progress, err);
	if (progress.is_cut)
		pdf_faults_add(pdf->faults, PDF_FAULT_PICTURE);
	pdf_faults_end_page(pdf->faults, (unsigned)number + 1);
	if (progress.begun && result < 0)
		raster_page_end(raster, NULL);
	else if (progress.begun)
		result = raster_page_end(raster, err);
	return result;
}

/* The pages lifted so far leave, before one that is drawn. */
static int give_lifted(struct pdf *pdf, struct raster *raster, struct err *err)
{
	struct buf file CLEANUP(buf_fini) = {0};
	int result = 0;

	if (pdf->lift.n_pages == 0)
		return 0;
	fz_var(result);
	fz_try(pdf->ctx) pdf_lift_save(pdf->ctx, &pdf->lift, &file);
	fz_catch(pdf->ctx) result = caught(pdf, "keep", err);
	pdf_lift_fini(pdf->ctx, &pdf->lift);
	if (result == 0)
		raster_take_pdf(raster, &file);
	return result == FAILED ? -EINVAL : result;
}

/* FAILED: nothing has happened. */
static int lift_page(struct pdf *pdf, int number, const struct page_spec *spec,
                     struct raster *raster, struct err *err)
{
	bool is_cut = false;
	int result = 0;

	if (!pdf->doc || !raster_keeps_drawings(raster))
		return FAILED;
	fz_var(result);
	fz_var(is_cut);
	fz_try(pdf->ctx) is_cut =
		pdf_lift_page(pdf->ctx, &pdf->lift, pdf->doc, number, spec,
	                      raster_pages(raster) + 1);
	fz_catch(pdf->ctx) result = caught(pdf, "keep", err);
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

	if (result != FAILED)
		return result;
	result = give_lifted(pdf, raster, err);
	return result < 0 ? result : draw_page(pdf, number, spec, raster, err);
}

static int print_pages(struct pdf *pdf, const struct page_spec *spec,
                       struct raster *raster, struct err *err)
{
	int result = 0, given;

	for (int i = 0; i < pdf->n_pages && result == 0; i++) {
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
	struct pdf pdf = {.data = data, .len = len, .options = options};
	struct err unheard;
	int result;

	err = err ? err : &unheard;
	result = init(&pdf, err);
	if (result < 0)
		return result;
	result = open_somehow(&pdf, spec, err);
	if (result == 0)
		result = check_pages(&pdf, raster, err);
	if (result == 0)
		result = print_pages(&pdf, spec, raster, err);
	fini(&pdf);
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
