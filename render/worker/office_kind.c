/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/office_kind.h"

#include <stdint.h>

#include "base/mem.h"
#include "render/worker/cfb.h"
#include "render/worker/little_endian.h"
#include "render/worker/msg.h"
#include "render/worker/zip.h"

#define OOXML         "application/vnd.openxmlformats-officedocument."
#define ODF           "application/vnd.oasis.opendocument."
#define SUN           "application/vnd.sun.xml."
#define COREL         "application/x-vnd.corel."

#define XML_HEAD      16384
#define MANIFEST_SIZE 16384
#define DXF_HEAD      1024

/* Of compound files: what says that a password is wanted. */
#define CFB_HEAD      512 /* of a stream that is looked at */
#define FIB_ENCRYPTED 0x0100
#define PPT_ENCRYPTED 0xf3d1c4dfu

enum {
	DOCX,
	XLSX,
	PPTX,
	ODT,
	ODS,
	ODP,
	ODG,
	SXW,
	SXC,
	SXI,
	SXD,
	CDR,
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
	GNUMERIC,
	ABW,
	VSDX,
	VSD,
	PUB,
	WPS,
	WPD,
	WRITE,
	LOTUS,
	QUATTRO,
	HWP,
	SDW,
	SDC,
	SDA,
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
	BOTH(SXW, "sxw", SUN "writer"),
	BOTH(SXC, "sxc", SUN "calc"),
	BOTH(SXI, "sxi", SUN "impress"),
	BOTH(SXD, "sxd", SUN "draw"),
	BOTH(CDR, "cdr", COREL "draw.document"),
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
	BOTH(GNUMERIC, "xml", "application/x-gnumeric"),
	BOTH(ABW, "abw", "application/x-abiword"),
	BOTH(VSDX, "vsdx", "application/vnd.ms-visio.drawing"),
	BOTH(VSD, "vsd", "application/vnd.visio"),
	BOTH(PUB, "pub", "application/vnd.ms-publisher"),
	BOTH(WPS, "wps", "application/vnd.ms-works"),
	BOTH(WPD, "wpd", "application/vnd.wordperfect"),
	BOTH(WRITE, "wri", "application/x-mswrite"),
	BOTH(LOTUS, "wk1", "application/vnd.lotus-1-2-3"),
	BOTH(QUATTRO, "wb2", "application/x-quattropro"),
	BOTH(HWP, "hwp", "application/x-hwp"),
	BOTH(SDW, "sdw", "application/vnd.stardivision.writer"),
	BOTH(SDC, "sdc", "application/vnd.stardivision.calc"),
	BOTH(SDA, "sda", "application/vnd.stardivision.draw"),
	BOTH(EMF, "emf", "image/emf"),
	BOTH(WMF, "wmf", "image/wmf"),
	BOTH(DXF, "dxf", "image/vnd.dxf"),
	BOTH(PSD, "psd", "image/vnd.adobe.photoshop"),
};

/* What is in it, and whether it opens, LibreOffice says (see is_locked()). */
static const struct office_kind encrypted_package =
	{"xlsx", "application/x-ole-storage", false};

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

/*
 * ODF: the first entry is "mimetype", stored (ODF 1.3 part 2, 3.3). So it was
 * in later files of OpenOffice 1, and so does CorelDRAW. In earlier ones the
 * manifest says it first.
 */
static const char *package_type(const void *data, size_t len, char *manifest)
{
	static const char says[] = "media-type=\"";
	size_t n = read_member(data, len, "META-INF/manifest.xml", manifest,
	                       MANIFEST_SIZE - 1);
	char *type;

	manifest[n] = '\0';
	type = strstr(manifest, says);
	return type ? type + sizeof says - 1 : "";
}

static const struct office_kind *package_of(const void *data, size_t len)
{
	char stored[80], manifest[MANIFEST_SIZE];
	size_t n =
		read_member(data, len, "mimetype", stored, sizeof stored - 1);
	const char *type = package_type(data, len, manifest);

	stored[n] = '\0';
	for (int i = ODT; i <= CDR; i++) {
		const char *mime = kinds[i][0].type;

		/* also templates: "...text-template" */
		if (strncmp(n > 0 ? stored : type, mime, strlen(mime)) == 0)
			return &kinds[i][strstr(manifest, "encryption-data") !=
			                 NULL];
	}
	return NULL;
}

