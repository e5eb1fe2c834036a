/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/caps_text.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/mem.h"

/* How a field of struct printer_caps stands in a line. */
enum field_kind {
	FIELD_TEXT,        /* as it is */
	FIELD_NUMBER,      /* unsigned, decimal */
	FIELD_WORDS,       /* a bit set: its words and commas */
	FIELD_COPIES,      /* int, at least 1 */
	FIELD_BOOL,        /* yes or no */
	FIELD_SHEET_BACK,  /* a word */
	FIELD_RESOLUTIONS, /* numbers and commas */
	FIELD_MEDIA,       /* one line for each */
	FIELD_SOURCE,      /* as well */
};

struct field {
	const char *key;
	enum field_kind kind;
	size_t offset;
	size_t size;
	const char *const *words; /* of the bits from 0 up, ends with NULL */
};

static const char *const format_words[] = {
	"image/pwg-raster",
	"image/urf",
	"application/pdf",
	"image/jpeg",
	"application/PCLm",
	"application/postscript",
	"application/vnd.hp-PCL",
	"application/vnd.hp-PCLXL",
	"image/png",
	"text/plain",
	NULL,
};

static const char *const operation_words[] = {
	"Print-Job",         "Validate-Job",
	"Create-Job",        "Send-Document",
	"Cancel-Job",        "Get-Job-Attributes",
	"Get-Jobs",          "Create-Printer-Subscriptions",
	"Get-Notifications", NULL,
};

static const char *const pixel_words[] = {
	"black_1", "sgray_8", "srgb_8", "sgray_1", NULL,
};

static const char *const side_words[] = {
	"one-sided",
	"two-sided-long-edge",
	"two-sided-short-edge",
	NULL,
};

static const char *const colour_mode_words[] = {"color", "monochrome", NULL};
static const char *const scaling_words[] = {"none", "fill", NULL};

#define FIELD_OF(key, kind, member, words)                                     \
	{                                                                      \
		key, kind, offsetof(struct printer_caps, member),              \
			sizeof((struct printer_caps *)0)->member, words        \
	}
#define FIELD(key, kind, member)  FIELD_OF(key, kind, member, NULL)
#define WORDS(key, member, words) FIELD_OF(key, FIELD_WORDS, member, words)

static const struct field fields[] = {
	FIELD("make-and-model", FIELD_TEXT, make_and_model),
	FIELD("uuid", FIELD_TEXT, uuid),
	FIELD("firmware", FIELD_TEXT, firmware),
	WORDS("formats", formats, format_words),
	WORDS("operations", operations, operation_words),
	WORDS("pwg-pixels", pwg_pixels, pixel_words),
	FIELD("pwg-dpi", FIELD_RESOLUTIONS, pwg_resolutions),
	FIELD("pwg-across", FIELD_NUMBER, pwg_across),
	FIELD("pwg-along", FIELD_NUMBER, pwg_along),
	FIELD("pwg-sheet-back", FIELD_SHEET_BACK, pwg_sheet_back),
	FIELD("urf", FIELD_BOOL, has_urf_details),
	WORDS("urf-pixels", urf_pixels, pixel_words),
	FIELD("urf-dpi", FIELD_RESOLUTIONS, urf_resolutions),
	FIELD("urf-sheet-back", FIELD_SHEET_BACK, urf_sheet_back),
	FIELD("urf-duplex", FIELD_BOOL, has_urf_duplex),
	FIELD("pclm-dpi", FIELD_RESOLUTIONS, pclm_resolutions),
	FIELD("pclm-sheet-back", FIELD_SHEET_BACK, pclm_sheet_back),
	FIELD("pclm-strip-height", FIELD_NUMBER, pclm_strip_height),
	FIELD("dpi", FIELD_RESOLUTIONS, resolutions),
	WORDS("sides", sides, side_words),
	FIELD("colour", FIELD_BOOL, has_colour),
	WORDS("colour-modes", colour_modes, colour_mode_words),
	WORDS("scalings", scalings, scaling_words),
	FIELD("gzip", FIELD_BOOL, has_gzip),
	FIELD("copies-max", FIELD_COPIES, copies_max),
	FIELD("many-documents", FIELD_BOOL, has_many_documents),
	FIELD("margin-left", FIELD_NUMBER, margin_left),
	FIELD("margin-right", FIELD_NUMBER, margin_right),
	FIELD("margin-top", FIELD_NUMBER, margin_top),
	FIELD("margin-bottom", FIELD_NUMBER, margin_bottom),
	FIELD("borderless", FIELD_BOOL, is_borderless),
	FIELD("default-left", FIELD_NUMBER, default_edges.left),
	FIELD("default-right", FIELD_NUMBER, default_edges.right),
	FIELD("default-top", FIELD_NUMBER, default_edges.top),
	FIELD("default-bottom", FIELD_NUMBER, default_edges.bottom),
	FIELD("media-default", FIELD_TEXT, media_default),
	FIELD("media", FIELD_MEDIA, media_supported),
	FIELD("source", FIELD_SOURCE, sources),
};

