/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_file.h"

#include <errno.h>

#include "render/limit.h"

#define MEMORY_BYTES    (384u << 20) /* MuPDF as a whole */
#define EPUB_POINTS     11           /* the size of its letters */
#define POINTS_PER_UNIT (72 / 2540.0)

static void on_message(void *arg, const char *message)
{
	pdf_faults_hear(arg, message);
}

static int start(struct pdf_file *file, struct err *err)
{
	file->memory.max = MEMORY_BYTES;
	file->faults =
		file->options->faults ? file->options->faults : &file->unheard;
	file->ctx = pdf_memory_context(&file->memory);
	if (!file->ctx)
		return err_set(err, -ENOMEM, "cannot start the PDF engine");
	fz_set_warning_callback(file->ctx, on_message, file->faults);
	fz_set_error_callback(file->ctx, on_message, file->faults);
	return 0;
}

void pdf_file_close(struct pdf_file *file)
{
	fz_drop_document(file->ctx, file->doc);
	fz_drop_context(file->ctx);
	pdf_poppler_free(file->poppler);
}

int pdf_file_too_much_memory(const struct pdf_file *file, struct err *err)
{
	char what[32], sentence[LIMIT_SENTENCE];

	snprintf(what, sizeof what, "the %s",
	         pdf_kind_name(file->options->kind));
	return err_set(err, -EFBIG, "%s",
	               limit_memory(what, file->memory.max, sentence));
}

int pdf_file_caught(const struct pdf_file *file, const char *what,
                    struct err *err)
{
	const char *message = fz_caught_message(file->ctx);

	if (fz_caught(file->ctx) == FZ_ERROR_MEMORY)
		return pdf_file_too_much_memory(file, err);
	err_set(err, -EINVAL, "cannot %s the %s: %s", what,
	        pdf_kind_name(file->options->kind), message);
	return PDF_FILE_FAILED;
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

static fz_document *open_document(struct pdf_file *file)
{
	fz_context *ctx = file->ctx;
	fz_stream *stream = fz_open_memory(ctx, file->data, file->len);
	fz_document *doc = NULL;

	fz_var(doc);
	fz_try(ctx)
	{
		if (file->options->kind != PDF_KIND_PDF)
			fz_register_document_handlers(ctx);
		doc = open_stream(ctx, stream, file->options->kind);
	}
	fz_always(ctx) fz_drop_stream(ctx, stream);
	fz_catch(ctx) fz_rethrow(ctx);
	return doc;
}

static int unlock(struct pdf_file *file, struct err *err)
{
	const char *password = file->options->password;

	if (!fz_needs_password(file->ctx, file->doc))
		return 0;
	if (!password)
		return err_set(err, -EACCES, "it is protected by a password");
	if (!fz_authenticate_password(file->ctx, file->doc, password))
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
static void find_stand_ins(struct pdf_file *file)
{
	pdf_document *doc = pdf_document_from_fz_document(file->ctx, file->doc);
	pdf_obj *root;

	if (!doc)
		return;
	root = pdf_dict_get(file->ctx, pdf_trailer(file->ctx, doc),
	                    PDF_NAME(Root));
	file->faults->is_form = is_drawn_by_its_program(file->ctx, root);
	file->faults->is_portfolio =
		pdf_is_dict(file->ctx,
	                    pdf_dict_gets(file->ctx, root, "Collection"));
}

static int open_by_mupdf(struct pdf_file *file, const struct page_spec *spec,
                         struct err *err)
{
	int result = 0;

	fz_var(result);
	fz_try(file->ctx)
	{
		file->doc = open_document(file);
		result = unlock(file, err);
		if (file->options->kind == PDF_KIND_EPUB)
			fz_layout_document(file->ctx, file->doc,
			                   (float)(spec->media_width *
			                           POINTS_PER_UNIT),
			                   (float)(spec->media_height *
			                           POINTS_PER_UNIT),
			                   EPUB_POINTS);
		if (result == 0) {
			file->n_pages = fz_count_pages(file->ctx, file->doc);
			find_stand_ins(file);
		}
	}
	fz_catch(file->ctx) result = pdf_file_caught(file, "read", err);
	return result;
}

bool pdf_file_has_poppler(struct pdf_file *file)
{
	if (!file->poppler && file->options->kind == PDF_KIND_PDF)
		pdf_poppler_open(file->data, file->len, file->options->password,
		                 file->faults, &file->poppler, NULL);
	return file->poppler;
}

/* What finds no page has not read the document, whatever it says. */
static bool change_to_poppler(struct pdf_file *file)
{
	int n_pages = pdf_file_has_poppler(file)
	                      ? pdf_poppler_pages(file->poppler)
	                      : 0;

	if (n_pages < 1)
		return false;
	fz_drop_document(file->ctx, file->doc);
	file->doc = NULL;
	file->n_pages = n_pages;
	return true;
}

int pdf_file_open(struct pdf_file *file, const void *data, size_t len,
                  const struct pdf_options *options,
                  const struct page_spec *spec, struct err *err)
{
	int result;

	*file = (struct pdf_file){.data = data, .len = len, .options = options};
	result = start(file, err);
	if (result < 0)
		return result;
	if (file->len == 0)
		return err_set(err, -EINVAL, "the %s is empty",
		               pdf_kind_name(file->options->kind));
	result = open_by_mupdf(file, spec, err);
	if (result < 0 || (result == 0 && file->n_pages > 0))
		return result;
	if (change_to_poppler(file))
		return 0;
	return result == PDF_FILE_FAILED ? -EINVAL : 0; /* err is MuPDF's */
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

static int no_pages(const struct pdf_file *file, struct err *err)
{
	pdf_document *doc =
		file->doc ? pdf_document_from_fz_document(file->ctx, file->doc)
			  : NULL;

	if (doc && has_lost_pages(file->ctx, doc))
		return err_set(err, -EINVAL,
		               "the PDF is damaged: no page of it is left");
	return err_set(err, -EINVAL, "the %s has no pages",
	               pdf_kind_name(file->options->kind));
}

int pdf_file_check_pages(const struct pdf_file *file,
                         const struct raster *raster, struct err *err)
{
	char what[64];

	if (file->n_pages < 1)
		return no_pages(file, err);
	snprintf(what, sizeof what, "the %s",
	         pdf_kind_name(file->options->kind));
	return raster_check_pages(raster, what, (unsigned)file->n_pages,
	                          file->options->cut_at > 0 &&
	                                  (unsigned)file->n_pages >=
	                                          file->options->cut_at,
	                          err);
}
