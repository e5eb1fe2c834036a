/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * WebP by libwebp: the picture, or the first one of a film. It is decoded at
 * once, yet already at half, a quarter, ... of its size where that is enough.
 */
#include "render/worker/image_reader.h"

#include <errno.h>
#include <webp/decode.h>
#include <webp/demux.h>

#include "base/mem.h"
#include "render/worker/image_colour.h"
#include "render/worker/image_exif.h"

#define LOSSLESS 2 /* WebPBitstreamFeatures.format */

struct webp {
	struct image_reader super; /* first: what others hold */
	WebPDemuxer *demuxer;
	WebPIterator frame;
	WebPBitstreamFeatures features;
	uint8_t *pixels; /* RGB or RGBA, all of them */
	unsigned complete, lines;
	struct image_colour *colour;
};

static int damaged(VP8StatusCode why, struct err *err)
{
	const char *text = "it is damaged";

	if (why == VP8_STATUS_SUSPENDED || why == VP8_STATUS_NOT_ENOUGH_DATA)
		text = "it is cut off";
	else if (why == VP8_STATUS_OUT_OF_MEMORY)
		text = "it needs too much memory";
	return err_set(err, -EINVAL, "cannot read the WebP picture: %s", text);
}

static void webp_free(struct image_reader *reader)
{
	struct webp *self = (struct webp *)reader;

	WebPDemuxReleaseIterator(&self->frame);
	WebPDemuxDelete(self->demuxer);
	image_colour_free(self->colour);
	free(self->pixels);
	free(self);
}

static unsigned find_orientation(WebPDemuxer *demuxer)
{
	static const uint8_t head[6] = "Exif\0"; /* as some copy it from JPEG */
	unsigned orientation = 1;
	WebPChunkIterator chunk;

	if (!WebPDemuxGetChunk(demuxer, "EXIF", 1, &chunk))
		return 1;
	if (chunk.chunk.size > sizeof head &&
	    memcmp(chunk.chunk.bytes, head, sizeof head) == 0)
		orientation =
			image_exif_orientation(chunk.chunk.bytes + sizeof head,
		                               chunk.chunk.size - sizeof head);
	else
		orientation = image_exif_orientation(chunk.chunk.bytes,
		                                     chunk.chunk.size);
	WebPDemuxReleaseChunkIterator(&chunk);
	return orientation;
}

/* Leave out what the paper would not show, as image_jpeg.c does. */
static void choose_scale(struct webp *self, unsigned min_width,
                         unsigned min_height)
{
	unsigned w = self->super.width, h = self->super.height;

	while ((w + 1) / 2 >= min_width && (h + 1) / 2 >= min_height) {
		w = (w + 1) / 2;
		h = (h + 1) / 2;
	}
	self->super.width = w;
	self->super.height = h;
}

static unsigned pixel_len(const struct webp *self)
{
	return self->features.has_alpha ? 4 : 3;
}

/* What a file that is cut off still has is kept. */
static int decode(struct webp *self, WebPDecoderConfig *config, struct err *err)
{
	WebPIDecoder *decoder = WebPIDecode(NULL, 0, config);
	VP8StatusCode status = VP8_STATUS_OUT_OF_MEMORY;
	int complete = 0;

	if (decoder) {
		status = WebPIUpdate(decoder, self->frame.fragment.bytes,
		                     self->frame.fragment.size);
		WebPIDecGetRGB(decoder, &complete, NULL, NULL, NULL);
	}
	WebPIDelete(decoder);
	if (complete <= 0)
		return damaged(status, err);
	self->complete = (unsigned)complete;
	return 0;
}

static int decode_scaled(struct webp *self, struct err *err)
{
	unsigned w = self->super.width, h = self->super.height;
	size_t line_len = (size_t)w * pixel_len(self);
	WebPDecoderConfig config;

	if (!WebPInitDecoderConfig(&config))
		return damaged(VP8_STATUS_OUT_OF_MEMORY, err);
	self->pixels = xcalloc(h, line_len);
	config.options.use_scaling = (int)w != self->features.width ||
	                             (int)h != self->features.height;
	config.options.scaled_width = (int)w;
	config.options.scaled_height = (int)h;
	config.output.colorspace =
		self->features.has_alpha ? MODE_RGBA : MODE_RGB;
	config.output.is_external_memory = 1;
	config.output.u.RGBA.rgba = self->pixels;
	config.output.u.RGBA.stride = (int)line_len;
	config.output.u.RGBA.size = line_len * h;
	return decode(self, &config, err);
}

static struct image_colour *colour_of(struct webp *self)
{
	struct image_colour_in in = {.channels = 3,
	                             .alpha = self->features.has_alpha};
	WebPChunkIterator chunk = {0};
	struct image_colour *colour;

	if (WebPDemuxGetChunk(self->demuxer, "ICCP", 1, &chunk)) {
		in.profile = chunk.chunk.bytes;
		in.profile_len = chunk.chunk.size;
	}
	colour = image_colour_new(&in, self->super.width, self->super.depth);
	WebPDemuxReleaseChunkIterator(&chunk);
	return colour;
}

static int start(struct image_reader *reader, unsigned min_width,
                 unsigned min_height, struct err *err)
{
	struct webp *self = (struct webp *)reader;
	int result = 0;

	if (self->features.format == LOSSLESS)
		result = image_reader_check_held(reader->width, reader->height,
		                                 "a lossless WebP", err);
	choose_scale(self, min_width, min_height);
	if (result == 0)
		result = image_reader_check_held(reader->width, reader->height,
		                                 "a WebP", err);
	if (result < 0)
		return result;
	self->colour = colour_of(self);
	return decode_scaled(self, err);
}

static int line(struct image_reader *reader, uint8_t *pixels, struct err *err)
{
	struct webp *self = (struct webp *)reader;
	size_t line_len = (size_t)reader->width * pixel_len(self);

	if (self->lines == self->complete) {
		damaged(VP8_STATUS_NOT_ENOUGH_DATA, err);
		return IMAGE_ENDS;
	}
	image_colour_line(self->colour, self->pixels + line_len * self->lines++,
	                  pixels);
	return 0;
}

static int read_head(struct webp *self, const void *data, size_t len,
                     struct err *err)
{
	WebPData file = {data, len};
	WebPDemuxState state;
	VP8StatusCode status;

	self->demuxer = WebPDemuxPartial(&file, &state);
	if (!self->demuxer ||
	    !WebPDemuxGetFrame(self->demuxer, 1, &self->frame))
		return damaged(VP8_STATUS_BITSTREAM_ERROR, err);
	status = WebPGetFeatures(self->frame.fragment.bytes,
	                         self->frame.fragment.size, &self->features);
	if (status != VP8_STATUS_OK)
		return damaged(status, err);
	self->super.width = (unsigned)self->features.width;
	self->super.height = (unsigned)self->features.height;
	self->super.orientation = find_orientation(self->demuxer);
	return image_reader_check_size(self->super.width, self->super.height,
	                               err);
}

int image_webp_open(const void *data, size_t len, bool colour,
                    struct image_reader **out, struct err *err)
{
	struct webp *self = xcalloc(1, sizeof *self);
	int result;

	image_reader_init(&self->super, colour);
	self->super.start = start;
	self->super.line = line;
	self->super.free = webp_free;
	result = read_head(self, data, len, err);
	if (result < 0) {
		webp_free(&self->super);
		return result;
	}
	*out = &self->super;
	return 0;
}
