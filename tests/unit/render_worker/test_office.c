/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdbool.h>

#include "render/worker/ledger.h"
#include "render/worker/office_kind.h"
#include "office_make.h"
#include "tests/unit/check_run.h"

#define OOXML "application/vnd.openxmlformats-officedocument."
#define ODF   "application/vnd.oasis.opendocument."
#define SUN   "application/vnd.sun.xml."
#define TYPES                                                                  \
	{                                                                      \
		"[Content_Types].xml", "<Types/>"                              \
	}

static const struct {
	struct zip_member members[4];
	const char *name, *type;
} zips[] = {
	{{TYPES, {"word/document.xml", ""}},
         "docx",
         OOXML "wordprocessingml.document"},
	{{{"xl/workbook.xml", ""}, TYPES}, "xlsx", OOXML "spreadsheetml.sheet"},
	{{TYPES, {"ppt/presentation.xml", ""}},
         "pptx",
         OOXML "presentationml.presentation"},
	{{{"mimetype", ODF "text"}, {"content.xml", ""}}, "odt", ODF "text"},
	{{{"mimetype", ODF "spreadsheet"}}, "ods", ODF "spreadsheet"},
	{{{"mimetype", ODF "presentation-template"}},
         "odp",
         ODF "presentation"},
	{{{"word/document.xml", ""}}, NULL, NULL},
	{{TYPES, {"readme.txt", ""}}, NULL, NULL},
	{{{"mimetype", "application/epub+zip"}}, NULL, NULL},
	{{TYPES, {"visio/document.xml", ""}},
         "vsdx",
         "application/vnd.ms-visio.drawing"},
	{{{"mimetype", SUN "writer"}}, "sxw", SUN "writer"},
	{{{"content.xml", ""},
          {"META-INF/manifest.xml",
           "<manifest:file-entry manifest:media-type=\"" SUN
           "calc\" manifest:full-path=\"/\"/>"}},
         "sxc",
         SUN "calc"},
	{{{"content/riffData.cdr", "RIFF"}},
         "cdr",
         "application/x-vnd.corel.draw.document"},
};

START_TEST(test_zip_is_told_by_what_is_in_it)
{
	struct buf file CLEANUP(buf_fini) = {0};
	const struct office_kind *kind;

	make_zip(&file, zips[_i].members);
	kind = office_kind_of(file.data, file.len);
	ck_assert_int_eq(kind != NULL, zips[_i].name != NULL);
	if (!kind)
		return;
	ck_assert_str_eq(kind->name, zips[_i].name);
	ck_assert_str_eq(kind->type, zips[_i].type);
	ck_assert(!kind->encrypted);
}
END_TEST

START_TEST(test_encrypted_odf_is_known_by_its_manifest)
{
	static const struct zip_member members[] =
		{{"mimetype", ODF "text"},
	         {"META-INF/manifest.xml",
	          "<manifest:encryption-data checksum='x'/>"},
	         {NULL, NULL}};
	struct buf file CLEANUP(buf_fini) = {0};

	make_zip(&file, members);
	ck_assert(office_kind_of(file.data, file.len)->encrypted);
}
END_TEST

/* Word's flag at offset 10; the token in PowerPoint's "Current User". */
static const char word_open[16] = {0}, word_locked[16] = {[11] = 1};
static const char user_open[] = "............\x5f\xc0\x91\xe3";
static const char user_locked[] = "............\xdf\xc4\xd1\xf3";
/* A record FilePass after Excel's BOF: the password may be Excel's own. */
static const char excel_locked[] = "\x09\x08\x04\0....\x2f\0\x04\0....";

static const struct {
	const char *streams[4];
	const char *content;
	size_t len;
	const char *name;
	bool is_office, encrypted;
} compounds[] = {
	{{"WordDocument"}, word_open, 16, "doc", true, false},
	{{"WordDocument"}, word_locked, 16, "doc", true, true},
	{{"Other", "Workbook"}, "", 0, "xls", true, false},
	{{"WORKBOOK"}, excel_locked, 16, "xls", true, false},
	{{"PowerPoint Document"}, user_locked, 16, "ppt", true, false},
	{{"PowerPoint Document", "Current User"},
         user_open,
         16,
         "ppt",
         true,
         false},
	{{"PowerPoint Document", "Current User"},
         user_locked,
         16,
         "ppt",
         true,
         true},
	{{"EncryptionInfo", "EncryptedPackage"}, "", 0, "xlsx", true, false},
	{{"VisioDocument"}, "", 0, "vsd", true, false},
	{{"Contents", "EscherStm", "CONTENTS"}, "", 0, "pub", true, false},
	{{"CONTENTS"}, "", 0, "wps", true, false},
	{{"MM", "MN0"}, "", 0, "wps", true, false},
	{{"Contents"}, "", 0, "pub", true, false},
	{{"StarWriterDocument"}, "", 0, "sdw", true, false},
	{{"PerfectOffice_MAIN"}, "", 0, "wpd", true, false},
	{{"__properties_version1.0"}, "", 0, NULL, false, false},
	{{"WordDocumentX", "wordDocument"}, "", 0, NULL, false, false},
};

