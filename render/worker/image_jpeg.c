/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * JPEG by libjpeg-turbo. Its errors are long jumps; each function here that
 * calls it sets the mark anew, so nothing jumps past a frame of ours.
 */
#include "render/worker/image_reader.h"

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <jpeglib.h>
#include <jerror.h>

#include "base/mem.h"
#include "render/worker/image_colour.h"
#include "render/worker/image_exif.h"

#define MEMORY_BYTES (256l << 20)
#define MAX_SCANS    100 /* a progressive file may repeat itself for ever */
#define EXIF_MARKER  (JPEG_APP0 + 1)
#define ICC_MARKER   (JPEG_APP0 + 2)

struct jpeg {
	struct image_reader super; /* first: what others hold */
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	struct jpeg_progress_mgr progress;
	jmp_buf mark;
	char message[JMSG_LENGTH_MAX]; /* why we jumped */
	bool cut;                      /* the data came to an early end */
	JOCTET *profile;               /* ICC, or NULL */
	unsigned profile_len;
	struct image_colour *colour; /* NULL: the lines are what is wanted */
	uint8_t *stored;             /* a line for it */
};

static void on_error(j_common_ptr common)
{
	struct jpeg *self = common->client_data;

	common->err->format_message(common, self->message);
	longjmp(self->mark, 1);
}

static void on_message(j_common_ptr common, int level)
{
	struct jpeg *self = common->client_data;

	if (level < 0 && common->err->msg_code == JWRN_JPEG_EOF)
		self->cut = true;
}

static void on_progress(j_common_ptr common)
{
	struct jpeg *self = common->client_data;

	if (self->jpeg.input_scan_number > MAX_SCANS) {
		snprintf(self->message, sizeof self->message,
		         "more than %d scans", MAX_SCANS);
		longjmp(self->mark, 1);
	}
}

static int damaged(struct jpeg *self, struct err *err)
{
	return err_set(err, -EINVAL, "cannot read the JPEG picture: %s",
	               self->message);
}

static void cut_off(struct err *err)
{
	err_set(err, -EINVAL, "cannot read the JPEG picture: it is cut off");
}

static void jpeg_free(struct image_reader *reader)
{
	struct jpeg *self = (struct jpeg *)reader;

	jpeg_destroy_decompress(&self->jpeg);
	image_colour_free(self->colour);
	free(self->profile);
	free(self->stored);
	free(self);
}

static unsigned find_orientation(struct jpeg *self)
{
	static const uint8_t head[6] = "Exif\0";

	for (jpeg_saved_marker_ptr m = self->jpeg.marker_list; m; m = m->next) {
		if (m->marker == EXIF_MARKER && m->data_length > sizeof head &&
		    memcmp(m->data, head, sizeof head) == 0)
			return image_exif_orientation(m->data + sizeof head,
			                              m->data_length -
			                                      sizeof head);
	}
	return 1;
}

static bool has_inks(const struct jpeg *self)
{
	return self->jpeg.jpeg_color_space == JCS_CMYK ||
	       self->jpeg.jpeg_color_space == JCS_YCCK;
}

static bool is_light(const struct jpeg *self)
{
	return self->super.inks == IMAGE_INKS_BY_MARKER
	               ? self->jpeg.saw_Adobe_marker
	               : self->super.inks == IMAGE_INKS_LIGHT;
}

/*
 * Leave out what the paper would not show. Only halves: libjpeg-turbo has fast
 * code for 1/2, 1/4 and 1/8; what lies between takes longer than all of it.
 */
static void choose_scale(struct jpeg_decompress_struct *jpeg,
                         unsigned min_width, unsigned min_height)
{
	jpeg->scale_num = 1;
	for (jpeg->scale_denom = 8; jpeg->scale_denom > 1;
	     jpeg->scale_denom /= 2) {
		jpeg_calc_output_dimensions(jpeg);
		if (jpeg->output_width >= min_width &&
		    jpeg->output_height >= min_height)
			break;
	}
	jpeg_calc_output_dimensions(jpeg);
}

/*
 * libjpeg makes RGB, or gray of YCbCr, itself and fast; what it cannot do is
 * inks and profiles.
 */
