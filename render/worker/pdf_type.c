/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <string.h>

#include "render/worker/pdf.h"

#define HEAD 1024 /* readers accept a PDF that begins late (ISO 32000-1, H) */
#define TAIL 0x10000 /* of an archive: the names of its files */

static const struct pdf_type types[] = {
	[PDF_KIND_PDF] = {PDF_KIND_PDF, "application/pdf", "PDF"},
	[PDF_KIND_XPS] = {PDF_KIND_XPS, "application/oxps", "XPS file"},
	[PDF_KIND_EPUB] = {PDF_KIND_EPUB, "application/epub+zip", "e-book"},
};

static size_t at_most(size_t len, size_t max)
{
	return len < max ? len : max;
}

/* Its first file says so, and is not compressed (EPUB OCF 3.2, 4.3). */
static bool is_epub(const char *data, size_t len)
{
	static const char word[] = "mimetypeapplication/epub+zip";

	return len >= 30 + sizeof word - 1 &&
	       memcmp(data + 30, word, sizeof word - 1) == 0;
}

static bool is_xps(const char *data, size_t len)
{
	size_t tail = at_most(len, TAIL);

	return memmem(data + len - tail, tail, ".fdseq", 6);
}

static size_t skip_digits(const char *data, size_t len, size_t at)
{
	while (at < len && data[at] >= '0' && data[at] <= '9')
		at++;
	return at;
}

/*
 * Cut off before its header, it begins with an object, as "12 0 obj"; the other
 * header is that of Acrobat Distiller (ISO 32000-1, H.3, 13).
 */
static bool begins_as_pdf(const char *data, size_t len)
{
	static const char header[] = "%!PS-Adobe-N.n PDF-";
	size_t first = 0, second;

	if (len >= sizeof header && memcmp(data, header, 11) == 0 &&
	    memcmp(data + 14, header + 14, 5) == 0)
		return true;
	while (first < len && strchr("\r\n\t ", data[first]) && data[first])
		first++;
	second = skip_digits(data, len, first);
	if (second == first || second == len || data[second] != ' ')
		return false;
	first = second + 1;
	second = skip_digits(data, len, first);
	return second > first && len - second >= 5 &&
	       memcmp(data + second, " obj", 4) == 0;
}

const struct pdf_type *pdf_type_of(const void *data, size_t len)
{
	bool zip = len >= 4 && memcmp(data, "PK\3\4", 4) == 0;

	if (zip && is_epub(data, len))
		return &types[PDF_KIND_EPUB];
	if (zip && is_xps(data, len))
		return &types[PDF_KIND_XPS];
	/* one that holds a PDF, not compressed, is none */
	if (len > 0 && !zip &&
	    (memmem(data, at_most(len, HEAD), "%PDF-", 5) ||
	     begins_as_pdf(data, len)))
		return &types[PDF_KIND_PDF];
	return NULL;
}

const char *pdf_kind_name(enum pdf_kind kind)
{
	return types[kind].name;
}
