/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * JPEG 2000 by OpenJPEG, as a file (JP2) or as its bare code stream. It comes
 * as a whole, four bytes for each value, yet at half, a quarter, ... of its
 * size where that is enough.
 */
#include "render/worker/image_reader.h"

#include <errno.h>
#include <openjpeg.h>

#include "base/mem.h"
#include "render/worker/image_colour.h"

#define MAX_DECODED  25000000u /* pixels, of twelve bytes and more */
#define STREAM_BYTES (64u << 10)

struct memory {
	const uint8_t *data;
	size_t len, at;
};

struct jp2 {
	struct image_reader super; /* first: what others hold */
	struct memory memory;
	opj_stream_t *stream;
	opj_codec_t *codec;
	opj_image_t *image;
	unsigned n_resolutions;
	unsigned channels, lines; /* lines: given */
	bool alpha;
	uint8_t *packed; /* a line of them, 8 bits a channel */
	struct image_colour *colour;
};

static int damaged(struct err *err)
{
	return err_set(err, -EINVAL,
	               "cannot read the JPEG 2000 picture: it is damaged");
}

static OPJ_SIZE_T on_read(void *out, OPJ_SIZE_T size, void *arg)
{
	struct memory *memory = arg;
	size_t left = memory->len - memory->at;
	size_t n = size < left ? size : left;

	if (n == 0)
		return (OPJ_SIZE_T)-1;
	memcpy(out, memory->data + memory->at, n);
	memory->at += n;
	return n;
}

static OPJ_BOOL on_seek(OPJ_OFF_T at, void *arg)
{
	struct memory *memory = arg;

	if (at < 0 || (uint64_t)at > memory->len)
		return OPJ_FALSE;
	memory->at = (size_t)at;
	return OPJ_TRUE;
}

static OPJ_OFF_T on_skip(OPJ_OFF_T n, void *arg)
{
	struct memory *memory = arg;

	return on_seek((OPJ_OFF_T)memory->at + n, arg) ? n : -1;
}

static void jp2_free(struct image_reader *reader)
{
	struct jp2 *self = (struct jp2 *)reader;

	image_colour_free(self->colour);
	free(self->packed);
	opj_image_destroy(self->image);
	opj_destroy_codec(self->codec);
	if (self->stream)
		opj_stream_destroy(self->stream);
	free(self);
}

