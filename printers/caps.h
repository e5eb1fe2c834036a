/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_CAPS_H
#define PRINTERS_CAPS_H

#include <cups/ipp.h>
#include <stdbool.h>

/*
 * What a printer can do, as it said itself; see PWG 5100.12 for the attributes
 * and PWG 5102.4 for the raster ones. Zero-initialised is "can nothing".
 */
enum caps_format {
	CAPS_PWG = 1 << 0,        /* image/pwg-raster */
	CAPS_URF = 1 << 1,        /* image/urf */
	CAPS_PDF = 1 << 2,        /* application/pdf */
	CAPS_JPEG = 1 << 3,       /* image/jpeg */
	CAPS_PCLM = 1 << 4,       /* application/PCLm */
	CAPS_POSTSCRIPT = 1 << 5, /* application/postscript */
	CAPS_PCL = 1 << 6,        /* application/vnd.hp-PCL */
	CAPS_PCLXL = 1 << 7,      /* application/vnd.hp-PCLXL */
	CAPS_PNG = 1 << 8,        /* image/png */
	CAPS_TEXT = 1 << 9,       /* text/plain */
};

enum caps_pixel {
	CAPS_BLACK_1 = 1 << 0,
	CAPS_SGRAY_8 = 1 << 1,
	CAPS_SRGB_8 = 1 << 2,
	CAPS_SGRAY_1 = 1 << 3,
};

enum caps_operation {
	CAPS_PRINT_JOB = 1 << 0,
	CAPS_VALIDATE_JOB = 1 << 1,
	CAPS_CREATE_JOB = 1 << 2,
	CAPS_SEND_DOCUMENT = 1 << 3,
	CAPS_CANCEL_JOB = 1 << 4,
	CAPS_GET_JOB_ATTRIBUTES = 1 << 5,
	CAPS_GET_JOBS = 1 << 6,
	CAPS_CREATE_SUBSCRIPTION = 1 << 7, /* Create-Printer-Subscriptions */
	CAPS_GET_NOTIFICATIONS = 1 << 8,
};

enum caps_colour_mode {
	CAPS_MODE_COLOUR = 1 << 0,
	CAPS_MODE_MONOCHROME = 1 << 1,
};

/* print-scaling (PWG 5100.13); auto needs no word. */
enum caps_scaling {
	CAPS_SCALING_NONE = 1 << 0,
	CAPS_SCALING_FILL = 1 << 1,
};

/* How the raster of an even page is to be turned (PWG 5102.4 table 5). */
enum print_sheet_back {
	SHEET_BACK_NORMAL,
	SHEET_BACK_FLIPPED,
	SHEET_BACK_ROTATED,
	SHEET_BACK_MANUAL_TUMBLE,
};

enum print_sides {
	PRINT_ONE_SIDED,
	PRINT_TWO_SIDED_LONG,
	PRINT_TWO_SIDED_SHORT,
};

#define CAPS_RESOLUTIONS_MAX 16
#define CAPS_DPI_MAX         1200 /* the finest pages that are made */
#define CAPS_REPEAT_MAX      8    /* so often a pixel, where dots are uneven */
#define CAPS_MEDIA_MAX       64
#define CAPS_NAME_MAX        64
#define CAPS_STRIP_MAX       1024
#define CAPS_SOURCES_MAX     16

struct caps_resolutions {
	unsigned dpi[CAPS_RESOLUTIONS_MAX]; /* square ones only, ascending */
	unsigned n;
};

/* 1/100 mm */
struct caps_edges {
	unsigned left, right, top, bottom;
};

struct printer_caps {
	char make_and_model[128];
	char uuid[64];       /* "urn:uuid:..." or "" */
	char firmware[128];  /* versions of its parts, with commas, or "" */
	unsigned formats;    /* enum caps_format */
	unsigned operations; /* enum caps_operation */

	unsigned pwg_pixels; /* enum caps_pixel */
	struct caps_resolutions pwg_resolutions;
	/* in dpi, one a multiple of the other; 0: there are square ones */
	unsigned pwg_across, pwg_along;
	enum print_sheet_back pwg_sheet_back;

	bool has_urf_details; /* urf-supported is there and usable */
	unsigned urf_pixels;  /* enum caps_pixel: W8, SRGB24 */
	struct caps_resolutions urf_resolutions;
	enum print_sheet_back urf_sheet_back; /* DM1 to DM4 */
	bool has_urf_duplex;                  /* a DM was given */

	struct caps_resolutions pclm_resolutions;
	enum print_sheet_back pclm_sheet_back;
	unsigned pclm_strip_height; /* lines in a strip; 0: not said */

	struct caps_resolutions resolutions; /* printer-resolution-supported */

	unsigned sides; /* 1 << enum print_sides */
	bool has_colour;
	unsigned colour_modes; /* enum caps_colour_mode */
	unsigned scalings;     /* enum caps_scaling */
	bool has_gzip;
	int copies_max;          /* at least 1 */
	bool has_many_documents; /* multiple-document-jobs-supported */

	/* PWG name: what it says, if it takes that, else a paper that lies in
	   it, else one that it takes; "": nothing is known */
	char media_default[CAPS_NAME_MAX];
	char media_supported[CAPS_MEDIA_MAX][CAPS_NAME_MAX];
	unsigned n_media_supported;

	char sources[CAPS_SOURCES_MAX][32]; /* media-source: "tray-1" */
	unsigned n_sources;

	/*
	 * What a page may lose at its edges, in 1/100 mm: the largest margin
	 * that the printer names, so that nothing is lost on any paper. 0: not
	 * said, or none where it is borderless.
	 */
	unsigned margin_left, margin_right, margin_top, margin_bottom;
	bool is_borderless; /* each of them may be 0 as well */
	/*
	 * The same for media_default alone, which envelopes and the like do not
	 * make worse; 0: not said.
	 */
	struct caps_edges default_edges;
};

/* Read the capability attributes of a printer's answer; never fails. */
void printer_caps_from_ipp(ipp_t *ipp, struct printer_caps *out);

/* The printer's own name for paper of that size; NULL when it has none. */
const char *caps_media_name(const struct printer_caps *caps, const char *media);

/*
 * Whether it takes this paper: it has a name for it, or the size lies in the
 * range that it gave. Yes where its list is not there, or was too long for us.
 */
bool caps_takes_media(const struct printer_caps *caps, const char *media);

#endif
