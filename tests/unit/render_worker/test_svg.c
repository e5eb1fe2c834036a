/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* SVG drawings: where things come to lie, and that nothing else is opened. */
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "image_check.h"
#include "tests/unit/check_run.h"

#define SVG "<svg xmlns='http://www.w3.org/2000/svg' "
#define XLINK                                                                  \
	"<svg xmlns='http://www.w3.org/2000/svg' "                             \
	"xmlns:xlink='http://www.w3.org/1999/xlink' "
#define QUARTERS                                                               \
	"<rect width='40' height='60' fill='#f00'/>"                           \
	"<rect x='40' width='40' height='60' fill='#0f0'/>"                    \
	"<rect y='60' width='40' height='60' fill='#00f'/>"                    \
	"<rect x='40' y='60' width='40' height='60' fill='#000'/></svg>"

static struct buf text(const char *svg)
{
	struct buf out = {0};

	buf_puts(&out, svg);
	return out;
}

static struct decoded print_svg(const char *svg, bool colour)
{
	struct page_spec spec = paper(colour);

	return print_page(&spec, text(svg));
}

static void check_svg(const char *svg, const char *seen)
{
	struct decoded page = print_svg(svg, true);

	check_quarters(&page, seen);
	free(page.pixels);
}

START_TEST(test_drawings_fill_the_page_whatever_their_size)
{
	check_svg(SVG "width='80' height='120'>" QUARTERS, "RGBK");
	check_svg(SVG
	          "width='8mm' height='12mm' viewBox='0 0 80 120'>" QUARTERS,
	          "RGBK");
	check_svg(SVG "viewBox='0 0 80 120'>" QUARTERS, "RGBK");
	check_svg(SVG
	          "width='100%' height='100%' viewBox='0 0 80 120'>" QUARTERS,
	          "RGBK");
}
END_TEST

START_TEST(test_what_stands_before_the_drawing_does_not_matter)
{
	check_svg("\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a > b -->"
	          "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' "
	          "'http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd'>\n" SVG
	          "width='80' height='120'>" QUARTERS,
	          "RGBK");
}
END_TEST

START_TEST(test_wide_drawings_are_turned_left)
{
	check_svg(SVG "width='120' height='80' viewBox='0 0 80 120' "
	              "preserveAspectRatio='none'>" QUARTERS,
	          "GKRB");
}
END_TEST

START_TEST(test_gray_printers_get_gray)
{
	struct decoded page =
		print_svg(SVG "width='80' height='120'>" QUARTERS, false);

	ck_assert_int_le(abs((int)*pixel(&page, 10, 10) - 76), 3);
	ck_assert_int_le(abs((int)*pixel(&page, 110, 10) - 150), 3);
	free(page.pixels);
}
END_TEST

START_TEST(test_fill_covers_the_paper)
{
	struct page_spec spec = paper(true);
	struct decoded page;

	spec.scaling = SCALING_FILL;
	spec.media_width = 600; /* 60 x 180: the middle half is seen */
	page = print_page(&spec, text(SVG "width='80' height='120'>" QUARTERS));
	check_pixel(&page, 5, 5, 255, 0, 0);
	check_pixel(&page, 55, 5, 0, 255, 0);
	check_pixel(&page, 5, 175, 0, 0, 255);
	check_pixel(&page, 28, 85, 255, 0, 0);
	check_pixel(&page, 32, 95, 0, 0, 0);
	free(page.pixels);
}
END_TEST

/* The page is higher than a band of 16 MB. */
START_TEST(test_bands_meet_without_a_seam)
{
	struct page_spec spec = paper(true);
	struct decoded page;

	spec.dpi = 2400; /* 4724 x 2834 */
	spec.media_width = 5000;
	spec.media_height = 3000;
	page = print_page(
		&spec,
		text(SVG
	             "width='500' height='300'>"
	             "<rect x='100' y='0' width='10' height='300'/></svg>"));
	for (unsigned y = 1; y + 1 < page.height; y++) {
		check_pixel(&page, page.width * 105 / 500, y, 0, 0, 0);
		check_pixel(&page, page.width * 90 / 500, y, 255, 255, 255);
	}
	free(page.pixels);
}
END_TEST

/* A red picture that somebody put where the drawing may not look. */
static char *red_file(char *path)
{
	struct image_make make = high;
	int fd = mkstemp(path);
	struct buf png;

	make.pixel = high_quarters;
	png = image_make_png(&make);
	ck_assert_int_eq(write(fd, png.data, png.len), (ssize_t)png.len);
	close(fd);
	buf_fini(&png);
	return path;
}

static void check_blank(const char *svg)
{
	struct decoded page = print_svg(svg, true);

	check_pixel(&page, 10, 10, 255, 255, 255);
	check_pixel(&page, 110, 10, 255, 255, 255);
	check_pixel(&page, 110, 170, 0, 0, 0); /* the drawing's own */
	free(page.pixels);
}

#define OWN "<rect x='40' y='60' width='40' height='60'/></svg>"

START_TEST(test_files_are_not_opened)
{
	char path[] = "/tmp/svgXXXXXX";
	char *svg;

	svg = xasprintf(XLINK "width='80' height='120'>"
	                      "<image xlink:href='file://%s' width='80' "
	                      "height='120'/>" OWN,
	                red_file(path));
	check_blank(svg);
	free(svg);
	svg = xasprintf(XLINK "width='80' height='120'>"
	                      "<image href='%s' width='80' height='120'/>" OWN,
	                path);
	check_blank(svg);
	free(svg);
	unlink(path);
}
END_TEST

