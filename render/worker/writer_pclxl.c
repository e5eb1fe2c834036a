/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * PCL XL, class 2.0, little-endian (PCL XL Feature Reference). A strip that is
 * not white is an image; all else is white.
 *
 *   session ( data source ( page ( colour space, cursor, image )* )* )
 *
 * An operator follows its attributes, an attribute's name its value, a value
 * its type. Turning back sides is the printer's affair.
 */
#include "render/worker/writer.h"

#include "base/mem.h"
#include "render/worker/packbits.h"
#include "render/worker/paper_code.h"
#include "render/worker/strip.h"

#define UEL         "\033%-12345X"
#define STRIP_LINES 128u

enum type {
	UBYTE = 0xc0,
	UINT16 = 0xc1,
	UINT16_XY = 0xd1,
	SINT16_XY = 0xd3,
	REAL32_XY = 0xd5,
	ATTRIBUTE = 0xf8,
	DATA_LENGTH = 0xfa,
};

enum attribute {
	COLOR_SPACE = 3,
	MEDIA_SIZE = 37,
	MEDIA_SOURCE = 38,
	ORIENTATION = 40,
	CUSTOM_MEDIA_SIZE = 47,
	CUSTOM_MEDIA_SIZE_UNITS = 48,
	SIMPLEX_PAGE_MODE = 52,
	DUPLEX_PAGE_MODE = 53,
	DUPLEX_PAGE_SIDE = 54,
	POINT = 76,
	COLOR_DEPTH = 98,
	BLOCK_HEIGHT = 99,
	COLOR_MAPPING = 100,
	COMPRESS_MODE = 101,
	DESTINATION_SIZE = 103,
	SOURCE_HEIGHT = 107,
	SOURCE_WIDTH = 108,
	START_LINE = 109,
	DATA_ORG = 130,
	MEASURE = 134,
	SOURCE_TYPE = 136,
	UNITS_PER_MEASURE = 137,
	ERROR_REPORT = 143,
};

enum operator{
	BEGIN_SESSION = 0x41,
	END_SESSION = 0x42,
	BEGIN_PAGE = 0x43,
	END_PAGE = 0x44,
	OPEN_DATA_SOURCE = 0x48,
	CLOSE_DATA_SOURCE = 0x49,
	SET_COLOR_SPACE = 0x6a,
	SET_CURSOR = 0x6b,
	BEGIN_IMAGE = 0xb0,
	READ_IMAGE = 0xb1,
	END_IMAGE = 0xb2,
};

/* Values of attributes that are enumerations. */
#define INCH               0
#define NO_REPORT          0
#define DEFAULT_SOURCE     0 /* "eDefaultDataSource" */
#define LOW_BYTE_FIRST     1
#define PORTRAIT           0
#define AUTO_SELECT        1
#define HORIZONTAL_BINDING 0
#define VERTICAL_BINDING   1
#define TENTHS_OF_A_MM     2
#define GRAY               1
#define RGB                2
#define DIRECT_PIXEL       0
#define EIGHT_BIT          2
#define RUN_LENGTHS        1

struct pclxl {
	struct writer super;
	struct strip strip;
	uint8_t *padded; /* a line at a multiple of four bytes */
	struct buf code; /* of one strip */
};

static void put8(struct buf *buf, unsigned value)
{
	uint8_t byte = (uint8_t)value;

	buf_append(buf, &byte, 1);
}

static void put16(struct buf *buf, unsigned value)
{
	put8(buf, value & 0xff);
	put8(buf, value >> 8 & 0xff);
}

static void put32(struct buf *buf, uint32_t value)
{
	put16(buf, value & 0xffff);
	put16(buf, value >> 16);
}

static void put_name(struct buf *buf, enum attribute name)
{
	put8(buf, ATTRIBUTE);
	put8(buf, name);
}

static void put_byte(struct buf *buf, enum attribute name, unsigned value)
{
	put8(buf, UBYTE);
	put8(buf, value);
	put_name(buf, name);
}

static void put_word(struct buf *buf, enum attribute name, unsigned value)
{
	put8(buf, UINT16);
	put16(buf, value);
	put_name(buf, name);
}

static void put_pair(struct buf *buf, enum type type, enum attribute name,
                     unsigned x, unsigned y)
{
	put8(buf, type);
	put16(buf, x);
	put16(buf, y);
	put_name(buf, name);
}

static void put_real(struct buf *buf, float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof bits);
	put32(buf, bits);
}

static struct writer *pclxl_new(const struct page_spec *spec, unsigned width,
                                unsigned height, struct output *out)
{
	struct pclxl *self = xcalloc(1, sizeof *self);
	struct buf *buf = &out->buf;

	writer_init(&self->super, spec, width, height, out);
	strip_init(&self->strip, width, self->super.depth, STRIP_LINES, true);
	self->padded = xcalloc((size_t)width * self->super.depth + 3, 1);
	buf_puts(buf, UEL "@PJL ENTER LANGUAGE=PCLXL\r\n"
	                  ") HP-PCL XL;2;0;Comment platen\n");
	put_pair(buf, UINT16_XY, UNITS_PER_MEASURE, spec->dpi, spec->dpi);
	put_byte(buf, MEASURE, INCH);
	put_byte(buf, ERROR_REPORT, NO_REPORT);
	put8(buf, BEGIN_SESSION);
	put_byte(buf, SOURCE_TYPE, DEFAULT_SOURCE);
	put_byte(buf, DATA_ORG, LOW_BYTE_FIRST);
	put8(buf, OPEN_DATA_SOURCE);
	return &self->super;
}

