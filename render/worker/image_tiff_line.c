/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/image_tiff_line.h"

#include "base/mem.h"

#define AHEAD 2 /* bytes behind a line that packed_sample() looks at */

struct image_tiff_line {
	TIFF *tiff; /* borrowed; outlives us */
	unsigned width;
	unsigned bits;    /* a sample: up to 16, 32, 64 */
	bool real;        /* it is a number from 0 to 1 */
	unsigned samples; /* of a pixel, as stored */
	unsigned used;    /* of them: colours and alpha */
	bool invert;      /* 0 is white */
	bool indexed;
	uint8_t palette[256][3];
	uint8_t *stored; /* a line */
};

static unsigned field(TIFF *tiff, uint32_t tag)
{
	uint16_t value = 0;

	TIFFGetFieldDefaulted(tiff, tag, &value);
	return value;
}

/* Colour channels of a pixel; 0: none of ours. */
static unsigned channels_of(TIFF *tiff, struct image_tiff_line *line)
{
	uint16_t photometric = 0xffff;

	if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric))
		return 0;
	line->invert = photometric == PHOTOMETRIC_MINISWHITE;
	line->indexed = photometric == PHOTOMETRIC_PALETTE;
	switch (photometric) {
	case PHOTOMETRIC_MINISWHITE:
	case PHOTOMETRIC_MINISBLACK: return 1;
	case PHOTOMETRIC_PALETTE: return line->bits <= 8 ? 1 : 0;
	case PHOTOMETRIC_RGB: return line->bits >= 8 ? 3 : 0;
	case PHOTOMETRIC_SEPARATED:
		return line->bits >= 8 && field(tiff, TIFFTAG_INKSET) ==
		                                  INKSET_CMYK
		               ? 4
		               : 0;
	case PHOTOMETRIC_YCBCR:
		/* the decoder makes RGB of it, also of fewer samples */
		if (field(tiff, TIFFTAG_COMPRESSION) != COMPRESSION_JPEG ||
		    line->bits != 8)
			return 0;
		return TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE,
		                    JPEGCOLORMODE_RGB)
		               ? 3
		               : 0;
	default: return 0;
	}
}

/*
 * What comes after the colours: alpha, to be used; alpha that is multiplied
 * into them already, not ours (false); anything else, to be passed over.
 */
static bool choose_alpha(TIFF *tiff, unsigned channels,
                         struct image_tiff_line *line,
                         struct image_colour_in *in)
{
	uint16_t n = 0, *kinds = NULL;

	line->used = channels;
	if (line->samples < channels)
		return false;
	TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &n, &kinds);
	if (line->samples == channels || n == 0)
		return true;
	if (kinds[0] == EXTRASAMPLE_UNASSALPHA && !line->indexed) {
		in->alpha = true;
		line->used++;
	}
	return kinds[0] != EXTRASAMPLE_ASSOCALPHA;
}

/* Entries have 16 bits; some programs write 8 into them. */
static bool read_palette(TIFF *tiff, struct image_tiff_line *line)
{
	unsigned n = 1u << line->bits, shift = 0;
	uint16_t *maps[3];

	if (!TIFFGetField(tiff, TIFFTAG_COLORMAP, &maps[0], &maps[1], &maps[2]))
		return false;
	for (unsigned c = 0; c < 3; c++)
		for (unsigned i = 0; i < n; i++)
			shift = maps[c][i] > 255 ? 8 : shift;
	for (unsigned c = 0; c < 3; c++)
		for (unsigned i = 0; i < n; i++)
			line->palette[i][c] = (uint8_t)(maps[c][i] >> shift);
	return true;
}

static bool is_number(TIFF *tiff, const struct image_tiff_line *line)
{
	unsigned format = field(tiff, TIFFTAG_SAMPLEFORMAT);
	unsigned bits = line->bits;

	if (line->real)
		return bits == 32 || bits == 64;
	return (format == SAMPLEFORMAT_UINT || format == SAMPLEFORMAT_VOID) &&
	       ((bits >= 1 && bits <= 16) || bits == 32);
}

static bool is_simple(TIFF *tiff, const struct image_tiff_line *line)
{
	return !TIFFIsTiled(tiff) &&
	       field(tiff, TIFFTAG_PLANARCONFIG) == PLANARCONFIG_CONTIG &&
	       is_number(tiff, line) &&
	       field(tiff, TIFFTAG_COMPRESSION) != COMPRESSION_OJPEG;
}

