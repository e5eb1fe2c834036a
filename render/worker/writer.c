/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/writer.h"

#include <stdlib.h>

const struct writer_format *writer_format_of(enum page_format format)
{
	switch (format) {
	case PAGE_PWG:
	case PAGE_URF: return &writer_pwg;
	}
	abort();
}