static const char *const sheet_backs[] = {
	[SHEET_BACK_NORMAL] = "normal",
	[SHEET_BACK_FLIPPED] = "flipped",
	[SHEET_BACK_ROTATED] = "rotated",
	[SHEET_BACK_MANUAL_TUMBLE] = "manual-tumble",
};

/* A printer's name may hold anything; a line must stay a line. */
static void put_text(struct buf *out, const char *key, const char *text)
{
	buf_printf(out, "%s=", key);
	for (const char *p = text; *p; p++) {
		char c = (unsigned char)*p < 0x20 || *p == 0x7f ? ' ' : *p;

		buf_append(out, &c, 1);
	}
	buf_puts(out, "\n");
}

static void put_resolutions(struct buf *out, const char *key,
                            const struct caps_resolutions *list)
{
	buf_printf(out, "%s=", key);
	for (unsigned i = 0; i < list->n; i++)
		buf_printf(out, "%s%u", i ? "," : "", list->dpi[i]);
	buf_puts(out, "\n");
}

static void put_words(struct buf *out, const struct field *f, unsigned bits)
{
	const char *comma = "";

	buf_printf(out, "%s=", f->key);
	for (unsigned i = 0; f->words[i]; i++) {
		if (!(bits & 1U << i))
			continue;
		buf_printf(out, "%s%s", comma, f->words[i]);
		comma = ",";
	}
	buf_puts(out, "\n");
}

/* A printer that has not said makes one copy. */
static int at_least_one(const int *n)
{
	return *n < 1 ? 1 : *n;
}

static void put_field(struct buf *out, const struct field *f,
                      const struct printer_caps *caps)
{
	const void *p = (const char *)caps + f->offset;

	switch (f->kind) {
	case FIELD_TEXT: put_text(out, f->key, p); break;
	case FIELD_NUMBER:
		buf_printf(out, "%s=%u\n", f->key, *(const unsigned *)p);
		break;
	case FIELD_WORDS: put_words(out, f, *(const unsigned *)p); break;
	case FIELD_COPIES:
		buf_printf(out, "%s=%d\n", f->key, at_least_one(p));
		break;
	case FIELD_BOOL:
		put_text(out, f->key, *(const bool *)p ? "yes" : "no");
		break;
	case FIELD_SHEET_BACK:
		put_text(out, f->key,
		         sheet_backs[*(const enum print_sheet_back *)p]);
		break;
	case FIELD_RESOLUTIONS: put_resolutions(out, f->key, p); break;
	case FIELD_MEDIA:
		for (unsigned i = 0; i < caps->n_media_supported; i++)
			put_text(out, f->key, caps->media_supported[i]);
		break;
	case FIELD_SOURCE:
		for (unsigned i = 0; i < caps->n_sources; i++)
			put_text(out, f->key, caps->sources[i]);
		break;
	}
}

char *caps_to_text(const struct printer_caps *caps)
{
	struct buf out = {0};

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		put_field(&out, &fields[i], caps);
	buf_str(&out);
	return out.data;
}

static int get_number(const char *value, unsigned long max, unsigned long *out)
{
	char *end;
	unsigned long n;

	if (*value < '0' || *value > '9')
		return -EINVAL;
	errno = 0;
	n = strtoul(value, &end, 10);
	if (errno || *end || n > max)
		return -EINVAL;
	*out = n;
	return 0;
}

