/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Damaged pictures of every kind: pages, or a sentence.
 *
 * Input: a byte for the paper, a byte for the kind. Kind 255: the rest is the
 * file. Else the rest are edits, four bytes each, of a good file of that kind:
 * where (two bytes), how, and with what; so that decoders are reached without
 * a corpus. SVG is librsvg's alone and is not damaged here.
 */
#include "../unit/render_worker/image_encode.h"
#include "base/mem.h"
#include "render/worker/image_kind.h"
#include "render/worker/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Decoding a hundred megapixels says no more than decoding one. */
#define MOST_PIXELS 1000000u
#define N_GOOD      14

static void stripes(unsigned x, unsigned y, uint8_t *c)
{
	for (unsigned i = 0; i < 3; i++)
		c[i] = (x + y * i) / 4 % 2 ? 255 : 0;
}

static const struct image_make picture = {.width = 40,
                                          .height = 30,
                                          .pixel = stripes,
                                          .channels = 3,
                                          .space = JCS_RGB,
                                          .orientation = 6,
                                          .png_type = PNG_COLOR_TYPE_RGB,
                                          .png_bits = 8};

static struct buf good_tiff(unsigned which)
{
	struct encode_tiff tiff = {.compression = COMPRESSION_LZW,
	                           .photometric = PHOTOMETRIC_RGB,
	                           .bits = 8,
	                           .mode = "w",
	                           .pages = 2};
	struct image_make makes[2] = {picture, picture};

	if (which == 1) {
		tiff.compression = COMPRESSION_CCITTFAX4;
		tiff.photometric = PHOTOMETRIC_MINISWHITE;
		tiff.bits = 1;
	} else if (which == 2) {
		tiff.tiled = true;
		tiff.mode = "wb";
	} else if (which == 3) {
		tiff.compression = COMPRESSION_JPEG;
		tiff.photometric = PHOTOMETRIC_YCBCR;
	}
	return encode_tiff(&tiff, makes);
}

static struct buf good_file(unsigned kind)
{
	struct encode_gif gif = {.interlaced = kind == 3, .film = true};
	struct encode_bmp bmp = {.bits = kind == 4 ? 24 : 8,
	                         .code = kind == 4 ? 0 : 1};
	struct buf profile = encode_swapped_profile(), out;
	struct image_make make = picture;

	make.profile = &profile;
	make.progressive = make.interlaced = kind == 13;
	switch (kind) {
	case 0: out = image_make_jpeg(&make); break;
	case 1: out = image_make_png(&make); break;
	case 2:
	case 3: out = encode_gif(&gif, &make); break;
	case 4:
	case 5: out = encode_bmp(&bmp, &make); break;
	case 6: out = encode_webp(&make, false, &profile, NULL); break;
	case 7: out = encode_webp(&make, true, NULL, &profile); break;
	case 8: out = encode_heif(&make, heif_compression_HEVC, NULL); break;
	case 9:
	case 10:
	case 11:
	case 12: out = good_tiff(kind - 9); break;
	default: out = image_make_png(&make);
	}
	buf_fini(&profile);
	return out;
}

static void edit(struct buf *file, const uint8_t *data)
{
	size_t at = (data[0] * 256u + data[1]) % file->len;

	switch (data[2] % 4) {
	case 0: file->data[at] = (char)data[3]; break;
	case 1: file->data[at] ^= (char)(1 << data[3] % 8); break;
	case 2: file->len = at + 1; break;
	default:
		if (at + 1 < file->len)
			memmove(file->data + at, file->data + at + 1,
			        file->len - at - 1);
	}
}

static struct buf file_of(unsigned kind, const uint8_t *data, size_t len)
{
	static struct buf good[N_GOOD];
	const struct buf *from = &good[kind % N_GOOD];
	struct buf file = {0};

	for (unsigned i = 0; i < N_GOOD && !good[N_GOOD - 1].len; i++)
		good[i] = good_file(i);
	if (kind == 255) {
		buf_append(&file, data, len);
		return file;
	}
	buf_append(&file, from->data, from->len);
	for (; len >= 4; len -= 4, data += 4)
		edit(&file, data);
	return file;
}

static int on_write(const void *data, size_t len, void *arg)
{
	return 0;
}

static bool is_small(const struct buf *file, const struct image_kind *kind)
{
	struct image_reader *reader = NULL;
	bool small;

	if (kind->open(file->data, file->len, true, &reader, NULL) < 0)
		return true; /* which image_render() is to say again */
	small = (uint64_t)reader->width * reader->height <= MOST_PIXELS;
	image_reader_free(reader);
	return small;
}

static void print(uint8_t bits, const struct buf *file)
{
	/* 254 dpi: a pixel is 10 units */
	struct page_spec spec = {
		.colour = bits & 1,
		.dpi = 254,
		.media = "fuzz",
		.media_width = 300 + (bits & 2) * 300,
		.media_height = 400,
		.scaling = bits >> 2 & 3,
		.max_pages = 3,
		.max_bytes = 1 << 20,
	};
	struct raster *raster = raster_new(&spec, on_write, NULL, NULL);
	struct err err = {0};

	if (image_render(file->data, file->len, &spec, raster, &err) < 0 &&
	    !err.text[0])
		abort();
	raster_finish(raster, NULL);
	raster_free(raster);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct image_kind *kind;
	struct buf file;

	if (len < 2)
		return 0;
	file = file_of(data[1], data + 2, len - 2);
	kind = image_kind_of(file.data, file.len);
	if (kind && kind->open && is_small(&file, kind))
		print(data[0], &file);
	buf_fini(&file);
	return 0;
}
