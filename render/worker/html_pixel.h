/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_HTML_PIXEL_H
#define RENDER_WORKER_HTML_PIXEL_H

#include "base/buf.h"

/*
 * Tracking pixels: a picture of the web that the HTML itself makes a pixel
 * small, or hides, is there to be asked for, not to be seen. Its tag becomes
 * another one of the same length that shows nothing and asks for nothing.
 * Everything else stays as it is, byte for byte.
 */
void html_pixel_drop(struct buf *html);

#endif