static void put_media(const struct page_spec *spec, struct buf *buf)
{
	int code = paper_code_pclxl(spec->media_width, spec->media_height);

	if (code != PAPER_CODE_NONE) {
		put_byte(buf, MEDIA_SIZE, (unsigned)code);
		return;
	}
	put8(buf, REAL32_XY);
	put_real(buf, (float)spec->media_width / 10);
	put_real(buf, (float)spec->media_height / 10);
	put_name(buf, CUSTOM_MEDIA_SIZE);
	put_byte(buf, CUSTOM_MEDIA_SIZE_UNITS, TENTHS_OF_A_MM);
}

static void put_sides(const struct page_spec *spec, unsigned page,
                      struct buf *buf)
{
	if (spec->sides == SIDES_ONE) {
		put_byte(buf, SIMPLEX_PAGE_MODE, 0);
		return;
	}
	put_byte(buf, DUPLEX_PAGE_MODE,
	         spec->sides == SIDES_LONG_EDGE ? VERTICAL_BINDING
	                                        : HORIZONTAL_BINDING);
	put_byte(buf, DUPLEX_PAGE_SIDE, page % 2 == 0);
}

static int pclxl_begin(struct writer *writer, unsigned page, struct err *err)
{
	struct pclxl *self = (struct pclxl *)writer;
	struct buf *buf = &writer->out->buf;

	put_byte(buf, ORIENTATION, PORTRAIT);
	put_media(writer->spec, buf);
	put_byte(buf, MEDIA_SOURCE, AUTO_SELECT);
	put_sides(writer->spec, page, buf);
	put8(buf, BEGIN_PAGE);
	strip_begin_in(&self->strip, 0, self->super.height);
	return 0;
}

/* Run lengths never cross a line: some printers insist. */
static void encode(struct pclxl *self)
{
	const struct strip *s = &self->strip;
	size_t line_len = (size_t)s->width * s->now;
	size_t padded = (line_len + 3) / 4 * 4;
	const uint8_t *line = s->pixels;

	buf_clear(&self->code);
	for (unsigned y = 0; y < s->n_lines; y++, line += line_len) {
		memcpy(self->padded, line, line_len);
		memset(self->padded + line_len, 0xff, padded - line_len);
		buf_reserve(&self->code, packbits_bound(padded));
		self->code.len += packbits_encode(self->padded, padded,
		                                  (uint8_t *)self->code.data +
		                                          self->code.len);
	}
}

static int put_strip(void *arg, struct err *err)
{
	struct pclxl *self = arg;
	const struct strip *s = &self->strip;
	struct buf *buf = &self->super.out->buf;

	if (strip_is_white(s))
		return 0;
	encode(self);
	put_byte(buf, COLOR_SPACE, s->now == 3 ? RGB : GRAY);
	put8(buf, SET_COLOR_SPACE);
	put_pair(buf, SINT16_XY, POINT, 0, s->top);
	put8(buf, SET_CURSOR);
	put_byte(buf, COLOR_MAPPING, DIRECT_PIXEL);
	put_byte(buf, COLOR_DEPTH, EIGHT_BIT);
	put_word(buf, SOURCE_WIDTH, s->width);
	put_word(buf, SOURCE_HEIGHT, s->n_lines);
	put_pair(buf, UINT16_XY, DESTINATION_SIZE, s->width, s->n_lines);
	put8(buf, BEGIN_IMAGE);
	put_word(buf, START_LINE, 0);
	put_word(buf, BLOCK_HEIGHT, s->n_lines);
	put_byte(buf, COMPRESS_MODE, RUN_LENGTHS);
	put8(buf, READ_IMAGE);
	put8(buf, DATA_LENGTH);
	put32(buf, (uint32_t)self->code.len);
	buf_append(buf, self->code.data, self->code.len);
	put8(buf, END_IMAGE);
	return output_flow(self->super.out, err);
}

static int pclxl_lines(struct writer *writer, const struct raster_line *first,
                       size_t stride, unsigned n_lines, struct err *err)
{
	struct pclxl *self = (struct pclxl *)writer;

	return strip_add_lines(&self->strip, self->super.height, first, stride,
	                       n_lines, put_strip, self, err);
}

static int pclxl_end(struct writer *writer, struct err *err)
{
	put8(&writer->out->buf, END_PAGE);
	return 0;
}

static int pclxl_finish(struct writer *writer, unsigned pages, struct err *err)
{
	struct buf *buf = &writer->out->buf;

	put8(buf, CLOSE_DATA_SOURCE);
	put8(buf, END_SESSION);
	buf_puts(buf, UEL);
	return 0;
}

static void pclxl_free(struct writer *writer)
{
	struct pclxl *self = (struct pclxl *)writer;

	strip_fini(&self->strip);
	buf_fini(&self->code);
	free(self->padded);
	free(self);
}

const struct writer_format writer_pclxl = {
	.new = pclxl_new,
	.begin = pclxl_begin,
	.lines = pclxl_lines,
	.end = pclxl_end,
	.finish = pclxl_finish,
	.free = pclxl_free,
};
