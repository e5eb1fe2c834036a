/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_RENDER_WORKER_IMAGE_ENCODE_H
#define TESTS_UNIT_RENDER_WORKER_IMAGE_ENCODE_H

#include <gif_lib.h>
#include <lcms2.h>
#include <libheif/heif.h>
#include <tiffio.h>
#include <unistd.h>
#include <webp/encode.h>

#include "image_make.h"

/* More pictures for the tests: what image_make.h does not encode. */

static inline void put_le(struct buf *out, uint32_t value, unsigned n)
{
	for (; n > 0; n--, value >>= 8)
		buf_append(out, &(uint8_t){(uint8_t)value}, 1);
}

/* The picture as RGB or whatever make->channels says, without gaps. */
static inline uint8_t *encode_pixels(const struct image_make *make)
{
	uint8_t *pixels =
		xmalloc((size_t)make->width * make->height * make->channels);

	for (unsigned y = 0; y < make->height; y++)
		for (unsigned x = 0; x < make->width; x++)
			make->pixel(x, y,
			            pixels + (y * (size_t)make->width + x) *
			                             make->channels);
	return pixels;
}

/*
 * Red and green change places: nobody's screen, but a profile that cannot be
 * overlooked.
 */
static inline struct buf encode_swapped_profile(void)
{
	cmsCIExyY white = {0.3127, 0.3290, 1};
	cmsCIExyYTRIPLE primaries = {{0.30, 0.60, 1},
	                             {0.64, 0.33, 1},
	                             {0.15, 0.06, 1}};
	cmsToneCurve *gamma = cmsBuildGamma(NULL, 2.2);
	cmsToneCurve *curves[3] = {gamma, gamma, gamma};
	cmsHPROFILE profile = cmsCreateRGBProfile(&white, &primaries, curves);
	cmsUInt32Number len = 0;
	struct buf out = {0};

	cmsSaveProfileToMem(profile, NULL, &len);
	buf_reserve(&out, len);
	cmsSaveProfileToMem(profile, out.data, &len);
	out.len = len;
	cmsCloseProfile(profile);
	cmsFreeToneCurve(gamma);
	return out;
}

struct encode_tiff {
	uint16_t compression, photometric;
	unsigned bits;
	bool tiled, planar, alpha;
	bool real;        /* samples are numbers from 0 to 1 */
	const char *mode; /* "w": little endian, "wb", "w8" */
	unsigned orientation;
	double across, down; /* dots per inch */
	unsigned pages;
	bool preview; /* one more in front */
	struct buf profile;
};

/* Indices of the four colours, for palettes and bits. */
static inline unsigned encode_index(const uint8_t *c)
{
	return c[0] ? 0 : c[1] ? 1 : c[2] ? 2 : 3;
}

