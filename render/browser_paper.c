/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/browser_paper.h"

/* Paper is white to its edge, text is not: no less than this, 1/100 mm. */
#define MARGIN_MIN 1000u
#define SIDE_PARTS 8u /* or this part of the side, on labels */
/* The browser itself makes a page narrower that is up to half as wide again as
 * the paper; beyond, it cuts. */
#define FIT_MAX    1.4
#define TURN_MIN   1.6 /* smaller than that, text is tiresome to read */
#define SCALE_MIN  0.2 /* nobody reads what is smaller */
#define CSS_DPI    96

static double inches(unsigned hundredth_mm)
{
	return hundredth_mm / 2540.0;
}

static double margin(unsigned wanted, unsigned side)
{
	unsigned least = side / SIDE_PARTS;

	if (least > MARGIN_MIN)
		least = MARGIN_MIN;
	return inches(wanted < least ? least : wanted);
}

/* The sheet a quarter turned clockwise: its left edge is at the top. */
static struct convert_page lying(const struct convert_page *paper,
                                 bool is_turned)
{
	if (!is_turned)
		return *paper;
	return (struct convert_page){
		.width = paper->height,
		.height = paper->width,
		.margin_top = paper->margin_left,
		.margin_right = paper->margin_top,
		.margin_bottom = paper->margin_right,
		.margin_left = paper->margin_bottom,
	};
}

double browser_paper_text_width(const struct convert_page *paper)
{
	return CSS_DPI * (inches(paper->width) -
	                  margin(paper->margin_left, paper->width) -
	                  margin(paper->margin_right, paper->width));
}

bool browser_paper_may_turn(const struct convert_page *paper, double width)
{
	return paper->height > paper->width &&
	       width > TURN_MIN * browser_paper_text_width(paper);
}

double browser_paper_scale(const struct convert_page *paper, bool is_turned,
                           double width)
{
	struct convert_page page = lying(paper, is_turned);
	double has = browser_paper_text_width(&page);

	if (!(width > has * FIT_MAX))
		return 1;
	return has / width > SCALE_MIN ? has / width : SCALE_MIN;
}

json_t *browser_paper_screen(const struct convert_page *paper)
{
	return json_pack("{s:i, s:i, s:i, s:b}", "width",
	                 (int)browser_paper_text_width(paper), "height",
	                 (int)(CSS_DPI * inches(paper->height)),
	                 "deviceScaleFactor", 1, "mobile", 0);
}

json_t *browser_paper_print(const struct convert_page *paper, bool is_turned,
                            double scale)
{
	struct convert_page page = lying(paper, is_turned);

	/* who draws the pages has no use for tags */
	return json_pack(
		"{s:b, s:b, s:b, s:s, s:f, s:f, s:f, s:f, s:f, s:f, s:f}",
		"printBackground", 1, "preferCSSPageSize", 0,
		"generateTaggedPDF", 0, "transferMode", "ReturnAsStream",
		"paperWidth", inches(page.width), "paperHeight",
		inches(page.height), "marginLeft",
		margin(page.margin_left, page.width), "marginRight",
		margin(page.margin_right, page.width), "marginTop",
		margin(page.margin_top, page.height), "marginBottom",
		margin(page.margin_bottom, page.height), "scale", scale);
}
