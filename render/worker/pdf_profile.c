/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_profile.h"

#include <mupdf/pdf.h>

#include "base/mem.h"
#include "render/worker/image_colour.h"

#define PROFILE_BYTES (1u << 20) /* those of RGB have some kB */
#define OBJECTS_MAX   2000       /* a page may name itself */
#define DEPTH_MAX     8          /* of drawings in drawings */

/* One look at a page. */
struct look {
	fz_context *ctx;
	struct pdf_profiles *profiles;
	unsigned n_objects; /* seen so far */
	unsigned depth;
};

static bool is_other_rgb(const void *profile, size_t len)
{
	const struct image_colour_in in = {
		.channels = 3,
		.profile = profile,
		.profile_len = len,
	};
	struct image_colour *colour CLEANUP(image_colour_free) =
		image_colour_new(&in, 1, 3);

	return image_colour_has_profile(colour);
}

static bool read_profile(fz_context *ctx, pdf_obj *stream)
{
	fz_stream *from = pdf_open_stream(ctx, stream);
	uint8_t *profile CLEANUP(xfree) = xmalloc(PROFILE_BYTES);
	size_t len = 0;

	fz_var(len);
	fz_try(ctx) len = fz_read(ctx, from, profile, PROFILE_BYTES);
	fz_always(ctx) fz_drop_stream(ctx, from);
	fz_catch(ctx) len = 0;
	return is_other_rgb(profile, len);
}

static bool is_other_profile(struct look *look, pdf_obj *stream)
{
	struct pdf_profiles *profiles = look->profiles;
	int number = pdf_to_num(look->ctx, stream);
	struct pdf_profile found = {.number = number};

	for (unsigned i = 0; i < profiles->n; i++)
		if (profiles->known[i].number == number)
			return profiles->known[i].is_other;
	if (pdf_dict_get_int(look->ctx, stream, PDF_NAME(N)) == 3)
		found.is_other = read_profile(look->ctx, stream);
	if (profiles->n < PDF_PROFILES_KEPT)
		profiles->known[profiles->n++] = found;
	return found.is_other;
}

/* [/ICCBased STREAM], or a space made of one: [/Indexed SPACE ...]. */
static bool is_other_space(struct look *look, pdf_obj *space)
{
	fz_context *ctx = look->ctx;
	pdf_obj *kind = pdf_array_get(ctx, space, 0);

	if (pdf_name_eq(ctx, kind, PDF_NAME(Indexed)) ||
	    pdf_name_eq(ctx, kind, PDF_NAME(Pattern))) {
		space = pdf_array_get(ctx, space, 1);
		kind = pdf_array_get(ctx, space, 0);
	}
	return pdf_name_eq(ctx, kind, PDF_NAME(ICCBased)) &&
	       is_other_profile(look, pdf_array_get(ctx, space, 1));
}

static bool has_other(struct look *look, pdf_obj *resources);

/* A picture, a drawing, a pattern or a shading: what it is painted with. */
static bool is_painted_other(struct look *look, pdf_obj *object)
{
	fz_context *ctx = look->ctx;
	pdf_obj *shading = pdf_dict_get(ctx, object, PDF_NAME(Shading));

	return is_other_space(look, pdf_dict_get(ctx, object,
	                                         PDF_NAME(ColorSpace))) ||
	       is_other_space(look, pdf_dict_get(ctx, shading,
	                                         PDF_NAME(ColorSpace))) ||
	       has_other(look, pdf_dict_get(ctx, object, PDF_NAME(Resources)));
}

static bool any(struct look *look, pdf_obj *dict,
                bool is_it(struct look *look, pdf_obj *object))
{
	int n = pdf_dict_len(look->ctx, dict);

	for (int i = 0; i < n && look->n_objects++ < OBJECTS_MAX; i++)
		if (is_it(look, pdf_dict_get_val(look->ctx, dict, i)))
			return true;
	return false;
}

static bool has_other(struct look *look, pdf_obj *resources)
{
	fz_context *ctx = look->ctx;
	bool found;

	if (!resources || look->depth == DEPTH_MAX)
		return false;
	look->depth++;
	found = any(look, pdf_dict_get(ctx, resources, PDF_NAME(ColorSpace)),
	            is_other_space) ||
	        any(look, pdf_dict_get(ctx, resources, PDF_NAME(XObject)),
	            is_painted_other) ||
	        any(look, pdf_dict_get(ctx, resources, PDF_NAME(Pattern)),
	            is_painted_other) ||
	        any(look, pdf_dict_get(ctx, resources, PDF_NAME(Shading)),
	            is_painted_other);
	look->depth--;
	return found;
}

bool pdf_profiles_are_other(fz_context *ctx, struct pdf_profiles *profiles,
                            fz_page *page)
{
	struct look look = {.ctx = ctx, .profiles = profiles};
	pdf_page *pdf = pdf_page_from_fz_page(ctx, page);

	return pdf && has_other(&look, pdf_page_resources(ctx, pdf));
}
