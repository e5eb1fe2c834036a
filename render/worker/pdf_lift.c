/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_lift.h"

#include "render/worker/geometry.h"
#include "render/worker/pdf_page.h"
#include "render/worker/pdf_save.h"

#define POINTS_PER_INCH 72.0f

/* One sheet in the making. What is a pdf_obj is owned. */
struct sheet {
	const struct page_spec *spec;
	fz_rect paper;                /* in points */
	fz_matrix to_paper;           /* from the page's box, both top down */
	fz_rect seen;                 /* of the paper, top down */
	pdf_obj *resources, *objects; /* objects: the XObjects of resources */
	fz_buffer *drawing;
};

static void put_matrix(fz_context *ctx, fz_buffer *out, fz_matrix m)
{
	fz_append_printf(ctx, out, "%g %g %g %g %g %g cm\n", m.a, m.b, m.c, m.d,
	                 m.e, m.f);
}

/* From top down, as MuPDF counts, to bottom up, as PDF does. */
static fz_matrix upright(const struct sheet *sheet)
{
	return fz_make_matrix(1, 0, 0, -1, 0, sheet->paper.y1);
}

/* True: some of it is cut off. */
static bool place(struct sheet *sheet, fz_rect box, unsigned side)
{
	const struct page_spec *spec = sheet->spec;
	const struct geometry_source source = {
		.width = (double)box.x1 - box.x0,
		.height = (double)box.y1 - box.y0,
		.natural = spec->dpi / (double)POINTS_PER_INCH,
	};
	struct geometry_place where = geometry_place(spec, side, &source);
	float point = POINTS_PER_INCH / (float)spec->dpi;

	sheet->paper = fz_make_rect(0, 0,
	                            (float)geometry_pixels(spec->media_width,
	                                                   spec->dpi) *
	                                    point,
	                            (float)geometry_pixels(spec->media_height,
	                                                   spec->dpi) *
	                                    point);
	sheet->to_paper =
		fz_concat(pdf_page_matrix(box, &where), fz_scale(point, point));
	sheet->seen =
		fz_make_rect((float)where.box.x * point,
	                     (float)where.box.y * point,
	                     (float)(where.box.x + where.box.width) * point,
	                     (float)(where.box.y + where.box.height) * point);
	return geometry_is_cut(&where);
}

/* What is copied may be named by others: the sheet only points at it. */
static void put_object(fz_context *ctx, struct sheet *sheet, pdf_obj *object,
                       const char *name, fz_matrix matrix)
{
	pdf_dict_puts(ctx, sheet->objects, name, object);
	fz_append_string(ctx, sheet->drawing, "q ");
	put_matrix(ctx, sheet->drawing, matrix);
	fz_append_printf(ctx, sheet->drawing, "/%s Do Q\n", name);
}

static fz_buffer *read_contents(fz_context *ctx, pdf_page *page)
{
	fz_stream *stream =
		pdf_open_contents_stream(ctx, page->doc,
	                                 pdf_page_contents(ctx, page));
	fz_buffer *contents = NULL;

	fz_var(contents);
	fz_try(ctx) contents = fz_read_all(ctx, stream, 1024);
	fz_always(ctx) fz_drop_stream(ctx, stream);
	fz_catch(ctx) fz_rethrow(ctx);
	return contents;
}

/* The page's own drawing becomes an object that is drawn. */
static pdf_obj *new_form(fz_context *ctx, struct pdf_lift *lift, pdf_page *page,
                         fz_rect box)
{
	pdf_obj *form = pdf_new_dict(ctx, lift->to, 6), *stream = NULL;
	pdf_obj *group = pdf_page_group(ctx, page);
	fz_buffer *contents = NULL;

	fz_var(contents);
	fz_var(stream);
	fz_try(ctx)
	{
		pdf_dict_put(ctx, form, PDF_NAME(Type), PDF_NAME(XObject));
		pdf_dict_put(ctx, form, PDF_NAME(Subtype), PDF_NAME(Form));
		pdf_dict_put_rect(ctx, form, PDF_NAME(BBox), box);
		pdf_dict_put_drop(
			ctx, form, PDF_NAME(Resources),
			pdf_graft_mapped_object(ctx, lift->map,
		                                pdf_page_resources(ctx, page)));
		if (group)
			pdf_dict_put_drop(ctx, form, PDF_NAME(Group),
			                  pdf_graft_mapped_object(ctx,
			                                          lift->map,
			                                          group));
		contents = read_contents(ctx, page);
		stream = pdf_add_stream(ctx, lift->to, contents, form, 0);
	}
	fz_always(ctx)
	{
		fz_drop_buffer(ctx, contents);
		pdf_drop_obj(ctx, form);
	}
	fz_catch(ctx) fz_rethrow(ctx);
	return stream;
}

