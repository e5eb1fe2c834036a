/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/image_colour.h"

#include <lcms2.h>
#include <math.h>

#include "base/mem.h"

#define PROFILE_BYTES (8u << 20) /* those for inks have up to 3 MB */
#define PROBE_STEPS   5          /* of each channel, to know sRGB by */
#define NO_DIFFERENCE 3          /* of 255: less is not seen in print */
#define CURVE_STEPS   16
#define PRIMARY_OFF   0.001

struct image_colour {
	struct image_colour_in in;
	unsigned width, depth;
	cmsHTRANSFORM transform; /* to sRGB; NULL: not needed */
	uint8_t *flat;           /* a line without alpha */
	uint8_t *rgb;            /* a line of sRGB, where gray is wanted */
};

static bool fits(cmsHPROFILE profile, unsigned channels)
{
	switch (cmsGetColorSpace(profile)) {
	case cmsSigGrayData: return channels == 1;
	case cmsSigRgbData: return channels == 3;
	case cmsSigCmykData: return channels == 4;
	default: return false;
	}
}

static cmsUInt32Number pixel_type(const struct image_colour_in *in)
{
	if (in->channels == 1)
		return TYPE_GRAY_8;
	if (in->channels == 3)
		return TYPE_RGB_8;
	return in->light ? TYPE_CMYK_8_REV : TYPE_CMYK_8;
}

/* IEC 61966-2-1: a value of 0 to 1 in light. */
static double light_of(double value)
{
	return value <= 0.04045 ? value / 12.92
	                        : pow((value + 0.055) / 1.055, 2.4);
}

/* A byte more or less shows how far light may be off there. */
static bool has_curve_of_srgb(cmsHPROFILE profile, cmsTagSignature tag)
{
	const cmsToneCurve *curve = cmsReadTag(profile, tag);

	for (unsigned i = 0; curve && i <= CURVE_STEPS; i++) {
		double value = (double)i / CURVE_STEPS;
		double light = cmsEvalToneCurveFloat(curve, (float)value);

		if (light < light_of(value - 1 / 255.0) ||
		    light > light_of(value + 1 / 255.0))
			return false;
	}
	return curve;
}

static bool has_primary(cmsHPROFILE profile, cmsTagSignature tag,
                        const cmsCIEXYZ *want)
{
	const cmsCIEXYZ *is = cmsReadTag(profile, tag);

	return is && fabs(is->X - want->X) < PRIMARY_OFF &&
	       fabs(is->Y - want->Y) < PRIMARY_OFF &&
	       fabs(is->Z - want->Z) < PRIMARY_OFF;
}

/*
 * Most profiles are sRGB itself, in one of a dozen spellings: three primaries
 * and a curve, which are looked at in a fiftieth of the time that a transform
 * takes to be made. What is sRGB in other ways is found by changes_nothing().
 */
static bool is_plain_srgb(cmsHPROFILE profile)
{
	/* as they are in light of D50 (ICC.1:2022, annex F) */
	static const cmsCIEXYZ red = {0.4361, 0.2225, 0.0139};
	static const cmsCIEXYZ green = {0.3851, 0.7169, 0.0971};
	static const cmsCIEXYZ blue = {0.1431, 0.0606, 0.7141};

	return cmsGetPCS(profile) == cmsSigXYZData &&
	       !cmsIsTag(profile, cmsSigAToB0Tag) &&
	       !cmsIsTag(profile, cmsSigAToB1Tag) &&
	       !cmsIsTag(profile, cmsSigDToB1Tag) &&
	       has_primary(profile, cmsSigRedColorantTag, &red) &&
	       has_primary(profile, cmsSigGreenColorantTag, &green) &&
	       has_primary(profile, cmsSigBlueColorantTag, &blue) &&
	       has_curve_of_srgb(profile, cmsSigRedTRCTag) &&
	       has_curve_of_srgb(profile, cmsSigGreenTRCTag) &&
	       has_curve_of_srgb(profile, cmsSigBlueTRCTag);
}

/*
 * Relative to the paper's white, and with the source's black made ours: what a
 * viewer on a screen does.
 */
static cmsHTRANSFORM transform_to_srgb(const struct image_colour_in *in)
{
	cmsHTRANSFORM transform = NULL;
	cmsHPROFILE profile, srgb;

	if (in->profile_len == 0 || in->profile_len > PROFILE_BYTES)
		return NULL;
	profile = cmsOpenProfileFromMem(in->profile,
	                                (cmsUInt32Number)in->profile_len);
	if (!profile)
		return NULL;
	if (!fits(profile, in->channels) || is_plain_srgb(profile)) {
		cmsCloseProfile(profile);
		return NULL;
	}
	srgb = cmsCreate_sRGBProfile();
	if (srgb)
		transform = cmsCreateTransform(profile, pixel_type(in), srgb,
		                               TYPE_RGB_8,
		                               INTENT_RELATIVE_COLORIMETRIC,
		                               cmsFLAGS_BLACKPOINTCOMPENSATION);
	if (srgb)
		cmsCloseProfile(srgb);
	cmsCloseProfile(profile);
	return transform;
}

static bool differs(const uint8_t *a, const uint8_t *b, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (abs((int)a[i] - (int)b[i]) > NO_DIFFERENCE)
			return true;
	return false;
}

