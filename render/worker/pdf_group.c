/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_group.h"

#include "render/worker/pdf_device.h"

static uint64_t depth_bit(const struct pdf_group *group)
{
	return group->depth < 64 ? UINT64_C(1) << group->depth : 0;
}

static void on_begin(fz_context *ctx, fz_device *dev, fz_rect area,
                     fz_colorspace *space, int isolated, int knockout,
                     int blendmode, float alpha)
{
	struct pdf_group *group = &pdf_device_of(ctx)->group;

	if (alpha == 1)
		group->left_out |= depth_bit(group);
	else
		group->left_out &= ~depth_bit(group);
	if (!(group->left_out & depth_bit(group)))
		group->begin(ctx, dev, area, space, isolated, knockout,
		             blendmode, alpha);
	group->depth++;
}

static void on_end(fz_context *ctx, fz_device *dev)
{
	struct pdf_group *group = &pdf_device_of(ctx)->group;

	group->depth--;
	if (!(group->left_out & depth_bit(group)))
		group->end(ctx, dev);
}

void pdf_group_leave_out(fz_device *dev, struct pdf_group *group)
{
	*group = (struct pdf_group){dev->begin_group, dev->end_group, 0, 0};
	dev->begin_group = on_begin;
	dev->end_group = on_end;
}

bool pdf_group_are_left_out(const struct pdf_group *group, unsigned n)
{
	uint64_t open = (UINT64_C(1) << (n & 63)) - 1;

	return n == group->depth && n < 64 && (group->left_out & open) == open;
}
