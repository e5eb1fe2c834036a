/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Small files that claim to be large, and chains that do not end. */
#include <endian.h>
#include <errno.h>
#include <zlib.h>

#include "image_check.h"
#include "image_encode.h"
#include "tests/unit/check_run.h"

#define TOO_LARGE(size)                                                        \
	"a picture of " size                                                   \
	" pixels is too large; at most 100 million are printed: send it smaller"

static void check_too_large(struct buf picture, const char *sentence)
{
	check_refused(picture, -EFBIG, sentence);
}

START_TEST(test_a_huge_gif_canvas_is_refused)
{
	struct encode_gif how = {.transparent = NO_TRANSPARENT_COLOR,
	                         .canvas_width = 65000,
	                         .canvas_height = 60000};

	check_too_large(encode_gif(&how, &high), TOO_LARGE("65000 x 60000"));
}
END_TEST

START_TEST(test_a_huge_gif_frame_is_refused)
{
	struct encode_gif how = {.transparent = NO_TRANSPARENT_COLOR};
	struct buf gif = encode_gif(&how, &high);
	/* the image descriptor: its mark, then left, top, width, height */
	uint8_t *frame =
		memmem(gif.data, gif.len, "\x2c\0\0\0\0\x50\0\x78\0", 9);

	ck_assert_ptr_nonnull(frame);
	frame[6] = frame[8] = 0xf0;
	check_too_large(gif, TOO_LARGE("61520 x 61560"));
}
END_TEST

START_TEST(test_a_huge_bmp_is_refused)
{
	struct encode_bmp how = {.bits = 24};
	struct buf bmp = encode_bmp(&how, &high);
	uint32_t size[2] = {htole32(60000), htole32(60000)};

	memcpy(bmp.data + 18, size, sizeof size);
	check_too_large(bmp, TOO_LARGE("60000 x 60000"));
}
END_TEST

START_TEST(test_a_compressed_bmp_that_would_be_held_is_refused)
{
	struct encode_bmp how = {.bits = 8, .code = 1};
	struct buf bmp = encode_bmp(&how, &high);
	uint32_t size[2] = {htole32(9000), htole32(9000)};

	memcpy(bmp.data + 18, size, sizeof size);
	check_too_large(
		bmp,
		"a compressed BMP picture of 9000 x 9000 pixels is too large: send it smaller");
}
END_TEST

START_TEST(test_a_huge_webp_is_refused)
{
	static const char vp8l[] = "\x2f\xff\xff\xff\x0f\0\0\0\0\0";
	struct buf body = {0}, webp = {0};

	buf_append(&body, "WEBP", 4);
	encode_chunk(&body, "VP8L", vp8l, sizeof vp8l - 1);
	encode_chunk(&webp, "RIFF", body.data, body.len);
	buf_fini(&body);
	check_too_large(webp, TOO_LARGE("16384 x 16384"));
}
END_TEST

START_TEST(test_a_huge_heic_canvas_is_refused)
{
	struct buf heic = encode_heif(&high, heif_compression_HEVC, NULL);
	char *ispe = memmem(heic.data, heic.len, "ispe", 4);
	uint32_t size[2] = {htobe32(30000), htobe32(30000)};

	ck_assert_ptr_nonnull(ispe);
	memcpy(ispe + 8, size, sizeof size);
	check_too_large(heic, TOO_LARGE("30000 x 30000"));
}
END_TEST

static void put_entry(struct buf *out, unsigned tag, uint32_t value)
{
	put_le(out, tag, 2);
	put_le(out, 4, 2); /* LONG */
	put_le(out, 1, 4);
	put_le(out, value, 4);
}

/* n directories, the last of which points to `end`. */
static struct buf chain(unsigned n, uint32_t side, uint32_t end)
{
	struct buf out = {0};

	buf_append(&out, "II*\0\x08\0\0\0", 8);
	for (unsigned i = 0; i < n; i++) {
		put_le(&out, 2, 2);
		put_entry(&out, TIFFTAG_IMAGEWIDTH, side);
		put_entry(&out, TIFFTAG_IMAGELENGTH, side);
		put_le(&out, i + 1 < n ? (uint32_t)out.len + 4 : end, 4);
	}
	return out;
}

START_TEST(test_a_huge_tiff_page_is_refused)
{
	check_too_large(chain(1, 60000, 0),
	                "page 1 of the TIFF file: " TOO_LARGE("60000 x 60000"));
}
END_TEST

START_TEST(test_a_million_tiff_directories_are_refused)
{
	check_refused(chain(1000000, 1, 0), -E2BIG,
	              "the TIFF file has more than 10000 pages");
}
END_TEST

