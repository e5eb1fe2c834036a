/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/target.h"

#include "base/mem.h"
#include "render/protocol.h"

bool target_is_sound(const struct render_target *target)
{
	return target->format && target->media && target->sides &&
	       target->sheet_back && target->dpi >= 50 && target->dpi <= 1200 &&
	       target->media_width > 0 && target->media_height > 0;
}

static void put_engines(struct buf *out, const struct convert_engines *engines)
{
	const struct {
		const char *name;
		const struct convert_engine *engine;
	} all[] = {
		{"html", engines->html},
		{"office", engines->office},
		{"postscript", engines->postscript},
	};
	struct buf names CLEANUP(buf_fini) = {0};

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (all[i].engine)
			buf_printf(&names, "%s%s", names.len > 0 ? "," : "",
			           all[i].name);
	protocol_put(out, "engines", buf_str(&names));
}

void target_write(struct buf *out, const struct render_target *target,
                  const struct render_pool_options *options)
{
	const struct render_limits *limits = &options->limits;
	bool has_max = target->max_pages && target->max_pages < limits->pages;
	unsigned pages = has_max ? target->max_pages : limits->pages;
	const struct {
		const char *key;
		uint64_t value;
	} numbers[] = {
		{"dpi", target->dpi},
		{"repeat_across", target->repeat_across},
		{"repeat_along", target->repeat_along},
		{"colour", target->colour},
		{"strip_height", target->strip_height},
		{"media_width", target->media_width},
		{"media_height", target->media_height},
		{"margin_left", target->margin_left},
		{"margin_right", target->margin_right},
		{"margin_top", target->margin_top},
		{"margin_bottom", target->margin_bottom},
		{"pages", pages},
		{"pixels", limits->pixels},
		{"bytes", limits->output_bytes},
		{"number_up", target->number_up ? target->number_up : 1},
		{"head", target->head},
		{"banner", target->banner},
		{"pass", target->pass},
		{"drawings", target->drawings},
		{"nice", target->is_ahead ? (uint64_t)options->nice : 0},
	};

	protocol_put(out, "format", target->format);
	protocol_put(out, "ink", target->ink ? target->ink : "8");
	protocol_put(out, "media", target->media);
	protocol_put(out, "sides", target->sides);
	protocol_put(out, "sheet_back", target->sheet_back);
	protocol_put(out, "print_scaling",
	             target->scaling ? target->scaling : "auto");
	if (target->page_ranges)
		protocol_put(out, "page_ranges", target->page_ranges);
	if (target->side_ranges)
		protocol_put(out, "side_ranges", target->side_ranges);
	if (target->cover)
		protocol_put(out, "cover", target->cover);
	put_engines(out, &options->engines);
	if (target->job > 0)
		protocol_put_number(out, "job", (uint64_t)target->job);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		protocol_put_number(out, numbers[i].key, numbers[i].value);
	protocol_end(out);
	protocol_end(out);
}
