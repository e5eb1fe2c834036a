/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/image_reader.h"

#include <errno.h>

int image_reader_check_size(uint64_t width, uint64_t height, struct err *err)
{
	if (width == 0 || height == 0)
		return err_set(err, -EINVAL, "the picture is empty");
	if (width > IMAGE_MAX_SIDE || height > IMAGE_MAX_SIDE ||
	    width * height > IMAGE_MAX_PIXELS)
		return err_set(
			err, -EFBIG,
			"a picture of %llu x %llu pixels is too large; at most %u million are printed: send it smaller",
			(unsigned long long)width, (unsigned long long)height,
			IMAGE_MAX_PIXELS / 1000000);
	return 0;
}

int image_reader_check_held(uint64_t width, uint64_t height, const char *what,
                            struct err *err)
{
	if (width * height <= IMAGE_MAX_HELD)
		return 0;
	return err_set(
		err, -EFBIG,
		"%s picture of %llu x %llu pixels is too large: send it smaller",
		what, (unsigned long long)width, (unsigned long long)height);
}

void image_reader_init(struct image_reader *reader, bool colour)
{
	reader->depth = colour ? 3 : 1;
	reader->orientation = 1;
	reader->stretch = 1;
	reader->n_pages = 1;
}

int image_reader_start(struct image_reader *reader, unsigned min_width,
                       unsigned min_height, struct err *err)
{
	return reader->start(reader, min_width, min_height, err);
}

int image_reader_line(struct image_reader *reader, uint8_t *pixels,
                      struct err *err)
{
	int result = reader->line(reader, pixels, err);

	reader->is_cut |= result == IMAGE_ENDS;
	return result;
}

int image_reader_turn_page(struct image_reader *reader, struct err *err)
{
	return reader->turn_page(reader, err);
}

void image_reader_free(struct image_reader *reader)
{
	if (reader)
		reader->free(reader);
}
