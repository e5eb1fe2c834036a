/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_poppler.h"

#include <errno.h>

#include <poppler.h>

#include "base/mem.h"
#include "render/worker/geometry.h"

/*
 * Poppler cannot draw a part of a page without reading all of it again, so the
 * page is recorded once, at the size it prints, and played back band by band.
 */
#define BAND_BYTES      (16u << 20)
#define POINTS_PER_INCH 72.0

struct pdf_poppler {
	PopplerDocument *doc; /* owned */
	guint messages;       /* the handler of what it says */
};

/* What a document makes Poppler say is no line of our log. */
static void on_message(const gchar *domain, GLogLevelFlags level,
                       const gchar *message, gpointer arg)
{
	if (arg)
		pdf_faults_hear(arg, message);
}

static int explain(const GError *error, struct err *err)
{
	if (g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED))
		return err_set(err, -EACCES, "it is protected by a password");
	return err_set(err, -EINVAL, "cannot read the PDF: %s", error->message);
}

/*
 * Poppler 22.12 breaks at a wrong password in
 * poppler_document_new_from_bytes(), but not where it reads from a stream.
 */
static PopplerDocument *open_bytes(GBytes *bytes, const char *password,
                                   GError **error)
{
	GInputStream *stream = g_memory_input_stream_new_from_bytes(bytes);
	PopplerDocument *doc =
		poppler_document_new_from_stream(stream,
	                                         (goffset)g_bytes_get_size(
							 bytes),
	                                         password, NULL, error);

	g_object_unref(stream);
	return doc;
}

int pdf_poppler_open(const void *data, size_t len, const char *password,
                     struct pdf_faults *faults, struct pdf_poppler **out,
                     struct err *err)
{
	GBytes *bytes = g_bytes_new_static(data, len);
	GError *error = NULL;
	PopplerDocument *doc;
	guint messages = g_log_set_handler("Poppler", G_LOG_LEVEL_MASK,
	                                   on_message, faults);

	doc = password ? open_bytes(bytes, password, &error)
	               : poppler_document_new_from_bytes(bytes, NULL, &error);
	g_bytes_unref(bytes);
	if (!doc) {
		int result = explain(error, err);

		g_log_remove_handler("Poppler", messages);
		g_error_free(error);
		return result;
	}
	*out = xcalloc(1, sizeof **out);
	(*out)->doc = doc;
	(*out)->messages = messages;
	return 0;
}

int pdf_poppler_pages(const struct pdf_poppler *poppler)
{
	return poppler_document_get_n_pages(poppler->doc);
}

/* From the page's points to the pixels of the box. */
static cairo_matrix_t page_matrix(double width,
                                  const struct geometry_place *place)
{
	double s = place->scale;
	cairo_matrix_t m;

	if (place->turn) /* (x, y) -> (y, width - x) */
		cairo_matrix_init(&m, 0, -s, s, 0, 0, width * s);
	else
		cairo_matrix_init_scale(&m, s, s);
	m.x0 -= place->left;
	m.y0 -= place->top;
	return m;
}

static cairo_surface_t *record(PopplerPage *page, double width, double unit,
                               const struct geometry_place *place)
{
	const cairo_rectangle_t extents = {0, 0, place->box.width,
	                                   place->box.height};
	cairo_surface_t *recording =
		cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA,
	                                       &extents);
	cairo_t *cr = cairo_create(recording);
	cairo_matrix_t matrix = page_matrix(width, place);

	cairo_transform(cr, &matrix);
	cairo_scale(cr, unit, unit);
	poppler_page_render_for_printing(page, cr);
	cairo_destroy(cr);
	return recording;
}

/*
 * Black ink alone is what text is made of. On a press it is not quite black,
 * and Poppler shows that; on paper of an office it must be nothing but black,
 * or every letter gets a coloured seam.
 */
static uint32_t pure_black(uint32_t rgb)
{
	return (rgb & 0xffffff) == 0x231f20 ? 0 : rgb;
}

static void put_rgb(uint8_t *out, const uint32_t *rgb, unsigned width)
{
	for (unsigned x = 0; x < width; x++, out += 3) {
		uint32_t pixel = pure_black(rgb[x]);

		out[0] = (uint8_t)(pixel >> 16);
		out[1] = (uint8_t)(pixel >> 8);
		out[2] = (uint8_t)pixel;
	}
}

/* Luma of ITU-R BT.601, in 1/256. */
static void put_gray(uint8_t *out, const uint32_t *rgb, unsigned width)
{
	for (unsigned x = 0; x < width; x++) {
		uint32_t pixel = pure_black(rgb[x]);

		out[x] = (uint8_t)((77 * (pixel >> 16 & 255) +
		                    150 * (pixel >> 8 & 255) +
		                    29 * (pixel & 255)) >>
		                   8);
	}
}

/* One page being played back. */
struct playback {
	cairo_surface_t *recording;
	cairo_surface_t *band; /* ARGB32, `lines` high */
	const struct geometry_box *box;
	unsigned lines;
	unsigned depth;
	uint8_t *line; /* of the raster, white beside the box */
	struct raster *raster;
};