static int get_resolutions(char *value, struct caps_resolutions *list)
{
	struct caps_resolutions got = {0};
	char *save = value, *word;

	while (*value && (word = strsep(&save, ","))) {
		unsigned long n;

		if (got.n == CAPS_RESOLUTIONS_MAX ||
		    get_number(word, UINT_MAX, &n) < 0)
			return -EINVAL;
		got.dpi[got.n++] = (unsigned)n;
	}
	*list = got;
	return 0;
}

static int get_bit(const char *word, const char *const *words, unsigned *bits)
{
	for (unsigned i = 0; words[i]; i++) {
		if (strcmp(word, words[i]) == 0) {
			*bits |= 1U << i;
			return 0;
		}
	}
	return -EINVAL;
}

static int get_words(char *value, const char *const *words, unsigned *out)
{
	char *save = value, *word;
	unsigned bits = 0;

	while (*value && (word = strsep(&save, ","))) {
		if (get_bit(word, words, &bits) < 0)
			return -EINVAL;
	}
	*out = bits;
	return 0;
}

static int get_bool(const char *value, bool *out)
{
	bool yes = strcmp(value, "yes") == 0;

	if (!yes && strcmp(value, "no") != 0)
		return -EINVAL;
	*out = yes;
	return 0;
}

static int get_sheet_back(const char *value, enum print_sheet_back *out)
{
	for (size_t i = 0; i < ARRAY_LEN(sheet_backs); i++) {
		if (strcmp(value, sheet_backs[i]) == 0) {
			*out = (enum print_sheet_back)i;
			return 0;
		}
	}
	return -EINVAL;
}

static int get_text(const char *value, char *out, size_t size)
{
	size_t len = strlen(value);

	if (len >= size)
		return -EINVAL;
	memcpy(out, value, len + 1);
	return 0;
}

static int get_media(const char *value, struct printer_caps *caps)
{
	unsigned n = caps->n_media_supported;

	if (n == CAPS_MEDIA_MAX ||
	    get_text(value, caps->media_supported[n], CAPS_NAME_MAX) < 0)
		return -EINVAL;
	caps->n_media_supported++;
	return 0;
}

static int get_source(const char *value, struct printer_caps *caps)
{
	unsigned n = caps->n_sources;

	if (n == CAPS_SOURCES_MAX ||
	    get_text(value, caps->sources[n], sizeof caps->sources[n]) < 0)
		return -EINVAL;
	caps->n_sources++;
	return 0;
}

static int get_field(const struct field *f, char *value,
                     struct printer_caps *caps)
{
	void *p = (char *)caps + f->offset;
	unsigned long n;

	switch (f->kind) {
	case FIELD_TEXT: return get_text(value, p, f->size);
	case FIELD_NUMBER:
		if (get_number(value, UINT_MAX, &n) < 0)
			return -EINVAL;
		*(unsigned *)p = (unsigned)n;
		return 0;
	case FIELD_WORDS: return get_words(value, f->words, p);
	case FIELD_COPIES:
		if (get_number(value, INT_MAX, &n) < 0 || n < 1)
			return -EINVAL;
		*(int *)p = (int)n;
		return 0;
	case FIELD_BOOL: return get_bool(value, p);
	case FIELD_SHEET_BACK: return get_sheet_back(value, p);
	case FIELD_RESOLUTIONS: return get_resolutions(value, p);
	case FIELD_MEDIA: return get_media(value, caps);
	case FIELD_SOURCE: return get_source(value, caps);
	}
	return -EINVAL;
}

static int read_line(char *line, struct printer_caps *caps, struct err *err)
{
	char *value = strchr(line, '=');

	if (!value)
		return err_set(err, -EINVAL, "'%.60s' is not key=value", line);
	*value++ = '\0';
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		if (strcmp(line, fields[i].key) != 0)
			continue;
		if (get_field(&fields[i], value, caps) < 0)
			return err_set(err, -EINVAL,
			               "'%.60s' cannot be the value of '%s'",
			               value, line);
		return 0;
	}
	return 0;
}

int caps_from_text(const char *text, struct printer_caps *out, struct err *err)
{
	struct printer_caps *caps CLEANUP(xfree) = xcalloc(1, sizeof *caps);
	char *copy CLEANUP(xfree) = xstrdup(text);
	char *rest = copy, *line;

	caps->copies_max = 1;
	while ((line = strsep(&rest, "\n"))) {
		int r = *line ? read_line(line, caps, err) : 0;

		if (r < 0)
			return r;
	}
	*out = *caps;
	return 0;
}