START_TEST(test_a_picture_inside_the_drawing_is_shown)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	struct buf png = image_make_png(&high), svg = {0};

	buf_puts(&svg, XLINK "width='80' height='120'><image width='80' "
	                     "height='120' xlink:href='data:image/png;base64,");
	for (size_t i = 0; i < png.len; i += 3) {
		const uint8_t *p = (uint8_t *)png.data + i;
		unsigned left = (unsigned)(png.len - i);
		uint32_t word = (uint32_t)p[0] << 16 |
		                (left > 1 ? (uint32_t)p[1] << 8 : 0) |
		                (left > 2 ? p[2] : 0);

		for (unsigned k = 0; k < 4; k++)
			buf_printf(&svg, "%c",
			           k > left
			                   ? '='
			                   : digits[word >> (18 - 6 * k) & 63]);
	}
	buf_puts(&svg, "'/></svg>");
	check_svg(buf_str(&svg), "RGBK");
	buf_fini(&svg);
	buf_fini(&png);
}
END_TEST

START_TEST(test_no_address_is_called)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
	                         .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	unsigned port;
	char *svg;

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, len), 0);
	ck_assert_int_eq(listen(fd, 5), 0);
	getsockname(fd, (struct sockaddr *)&at, &len);
	port = ntohs(at.sin_port);
	svg = xasprintf(
		"<?xml-stylesheet href='http://127.0.0.1:%u/a.css'?>" XLINK
		"width='80' height='120'>"
		"<style>@import url(http://127.0.0.1:%u/b.css);</style>"
		"<image xlink:href='http://127.0.0.1:%u/c.png' width='80' "
		"height='120'/>"
		"<use xlink:href='http://127.0.0.1:%u/d.svg#x'/>" OWN,
		port, port, port, port);
	check_blank(svg);
	ck_assert_int_lt(accept(fd, NULL, NULL), 0);
	free(svg);
	close(fd);
}
END_TEST

START_TEST(test_external_entities_are_not_read)
{
	char path[] = "/tmp/svgXXXXXX";
	int fd = mkstemp(path);
	struct page_spec spec = paper(true);
	struct decoded page;
	struct buf svg = {0};
	struct err err = {0};

	dprintf(fd, "<rect width='80' height='120' fill='#f00'/>");
	close(fd);
	buf_printf(&svg,
	           "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file://%s'>]>" SVG
	           "width='80' height='120'>&x;" OWN,
	           path);
	ck_assert_int_eq(print(&spec, &svg, &page, &err), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "Entity 'x' not defined"));
	buf_fini(&svg);
	unlink(path);
}
END_TEST

/* libxml2 forgets some of an entity that it refuses; that is no leak of ours.
 */
extern void __lsan_disable(void) __attribute__((weak));
extern void __lsan_enable(void) __attribute__((weak));

/* Ten times ten times ...: refused, or drawn without it; never multiplied. */
START_TEST(test_a_billion_laughs_end_with_a_sentence)
{
	struct page_spec spec = paper(true);
	struct buf svg = {0};
	struct decoded page;
	struct err err = {0};

	buf_puts(&svg, "<!DOCTYPE svg [<!ENTITY l0 '<rect/>'>");
	for (unsigned i = 1; i < 12; i++) {
		buf_printf(&svg, "<!ENTITY l%u '", i);
		for (unsigned k = 0; k < 10; k++)
			buf_printf(&svg, "&l%u;", i - 1);
		buf_puts(&svg, "'>");
	}
	buf_puts(&svg, "]>" SVG "width='80' height='120'>&l11;</svg>");
	if (__lsan_disable)
		__lsan_disable();
	ck_assert_int_eq(print(&spec, &svg, &page, &err), -EINVAL);
	if (__lsan_enable)
		__lsan_enable();
	ck_assert_ptr_nonnull(strstr(err.text, "the SVG drawing"));
	buf_fini(&svg);
}
END_TEST

START_TEST(test_what_is_broken_is_refused_with_a_sentence)
{
	struct page_spec spec = paper(true);
	struct buf svg = text(SVG "width='80' height='120'><rect");
	struct decoded page;
	struct err err = {0};

	ck_assert_int_eq(print(&spec, &svg, &page, &err), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "cannot read the SVG drawing"));
	buf_fini(&svg);
}
END_TEST

static Suite *svg_suite(void)
{
	Suite *suite = suite_create("svg");
	TCase *tc = tcase_create("svg");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_drawings_fill_the_page_whatever_their_size);
	tcase_add_test(tc, test_what_stands_before_the_drawing_does_not_matter);
	tcase_add_test(tc, test_wide_drawings_are_turned_left);
	tcase_add_test(tc, test_gray_printers_get_gray);
	tcase_add_test(tc, test_fill_covers_the_paper);
	tcase_add_test(tc, test_bands_meet_without_a_seam);
	tcase_add_test(tc, test_files_are_not_opened);
	tcase_add_test(tc, test_a_picture_inside_the_drawing_is_shown);
	tcase_add_test(tc, test_no_address_is_called);
	tcase_add_test(tc, test_external_entities_are_not_read);
	tcase_add_test(tc, test_a_billion_laughs_end_with_a_sentence);
	tcase_add_test(tc, test_what_is_broken_is_refused_with_a_sentence);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return check_run(svg_suite());
}