/* As MuPDF decides it for a printer. */
static bool is_printed(fz_context *ctx, pdf_annot *annot)
{
	int flags = pdf_annot_flags(ctx, annot);

	return (flags & PDF_ANNOT_IS_PRINT) &&
	       !(flags & (PDF_ANNOT_IS_INVISIBLE | PDF_ANNOT_IS_HIDDEN)) &&
	       pdf_annot_type(ctx, annot) != PDF_ANNOT_POPUP &&
	       pdf_annot_type(ctx, annot) != PDF_ANNOT_FILE_ATTACHMENT;
}

static void lift_annot(fz_context *ctx, struct pdf_lift *lift,
                       struct sheet *sheet, pdf_annot *annot, fz_matrix matrix)
{
	pdf_obj *look =
		is_printed(ctx, annot) ? pdf_annot_ap(ctx, annot) : NULL;
	pdf_obj *copy;
	char name[16];

	if (!look)
		return;
	snprintf(name, sizeof name, "A%d", pdf_dict_len(ctx, sheet->objects));
	copy = pdf_graft_mapped_object(ctx, lift->map, look);
	fz_try(ctx)
		put_object(ctx, sheet, copy, name,
	                   fz_concat(pdf_annot_transform(ctx, annot), matrix));
	fz_always(ctx) pdf_drop_obj(ctx, copy);
	fz_catch(ctx) fz_rethrow(ctx);
}

static void lift_contents(fz_context *ctx, struct pdf_lift *lift,
                          struct sheet *sheet, pdf_page *page)
{
	fz_rect box, seen;
	fz_matrix matrix;
	pdf_obj *form;

	pdf_page_transform(ctx, page, &box, &matrix);
	matrix = fz_concat(fz_concat(matrix, sheet->to_paper), upright(sheet));
	seen = fz_transform_rect(sheet->seen, upright(sheet));
	fz_append_printf(ctx, sheet->drawing, "q %g %g %g %g re W n\n", seen.x0,
	                 seen.y0, seen.x1 - seen.x0, seen.y1 - seen.y0);
	form = new_form(ctx, lift, page, box);
	fz_try(ctx) put_object(ctx, sheet, form, "P", matrix);
	fz_always(ctx) pdf_drop_obj(ctx, form);
	fz_catch(ctx) fz_rethrow(ctx);
	for (pdf_annot *a = pdf_first_annot(ctx, page); a;
	     a = pdf_next_annot(ctx, a))
		lift_annot(ctx, lift, sheet, a, matrix);
	for (pdf_annot *a = pdf_first_widget(ctx, page); a;
	     a = pdf_next_widget(ctx, a))
		lift_annot(ctx, lift, sheet, a, matrix);
	fz_append_string(ctx, sheet->drawing, "Q\n");
}

static void copy_page(fz_context *ctx, struct pdf_lift *lift,
                      struct sheet *sheet, pdf_page *page)
{
	sheet->drawing = fz_new_buffer(ctx, 256);
	sheet->resources = pdf_new_dict(ctx, lift->to, 1);
	sheet->objects =
		pdf_dict_put_dict(ctx, sheet->resources, PDF_NAME(XObject), 4);
	lift_contents(ctx, lift, sheet, page);
}

static void draw_page(fz_context *ctx, struct pdf_lift *lift,
                      struct sheet *sheet, fz_page *page)
{
	fz_device *dev = pdf_page_write(ctx, lift->to, sheet->paper,
	                                &sheet->resources, &sheet->drawing);

