/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef LASER_H
#define LASER_H

#include "printers/caps.h"

static inline void add(ipp_t *ipp, ipp_tag_t tag, const char *name, int n,
                       const char *const *values)
{
	ippAddStrings(ipp, IPP_TAG_PRINTER, tag, name, n, NULL, values);
}

/* A colour laser with both rasters, as it would say. */
static inline ipp_t *laser(void)
{
	static const char *const formats[] = {"application/octet-stream",
	                                      "application/pdf",
	                                      "image/pwg-raster", "image/urf",
	                                      "image/jpeg"};
	static const char *const urf[] = {"W8", "SRGB24", "RS300-600", "DM3",
	                                  "V1.4"};
	static const char *const pixels[] = {"black_1", "sgray_8", "srgb_8",
	                                     "srgb_16"};
	static const char *const sides[] = {"one-sided", "two-sided-long-edge"};
	static const char *const media[] = {"iso_a4_210x297mm",
	                                    "na_letter_8.5x11in",
	                                    "../../etc/passwd"};
	static const int margins[] = {0, 340, 500, 99999, -4};
	static const int dpi[] = {600, 1200};
	ipp_t *ipp = ippNew();

	add(ipp, IPP_TAG_MIMETYPE, "document-format-supported", 5, formats);
	add(ipp, IPP_TAG_KEYWORD, "urf-supported", 5, urf);
	add(ipp, IPP_TAG_KEYWORD, "pwg-raster-document-type-supported", 4,
	    pixels);
	add(ipp, IPP_TAG_KEYWORD, "sides-supported", 2, sides);
	add(ipp, IPP_TAG_KEYWORD, "media-supported", 3, media);
	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "media-default",
	             NULL, "na_letter_8.5x11in");
	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_KEYWORD,
	             "pwg-raster-document-sheet-back", NULL, "flipped");
	ippAddIntegers(ipp, IPP_TAG_PRINTER, IPP_TAG_INTEGER,
	               "media-left-margin-supported", 5, margins);
	ippAddResolutions(ipp, IPP_TAG_PRINTER,
	                  "pwg-raster-document-resolution-supported", 2,
	                  IPP_RES_PER_INCH, dpi, dpi);
	ippAddBoolean(ipp, IPP_TAG_PRINTER, "color-supported", 1);
	ippAddRange(ipp, IPP_TAG_PRINTER, "copies-supported", 1, 99);
	return ipp;
}

static inline struct printer_caps laser_caps(void)
{
	struct printer_caps caps;
	ipp_t *ipp = laser();

	printer_caps_from_ipp(ipp, &caps);
	ippDelete(ipp);
	return caps;
}

#endif