static uint8_t clamp(int value)
{
	return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

/* One value as 8 bits; components may be coarser than the picture. */
static uint8_t value_at(const opj_image_comp_t *c, unsigned x, unsigned y,
                        const struct jp2 *self)
{
	uint64_t cx = (uint64_t)x * c->w / self->super.width;
	uint64_t cy = (uint64_t)y * c->h / self->super.height;
	int value = c->data[cy * c->w + cx];

	if (c->sgnd)
		value += 1 << (c->prec - 1);
	return clamp(c->prec > 8 ? value >> (c->prec - 8)
	                         : value * 255 / ((1 << c->prec) - 1));
}

/* ITU-T T.871, 7 */
static void ycc_to_rgb(uint8_t *pixel)
{
	double y = pixel[0], cb = pixel[1] - 128.0, cr = pixel[2] - 128.0;

	pixel[0] = clamp((int)(y + 1.402 * cr + .5));
	pixel[1] = clamp((int)(y - .344136 * cb - .714136 * cr + .5));
	pixel[2] = clamp((int)(y + 1.772 * cb + .5));
}

static int line(struct image_reader *reader, uint8_t *pixels, struct err *err)
{
	struct jp2 *self = (struct jp2 *)reader;
	unsigned n = self->channels + self->alpha, y = self->lines++;
	bool is_ycc = self->channels == 3 &&
	              self->image->color_space == OPJ_CLRSPC_SYCC;

	for (unsigned x = 0; x < reader->width; x++) {
		uint8_t *pixel = self->packed + (size_t)x * n;

		for (unsigned c = 0; c < n; c++)
			pixel[c] = value_at(&self->image->comps[c], x, y, self);
		if (is_ycc)
			ycc_to_rgb(pixel);
	}
	image_colour_line(self->colour, self->packed, pixels);
	return 0;
}

/* What the decoder gives; it may be other than what the head said. */
static int check_image(struct jp2 *self, struct err *err)
{
	const opj_image_t *image = self->image;
	unsigned n = image->numcomps;

	bool is_cmyk = n == 4 && image->color_space == OPJ_CLRSPC_CMYK;

	/* few writers say that the last channel is the alpha one */
	self->alpha = n == 2 || (n >= 4 && !is_cmyk);
	self->channels = n < 3 ? 1 : is_cmyk ? 4 : 3;
	for (unsigned c = 0; c < self->channels + self->alpha; c++) {
		const opj_image_comp_t *comp = &image->comps[c];

		if (!comp->data || comp->w == 0 || comp->h == 0 ||
		    comp->prec == 0 || comp->prec > 31)
			return damaged(err);
	}
	return image_reader_check_size(image->comps[0].w, image->comps[0].h,
	                               err);
}

static void take_image(struct jp2 *self)
{
	struct image_colour_in in = {
		.channels = self->channels,
		.alpha = self->alpha,
		.profile = self->image->icc_profile_buf,
		.profile_len = self->image->icc_profile_len,
	};

	self->super.width = self->image->comps[0].w;
	self->super.height = self->image->comps[0].h;
	self->packed = xmalloc((size_t)self->super.width *
	                       (self->channels + self->alpha));
	self->colour =
		image_colour_new(&in, self->super.width, self->super.depth);
}

/* How often it can be halved and is as large as the paper shows it. */
static unsigned halvings(const struct jp2 *self, unsigned min_width,
                         unsigned min_height)
{
	unsigned n = 0;

	while (n + 1 < self->n_resolutions &&
	       self->super.width >> (n + 1) >= min_width &&
	       self->super.height >> (n + 1) >= min_height)
		n++;
	return n;
}

static int start(struct image_reader *reader, unsigned min_width,
                 unsigned min_height, struct err *err)
{
	struct jp2 *self = (struct jp2 *)reader;
	unsigned n = halvings(self, min_width, min_height);

	if ((uint64_t)(reader->width >> n) * (reader->height >> n) >
	    MAX_DECODED)
		return err_set(err, -EFBIG,
		               "the JPEG 2000 picture is too large");
	if (!opj_set_decoded_resolution_factor(self->codec, n) ||
	    !opj_decode(self->codec, self->stream, self->image) ||
	    self->image->numcomps == 0)
		return damaged(err);
	int r = check_image(self, err);
	if (r == 0)
		take_image(self);
	return r;
}

static void read_resolutions(struct jp2 *self)
{
	opj_codestream_info_v2_t *info = opj_get_cstr_info(self->codec);

	self->n_resolutions = 1;
	if (info && info->m_default_tile_info.tccp_info)
		self->n_resolutions =
			info->m_default_tile_info.tccp_info->numresolutions;
	opj_destroy_cstr_info(&info);
}

static int read_head(struct jp2 *self, struct err *err)
{
	bool is_bare = memcmp(self->memory.data, "\xff\x4f", 2) == 0;
	opj_dparameters_t parameters;
	const opj_image_t *image;

	self->codec =
		opj_create_decompress(is_bare ? OPJ_CODEC_J2K : OPJ_CODEC_JP2);
	self->stream = opj_stream_create(STREAM_BYTES, OPJ_TRUE);
	if (!self->codec || !self->stream)
		return damaged(err);
	opj_set_default_decoder_parameters(&parameters);
	opj_stream_set_read_function(self->stream, on_read);
	opj_stream_set_seek_function(self->stream, on_seek);
	opj_stream_set_skip_function(self->stream, on_skip);
	opj_stream_set_user_data(self->stream, &self->memory, NULL);
	opj_stream_set_user_data_length(self->stream, self->memory.len);
	if (!opj_setup_decoder(self->codec, &parameters) ||
	    !opj_read_header(self->stream, self->codec, &self->image))
		return damaged(err);
	opj_decoder_set_strict_mode(self->codec, OPJ_FALSE);
	image = self->image;
	self->super.width = image->x1 - image->x0;
	self->super.height = image->y1 - image->y0;
	read_resolutions(self);
	return image_reader_check_size(self->super.width, self->super.height,
	                               err);
}

int image_jp2_open(const void *data, size_t len, bool colour,
                   struct image_reader **out, struct err *err)
{
	struct jp2 *self = xcalloc(1, sizeof *self);
	int result;

	image_reader_init(&self->super, colour);
	self->super.start = start;
	self->super.line = line;
	self->super.free = jp2_free;
	self->memory = (struct memory){.data = data, .len = len};
	result = read_head(self, err);
	if (result < 0) {
		jp2_free(&self->super);
		return result;
	}
	*out = &self->super;
	return 0;
}
