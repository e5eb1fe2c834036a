/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_MEDIA_H
#define PRINTERS_MEDIA_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Paper by its PWG 5101.1 self-describing name: "iso_a4_210x297mm",
 * "na_letter_8.5x11in". Sizes are 1/100 mm, as IPP's media-size has them.
 */

/*
 * Size from the name's last part, or of the older names of RFC 2911 appendix C
 * ("na-letter", "iso-a4") that are in use. 0, or -EINVAL when it is no
 * such name.
 */
int media_size_from_name(const char *name, unsigned *width, unsigned *height);

/*
 * "custom_min_...", "roll_max_...": no paper, but the smallest (-1) or largest
 * (1) that may have any size between. 0: a paper.
 */
int media_range_end(const char *name);

/* The PWG name of a size we know, to 1 mm either way; NULL if unknown. */
const char *media_name_from_size(unsigned width, unsigned height);

/*
 * What people call it: "A4", "Letter"; for the rest the middle part of the
 * name, at worst the name itself. Returns out.
 */
char *media_title(const char *name, char *out, size_t size);

/* Names of one size: equal names, or sizes that differ by less than 1 mm. */
bool media_is_same_size(const char *a, const char *b);

#endif
