/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/office.h"

#include <errno.h>

#include "base/mem.h"
#include "render/worker/convert.h"
#include "render/worker/office_kind.h"

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
                  struct buf *pdf, struct err *err)
{
	const struct office_kind *kind =
		office_kind_of(part->content.data, part->content.len);

	if (!kind || !kind->name || kind->encrypted)
		return err_set(err, -EACCES, "%s",
		               part->note ? part->note : "it cannot be read");

	const struct convert_request request = {
		.part = part->id,
		.engine = "office",
		.name = kind->name,
		.document = part->content.data,
		.len = part->content.len,
	};
	int r = convert_to_pdf(control, &request, pdf, err);

	if (r == -ENOTSUP)
		return err_set(err, r,
		               "it cannot be printed here: LibreOffice is not "
		               "installed");
	return r;
}

int office_render(const struct ledger_part *part,
                  const struct ledger_printing *printing, struct err *err)
{
	struct buf pdf CLEANUP(buf_fini) = {0};
	int r = office_to_pdf(part, printing->control, &pdf, err);

	if (r < 0)
		return r;
	r = pdf_render(pdf.data, pdf.len, printing->spec, printing->raster,
	               err);
	if (r == -E2BIG)
		return err_wrap(err, r, "as pages");
	return r;
}
