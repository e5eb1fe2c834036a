/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/office_kind.h"

#include <stdint.h>

#include "base/mem.h"
#include "render/worker/cfb.h"
#include "render/worker/msg.h"
#include "render/worker/zip.h"

#define OOXML         "application/vnd.openxmlformats-officedocument."
#define ODF           "application/vnd.oasis.opendocument."

#define XML_HEAD      16384
#define DXF_HEAD      1024

/* Of compound files: what says that a password is wanted. */
#define CFB_HEAD      512 /* of a stream that is looked at */
#define BOF_8         0x0809
#define FILE_PASS     0x002f
#define RECORDS_MAX   32
#define FIB_ENCRYPTED 0x0100

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
	VSDX,
	VSD,
	PUB,
	WPS,
	WPD,
	EMF,
	WMF,
	DXF,
	PSD,
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
	BOTH(VSDX, "vsdx", "application/vnd.ms-visio.drawing"),
	BOTH(VSD, "vsd", "application/vnd.visio"),
	BOTH(PUB, "pub", "application/vnd.ms-publisher"),
	BOTH(WPS, "wps", "application/vnd.ms-works"),
	BOTH(WPD, "wpd", "application/vnd.wordperfect"),
	BOTH(EMF, "emf", "image/emf"),
	BOTH(WMF, "wmf", "image/wmf"),
	BOTH(DXF, "dxf", "image/vnd.dxf"),
	BOTH(PSD, "psd", "image/vnd.adobe.photoshop"),
};

static const struct office_kind encrypted_package =
	{NULL, "application/x-ole-storage", true};

/* OOXML: a content type list, and a folder per application (ECMA-376-2). */
struct ooxml {
	bool has_types;
	int index; /* -1: not yet */
};

static void look_at_name(const char *name, size_t len, struct ooxml *found)
{
	static const struct {
		const char *folder;
		int index;
	} folders[] = {{"word/", DOCX},
	               {"xl/", XLSX},
	               {"ppt/", PPTX},
	               {"visio/", VSDX}};
	static const char types[] = "[Content_Types].xml";

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
	struct zip_entry entry;
	struct zip zip;

	if (zip_open(&zip, data, len) < 0)
		return NULL;
	while (zip_next(&zip, &entry) == 0)
		look_at_name(entry.name, entry.name_len, &found);
	return found.has_types && found.index >= 0 ? &kinds[found.index][0]
	                                           : NULL;
}

/* The beginning of the file of that name; 0 where there is none. */
static size_t read_member(const void *data, size_t len, const char *name,
                          void *out, size_t size)
{
	struct zip_entry entry;
	struct zip zip;

	return zip_find(data, len, name, &zip, &entry) == 0
	               ? zip_read(&zip, &entry, out, size)
	               : 0;
}

/* ODF: the first entry is "mimetype", stored (ODF 1.3 part 2, 3.3). */
static const struct office_kind *odf_of(const void *data, size_t len)
{
	char type[80], manifest[16384];
	size_t n = read_member(data, len, "mimetype", type, sizeof type);

	for (int i = ODT; i <= ODG; i++) {
		const char *mime = kinds[i][0].type;
		size_t size;

		/* also templates: "...text-template" */
		if (n < strlen(mime) || memcmp(type, mime, strlen(mime)) != 0)
			continue;
		size = read_member(data, len, "META-INF/manifest.xml", manifest,
		                   sizeof manifest);
		return &kinds[i][memmem(manifest, size, "encryption-data",
		                        strlen("encryption-data")) != NULL];
	}
	return NULL;
}

static unsigned u16(const uint8_t *p)
{
	return p[0] | (unsigned)p[1] << 8;
}

/* FilePass stands among the first records, after the BOF. */
static bool has_file_pass(const uint8_t *records, size_t len)
{
	for (size_t at = 0, n = 0; n < RECORDS_MAX && len - at >= 4; n++) {
		unsigned size = u16(records + at + 2);

		if (n == 0 && u16(records + at) != BOF_8)
			return false;
		if (u16(records + at) == FILE_PASS)
			return true;
		if (size > len - at - 4)
			return false;
		at += 4 + size;
	}
	return false;
}

