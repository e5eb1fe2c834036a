/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/jpeg_out.h"

#include <stdio.h>
#include <jpeglib.h>

#include "base/mem.h"

#define CHUNK (64u * 1024)

struct jpeg_out {
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	struct jpeg_destination_mgr target;
	struct buf *out; /* borrowed */
	uint8_t *rgb;    /* room for a line that comes as gray */
};

/* Writing fails for want of memory only; a full buffer is made larger. */
static void on_error(j_common_ptr common)
{
	abort();
}

static void make_room(j_compress_ptr common)
{
	struct jpeg_out *self = common->client_data;

	buf_reserve(self->out, CHUNK);
	self->target.next_output_byte =
		(uint8_t *)self->out->data + self->out->len;
	self->target.free_in_buffer = CHUNK;
}

static boolean on_full(j_compress_ptr common)
{
	struct jpeg_out *self = common->client_data;

	self->out->len += CHUNK;
	make_room(common);
	return TRUE;
}

static void on_end(j_compress_ptr common)
{
	struct jpeg_out *self = common->client_data;

	self->out->len += CHUNK - self->target.free_in_buffer;
}

/* Colour at full resolution: red letters have edges, too. */
static void set_form(struct jpeg_compress_struct *jpeg,
                     const struct jpeg_out_form *form)
{
	jpeg->image_width = form->width;
	jpeg->image_height = form->height;
	jpeg->input_components = (int)form->depth;
	jpeg->in_color_space = form->depth == 3 ? JCS_RGB : JCS_GRAYSCALE;
	jpeg_set_defaults(jpeg);
	jpeg_set_quality(jpeg, form->quality, TRUE);
	jpeg->density_unit = 1; /* dots per inch */
	jpeg->X_density = jpeg->Y_density = (UINT16)form->dpi;
	for (int i = 0; i < jpeg->num_components; i++) {
		jpeg->comp_info[i].h_samp_factor = 1;
		jpeg->comp_info[i].v_samp_factor = 1;
	}
}

struct jpeg_out *jpeg_out_new(const struct jpeg_out_form *form, struct buf *out)
{
	struct jpeg_out *self = xcalloc(1, sizeof *self);

	self->out = out;
	self->rgb = xmalloc((size_t)form->width * form->depth);
	self->jpeg.err = jpeg_std_error(&self->errors);
	self->errors.error_exit = on_error;
	jpeg_create_compress(&self->jpeg);
	self->jpeg.client_data = self;
	self->target.init_destination = make_room;
	self->target.empty_output_buffer = on_full;
	self->target.term_destination = on_end;
	self->jpeg.dest = &self->target;
	set_form(&self->jpeg, form);
	jpeg_start_compress(&self->jpeg, TRUE);
	return self;
}

void jpeg_out_line(struct jpeg_out *jpeg, const struct raster_line *line)
{
	JSAMPROW row = (JSAMPROW)line->pixels;

	if (line->depth != (unsigned)jpeg->jpeg.input_components) {
		raster_line_expand(line, jpeg->rgb);
		row = jpeg->rgb;
	}
	jpeg_write_scanlines(&jpeg->jpeg, &row, 1);
}

void jpeg_out_finish(struct jpeg_out *jpeg)
{
	jpeg_finish_compress(&jpeg->jpeg);
}

void jpeg_out_free(struct jpeg_out *jpeg)
{
	if (!jpeg)
		return;
	jpeg_destroy_compress(&jpeg->jpeg);
	free(jpeg->rgb);
	free(jpeg);
}
