/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_device.h"

fz_device *pdf_device_new(fz_context *ctx, fz_pixmap *pixmap, bool has_groups,
                          struct pdf_device *state)
{
	fz_device *dev = fz_new_draw_device(ctx, fz_identity, pixmap);

	*state = (struct pdf_device){0};
	fz_set_user_context(ctx, state);
	if (!has_groups)
		pdf_group_leave_out(dev, &state->group);
	pdf_fill_take_over(dev, pixmap, &state->fill);
	pdf_enlarge_take_over(dev, &state->enlarge);
	return dev;
}