	fz_try(ctx)
	{
		pdf_page_run(ctx, page, dev, sheet->to_paper);
		fz_close_device(ctx, dev);
	}
	fz_always(ctx) fz_drop_device(ctx, dev);
	fz_catch(ctx) fz_rethrow(ctx);
}

static bool has_layers(fz_context *ctx, pdf_document *doc)
{
	return pdf_dict_getp(ctx, pdf_trailer(ctx, doc), "Root/OCProperties");
}

/* MuPDF has drawn it, because the file does not, or not what it now holds. */
static bool has_look_of_mupdf(fz_context *ctx, pdf_annot *annot)
{
	pdf_obj *own = pdf_annot_ap(ctx, annot), *shown = NULL;

	fz_var(shown);
	pdf_annot_push_local_xref(ctx, annot);
	fz_try(ctx) shown = pdf_annot_ap(ctx, annot);
	fz_always(ctx) pdf_annot_pop_local_xref(ctx, annot);
	fz_catch(ctx) fz_rethrow(ctx);
	return shown != own && is_printed(ctx, annot);
}

/* Such looks are no objects of the file. */
static bool has_looks_of_mupdf(fz_context *ctx, pdf_page *page)
{
	pdf_update_page(ctx, page);
	for (pdf_annot *a = pdf_first_annot(ctx, page); a;
	     a = pdf_next_annot(ctx, a))
		if (has_look_of_mupdf(ctx, a))
			return true;
	for (pdf_annot *a = pdf_first_widget(ctx, page); a;
	     a = pdf_next_widget(ctx, a))
		if (has_look_of_mupdf(ctx, a))
			return true;
	return false;
}

/* To draw it into a PDF instead loses shadings and takes white for black. */
static void check_is_copied(fz_context *ctx, pdf_page *page)
{
	if (page &&
	    (has_layers(ctx, page->doc) || has_looks_of_mupdf(ctx, page)))
		fz_throw(ctx, FZ_ERROR_GENERIC,
		         "what is printed is not what stands in the file");
}

static void make_sheet(fz_context *ctx, struct pdf_lift *lift,
                       struct sheet *sheet, fz_page *page)
{
	pdf_page *pdf = pdf_page_from_fz_page(ctx, page);
	pdf_obj *object = NULL;

	fz_var(object);
	fz_try(ctx)
	{
		if (pdf)
			copy_page(ctx, lift, sheet, pdf);
		else
			draw_page(ctx, lift, sheet, page);
		object = pdf_add_page(ctx, lift->to, sheet->paper, 0,
		                      sheet->resources, sheet->drawing);
		pdf_insert_page(ctx, lift->to, -1, object);
	}
	fz_always(ctx)
	{
		pdf_drop_obj(ctx, object);
		pdf_drop_obj(ctx, sheet->resources);
		fz_drop_buffer(ctx, sheet->drawing);
	}
	fz_catch(ctx) fz_rethrow(ctx);
}

bool pdf_lift_page(fz_context *ctx, struct pdf_lift *lift, fz_document *doc,
                   int number, const struct page_spec *spec, unsigned side)
{
	struct sheet sheet = {.spec = spec};
	bool is_cut = false;
	fz_page *page;

	if (!lift->to)
		lift->to = pdf_create_document(ctx);
	if (!lift->map)
		lift->map = pdf_new_graft_map(ctx, lift->to);
	page = fz_load_page(ctx, doc, number);
	fz_var(is_cut);
	fz_try(ctx)
	{
		check_is_copied(ctx, pdf_page_from_fz_page(ctx, page));
		is_cut = place(&sheet, pdf_page_box(ctx, page), side);
		make_sheet(ctx, lift, &sheet, page);
		lift->n_pages++;
	}
	fz_always(ctx) fz_drop_page(ctx, page);
	fz_catch(ctx) fz_rethrow(ctx);
	return is_cut;
}

void pdf_lift_save(fz_context *ctx, struct pdf_lift *lift, struct buf *out)
{
	pdf_save(ctx, lift->to, out);
}

void pdf_lift_fini(fz_context *ctx, struct pdf_lift *lift)
{
	pdf_drop_graft_map(ctx, lift->map);
	pdf_drop_document(ctx, lift->to);
	*lift = (struct pdf_lift){0};
}