/*
 * A page is a group of its own, which is laid on the paper when it is done (ISO
 * 32000-2, 11.4.7): what it blends does not blend with the paper.
 */
static int play_band(const struct playback *play, unsigned top, struct err *err)
{
	cairo_t *cr = cairo_create(play->band);
	cairo_status_t status;

	cairo_set_operator(cr, CAIRO_OPERATOR_CLEAR);
	cairo_paint(cr);
	cairo_set_operator(cr, CAIRO_OPERATOR_OVER);
	cairo_set_source_surface(cr, play->recording, 0, -(double)top);
	cairo_paint(cr);
	cairo_set_operator(cr, CAIRO_OPERATOR_DEST_OVER);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	status = cairo_status(cr);
	cairo_destroy(cr);
	cairo_surface_flush(play->band);
	if (status != CAIRO_STATUS_SUCCESS)
		return err_set(err, -EINVAL,
		               "cannot draw a page of the PDF: %s",
		               cairo_status_to_string(status));
	return 0;
}

static int give_lines(const struct playback *play, unsigned n, struct err *err)
{
	const uint8_t *row = cairo_image_surface_get_data(play->band);
	int stride = cairo_image_surface_get_stride(play->band);
	uint8_t *at = play->line + (size_t)play->box->x * play->depth;

	for (unsigned y = 0; y < n; y++, row += stride) {
		const uint32_t *rgb = (const uint32_t *)(const void *)row;
		int result;

		if (play->depth == 3)
			put_rgb(at, rgb, play->box->width);
		else
			put_gray(at, rgb, play->box->width);
		result = raster_page_lines(play->raster, play->line, 0, 1, err);
		if (result < 0)
			return result;
	}
	return 0;
}

/* White to the box's top, then the box from the line that progress names. */
static int play_page(struct playback *play, struct pdf_progress *progress,
                     struct err *err)
{
	int result = 0;

	if (!progress->begun) {
		result = raster_page_begin(play->raster, err);
		progress->begun = result == 0;
		if (result == 0)
			result = raster_page_lines(play->raster, play->line, 0,
			                           play->box->y, err);
	}
	while (result == 0 && progress->lines < play->box->height) {
		unsigned left = play->box->height - progress->lines;
		unsigned n = left < play->lines ? left : play->lines;

		result = play_band(play, progress->lines, err);
		if (result == 0)
			result = give_lines(play, n, err);
		if (result == 0)
			progress->lines += n;
	}
	return result;
}

static int draw(PopplerPage *page, const struct page_spec *spec,
                struct raster *raster, struct pdf_progress *progress,
                struct err *err)
{
	struct geometry_source source = {.natural =
	                                         spec->dpi / POINTS_PER_INCH};
	const struct geometry_place *place = &progress->place;
	struct playback play = {
		.box = &place->box,
		.depth = spec->colour ? 3 : 1,
		.raster = raster,
	};
	size_t line_len = (size_t)raster_width(raster) * play.depth;
	double unit = progress->user_unit > 0 ? progress->user_unit : 1;
	int result;

	poppler_page_get_size(page, &source.width, &source.height);
	source.width *= unit;
	source.height *= unit;
	/* written so that NaN fails */
	if (!(source.width >= 1 && source.height >= 1 && source.width < 1e6 &&
	      source.height < 1e6))
		return err_set(err, -EINVAL,
		               "a page of the PDF has no usable size");
	if (!progress->begun)
		progress->place = raster_place(raster, spec, &source);
	play.lines = BAND_BYTES / 4 / place->box.width;
	if (play.lines > place->box.height)
		play.lines = place->box.height;
	play.line = xmalloc(line_len);
	memset(play.line, 0xff, line_len);
	play.recording = record(page, source.width, unit, place);
	play.band = cairo_image_surface_create(CAIRO_FORMAT_ARGB32,
	                                       (int)place->box.width,
	                                       (int)play.lines);
	result = play_page(&play, progress, err);
	cairo_surface_destroy(play.band);
	cairo_surface_destroy(play.recording);
	free(play.line);
	return result;
}

int pdf_poppler_draw(struct pdf_poppler *poppler, int number,
                     const struct page_spec *spec, struct raster *raster,
                     struct pdf_progress *progress, struct err *err)
{
	PopplerPage *page =
		number < pdf_poppler_pages(poppler)
			? poppler_document_get_page(poppler->doc, number)
			: NULL;
	int result;

	if (!page)
		return err_set(err, -EINVAL, "cannot read page %d of the PDF",
		               number + 1);
	result = draw(page, spec, raster, progress, err);
	g_object_unref(page);
	return result;
}

void pdf_poppler_free(struct pdf_poppler *poppler)
{
	if (!poppler)
		return;
	g_object_unref(poppler->doc);
	g_log_remove_handler("Poppler", poppler->messages);
	free(poppler);
}
