/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/writer.h"

#include <stdlib.h>

const struct writer_format *writer_format_of(enum page_format format)
{
	switch (format) {
	case PAGE_PWG:
	case PAGE_URF: return &writer_pwg;
	case PAGE_PDF: return &writer_pdf;
	case PAGE_PCLM: return &writer_pclm;
	case PAGE_JPEG: return &writer_jpeg;
	case PAGE_POSTSCRIPT: return &writer_ps;
	case PAGE_PCL: return &writer_pcl;
	case PAGE_PCLXL: return &writer_pclxl;
	case PAGE_DRAWINGS: return &writer_drawings;
	}
	abort();
}