/* Word: [MS-DOC] 2.5.2, fEncrypted; Excel: [MS-XLS] 2.4.117. */
static bool is_locked(const struct cfb *cfb, int index,
                      const struct cfb_entry *stream)
{
	struct buf head CLEANUP(buf_fini) = {0};
	const uint8_t *bytes;
	struct cfb_entry other;

	if (index == PPT)
		return cfb_find_anywhere(cfb, "EncryptedSummary", &other);
	cfb_read(cfb, stream, CFB_HEAD, &head);
	bytes = (const uint8_t *)head.data;
	if (index == DOC)
		return head.len >= 12 && u16(bytes + 10) & FIB_ENCRYPTED;
	return index == XLS && has_file_pass(bytes, head.len);
}

static const struct office_kind *compound_of(const void *data, size_t len)
{
	static const struct {
		const char *stream;
		int index;
	} streams[] = {{"WordDocument", DOC},
	               {"Workbook", XLS},
	               {"Book", XLS},
	               {"PowerPoint Document", PPT},
	               {"VisioDocument", VSD},
	               {"EscherStm", PUB},
	               {"MatOST", WPS},
	               {"CONTENTS", WPS},
	               {"PerfectOffice_MAIN", WPD}};
	struct cfb *cfb CLEANUP(cfb_free) = cfb_open(data, len);
	struct cfb_entry entry;

	if (!cfb || msg_is(data, len)) /* it may hold a document */
		return NULL;
	if (cfb_find_anywhere(cfb, "EncryptedPackage", &entry))
		return &encrypted_package;
	for (size_t i = 0; i < ARRAY_LEN(streams); i++)
		if (cfb_find_anywhere(cfb, streams[i].stream, &entry))
			return &kinds[streams[i].index]
			             [is_locked(cfb, streams[i].index, &entry)];
	return NULL;
}

/*
 * A drawing as Windows stores it ([MS-EMF] 2.3.4.2; [MS-WMF] 2.3.2.2, with the
 * head that lets it be placed, and without), a WordPerfect document, a picture
 * of Photoshop.
 */
static const struct office_kind *magic_of(const char *data, size_t len)
{
	static const struct {
		size_t at;
		const char *bytes;
		size_t n;
		int index;
	} magics[] = {
		{40, " EMF", 4, EMF},          {0, "\xd7\xcd\xc6\x9a", 4, WMF},
		{0, "\1\0\x09\0\0\3", 6, WMF}, {0, "\1\0\x09\0\0\1", 6, WMF},
		{0, "\xffWPC", 4, WPD},        {0, "8BPS\0\1", 6, PSD},
	};

	for (size_t i = 0; i < ARRAY_LEN(magics); i++)
		if (len >= magics[i].at + magics[i].n &&
		    memcmp(data + magics[i].at, magics[i].bytes, magics[i].n) ==
		            0)
			return &kinds[magics[i].index][0];
	return NULL;
}

/* The next line of a text without the blanks around it; 0 at its end. */
static size_t next_line(const char **at, const char *end, const char **line)
{
	size_t n;

	while (*at < end && strchr(" \t\r\n", **at))
		++*at;
	*line = *at;
	while (*at < end && **at != '\r' && **at != '\n')
		++*at;
	n = (size_t)(*at - *line);
	while (n > 0 && (*line)[n - 1] == ' ')
		n--;
	return n;
}

/*
 * AutoCAD's drawings as text: a number and a value on a line each. Remarks may
 * stand in front (number 999).
 */
static const struct office_kind *dxf_of(const char *data, size_t len)
{
	const char *end = data + (len < DXF_HEAD ? len : DXF_HEAD);

	for (const char *at = data, *line; at < end;) {
		size_t n = next_line(&at, end, &line);
		bool is_remark = n == 3 && memcmp(line, "999", 3) == 0;

		if (!is_remark && !(n == 1 && *line == '0'))
			return NULL;
		n = next_line(&at, end, &line);
		if (!is_remark)
			return n == 7 && memcmp(line, "SECTION", 7) == 0
			               ? &kinds[DXF][0]
			               : NULL;
	}
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
	if (len < 4 || memcmp(data, "PK\3\4", 4) != 0) {
		kind = magic_of(data, len);
		kind = kind ? kind : dxf_of(data, len);
		return kind ? kind : xml_of(data, len);
	}
	kind = odf_of(data, len);
	return kind ? kind : ooxml_of(data, len);
}