START_TEST(test_compound_file_is_told_by_its_streams)
{
	struct buf file CLEANUP(buf_fini) = {0};
	const struct office_kind *kind;

	make_cfb(&file, compounds[_i].streams, compounds[_i].content,
	         compounds[_i].len);
	kind = office_kind_of(file.data, file.len);
	ck_assert_int_eq(kind != NULL, compounds[_i].is_office);
	if (!kind)
		return;
	ck_assert_pstr_eq(kind->name, compounds[_i].name);
	ck_assert_int_eq(kind->encrypted, compounds[_i].encrypted);
}
END_TEST

/* The directory is the last sector, and short: some writers do not fill it. */
START_TEST(test_compound_file_may_end_within_its_last_sector)
{
	struct buf file CLEANUP(buf_fini) = {0};
	const struct office_kind *kind;

	make_cfb(&file, compounds[0].streams, "", 0);
	kind = office_kind_of(file.data, 2 * CFB_SECTOR + 200);
	ck_assert_ptr_nonnull(kind);
	ck_assert_str_eq(kind->name, "doc");
}
END_TEST

/* How files begin that are older than compound files. */
static const struct {
	const char *begin;
	size_t len;
	const char *name;
} old_files[] = {
	{"\xdb\xa5\x2d\0....", 8, "doc"},
	{"\x32\xbe\0\0\0\xab..", 8, "wri"},
	{"\x09\0\4\0\2\0\x10\0", 8, "xls"},
	{"\x09\4\6\0\0\0\x10\0", 8, "xls"},
	{"\x09\x08\x10\0\0\6\5\0", 8, "xls"},
	{"\x09\x08\x08\0\0\0\x10\0", 8, "xls"},
	{"\0\0\2\0\6\4\6\0", 8, "wk1"},
	{"\0\0\2\0\2\x10..", 8, "wb2"},
	{"RIFF....CDR9vrsn\2\0\0\0", 20, "cdr"},
	{"HWP Document File V3.00 \x1a", 25, "hwp"},
	{"\0\0\2\0\1\0\x20\x20", 8, NULL}, /* a mouse pointer */
	{"RIFF....WAVEfmt ....", 20, NULL},
};

START_TEST(test_old_file_is_told_by_its_first_bytes)
{
	const struct office_kind *kind =
		office_kind_of(old_files[_i].begin, old_files[_i].len);

	ck_assert_pstr_eq(kind ? kind->name : NULL, old_files[_i].name);
}
END_TEST

START_TEST(test_cut_file_is_read_within_its_bytes)
{
	struct buf zip CLEANUP(buf_fini) = {0};
	struct buf cfb CLEANUP(buf_fini) = {0};

	make_zip(&zip, zips[0].members);
	make_cfb(&cfb, compounds[6].streams, user_locked, 16);
	for (size_t n = 0; n < zip.len; n++) {
		char *copy CLEANUP(xfree) = xmemdup(zip.data, n);

		ck_assert_ptr_null(office_kind_of(copy, n));
	}
	for (size_t n = 0; n < cfb.len; n++) {
		char *copy CLEANUP(xfree) = xmemdup(cfb.data, n);

		office_kind_of(copy, n);
	}
}
END_TEST

static void detect(struct ledger_part *part, const char *type)
{
	part->type = xstrdup(type);
	part->disposition = xstrdup("");
	ledger_detect(part);
}

START_TEST(test_ledger_believes_the_content_not_the_name)
{
	struct ledger ledger CLEANUP(ledger_fini) = {0};
	struct ledger_part *part = ledger_add(&ledger);

	make_zip(&part->content, zips[1].members);
	detect(part, "application/pdf");
	ck_assert_str_eq(part->detected, zips[1].type);
	ck_assert(ledger_is_printable(part));
	part = ledger_add(&ledger);
	buf_puts(&part->content, "{\\rtf1 hello}");
	detect(part, "text/plain");
	ck_assert_str_eq(part->detected, "text/rtf");
	ck_assert(ledger_is_printable(part));
}
END_TEST

START_TEST(test_ledger_says_what_is_locked_and_what_is_no_document)
{
	struct ledger ledger CLEANUP(ledger_fini) = {0};
	struct ledger_part *part = ledger_add(&ledger);

	make_cfb(&part->content, compounds[1].streams, word_locked, 16);
	detect(part, "application/octet-stream");
	ck_assert_str_eq(
		part->note,
		"it is protected by a password; save it without one and send it again");
	ck_assert(part->encrypted && !ledger_is_printable(part));
	part = ledger_add(&ledger);
	make_zip(&part->content, zips[7].members);
	detect(part, "application/zip");
	ck_assert_str_eq(part->note, "archives cannot be printed");
}
END_TEST

