/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_IMAGE_EXIF_H
#define RENDER_WORKER_IMAGE_EXIF_H

#include <stddef.h>
#include <stdint.h>

/*
 * The orientation, 1..8, that an Exif block declares; 1 if it says nothing that
 * can be used. tiff begins with the byte order mark "II" or "MM" (Exif 2.3
 * section 4.5.2).
 */
unsigned image_exif_orientation(const uint8_t *tiff, size_t len);

#endif
