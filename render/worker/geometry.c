/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/geometry.h"

#include <errno.h>
#include <math.h>

#define UNITS_PER_INCH 2540 /* 1/100 mm */
#define HAIR           0.997
#define PIXELS_CUT     1000000000u

unsigned geometry_pixels(unsigned length, unsigned dpi)
{
	return (unsigned)((uint64_t)length * dpi / UNITS_PER_INCH);
}

static bool may_repeat(const struct page_spec *spec)
{
	unsigned across = page_across(spec), along = page_along(spec);

	if (across == 1 && along == 1)
		return true;
	return spec->format == PAGE_PWG && across <= GEOMETRY_MAX_REPEAT &&
	       along <= GEOMETRY_MAX_REPEAT &&
	       geometry_pixels(spec->media_width, spec->dpi * across) <=
	               GEOMETRY_MAX_PIXELS &&
	       geometry_pixels(spec->media_height, spec->dpi * along) <=
	               GEOMETRY_MAX_PIXELS;
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
	if (!may_repeat(spec))
		return err_set(err, -EINVAL,
		               "pixels cannot be repeated %u x %u times",
		               spec->repeat_across, spec->repeat_along);
	if ((spec->ink != PAGE_INK_8 && spec->colour) ||
	    (page_is_dithered(spec) && spec->format != PAGE_PWG) ||
	    (spec->ink == PAGE_INK_SRGB_8 && spec->format != PAGE_PWG &&
	     spec->format != PAGE_URF) ||
	    (spec->colour && spec->format == PAGE_PCL) ||
	    spec->strip_height > GEOMETRY_MAX_STRIP)
		return err_set(err, -EINVAL,
		               "the print format has no such pixels");
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

static struct geometry_box whole_paper(const struct page_spec *spec)
{
	struct geometry_box box = {
		.width = geometry_pixels(spec->media_width, spec->dpi),
		.height = geometry_pixels(spec->media_height, spec->dpi),
	};

	return box;
}

static double scale_of(const struct page_spec *spec,
                       const struct geometry_source *source, double fits,
                       double covers)
{
	switch (spec->scaling) {
	case SCALING_AUTO:
		return source->picture ? fits : fmin(fits, source->natural);
	case SCALING_FIT: return fits;
	case SCALING_FILL: return covers;
	case SCALING_NONE:
		return source->picture ? fmin(fits, source->natural)
		                       : source->natural;
	}
	return fits;
}

static double scale_into(const struct page_spec *spec,
                         const struct geometry_source *source,
                         const struct geometry_box *area, double width,
                         double height)
{
	double across = area->width / width, along = area->height / height;
	double scale = scale_of(spec, source, fmin(across, along),
	                        fmax(across, along));

	return scale < source->natural && scale >= source->natural * HAIR &&
	                       spec->scaling != SCALING_FILL
	               ? source->natural
	               : scale;
}

/* Does not overflow, whatever the document says. */
static unsigned whole_pixels(double pixels)
{
	if (!(pixels >= 1))
		return 1;
	return pixels >= PIXELS_CUT ? PIXELS_CUT : (unsigned)(pixels + 0.5);
}

/* One direction: total pixels in the middle of the area, or cut there. */
static void put_in_middle(unsigned total, unsigned start, unsigned room,
                          unsigned *at, unsigned *seen, unsigned *cut)
{
	*seen = total < room ? total : room;
	*at = start + (room - *seen) / 2;
	*cut = (total - *seen) / 2;
}

static bool is_cut(unsigned total, unsigned seen)
{
	return total * HAIR > seen + 1;
}

bool geometry_is_cut(const struct geometry_place *place)
{
	return is_cut(place->width, place->box.width) ||
	       is_cut(place->height, place->box.height);
}

struct geometry_place geometry_place(const struct page_spec *spec,
                                     unsigned page,
                                     const struct geometry_source *source)
{
	bool cuts = spec->scaling == SCALING_FILL ||
	            (spec->scaling == SCALING_NONE && !source->picture);
	struct geometry_box area =
		cuts ? whole_paper(spec) : geometry_printable(spec, page);
	double w = source->width, h = source->height;
	double upright = fmin(area.width / w, area.height / h);
	double turned = fmin(area.width / h, area.height / w);
	struct geometry_place place;

	if (!source->picture && spec->scaling != SCALING_FIT &&
	    spec->scaling != SCALING_FILL) {
		upright = fmin(upright, source->natural);
		turned = fmin(turned, source->natural);
	}
	place.turn = turned > upright;
	if (place.turn) {
		w = source->height;
		h = source->width;
	}
	place.scale = scale_into(spec, source, &area, w, h);
	place.width = whole_pixels(w * place.scale);
	place.height = whole_pixels(h * place.scale);
	put_in_middle(place.width, area.x, area.width, &place.box.x,
	              &place.box.width, &place.left);
	put_in_middle(place.height, area.y, area.height, &place.box.y,
	              &place.box.height, &place.top);
	return place;
}
