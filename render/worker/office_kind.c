/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/office_kind.h"

#include "base/mem.h"
#include "render/worker/office_cfb.h"
#include "render/worker/office_zip.h"

#define OOXML    "application/vnd.openxmlformats-officedocument."
#define ODF      "application/vnd.oasis.opendocument."

#define XML_HEAD 16384

enum {
	DOCX,
	XLSX,
	PPTX,
	ODT,
	ODS,
	ODP,
	ODG,
	DOC,
	XLS,
	PPT,
	RTF,
	FODT,
	FODS,
	FODP,
	FODG,
	WORD_XML,
	EXCEL_XML,
	N_NAMES
};

/* In pairs: as it is, and encrypted. */
#define BOTH(index, ending, mime)                                              \
	[index] = {{ending, mime, false}, {ending, mime, true}}

static const struct office_kind kinds[N_NAMES][2] = {
	BOTH(DOCX, "docx", OOXML "wordprocessingml.document"),
	BOTH(XLSX, "xlsx", OOXML "spreadsheetml.sheet"),
	BOTH(PPTX, "pptx", OOXML "presentationml.presentation"),
	BOTH(ODT, "odt", ODF "text"),
	BOTH(ODS, "ods", ODF "spreadsheet"),
	BOTH(ODP, "odp", ODF "presentation"),
	BOTH(ODG, "odg", ODF "graphics"),
	BOTH(DOC, "doc", "application/msword"),
	BOTH(XLS, "xls", "application/vnd.ms-excel"),
	BOTH(PPT, "ppt", "application/vnd.ms-powerpoint"),
	BOTH(RTF, "rtf", "text/rtf"),
	BOTH(FODT, "fodt", ODF "text-flat-xml"),
	BOTH(FODS, "fods", ODF "spreadsheet-flat-xml"),
	BOTH(FODP, "fodp", ODF "presentation-flat-xml"),
	BOTH(FODG, "fodg", ODF "graphics-flat-xml"),
	BOTH(WORD_XML, "xml", "application/vnd.ms-word.2003.xml"),
	BOTH(EXCEL_XML, "xml", "application/vnd.ms-excel.2003.xml"),
};

static const struct office_kind encrypted_package =
	{NULL, "application/x-ole-storage", true};

/* OOXML: a content type list, and a folder per application (ECMA-376-2). */
struct ooxml {
	bool has_types;
	int index; /* -1: not yet */
};

static void look_at_name(const char *name, size_t len, void *arg)
{
	static const struct {
		const char *folder;
		int index;
	} folders[] = {{"word/", DOCX}, {"xl/", XLSX}, {"ppt/", PPTX}};
	static const char types[] = "[Content_Types].xml";
	struct ooxml *found = arg;

	if (len == sizeof types - 1 && memcmp(name, types, len) == 0)
		found->has_types = true;
	for (size_t i = 0; i < ARRAY_LEN(folders) && found->index < 0; i++) {
		size_t n = strlen(folders[i].folder);

		if (len > n && memcmp(name, folders[i].folder, n) == 0)
			found->index = folders[i].index;
	}
}

static const struct office_kind *ooxml_of(const void *data, size_t len)
{
	struct ooxml found = {.index = -1};

	office_zip_names(data, len, look_at_name, &found);
	return found.has_types && found.index >= 0 ? &kinds[found.index][0]
	                                           : NULL;
}

/* ODF: the first entry is "mimetype", stored (ODF 1.3 part 2, 3.3). */
static const struct office_kind *odf_of(const void *data, size_t len)
{
	char type[80], manifest[16384];
	size_t n = office_zip_read(data, len, "mimetype", type, sizeof type);

	for (int i = ODT; i <= ODG; i++) {
		const char *mime = kinds[i][0].type;
		size_t size;

		/* also templates: "...text-template" */
		if (n < strlen(mime) || memcmp(type, mime, strlen(mime)) != 0)
			continue;
		size = office_zip_read(data, len, "META-INF/manifest.xml",
		                       manifest, sizeof manifest);
		return &kinds[i][memmem(manifest, size, "encryption-data",
		                        strlen("encryption-data")) != NULL];
	}
	return NULL;
}

static const struct office_kind *compound_of(const void *data, size_t len)
{
	static const struct {
		const char *stream;
		int index;
	} streams[] = {{"WordDocument", DOC},
	               {"Workbook", XLS},
	               {"Book", XLS},
	               {"PowerPoint Document", PPT}};

	if (office_cfb_has(data, len, "EncryptedPackage"))
		return &encrypted_package;
	for (size_t i = 0; i < ARRAY_LEN(streams); i++)
		if (office_cfb_has(data, len, streams[i].stream))
			return &kinds[streams[i].index]
			             [office_cfb_is_encrypted(data, len,
			                                      streams[i]
			                                              .stream)];
	return NULL;
}

/* How a file begins that is XML (XML 1.0, 2.8), but for a byte order mark. */
static bool is_xml(const char *data, size_t len)
{
	static const char mark[] = "\xef\xbb\xbf", begin[] = "<?xml ";
	size_t at = len > 3 && memcmp(data, mark, 3) == 0 ? 3 : 0;

	return len - at >= sizeof begin - 1 &&
	       memcmp(data + at, begin, sizeof begin - 1) == 0;
}

/* The root element, and what it says of the document, come first. */
static const struct office_kind *xml_of(const char *data, size_t len)
{
	static const struct {
		const char *root, *word;
		int index;
	} roots[] = {
		{"<office:document", "\"" ODF "text", FODT},
		{"<office:document", "\"" ODF "spreadsheet", FODS},
		{"<office:document", "\"" ODF "presentation", FODP},
		{"<office:document", "\"" ODF "graphics", FODG},
		{"wordDocument", "office/word/2003/wordml\"", WORD_XML},
		{"Workbook", "microsoft-com:office:spreadsheet\"", EXCEL_XML},
	};
	size_t n = len < XML_HEAD ? len : XML_HEAD;

	for (size_t i = 0; i < ARRAY_LEN(roots) && is_xml(data, len); i++)
		if (memmem(data, n, roots[i].root, strlen(roots[i].root)) &&
		    memmem(data, n, roots[i].word, strlen(roots[i].word)))
			return &kinds[roots[i].index][0];
	return NULL;
}

const struct office_kind *office_kind_of(const void *data, size_t len)
{
	const struct office_kind *kind;

	if (len > 5 && memcmp(data, "{\\rtf", 5) == 0)
		return &kinds[RTF][0];
	if (len > 8 && memcmp(data, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) == 0)
		return compound_of(data, len);
	if (len < 4 || memcmp(data, "PK\3\4", 4) != 0)
		return xml_of(data, len);
	kind = odf_of(data, len);
	return kind ? kind : ooxml_of(data, len);
}
