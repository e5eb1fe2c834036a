/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/geometry.h"

#include <errno.h>
#include <math.h>

#define UNITS_PER_INCH 2540 /* 1/100 mm */
#define HAIR           0.997

unsigned geometry_pixels(unsigned length, unsigned dpi)
{
	return (unsigned)((uint64_t)length * dpi / UNITS_PER_INCH);
}

int geometry_check_spec(const struct page_spec *spec, struct err *err)
{
	uint64_t across = (uint64_t)spec->margin_left + spec->margin_right;
	uint64_t along = (uint64_t)spec->margin_top + spec->margin_bottom;

	if (spec->dpi < 36 || spec->dpi > 2400)
		return err_set(err, -EINVAL, "cannot print at %u dpi",
		               spec->dpi);
	/* 2 m: keeps the products below in range */
	if (spec->media_width > 200000 || spec->media_height > 200000 ||
	    geometry_pixels(spec->media_width, spec->dpi) >
	            GEOMETRY_MAX_PIXELS ||
	    geometry_pixels(spec->media_height, spec->dpi) >
	            GEOMETRY_MAX_PIXELS)
		return err_set(err, -EINVAL, "paper of %u x %u mm is too large",
		               spec->media_width / 100,
		               spec->media_height / 100);
	if (across >= spec->media_width || along >= spec->media_height ||
	    !geometry_pixels(spec->media_width - (unsigned)across, spec->dpi) ||
	    !geometry_pixels(spec->media_height - (unsigned)along, spec->dpi))
		return err_set(err, -EINVAL,
		               "the margins leave nothing of the paper");
	return 0;
}

struct geometry_back geometry_back(const struct page_spec *spec, unsigned page)
{
	struct geometry_back back = {false, false};
	bool tumble = spec->sides == SIDES_SHORT_EDGE;

	if (spec->sides == SIDES_ONE || page % 2 != 0)
		return back;
	switch (spec->sheet_back) {
	case SHEET_BACK_NORMAL: break;
	case SHEET_BACK_FLIPPED:
		back.mirror = tumble;
		back.flip = !tumble;
		break;
	case SHEET_BACK_ROTATED: back.mirror = back.flip = !tumble; break;
	case SHEET_BACK_MANUAL_TUMBLE: back.mirror = back.flip = tumble; break;
	}
	return back;
}

/* Margins round up: what they cover cannot be printed. */
static unsigned margin_pixels(unsigned length, unsigned dpi)
{
	return (unsigned)(((uint64_t)length * dpi + UNITS_PER_INCH - 1) /
	                  UNITS_PER_INCH);
}

static void printable_range(unsigned total, unsigned before, unsigned after,
                            unsigned *start, unsigned *count)
{
	if (before >= total)
		before = total - 1;
	if (after >= total - before)
		after = total - before - 1;
	*start = before;
	*count = total - before - after;
}

struct geometry_box geometry_printable(const struct page_spec *spec,
                                       unsigned page)
{
	struct geometry_back back = geometry_back(spec, page);
	unsigned left = margin_pixels(spec->margin_left, spec->dpi);
	unsigned right = margin_pixels(spec->margin_right, spec->dpi);
	unsigned top = margin_pixels(spec->margin_top, spec->dpi);
	unsigned bottom = margin_pixels(spec->margin_bottom, spec->dpi);
	struct geometry_box box;

	printable_range(geometry_pixels(spec->media_width, spec->dpi),
	                back.mirror ? right : left, back.mirror ? left : right,
	                &box.x, &box.width);
	printable_range(geometry_pixels(spec->media_height, spec->dpi),
	                back.flip ? bottom : top, back.flip ? top : bottom,
	                &box.y, &box.height);
	return box;
}

static unsigned at_least_one(double pixels, unsigned max)
{
	if (!(pixels >= 1))
		return 1;
	return pixels >= max ? max : (unsigned)pixels;
}

struct geometry_place geometry_place(const struct geometry_box *area,
                                     double width, double height,
                                     double natural, double max_scale)
{
	double upright = fmin(area->width / width, area->height / height);
	double turned = fmin(area->width / height, area->height / width);
	struct geometry_place place;
	double w, h;

	upright = fmin(upright, max_scale);
	turned = fmin(turned, max_scale);
	place.turn = turned > upright;
	place.scale = place.turn ? turned : upright;
	if (place.scale < natural && place.scale >= natural * HAIR)
		place.scale = natural;

	w = (place.turn ? height : width) * place.scale;
	h = (place.turn ? width : height) * place.scale;
	place.box.width = at_least_one(w + 0.5, area->width);
	place.box.height = at_least_one(h + 0.5, area->height);
	place.box.x = area->x + (area->width - place.box.width) / 2;
	place.box.y = area->y + (area->height - place.box.height) / 2;
	return place;
}
