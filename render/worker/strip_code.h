/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_STRIP_CODE_H
#define RENDER_WORKER_STRIP_CODE_H

#include "base/buf.h"
#include "render/worker/flate.h"
#include "render/worker/strip.h"

/* How a strip was compressed: PDF and PostScript know the same two filters. */
enum strip_code {
	STRIP_WHITE, /* not at all: nothing to see */
	STRIP_FLATE,
	STRIP_JPEG,
};

/* Into out, which is emptied first. */
enum strip_code strip_encode(const struct strip *strip, struct flate *flate,
                             struct buf *out);

/* The filter's name in PDF and PostScript: "FlateDecode", "DCTDecode". */
const char *strip_filter(enum strip_code code);

#endif