struct image_tiff_line *image_tiff_line_new(TIFF *tiff, unsigned width,
                                            struct image_colour_in *in)
{
	struct image_tiff_line *line CLEANUP(image_tiff_line_free) =
		xcalloc(1, sizeof *line);
	size_t needed;

	line->tiff = tiff;
	line->width = width;
	line->bits = field(tiff, TIFFTAG_BITSPERSAMPLE);
	line->real = field(tiff, TIFFTAG_SAMPLEFORMAT) == SAMPLEFORMAT_IEEEFP;
	line->samples = field(tiff, TIFFTAG_SAMPLESPERPIXEL);
	*in = (struct image_colour_in){0};
	if (!is_simple(tiff, line))
		return NULL;
	in->channels = channels_of(tiff, line);
	if (in->channels == 0 || !choose_alpha(tiff, in->channels, line, in) ||
	    (line->indexed && !read_palette(tiff, line)))
		return NULL;
	if (line->indexed)
		in->channels = 3;
	needed = ((size_t)width * line->samples * line->bits + 7) / 8;
	if (TIFFScanlineSize64(tiff) < needed)
		return NULL;
	line->stored = xcalloc(1, (size_t)TIFFScanlineSize64(tiff) + AHEAD);
	return TAKE(line);
}

void image_tiff_line_free(struct image_tiff_line *line)
{
	if (!line)
		return;
	free(line->stored);
	free(line);
}

/* Sample i of the line, of at most 16 bits, not yet stretched to 8. */
static unsigned packed_sample(const struct image_tiff_line *line, size_t i)
{
	size_t bit = i * line->bits;
	const uint8_t *at = line->stored + bit / 8;
	unsigned window = (unsigned)at[0] << 16 | (unsigned)at[1] << 8 | at[2];

	return window >> (24 - line->bits - bit % 8) & ((1u << line->bits) - 1);
}

static void unpack_packed(const struct image_tiff_line *line, uint8_t *out)
{
	unsigned max = (1u << line->bits) - 1;

	for (size_t x = 0; x < line->width; x++)
		for (unsigned c = 0; c < line->used; c++)
			*out++ =
				(uint8_t)(packed_sample(line,
			                                x * line->samples + c) *
			                  255 / max);
}

static void unpack_bytes(const struct image_tiff_line *line, uint8_t *out)
{
	const uint8_t *in = line->stored;

	for (unsigned x = 0; x < line->width; x++, in += line->samples)
		for (unsigned c = 0; c < line->used; c++)
			*out++ = in[c];
}

static uint8_t of_real(double value)
{
	/* written so that NaN is black */
	return value >= 1 ? 255 : value > 0 ? (uint8_t)(value * 255) : 0;
}

/* Sample i; libtiff has put it into this machine's order. */
static uint8_t wide_sample(const struct image_tiff_line *line, size_t i)
{
	union {
		uint16_t word;
		uint32_t double_word;
		float real;
		double long_real;
	} value;

	memcpy(&value, line->stored + i * (line->bits / 8), line->bits / 8);
	if (line->real)
		return of_real(line->bits == 32 ? (double)value.real
		                                : value.long_real);
	return (uint8_t)(line->bits == 32 ? value.double_word >> 24
	                                  : value.word >> 8);
}

static void unpack_wide(const struct image_tiff_line *line, uint8_t *out)
{
	for (size_t x = 0; x < line->width; x++)
		for (unsigned c = 0; c < line->used; c++)
			*out++ = wide_sample(line, x * line->samples + c);
}

static void look_up(const struct image_tiff_line *line, uint8_t *out)
{
	for (size_t x = 0; x < line->width; x++)
		memcpy(out + 3 * x,
		       line->palette[packed_sample(line, x * line->samples)],
		       3);
}

bool image_tiff_line_read(struct image_tiff_line *line, unsigned y,
                          uint8_t *out)
{
	if (TIFFReadScanline(line->tiff, line->stored, y, 0) < 0)
		return false;
	if (line->indexed)
		look_up(line, out);
	else if (line->bits == 8)
		unpack_bytes(line, out);
	else if (line->bits < 16)
		unpack_packed(line, out);
	else
		unpack_wide(line, out);
	for (size_t i = 0; line->invert && i < line->width; i++)
		out[i * line->used] = (uint8_t)~out[i * line->used];
	return true;
}