/* Rewrites where the only directory says the next one is. */
START_TEST(test_a_tiff_chain_that_returns_prints_each_page_once)
{
	struct encode_tiff how = {.compression = COMPRESSION_NONE,
	                          .photometric = PHOTOMETRIC_RGB,
	                          .bits = 8,
	                          .mode = "w"};
	struct page_spec spec = paper(true);
	struct buf tiff = encode_tiff(&how, &high);
	uint32_t at;
	uint16_t n;
	struct decoded page;

	memcpy(&at, tiff.data + 4, sizeof at);
	memcpy(&n, tiff.data + le32toh(at), sizeof n);
	memcpy(tiff.data + le32toh(at) + 2 + 12 * le16toh(n), &at, sizeof at);
	page = print_page(&spec, tiff); /* and no second one */
	check_quarters(&page, "RGBK");
	free(page.pixels);
}
END_TEST

/* 64 MB of zeros in a chunk that is deflated, behind IHDR. */
static struct buf png_with_bomb(const char *type, const char *head, size_t n)
{
	struct buf png = image_make_png(&high), out = {0};
	size_t size = 64 << 20;
	uLongf len = compressBound(size);
	uint8_t *zeros = xcalloc(1, size), *chunk = xmalloc(4 + n + len);
	uint32_t word;

	memcpy(chunk, type, 4);
	memcpy(chunk + 4, head, n);
	ck_assert_int_eq(compress(chunk + 4 + n, &len, zeros, size), Z_OK);
	buf_append(&out, png.data, 33);
	word = htobe32((uint32_t)(n + len));
	buf_append(&out, &word, 4);
	buf_append(&out, chunk, 4 + n + len);
	word = htobe32((uint32_t)crc32(0, chunk, (uInt)(4 + n + len)));
	buf_append(&out, &word, 4);
	buf_append(&out, png.data + 33, png.len - 33);
	ck_assert_uint_lt(out.len, 100000);
	free(chunk);
	free(zeros);
	buf_fini(&png);
	return out;
}

START_TEST(test_png_texts_and_profiles_are_not_inflated)
{
	struct page_spec spec = paper(true);
	struct decoded page;

	page = print_page(&spec, png_with_bomb("zTXt", "a\0\0", 3));
	check_quarters(&page, "RGBK");
	free(page.pixels);
	page = print_page(&spec, png_with_bomb("iCCP", "a\0\0", 3));
	check_quarters(&page, "RGBK");
	free(page.pixels);
}
END_TEST

static struct buf any_kind(int kind)
{
	struct encode_tiff tiff = {.compression = COMPRESSION_LZW,
	                           .photometric = PHOTOMETRIC_RGB,
	                           .bits = 8,
	                           .mode = "w"};
	struct encode_gif gif = {.interlaced = kind == 1};
	struct encode_bmp bmp = {.bits = kind == 2 ? 24 : 8,
	                         .code = kind == 2 ? 0 : 1};

	switch (kind) {
	case 0:
	case 1: return encode_gif(&gif, &high);
	case 2:
	case 3: return encode_bmp(&bmp, &high);
	case 4: return encode_tiff(&tiff, &high);
	case 5: tiff.tiled = true; return encode_tiff(&tiff, &high);
	case 6: return encode_webp(&high, false, NULL, NULL);
	case 7: return encode_webp(&high, true, NULL, NULL);
	case 8: return encode_heif(&high, heif_compression_HEVC, NULL);
	default: return encode_heif(&high, heif_compression_AV1, NULL);
	}
}

/* Cut, then damaged: a page or a sentence, and nothing else. */
START_TEST(test_a_damaged_picture_prints_or_says_why)
{
	struct page_spec spec = paper(true);
	struct buf whole CLEANUP(buf_fini) = any_kind(_i);

	for (unsigned i = 0; i < 96; i++) {
		struct buf part CLEANUP(buf_fini) = {0};
		uint32_t chance = (i + 1) * 2654435761u;
		struct decoded page;
		struct err err = {0};

		buf_append(&part, whole.data,
		           i < 48 ? whole.len * i / 48 : whole.len);
		if (i >= 48)
			part.data[chance % part.len] ^=
				(char)(1 << (chance >> 28) % 8);
		if (print(&spec, &part, &page, &err) >= 0)
			free(page.pixels);
		else
			ck_assert(err.text[0]);
	}
}
END_TEST

static Suite *image_bomb_suite(void)
{
	Suite *suite = suite_create("image_bomb");
	TCase *tc = tcase_create("image_bomb");

	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, test_a_huge_gif_canvas_is_refused);
	tcase_add_test(tc, test_a_huge_gif_frame_is_refused);
	tcase_add_test(tc, test_a_huge_bmp_is_refused);
	tcase_add_test(tc, test_a_compressed_bmp_that_would_be_held_is_refused);
	tcase_add_test(tc, test_a_huge_webp_is_refused);
	tcase_add_test(tc, test_a_huge_heic_canvas_is_refused);
	tcase_add_test(tc, test_a_huge_tiff_page_is_refused);
	tcase_add_test(tc, test_a_million_tiff_directories_are_refused);
	tcase_add_test(tc,
	               test_a_tiff_chain_that_returns_prints_each_page_once);
	tcase_add_test(tc, test_png_texts_and_profiles_are_not_inflated);
	tcase_add_loop_test(tc, test_a_damaged_picture_prints_or_says_why, 0,
	                    10);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return check_run(image_bomb_suite());
}
