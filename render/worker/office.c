/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/office.h"

#include <errno.h>

#include "base/mem.h"
#include "render/worker/convert.h"
#include "render/worker/office_kind.h"
#include "render/worker/pdf.h"
#include "render/worker/pdf_blank.h"

#define PAGES_KNOWN 100000 /* that LibreOffice can number */

bool office_detect(struct ledger_part *part)
{
	const struct office_kind *kind =
		office_kind_of(part->content.data, part->content.len);

	if (!kind)
		return false;
	part->detected = kind->type;
	part->kind = strncmp(kind->type, "image/", 6) == 0 ? LEDGER_IMAGE
	                                                   : LEDGER_OFFICE;
	part->encrypted = kind->encrypted;
	if (kind->encrypted)
		part->note =
			"it is protected by a password; save it without one and send it again";
	return true;
}

bool office_is_called(const struct ledger_part *part)
{
	static const char *const ends[] = {".docx", ".docm", ".dotx", ".dotm",
	                                   ".xlsx", ".xlsm", ".xlsb", ".xltx",
	                                   ".xltm", ".pptx", ".pptm", ".potx",
	                                   ".potm", ".ppsx", ".ppsm", ".vsdx",
	                                   ".odt",  ".ods",  ".odp",  ".odg",
	                                   ".ott",  ".ots",  ".otp"};
	size_t n = part->name ? strlen(part->name) : 0;

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (n > strlen(ends[i]) &&
		    strcasecmp(part->name + n - strlen(ends[i]), ends[i]) == 0)
			return true;
	return false;
}

int office_to_pdf(const struct ledger_part *part, struct control *control,
                  unsigned max_pages, struct buf *pdf, struct err *err)
{
	const struct office_kind *kind =
		office_kind_of(part->content.data, part->content.len);

	if (!kind || kind->encrypted)
		return err_set(err, -EACCES, "%s",
		               part->note ? part->note : "it cannot be read");

	const struct convert_request request = {
		.part = part->id,
		.engine = "office",
		.name = kind->name,
		.document = part->content.data,
		.len = part->content.len,
		.max_pages = max_pages,
	};
	int r = convert_to_pdf(control, &request, pdf, err);

	if (r == -ENOTSUP)
		return err_set(err, r,
		               "it cannot be printed here: LibreOffice is not "
		               "installed");
	/* it makes a page also of what it understands nothing of */
	if (r == 0 && pdf_is_blank(pdf->data, pdf->len))
		return err_set(err, -EINVAL,
		               "LibreOffice finds nothing in it to print");
	return r;
}

/*
 * So many that it is refused for them. A table of 200,000 rows is 3,704 pages,
 * which take four times as long to make as to count. 0: all are wanted, because
 * some of them are named.
 */
static unsigned enough_pages(const struct ledger_printing *printing)
{
	const struct page_spec *spec = printing->spec;
	unsigned up = spec->number_up > 1 ? spec->number_up : 1;

	if (spec->ranges.n > 0 || spec->side_ranges.n > 0 ||
	    spec->max_pages > PAGES_KNOWN)
		return 0;
	return (spec->max_pages + 1) * up;
}

int office_render(const struct ledger_part *part,
                  const struct ledger_printing *printing, struct err *err)
{
	struct buf pdf CLEANUP(buf_fini) = {0};
	const struct pdf_options options = {
		.kind = PDF_KIND_PDF,
		.cut_at = enough_pages(printing),
	};
	int r = office_to_pdf(part, printing->control, options.cut_at, &pdf,
	                      err);

	if (r < 0)
		return r;
	r = pdf_render_with(pdf.data, pdf.len, &options, printing->spec,
	                    printing->raster, err);
	if (r == -E2BIG)
		return err_wrap(err, r, "as pages");
	return r;
}
