/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_fault.h"

#include <string.h>

#include "base/mem.h"

/*
 * MuPDF 1.21 and Poppler 22.12 say these of what they leave out; neither has
 * another way to tell. What they mend without loss is not among them, nor are
 * words in a page that they do not know and skip.
 */
static const struct {
	const char *words;
	enum pdf_fault fault;
} sayings[] = {
	{"padding truncated image", PDF_FAULT_PICTURE},
	{"end of file in jpeg", PDF_FAULT_PICTURE},
	{"jpeg error", PDF_FAULT_PICTURE},
	{"JPX image", PDF_FAULT_PICTURE},
	{"JPX header", PDF_FAULT_PICTURE},
	{"jbig2 image", PDF_FAULT_PICTURE},
	{"image width is", PDF_FAULT_PICTURE},
	{"image height is", PDF_FAULT_PICTURE},
	{"after inline image", PDF_FAULT_PICTURE},
	{"during interpretation", PDF_FAULT_PICTURE},
	{"Did no succeed opening JPX Stream.", PDF_FAULT_PICTURE},
	{"Bad image parameters", PDF_FAULT_PICTURE},
	{"start of jpeg data", PDF_FAULT_PICTURE},
	{"in flate stream", PDF_FAULT_CONTENT},
	{"Bad LZW stream", PDF_FAULT_CONTENT},
	{"CCITTFax", PDF_FAULT_PICTURE},
	{"JBIG2", PDF_FAULT_PICTURE},
	{"cannot decode image resource", PDF_FAULT_PICTURE},
	{"cannot find image source", PDF_FAULT_PICTURE},
	{"loading embedded font", PDF_FAULT_FONT},
	{"unknown cid font type", PDF_FAULT_FONT},
	{"non-embedded font using identity", PDF_FAULT_FONT},
	{"cannot render glyph", PDF_FAULT_FONT},
	{"Couldn't find a font for", PDF_FAULT_FONT},
	{"No font in show", PDF_FAULT_FONT},
	{"Embedded font", PDF_FAULT_FONT},
	{"unknown colorspace", PDF_FAULT_CONTENT},
	{"invalid ICC colorspace", PDF_FAULT_CONTENT},
	{"cannot find ColorSpace resource", PDF_FAULT_CONTENT},
	{"cannot find Pattern resource", PDF_FAULT_CONTENT},
	{"cannot find Shading resource", PDF_FAULT_CONTENT},
	{"cannot find XObject resource", PDF_FAULT_CONTENT},
	{"no XObject subtype", PDF_FAULT_CONTENT},
	{"cannot load content stream", PDF_FAULT_CONTENT},
	{"content stream is not a stream", PDF_FAULT_CONTENT},
	{"non-page object in page tree", PDF_FAULT_CONTENT},
	{"cannot load shading function", PDF_FAULT_CONTENT},
	{"unknown shading type", PDF_FAULT_CONTENT},
	{"too many syntax errors", PDF_FAULT_CONTENT},
	{"unknown filter name", PDF_FAULT_CONTENT},
	{"end of data in flate filter", PDF_FAULT_CONTENT},
	{"read error; treating as end of file", PDF_FAULT_CONTENT},
	{"Unknown filter", PDF_FAULT_CONTENT},
	{"shading type", PDF_FAULT_CONTENT},
	{"XObject '", PDF_FAULT_CONTENT},
	{"Unknown pattern", PDF_FAULT_CONTENT},
	{"Weird page contents", PDF_FAULT_CONTENT},
	{"Invalid XRef entry", PDF_FAULT_CONTENT},
};

void pdf_faults_add(struct pdf_faults *faults, enum pdf_fault fault)
{
	faults->now |= 1u << fault;
}

bool pdf_faults_has(const struct pdf_faults *faults, enum pdf_fault fault)
{
	return faults->now & 1u << fault;
}

void pdf_faults_hear(struct pdf_faults *faults, const char *message)
{
	for (size_t i = 0; i < ARRAY_LEN(sayings); i++)
		if (strstr(message, sayings[i].words))
			pdf_faults_add(faults, sayings[i].fault);
}

void pdf_faults_forget(struct pdf_faults *faults)
{
	faults->now = 0;
}

/* A picture that cannot be read makes its stream end early, too. */
static bool is_told_already(unsigned now, unsigned fault)
{
	return fault == PDF_FAULT_CONTENT &&
	       (now & (1u << PDF_FAULT_PICTURE | 1u << PDF_FAULT_FONT));
}

void pdf_faults_end_page(struct pdf_faults *faults, unsigned number)
{
	for (unsigned i = 0; i < PDF_N_FAULTS; i++) {
		struct pdf_fault_pages *pages = &faults->pages[i];

		if (!(faults->now & 1u << i) || is_told_already(faults->now, i))
			continue;
		if (pages->n < PDF_FAULT_NAMED)
			pages->named[pages->n] = number;
		pages->n++;
	}
	faults->now = 0;
}

/* "page 3", "pages 3 and 5", "pages 3, 5, 6, 8 and 12 more" */
static void put_pages(const struct pdf_fault_pages *pages, struct buf *out)
{
	unsigned n = pages->n < PDF_FAULT_NAMED ? pages->n : PDF_FAULT_NAMED;

	buf_printf(out, pages->n == 1 ? "page" : "pages");
	for (unsigned i = 0; i < n; i++) {
		if (i > 0)
			buf_puts(out, i + 1 == pages->n ? " and" : ",");
		buf_printf(out, " %u", pages->named[i]);
	}
	if (pages->n > n)
		buf_printf(out, " and %u more", pages->n - n);
}

static void put_sentence(const char *beginning, struct buf *out)
{
	if (out->len > 0)
		buf_puts(out, "; ");
	buf_puts(out, beginning);
}

void pdf_faults_put(const struct pdf_faults *faults, struct buf *out)
{
	static const struct {
		const char *one, *several, *rest_of_one, *rest_of_several;
	} words[PDF_N_FAULTS] = {
		{"a picture on ", "pictures on ",
	         " is damaged and not printed as a whole",
	         " are damaged and not printed as a whole"},
		{"a font on ", "fonts on ",
	         " cannot be read: letters may be wrong or missing",
	         " cannot be read: letters may be wrong or missing"},
		{"", "", " is damaged: something on it may be missing",
	         " are damaged: something on them may be missing"},
	};

	if (faults->is_form)
		put_sentence("it is a form that only Adobe's programs can draw "
		             "(XFA); what stands in its place is printed",
		             out);
	if (faults->is_portfolio)
		put_sentence("it is a portfolio: its cover is printed, the "
		             "files in it are not printed",
		             out);
	for (unsigned i = 0; i < PDF_N_FAULTS; i++) {
		const struct pdf_fault_pages *pages = &faults->pages[i];
		bool one = pages->n == 1;

		if (pages->n == 0)
			continue;
		put_sentence(one ? words[i].one : words[i].several, out);
		put_pages(pages, out);
		buf_puts(out,
		         one ? words[i].rest_of_one : words[i].rest_of_several);
	}
}