static void choose_colour(struct jpeg *self)
{
	bool is_gray = self->jpeg.jpeg_color_space == JCS_GRAYSCALE;
	struct image_colour_in in = {
		.channels = has_inks(self) ? 4
	                    : is_gray      ? 1
	                                   : 3,
		.light = is_light(self),
		.profile = self->profile,
		.profile_len = self->profile_len,
	};
	struct image_colour *colour CLEANUP(image_colour_free) =
		image_colour_new(&in, self->super.width, self->super.depth);

	if (in.channels != 4 && !image_colour_has_profile(colour)) {
		self->jpeg.out_color_space =
			self->super.depth == 3 ? JCS_RGB : JCS_GRAYSCALE;
		return;
	}
	self->jpeg.out_color_space = in.channels == 4   ? JCS_CMYK
	                             : in.channels == 3 ? JCS_RGB
	                                                : JCS_GRAYSCALE;
	self->stored = xmalloc((size_t)self->super.width * in.channels);
	self->colour = TAKE(colour);
}

static int start(struct image_reader *reader, unsigned min_width,
                 unsigned min_height, struct err *err)
{
	struct jpeg *self = (struct jpeg *)reader;

	if (setjmp(self->mark))
		return damaged(self, err);
	choose_scale(&self->jpeg, min_width, min_height);
	reader->width = self->jpeg.output_width;
	reader->height = self->jpeg.output_height;
	choose_colour(self);
	jpeg_start_decompress(&self->jpeg);
	/* the parts of a progressive file that are there cover all of it */
	reader->is_cut = self->cut;
	if (self->cut)
		cut_off(err);
	self->cut = false;
	return 0;
}

static int read_row(struct jpeg *self, JSAMPROW row, struct err *err)
{
	if (setjmp(self->mark)) {
		damaged(self, err);
		return IMAGE_ENDS;
	}
	jpeg_read_scanlines(&self->jpeg, &row, 1);
	if (!self->cut)
		return 0;
	cut_off(err);
	return IMAGE_ENDS;
}

static int line(struct image_reader *reader, uint8_t *pixels, struct err *err)
{
	struct jpeg *self = (struct jpeg *)reader;
	int result = read_row(self, self->stored ? self->stored : pixels, err);

	if (result == 0 && self->colour)
		image_colour_line(self->colour, self->stored, pixels);
	return result;
}

static int read_head(struct jpeg *self, const void *data, size_t len,
                     struct err *err)
{
	self->jpeg.err = jpeg_std_error(&self->errors);
	self->jpeg.client_data = self;
	self->errors.error_exit = on_error;
	self->errors.emit_message = on_message;
	if (setjmp(self->mark))
		return damaged(self, err);
	jpeg_create_decompress(&self->jpeg);
	self->jpeg.mem->max_memory_to_use = MEMORY_BYTES;
	self->progress.progress_monitor = on_progress;
	self->jpeg.progress = &self->progress;
	jpeg_mem_src(&self->jpeg, data, len);
	jpeg_save_markers(&self->jpeg, EXIF_MARKER, 0xffff);
	jpeg_save_markers(&self->jpeg, ICC_MARKER, 0xffff);
	jpeg_read_header(&self->jpeg, TRUE);
	jpeg_read_icc_profile(&self->jpeg, &self->profile, &self->profile_len);
	return image_reader_check_size(self->jpeg.image_width,
	                               self->jpeg.image_height, err);
}

int image_jpeg_open(const void *data, size_t len, bool colour,
                    struct image_reader **out, struct err *err)
{
	struct jpeg *self = xcalloc(1, sizeof *self);
	int result;

	image_reader_init(&self->super, colour);
	self->super.start = start;
	self->super.line = line;
	self->super.free = jpeg_free;
	result = read_head(self, data, len, err);
	if (result < 0) {
		jpeg_free(&self->super);
		return result;
	}
	self->super.width = self->jpeg.image_width;
	self->super.height = self->jpeg.image_height;
	self->super.orientation = find_orientation(self);
	*out = &self->super;
	return 0;
}