static bool changes_nothing(cmsHTRANSFORM transform, unsigned channels)
{
	unsigned n = channels == 3 ? PROBE_STEPS * PROBE_STEPS * PROBE_STEPS
	                           : PROBE_STEPS;

	if (channels == 4)
		return false;
	for (unsigned i = 0; i < n; i++) {
		unsigned step = 255 / (PROBE_STEPS - 1);
		uint8_t in[3] = {
			(uint8_t)(i % PROBE_STEPS * step),
			(uint8_t)(i / PROBE_STEPS % PROBE_STEPS * step),
			(uint8_t)(i / PROBE_STEPS / PROBE_STEPS * step),
		};
		uint8_t want[3] = {in[0], in[channels == 3 ? 1 : 0],
		                   in[channels == 3 ? 2 : 0]};
		uint8_t out[3];

		cmsDoTransform(transform, in, out, 1);
		if (differs(out, want, sizeof out))
			return false;
	}
	return true;
}

/* Some profiles are only a shell, with all primaries at zero. */
static bool makes_white_lighter(cmsHTRANSFORM transform,
                                const struct image_colour_in *in)
{
	bool inks = in->channels == 4 && !in->light;
	uint8_t white[4], black[4], shown[2][3];
	int lighter = 0;

	memset(white, inks ? 0 : 255, sizeof white);
	memset(black, inks ? 255 : 0, sizeof black);
	cmsDoTransform(transform, white, shown[0], 1);
	cmsDoTransform(transform, black, shown[1], 1);
	for (unsigned c = 0; c < 3; c++)
		lighter += shown[0][c] - shown[1][c];
	return lighter > 255;
}

static cmsHTRANSFORM transform_if_any(const struct image_colour_in *in)
{
	cmsHTRANSFORM transform = transform_to_srgb(in);

	if (transform && (!makes_white_lighter(transform, in) ||
	                  changes_nothing(transform, in->channels))) {
		cmsDeleteTransform(transform);
		return NULL;
	}
	return transform;
}

struct image_colour *image_colour_new(const struct image_colour_in *in,
                                      unsigned width, unsigned depth)
{
	struct image_colour *colour = xcalloc(1, sizeof *colour);

	colour->in = *in;
	colour->in.profile = NULL; /* the caller's; not kept */
	colour->width = width;
	colour->depth = depth;
	colour->transform = transform_if_any(in);
	if (in->alpha)
		colour->flat = xmalloc((size_t)width * in->channels);
	if (colour->transform && depth == 1)
		colour->rgb = xmalloc((size_t)width * 3);
	return colour;
}

void image_colour_free(struct image_colour *colour)
{
	if (!colour)
		return;
	if (colour->transform)
		cmsDeleteTransform(colour->transform);
	free(colour->flat);
	free(colour->rgb);
	free(colour);
}

bool image_colour_has_profile(const struct image_colour *colour)
{
	return colour->transform != NULL;
}

/* What is clear becomes white, or no ink, which is the same. */
static void lay_on_white(const struct image_colour *colour, const uint8_t *in,
                         uint8_t *out)
{
	bool ink = colour->in.channels == 4 && !colour->in.light;
	unsigned white = ink ? 0 : 255;
	unsigned n = colour->in.channels;

	for (unsigned x = 0; x < colour->width; x++, in += n + 1) {
		unsigned alpha = in[n];
		unsigned paper = white * (255 - alpha) + 127;

		for (unsigned c = 0; c < n; c++)
			*out++ = (uint8_t)((in[c] * alpha + paper) / 255);
	}
}

static uint8_t gray_of(unsigned r, unsigned g, unsigned b)
{
	return (uint8_t)((r * 77 + g * 150 + b * 29) >> 8);
}

static void rgb_to_gray(const uint8_t *in, unsigned width, uint8_t *out)
{
	for (unsigned x = 0; x < width; x++, in += 3)
		out[x] = gray_of(in[0], in[1], in[2]);
}

static void gray_to_rgb(const uint8_t *in, unsigned width, uint8_t *out)
{
	for (unsigned x = 0; x < width; x++, out += 3)
		out[0] = out[1] = out[2] = in[x];
}

/* Without a profile: what is left of white after colour and black. */
static void inks_to_light(const struct image_colour *colour, const uint8_t *in,
                          uint8_t *out)
{
	uint8_t invert = colour->in.light ? 0 : 0xff;

	for (unsigned x = 0; x < colour->width; x++, in += 4) {
		unsigned black = in[3] ^ invert;
		unsigned r = (in[0] ^ invert) * black / 255;
		unsigned g = (in[1] ^ invert) * black / 255;
		unsigned b = (in[2] ^ invert) * black / 255;

		if (colour->depth == 3) {
			*out++ = (uint8_t)r;
			*out++ = (uint8_t)g;
			*out++ = (uint8_t)b;
		} else {
			*out++ = gray_of(r, g, b);
		}
	}
}

static void convert(const struct image_colour *colour, const uint8_t *in,
                    uint8_t *out)
{
	if (colour->in.channels == 4)
		inks_to_light(colour, in, out);
	else if (colour->in.channels == colour->depth)
		memcpy(out, in, (size_t)colour->width * colour->depth);
	else if (colour->depth == 1)
		rgb_to_gray(in, colour->width, out);
	else
		gray_to_rgb(in, colour->width, out);
}

void image_colour_line(struct image_colour *colour, const uint8_t *in,
                       uint8_t *out)
{
	uint8_t *rgb = colour->depth == 3 ? out : colour->rgb;

	if (colour->in.alpha) {
		lay_on_white(colour, in, colour->flat);
		in = colour->flat;
	}
	if (!colour->transform) {
		convert(colour, in, out);
		return;
	}
	cmsDoTransform(colour->transform, in, rgb, colour->width);
	if (colour->depth == 1)
		rgb_to_gray(rgb, colour->width, out);
}