/* A sample that is all or nothing, of bits that are no bytes or many. */
static inline void encode_tiff_sample(const struct encode_tiff *tiff, size_t i,
                                      bool full, uint8_t *out)
{
	const float real = full ? 1.0f : 0.0f;

	if (tiff->real)
		memcpy(out + i * sizeof real, &real, sizeof real);
	for (size_t bit = i * tiff->bits;
	     full && !tiff->real && bit < (i + 1) * tiff->bits; bit++)
		out[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
}

/* One line as it is stored: samples of the given bits. */
static inline void encode_tiff_line(const struct encode_tiff *tiff,
                                    const uint8_t *rgb, unsigned width,
                                    int plane, uint8_t *out)
{
	memset(out, 0, (size_t)width * 12);
	for (unsigned x = 0; x < width; x++, rgb += 3) {
		uint8_t ink = rgb[0] | rgb[1] | rgb[2] ? 0 : 255;
		uint8_t inks[4] = {(uint8_t)~rgb[0], (uint8_t)~rgb[1],
		                   (uint8_t)~rgb[2], ink};
		bool dark = encode_index(rgb) >= 2;

		if (tiff->photometric == PHOTOMETRIC_PALETTE)
			out[x] = (uint8_t)encode_index(rgb);
		else if (tiff->bits == 1)
			out[x / 8] |= (uint8_t)((dark ? 0x80 : 0) >> x % 8);
		else if (tiff->photometric == PHOTOMETRIC_SEPARATED)
			memcpy(out + 4 * x, inks, 4);
		else if (plane >= 0)
			out[x] = rgb[plane];
		else if (tiff->bits == 16)
			for (unsigned c = 0; c < 6; c++)
				out[6 * x + c] = rgb[c / 2];
		else if (tiff->bits > 8)
			for (unsigned c = 0; c < 3; c++)
				encode_tiff_sample(tiff, 3 * (size_t)x + c,
				                   rgb[c] > 0, out);
		else if (tiff->alpha) {
			memcpy(out + 4 * x, rgb, 3);
			out[4 * x + 3] = dark ? 0 : 255;
		} else
			memcpy(out + 3 * x, rgb, 3);
	}
}

static inline void encode_tiff_fields(TIFF *out, const struct encode_tiff *tiff,
                                      const struct image_make *make)
{
	static uint16_t r[256] = {65535, 0, 0, 0}, g[256] = {0, 65535, 0, 0},
			b[256] = {0, 0, 65535, 0};
	uint16_t unassociated = EXTRASAMPLE_UNASSALPHA;
	unsigned samples =
		tiff->photometric == PHOTOMETRIC_SEPARATED || tiff->alpha ? 4
		: tiff->photometric == PHOTOMETRIC_RGB ||
				tiff->photometric == PHOTOMETRIC_YCBCR
			? 3
			: 1;

	TIFFSetField(out, TIFFTAG_IMAGEWIDTH, make->width);
	TIFFSetField(out, TIFFTAG_IMAGELENGTH, make->height);
	TIFFSetField(out, TIFFTAG_BITSPERSAMPLE, tiff->bits);
	TIFFSetField(out, TIFFTAG_SAMPLESPERPIXEL, samples);
	TIFFSetField(out, TIFFTAG_COMPRESSION, tiff->compression);
	TIFFSetField(out, TIFFTAG_PHOTOMETRIC, tiff->photometric);
	TIFFSetField(out, TIFFTAG_PLANARCONFIG,
	             tiff->planar ? PLANARCONFIG_SEPARATE
	                          : PLANARCONFIG_CONTIG);
	if (tiff->photometric == PHOTOMETRIC_PALETTE)
		TIFFSetField(out, TIFFTAG_COLORMAP, r, g, b);
	if (tiff->photometric == PHOTOMETRIC_YCBCR)
		TIFFSetField(out, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
	if (tiff->real)
		TIFFSetField(out, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_IEEEFP);
	if (tiff->alpha)
		TIFFSetField(out, TIFFTAG_EXTRASAMPLES, 1, &unassociated);
	if (tiff->orientation)
		TIFFSetField(out, TIFFTAG_ORIENTATION, tiff->orientation);
	if (tiff->across > 0) {
		TIFFSetField(out, TIFFTAG_XRESOLUTION, tiff->across);
		TIFFSetField(out, TIFFTAG_YRESOLUTION, tiff->down);
	}
	if (tiff->profile.len > 0)
		TIFFSetField(out, TIFFTAG_ICCPROFILE,
		             (uint32_t)tiff->profile.len, tiff->profile.data);
	if (tiff->tiled) {
		TIFFSetField(out, TIFFTAG_TILEWIDTH, 32);
		TIFFSetField(out, TIFFTAG_TILELENGTH, 16);
	} else {
		TIFFSetField(out, TIFFTAG_ROWSPERSTRIP,
		             tiff->photometric == PHOTOMETRIC_YCBCR ? 16 : 7);
	}
}

static inline void encode_tiff_tiles(TIFF *out, const struct image_make *make,
                                     const uint8_t *pixels)
{
	uint8_t tile[32 * 16 * 3];

	for (unsigned y = 0; y < make->height; y += 16) {
		for (unsigned x = 0; x < make->width; x += 32) {
			memset(tile, 0, sizeof tile);
			for (unsigned i = 0; i < 32 * 16; i++) {
				unsigned px = x + i % 32, py = y + i / 32;

				if (px < make->width && py < make->height)
					memcpy(tile + 3 * i,
					       pixels + 3 * (py * make->width +
					                     px),
					       3);
			}
			TIFFWriteTile(out, tile, x, y, 0, 0);
		}
	}
}

static inline void encode_tiff_page(TIFF *out, const struct encode_tiff *tiff,
                                    const struct image_make *make)
{
	uint8_t *pixels = encode_pixels(make);
	uint8_t *line = xmalloc((size_t)make->width * 12);

	encode_tiff_fields(out, tiff, make);
	if (tiff->tiled)
		encode_tiff_tiles(out, make, pixels);
	for (unsigned p = 0; !tiff->tiled && p < (tiff->planar ? 3 : 1); p++) {
		for (unsigned y = 0; y < make->height; y++) {
			encode_tiff_line(tiff, pixels + 3 * y * make->width,
			                 make->width,
			                 tiff->planar ? (int)p : -1, line);
			TIFFWriteScanline(out, line, y, (uint16_t)p);
		}
	}
	TIFFWriteDirectory(out);
	free(line);
	free(pixels);
}

/* makes: as many as there are pages, the preview first. */
static inline struct buf encode_tiff(const struct encode_tiff *tiff,
                                     const struct image_make *makes)
{
	FILE *file = tmpfile();
	TIFF *out = TIFFFdOpen(dup(fileno(file)), "test", tiff->mode);
	unsigned pages = tiff->pages ? tiff->pages : 1;
	struct buf bytes = {0};

	for (unsigned i = 0; i < pages; i++) {
		if (tiff->preview && i == 0)
			TIFFSetField(out, TIFFTAG_SUBFILETYPE,
			             FILETYPE_REDUCEDIMAGE);
		encode_tiff_page(out, tiff, &makes[i]);
	}
	TIFFClose(out);
	fseek(file, 0, SEEK_END);
	buf_reserve(&bytes, (size_t)ftell(file));
	bytes.len = (size_t)ftell(file);
	rewind(file);
	if (fread(bytes.data, 1, bytes.len, file) != bytes.len)
		abort();
	fclose(file);
	return bytes;
}

static inline int encode_on_gif(GifFileType *gif, const GifByteType *data,
                                int len)
{
	buf_append(gif->UserData, data, (size_t)len);
	return len;
}

struct encode_gif {
	bool interlaced;
	int transparent; /* index, or NO_TRANSPARENT_COLOR */
	unsigned left, top, canvas_width, canvas_height; /* 0: the picture's */
	bool film;                                       /* a black one more */
};

static inline void encode_gif_frame(GifFileType *gif,
                                    const struct encode_gif *how,
                                    const struct image_make *make,
                                    const uint8_t *pixels)
{
	static const unsigned rounds[5][2] = {{0, 8},
	                                      {4, 8},
	                                      {2, 4},
	                                      {1, 2},
	                                      {0, 1}};
	uint8_t line[512];

	EGifPutImageDesc(gif, (int)how->left, (int)how->top, (int)make->width,
	                 (int)make->height, how->interlaced, NULL);
	for (unsigned i = how->interlaced ? 0 : 4;
	     i < (how->interlaced ? 4u : 5u); i++)
		for (unsigned y = rounds[i][0]; y < make->height;
		     y += rounds[i][1]) {
			for (unsigned x = 0; x < make->width; x++)
				line[x] =
					pixels ? (uint8_t)encode_index(
							 pixels +
							 3 * (y * make->width +
				                              x))
					       : 3;
			EGifPutLine(gif, line, (int)make->width);
		}
}

static inline struct buf encode_gif(const struct encode_gif *how,
                                    const struct image_make *make)
{
	static const GifColorType colours[4] = {{255, 0, 0},
	                                        {0, 255, 0},
	                                        {0, 0, 255},
	                                        {0, 0, 0}};
	struct buf out = {0};
	int error;
	GifFileType *gif = EGifOpen(&out, encode_on_gif, &error);
	ColorMapObject *map = GifMakeMapObject(4, colours);
	uint8_t *pixels = encode_pixels(make);
	GraphicsControlBlock control = {.TransparentColor = how->transparent};
	uint8_t block[4];

	EGifSetGifVersion(gif, true);
	EGifPutScreenDesc(gif,
	                  (int)(how->canvas_width ? how->canvas_width
	                                          : make->width),
	                  (int)(how->canvas_height ? how->canvas_height
	                                           : make->height),
	                  2, 0, map);
	EGifGCBToExtension(&control, block);
	EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, sizeof block, block);
	encode_gif_frame(gif, how, make, pixels);
	if (how->film)
		encode_gif_frame(gif, how, make, NULL);
	EGifCloseFile(gif, &error);
	GifFreeMapObject(map);
	free(pixels);
	return out;
}

static inline void encode_chunk(struct buf *out, const char *name,
                                const void *data, size_t len)
{
	buf_append(out, name, 4);
	put_le(out, (uint32_t)len, 4);
	buf_append(out, data, len);
	if (len % 2)
		buf_append(out, "", 1);
}

/* With profile or exif it becomes an extended file. */
static inline struct buf encode_webp(const struct image_make *make,
                                     bool lossless, const struct buf *profile,
                                     const struct buf *exif)
{
	uint8_t *pixels = encode_pixels(make), *data;
	int w = (int)make->width, h = (int)make->height, depth;
	struct buf out = {0}, body = {0};
	uint8_t head[10] = {(uint8_t)((profile ? 0x20 : 0) | (exif ? 8 : 0)),
	                    0,
	                    0,
	                    0,
	                    (uint8_t)(w - 1),
	                    0,
	                    0,
	                    (uint8_t)(h - 1)};
	size_t len;

	depth = (int)make->channels;
	if (depth == 4)
		len = WebPEncodeLosslessRGBA(pixels, w, h, w * 4, &data);
	else if (lossless)
		len = WebPEncodeLosslessRGB(pixels, w, h, w * 3, &data);
	else
		len = WebPEncodeRGB(pixels, w, h, w * 3, 95, &data);
	free(pixels);
	buf_append(&body, "WEBP", 4);
	if (profile || exif)
		encode_chunk(&body, "VP8X", head, sizeof head);
	if (profile)
		encode_chunk(&body, "ICCP", profile->data, profile->len);
	buf_append(&body, data + 12, len - 12);
	if (exif)
		encode_chunk(&body, "EXIF", exif->data, exif->len);
	encode_chunk(&out, "RIFF", body.data, body.len);
	buf_fini(&body);
	WebPFree(data);
	return out;
}

static inline struct heif_error encode_on_heif(struct heif_context *context,
                                               const void *data, size_t len,
                                               void *arg)
{
	buf_append(arg, data, len);
	return (struct heif_error){heif_error_Ok, heif_suberror_Unspecified,
	                           "ok"};
}

/* x265 forgets some of its memory; that is no leak of ours. */
extern void __lsan_disable(void) __attribute__((weak));
extern void __lsan_enable(void) __attribute__((weak));

static inline struct buf encode_heif(const struct image_make *make,
                                     enum heif_compression_format format,
                                     const struct buf *profile)
{
	struct heif_context *context = heif_context_alloc();
	struct heif_writer writer = {1, encode_on_heif};
	int w = (int)make->width, h = (int)make->height, stride = 0;
	uint8_t *pixels = encode_pixels(make), *plane;
	struct heif_encoder *encoder;
	struct heif_image *image;
	struct buf out = {0};

	if (__lsan_disable)
		__lsan_disable();
	heif_context_get_encoder_for_format(context, format, &encoder);
	heif_encoder_set_lossy_quality(encoder, 95);
	heif_image_create(w, h, heif_colorspace_RGB,
	                  heif_chroma_interleaved_RGB, &image);
	heif_image_add_plane(image, heif_channel_interleaved, w, h, 8);
	plane = heif_image_get_plane(image, heif_channel_interleaved, &stride);
	for (int y = 0; y < h; y++)
		memcpy(plane + (size_t)y * (size_t)stride,
		       pixels + (size_t)y * (size_t)w * 3, (size_t)w * 3);
	if (profile)
		heif_image_set_raw_color_profile(image, "prof", profile->data,
		                                 profile->len);
	heif_context_encode_image(context, image, encoder, NULL, NULL);
	heif_context_write(context, &writer, &out);
	heif_image_release(image);
	heif_encoder_release(encoder);
	heif_context_free(context);
	if (__lsan_enable)
		__lsan_enable();
	free(pixels);
	return out;
}

struct encode_bmp {
	unsigned bits;
	unsigned code; /* compression */
	bool top_down;
	bool core; /* OS/2 1.x */
};

static inline void encode_bmp_pixel(struct buf *out, unsigned bits,
                                    const uint8_t *c)
{
	switch (bits) {
	case 8: put_le(out, encode_index(c), 1); break;
	case 16:
		put_le(out,
		       (uint32_t)(c[0] >> 3 << 11 | c[1] >> 2 << 5 | c[2] >> 3),
		       2);
		break;
	case 24: put_le(out, c[2] | c[1] << 8 | c[0] << 16, 3); break;
	default: put_le(out, c[2] | c[1] << 8 | c[0] << 16, 4); break;
	}
}

/* Two pixels a byte, or runs of one pixel; 80 and 120 need no filling up. */
static inline void encode_bmp_line(struct buf *out,
                                   const struct encode_bmp *how,
                                   const uint8_t *line, unsigned width)
{
	for (unsigned x = 0; x < width; x++) {
		unsigned index = encode_index(line + 3 * x);

		if (how->code == 1)
			put_le(out, 1 | index << 8, 2);
		else if (how->code == 2)
			put_le(out, 1 | index << 12, 2);
		else if (how->bits != 4)
			encode_bmp_pixel(out, how->bits, line + 3 * x);
		else if (x % 2)
			put_le(out,
			       encode_index(line + 3 * (x - 1)) << 4 | index,
			       1);
	}
	if (how->code == 1 || how->code == 2)
		put_le(out, 0, 2);
}

static inline struct buf encode_bmp(const struct encode_bmp *how,
                                    const struct image_make *make)
{
	static const uint8_t colours[4][4] = {{0, 0, 255},
	                                      {0, 255, 0},
	                                      {255, 0, 0},
	                                      {0, 0, 0}};
	unsigned w = make->width, h = make->height;
	unsigned masks = how->code == 3 ? 12 : 0;
	unsigned n_colours = how->bits <= 8 ? 1u << how->bits : 0;
	unsigned entry = how->core ? 3 : 4;
	unsigned head = how->core ? 12 : 40;
	uint8_t *pixels = encode_pixels(make);
	struct buf out = {0};

	buf_append(&out, "BM\0\0\0\0\0\0\0\0", 10);
	put_le(&out, 14 + head + masks + n_colours * entry, 4);
	put_le(&out, head, 4);
	put_le(&out, w, how->core ? 2 : 4);
	put_le(&out, how->top_down ? 0 - h : h, how->core ? 2 : 4);
	put_le(&out, 1, 2);
	put_le(&out, how->bits, 2);
	for (unsigned i = 0; !how->core && i < 6; i++)
		put_le(&out, i == 0 ? how->code : 0, 4);
	for (unsigned i = 0; masks && i < 3; i++)
		put_le(&out, (const uint32_t[]){0xf800, 0x07e0, 0x1f}[i], 4);
	for (unsigned i = 0; i < n_colours; i++)
		buf_append(&out, i < 4 ? colours[i] : colours[3], entry);
	for (unsigned i = 0; i < h; i++) {
		unsigned y = how->top_down ? i : h - 1 - i;

		encode_bmp_line(&out, how, pixels + (size_t)3 * w * y, w);
	}
	free(pixels);
	return out;
}

#endif