/* CorelDRAW from X4 on, before it had a "mimetype". */
static bool is_corel(const void *data, size_t len)
{
	char magic[4];

	return read_member(data, len, "content/riffData.cdr", magic,
	                   sizeof magic) == sizeof magic;
}

/*
 * Word: [MS-DOC] 2.5.2, fEncrypted; PowerPoint: [MS-PPT] 2.3.2, headerToken. A
 * workbook may be locked with the password that Excel itself knows
 * ([MS-OFFCRYPTO] 2.3.7.2, 2.4.2.3), so LibreOffice is to say whether it wants
 * one.
 */
static bool is_locked(const struct cfb *cfb, int index,
                      const struct cfb_entry *stream)
{
	struct buf head CLEANUP(buf_fini) = {0};
	struct cfb_entry user = *stream;
	const uint8_t *bytes;

	if (index == PPT && !cfb_find_anywhere(cfb, "Current User", &user))
		return false;
	cfb_read(cfb, &user, CFB_HEAD, &head);
	bytes = (const uint8_t *)head.data;
	if (index == PPT)
		return head.len >= 16 && get_le32(bytes + 12) == PPT_ENCRYPTED;
	return index == DOC && head.len >= 12 &&
	       get_le16(bytes + 10) & FIB_ENCRYPTED;
}

static const struct office_kind *compound_of(const void *data, size_t len)
{
	static const struct {
		const char *stream;
		int index;
	} streams[] = {{"WordDocument", DOC},
	               {"Workbook", XLS},
	               {"Book", XLS},
	               {"WORKBOOK", XLS},
	               {"BOOK", XLS},
	               {"PowerPoint Document", PPT},
	               {"PP40", PPT},
	               {"VisioDocument", VSD},
	               {"EscherStm", PUB},
	               {"MN0", WPS},
	               {"CONTENTS", WPS},
	               {"Contents", PUB},
	               {"StarWriterDocument", SDW},
	               {"StarCalcDocument", SDC},
	               {"StarDrawDocument", SDA},
	               {"StarDrawDocument3", SDA},
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
 * of Photoshop; what Word 2 and Write wrote, and Excel before it wrote compound
 * files (the record BOF, 2.4.21 in [MS-XLS], of each version); the same record
 * of Lotus 1-2-3 and Quattro Pro; Works for DOS, CorelDRAW, Hangul 3.
 */
static const struct office_kind *magic_of(const char *data, size_t len)
{
	static const struct {
		size_t at;
		const char *bytes;
		size_t n;
		int index;
	} magics[] = {
		{40, " EMF", 4, EMF},
		{0, "\xd7\xcd\xc6\x9a", 4, WMF},
		{0, "\1\0\x09\0\0\3", 6, WMF},
		{0, "\1\0\x09\0\0\1", 6, WMF},
		{0, "\xffWPC", 4, WPD},
		{0, "8BPS\0\1", 6, PSD},
		{0, "\xdb\xa5\x2d\0", 4, DOC},
		{0, "\x31\xbe\0\0\0\xab", 6, WRITE},
		{0, "\x32\xbe\0\0\0\xab", 6, WRITE},
		{0, "\x09\0\4\0", 4, XLS},
		{0, "\x09\2\6\0", 4, XLS},
		{0, "\x09\4\6\0", 4, XLS},
		{0, "\x09\x08\x08\0", 4, XLS},
		{0, "\x09\x08\x10\0", 4, XLS},
		{0, "\0\0\2\0\6\4\6\0", 8, LOTUS},
		{0, "\0\0\x1a\0", 4, LOTUS},
		{0, "\0\0\2\0\x20\x51", 6, QUATTRO},
		{0, "\0\0\2\0\1\x10", 6, QUATTRO},
		{0, "\0\0\2\0\2\x10", 6, QUATTRO},
		{0, "\0\0\2\0\4\4", 6, LOTUS},
		{0, "\xff\0\2\0\4\4", 6, LOTUS},
		{0, "\1\xfe\1\0\0\0", 6, WPS},
		{12, "vrsn\2\0\0\0", 8, CDR},
		{0, "HWP Document File V3", 20, HWP},
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
		{"<gnm:Workbook", "www.gnumeric.org/", GNUMERIC},
		{"<abiword", "www.abisource.com/awml", ABW},
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
	if (is_corel(data, len))
		return &kinds[CDR][0];
	kind = package_of(data, len);
	return kind ? kind : ooxml_of(data, len);
}