static const struct {
	const char *name, *type, *content, *detected;
} texts[] = {
	{"a.xls", "application/vnd.ms-excel", "<html><table><tr><td>1",
         "text/html"},
	{"a.doc", "application/msword", "\xef\xbb\xbf\n<!DOCTYPE HTML><p>x",
         "text/html"},
	{"a.xls", "application/octet-stream", "<table border=1>", "text/html"},
	{"a.xls", "application/vnd.ms-excel", "Name\tSum\nA\t1\n", "text/csv"},
	{"a.doc", "application/msword", "Dear reader\n", "text/plain"},
	{"a.csv", "application/vnd.ms-excel", "a;b\n1;2\n", "text/csv"},
	{"a.html", "application/octet-stream", "<p>page", "text/html"},
	{"a.doc", "application/msword", "\1\2\3\4", "application/octet-stream"},
	{"a.txt", "text/plain", "<html>source of a page", "text/plain"},
	{"a.fodt", "text/xml",
         "<?xml version=\"1.0\"?><office:document office:mimetype=\"" ODF
         "text\">",
         ODF "text-flat-xml"},
	{"a.xls", "text/xml",
         "<?xml version=\"1.0\"?><Workbook "
         "xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
         "application/vnd.ms-excel.2003.xml"},
	{"a.doc", "text/xml",
         "<?xml version=\"1.0\"?><w:wordDocument "
         "xmlns:w=\"http://schemas.microsoft.com/office/word/2003/wordml\">",
         "application/vnd.ms-word.2003.xml"},
	{"a.abw", "application/xml",
         "<?xml version=\"1.0\"?><abiword "
         "xmlns=\"http://www.abisource.com/awml.dtd\">",
         "application/x-abiword"},
	{"a.xls", "application/vnd.ms-excel",
         "<?xml version=\"1.0\"?><gnm:Workbook "
         "xmlns:gnm=\"http://www.gnumeric.org/v10.dtd\">",
         "application/x-gnumeric"},
	{"a.xml", "text/xml", "<?xml version=\"1.0\"?><list/>", "text/plain"},
	{"a.dxf", "application/dxf",
         "999\r\nby hand\r\n  0\r\nSECTION\r\n  2\r\nHEADER\r\n",
         "image/vnd.dxf"},
	{"a.txt", "text/plain", "0\nSECTIONS of the book\n", "text/plain"},
	{"a.wpd", "application/octet-stream", "\xffWPC....",
         "application/vnd.wordperfect"},
};

START_TEST(test_text_is_what_it_is_whatever_office_name_it_has)
{
	struct ledger ledger CLEANUP(ledger_fini) = {0};
	struct ledger_part *part = ledger_add(&ledger);

	buf_puts(&part->content, texts[_i].content);
	part->name = xstrdup(texts[_i].name);
	detect(part, texts[_i].type);
	ck_assert_str_eq(part->detected, texts[_i].detected);
}
END_TEST

START_TEST(test_broken_package_is_not_called_an_archive)
{
	struct ledger ledger CLEANUP(ledger_fini) = {0};
	struct ledger_part *part = ledger_add(&ledger);

	make_zip(&part->content, zips[7].members);
	part->name = xstrdup("Report.DOCX");
	detect(part, "application/zip");
	ck_assert_str_eq(part->note,
	                 "it is damaged, or not what its name says");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("office");
	TCase *tcase = tcase_create("office");

	tcase_add_loop_test(tcase, test_zip_is_told_by_what_is_in_it, 0,
	                    ARRAY_LEN(zips));
	tcase_add_test(tcase, test_encrypted_odf_is_known_by_its_manifest);
	tcase_add_loop_test(tcase, test_compound_file_is_told_by_its_streams, 0,
	                    ARRAY_LEN(compounds));
	tcase_add_test(tcase,
	               test_compound_file_may_end_within_its_last_sector);
	tcase_add_loop_test(tcase, test_old_file_is_told_by_its_first_bytes, 0,
	                    ARRAY_LEN(old_files));
	tcase_add_test(tcase, test_cut_file_is_read_within_its_bytes);
	tcase_add_test(tcase, test_ledger_believes_the_content_not_the_name);
	tcase_add_test(tcase,
	               test_ledger_says_what_is_locked_and_what_is_no_document);
	tcase_add_loop_test(tcase,
	                    test_text_is_what_it_is_whatever_office_name_it_has,
	                    0, ARRAY_LEN(texts));
	tcase_add_test(tcase, test_broken_package_is_not_called_an_archive);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
