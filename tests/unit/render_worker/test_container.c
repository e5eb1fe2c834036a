/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/container.h"

#include <stdint.h>

#include "base/mem.h"
#include "render/worker/message.h"
#include "render/worker/rtf.h"
#include "tests/unit/check_run.h"

static struct buf found, rest;
static struct ledger ledger;

static void tear_down(void)
{
	buf_fini(&found);
	buf_fini(&rest);
	ledger_fini(&ledger);
}

/* "type name [charset] content" for each, a line each. */
static void on_item(const struct container_item *item, void *arg)
{
	buf_printf(&found, "%s %s %s ", item->type,
	           item->name ? item->name : "-",
	           item->charset ? item->charset : "-");
	buf_append(&found, item->data, item->len);
	buf_puts(&found, "\n");
}

static const char *uu(const char *text)
{
	buf_clear(&found);
	buf_clear(&rest);
	uuencode_unpack(text, strlen(text), &rest, on_item, NULL);
	return buf_str(&found);
}

START_TEST(test_uuencoded_files_leave_the_text)
{
	ck_assert_str_eq(uu("hello\nbegin 644 a b.txt\n#0V%T\n`\nend\nbye\n"),
	                 "application/octet-stream a b.txt - Cat\n");
	ck_assert_str_eq(buf_str(&rest), "hello\nbye\n");
}
END_TEST

START_TEST(test_what_is_not_uuencoded_stays)
{
	static const char *const texts[] = {
		"begin 644 cut.txt\n#0V%T\n",
		"begin the day well\nend\n",
		"begin 999 x\n#0V%T\n`\nend\n",
		"begin 644 x\nthis is a line of words\nend\n",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		ck_assert_str_eq(uu(texts[i]), "");
		ck_assert_str_eq(buf_str(&rest), texts[i]);
	}
}
END_TEST

START_TEST(test_a_signed_text_loses_its_armour)
{
	static const char text[] =
		"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n"
		"hello\n- -- dash\n-----BEGIN PGP SIGNATURE-----\n\nabc\n"
		"-----END PGP SIGNATURE-----\nafter\n";

	ck_assert(pgp_unwrap(text, strlen(text), &rest, on_item, NULL));
	ck_assert_str_eq(buf_str(&rest), "hello\n-- dash\nafter\n");
	ck_assert_ptr_nonnull(
		strstr(buf_str(&found), "application/pgp-signature - - -----"));
	ck_assert(!pgp_unwrap("plain", 5, &rest, on_item, NULL));
	ck_assert(pgp_is_encrypted("-----BEGIN PGP MESSAGE-----\n\nx\n", 31));
	ck_assert(!pgp_is_encrypted("see -----BEGIN PGP MESSAGE-----\n", 31));
}
END_TEST

/* SEQUENCE { signedData, [0] { SEQUENCE { 1, {}, { data, [0] OCTETS }}}} */
#define CMS_SIGNED_BYTES                                                       \
	"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80" \
	"\x02\x01\x01\x31\x00\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07" \
	"\x01\xa0\x80\x24\x80\x04\x03"                                         \
	"abc"                                                                  \
	"\x04\x02"                                                             \
	"de"                                                                   \
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"

START_TEST(test_a_wrapped_signature_gives_its_content)
{
	static const char pieces[] = CMS_SIGNED_BYTES;
	static const char enveloped[] =
		"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0\x00";

	ck_assert_int_eq(cms_unwrap(pieces, sizeof pieces - 1, &rest),
	                 CMS_SIGNED);
	ck_assert_str_eq(buf_str(&rest), "abcde");
	ck_assert_int_eq(cms_unwrap(enveloped, sizeof enveloped - 1, &rest),
	                 CMS_ENCRYPTED);
	for (size_t cut = 0; cut < 40; cut++)
		cms_unwrap(pieces, cut, &rest);
	ck_assert_int_eq(cms_unwrap("nonsense", 8, &rest), CMS_NONE);
}
END_TEST

static void put16(struct buf *out, unsigned value)
{
	buf_append(out, (uint8_t[]){(uint8_t)value, (uint8_t)(value >> 8)}, 2);
}

static void put32(struct buf *out, uint32_t value)
{
	put16(out, value & 0xffff);
	put16(out, value >> 16);
}

static void attribute(struct buf *out, unsigned level, unsigned name,
                      const void *data, size_t len)
{
	buf_append(out, (uint8_t[]){(uint8_t)level}, 1);
	put32(out, name);
	put32(out, (uint32_t)len);
	buf_append(out, data, len);
	put16(out, 0);
}

static void property(struct buf *out, unsigned type, unsigned id,
                     const void *data, size_t len)
{
	put32(out, id << 16 | type);
	put32(out, 1);
	put32(out, (uint32_t)len);
	buf_append(out, data, len);
	for (; len % 4; len++)
		buf_append(out, "", 1);
}

static void begin_tnef(struct buf *out)
{
	put32(out, 0x223e9f78);
	put16(out, 1);
}

static void add_attachment(struct buf *tnef)
{
	struct buf props CLEANUP(buf_fini) = {0};

	attribute(tnef, 2, 0x9002, "\1\0\0\0\0\0\0\0\0\0\0\0\0\0", 14);
	attribute(tnef, 2, 0x8010, "SHORT~1.TXT", 12);
	attribute(tnef, 2, 0x800f, "file content", 12);
	put32(&props, 1);
	property(&props, 0x1f, 0x3707, "l\0o\0n\0g\0.\0t\0x\0t\0\0\0", 18);
	attribute(tnef, 2, 0x9005, props.data, props.len);
}

static const char *tnef(const struct buf *file)
{
	buf_clear(&found);
	tnef_unpack(file->data, file->len, on_item, NULL);
	return buf_str(&found);
}

START_TEST(test_winmail_gives_html_and_files)
{
	struct buf file CLEANUP(buf_fini) = {0};
	struct buf props CLEANUP(buf_fini) = {0};

	begin_tnef(&file);
	put32(&props, 2);
	put32(&props, 0x3fde0003);
	put32(&props, 65001);
	property(&props, 0x102, 0x1013, "<p>hello</p>", 12);
	attribute(&file, 1, 0x9003, props.data, props.len);
	add_attachment(&file);
	add_attachment(&file);
	ck_assert_str_eq(tnef(&file),
	                 "text/html - CP65001 <p>hello</p>\n"
	                 "application/octet-stream long.txt - file content\n"
	                 "application/octet-stream long.txt - file content\n");
}
END_TEST

/* Literals only: a control byte of 0 before each eight. */
static void pack_rtf(const char *rtf, struct buf *out)
{
	size_t len = strlen(rtf);

	put32(out, (uint32_t)(len + len / 8 + 13));
	put32(out, (uint32_t)len);
	buf_puts(out, "LZFu");
	put32(out, 0);
	for (size_t i = 0; i < len; i++) {
		if (i % 8 == 0)
			buf_append(out, "", 1);
		buf_append(out, rtf + i, 1);
	}
}

static const char *winmail_of_rtf(const char *rtf)
{
	struct buf file CLEANUP(buf_fini) = {0};
	struct buf props CLEANUP(buf_fini) = {0};
	struct buf packed CLEANUP(buf_fini) = {0};

	pack_rtf(rtf, &packed);
	begin_tnef(&file);
	put32(&props, 1);
	property(&props, 0x102, 0x1009, packed.data, packed.len);
	attribute(&file, 1, 0x9003, props.data, props.len);
	return tnef(&file);
}

START_TEST(test_winmail_with_rtf_alone_is_read)
{
	ck_assert_str_eq(winmail_of_rtf(
				 "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 "
				 "Arial;}{\\f1\\fcharset128 M;}}{\\info x}"
				 "\\f0 Gr\\'fc\\'dfe \\u8364?\\par\\f1 "
				 "\\'8a\\'bf {\\*\\unknown no}end}"),
	                 "text/plain - utf-8 Gr\303\274\303\237e \342\202\254\n"
	                 "\346\274\242 end\n");
	ck_assert_str_eq(winmail_of_rtf(
				 "{\\rtf1\\ansi\\fromhtml1{\\*\\htmltag64 "
				 "<p>}\\htmlrtf {\\b\\htmlrtf0 bold\\htmlrtf }"
				 "\\htmlrtf0{\\*\\htmltag72 </p>}}"),
	                 "text/html - utf-8 <p>bold</p>\n");
}
END_TEST

START_TEST(test_packed_rtf_refers_back)
{
	static const char packed[] =
		"\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\x0a\0rcpg125"
		"\x42\x32\x0a\xf3 hel\x09\0\x20\x62w\x05\xb0ld}\x0a\x80\x0f"
		"\xa0";

	ck_assert(rtf_unpack(packed, sizeof packed - 1, &rest));
	ck_assert_str_eq(buf_str(&rest),
	                 "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
	ck_assert(!rtf_unpack("short", 5, &rest));
}
END_TEST

START_TEST(test_rtf_that_unpacks_without_end_is_cut)
{
	/* All eight items refer back, 16 bytes each. */
	static const char group[] =
		"\xff\x0c\xfe\x0c\xfe\x0c\xfe\x0c\xfe\x0c\xfe\x0c\xfe\x0c"
		"\xfe\x0c\xfe";
	struct buf packed CLEANUP(buf_fini) = {0};

	put32(&packed, 0);
	put32(&packed, RTF_BYTES);
	buf_puts(&packed, "LZFu");
	put32(&packed, 0);
	buf_append(&packed, "\0aaaaaaaa", 9);
	for (size_t i = 0; i < RTF_BYTES / 100; i++)
		buf_append(&packed, group, sizeof group - 1);
	ck_assert(rtf_unpack(packed.data, packed.len, &rest));
	ck_assert_uint_ge(rest.len, RTF_BYTES);
	ck_assert_uint_le(rest.len, RTF_BYTES + 8 * 17);
	packed.data[7] = 0x7f; /* it says so itself */
	ck_assert(!rtf_unpack(packed.data, packed.len, &rest));
}
END_TEST

static void ignore_header(const char *name, const char *value, void *arg)
{
}

static const char *parts_of(const char *mail)
{
	buf_clear(&found);
	ledger_fini(&ledger);
	ck_assert_int_eq(message_read(mail, strlen(mail), &ledger,
	                              ignore_header, NULL, NULL),
	                 0);
	for (size_t i = 0; i < ledger.n_parts; i++)
		buf_printf(&found, "%s %s: %s\n", ledger.parts[i].id,
		           ledger.parts[i].detected,
		           ledger.parts[i].note ? ledger.parts[i].note : "ok");
	return buf_str(&found);
}

START_TEST(test_containers_become_parts_of_their_own)
{
	message_init();
	ck_assert_str_eq(
		parts_of("Subject: x\n\nhello\nbegin 644 x.eml\n"
	                 "64W5B:F5C=#H@:6YN97(*\"FAA;&QO\"@``\n`\nend\n"),
		"1 text/plain: ok\n"
		"1.1 text/plain: a mail: its parts follow\n"
		"1.1.1 text/plain: ok\n");
	ck_assert_str_eq(
		parts_of("Content-Type: application/octet-stream; "
	                 "name=\"a.eml\"\n\nFrom: a@b\nSubject: inner\n\nhi\n"),
		"1 text/plain: a mail: its parts follow\n"
		"1.1 text/plain: ok\n");
	ck_assert_str_eq(ledger.parts[1].head->rows[0].value,
	                 "\342\201\250a@b\342\201\251");
	ck_assert_str_eq(
		parts_of("Subject: x\n\n-----BEGIN PGP MESSAGE-----\n\nabc\n"),
		"1 text/plain: it is encrypted (PGP), and there is no key for "
		"it here\n");
	ck_assert(ledger.parts[0].encrypted);
}
END_TEST

START_TEST(test_mails_in_mails_end_somewhere)
{
	struct buf mail CLEANUP(buf_fini) = {0};

	message_init();
	for (int i = 0; i < 200; i++)
		buf_puts(&mail, "Content-Type: application/octet-stream; "
		                "name=\"a.eml\"\n\n");
	buf_puts(&mail, "bottom\n");
	parts_of(buf_str(&mail));
	ck_assert_uint_gt(ledger.n_parts, 10);
	ck_assert_uint_lt(ledger.n_parts, 60);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("container");
	TCase *tcase = tcase_create("container");
	tcase_set_timeout(tcase, 60); /* the sanitizer is slow beside others */

	tcase_add_checked_fixture(tcase, NULL, tear_down);
	tcase_add_test(tcase, test_uuencoded_files_leave_the_text);
	tcase_add_test(tcase, test_what_is_not_uuencoded_stays);
	tcase_add_test(tcase, test_a_signed_text_loses_its_armour);
	tcase_add_test(tcase, test_a_wrapped_signature_gives_its_content);
	tcase_add_test(tcase, test_winmail_gives_html_and_files);
	tcase_add_test(tcase, test_winmail_with_rtf_alone_is_read);
	tcase_add_test(tcase, test_packed_rtf_refers_back);
	tcase_add_test(tcase, test_rtf_that_unpacks_without_end_is_cut);
	tcase_add_test(tcase, test_containers_become_parts_of_their_own);
	tcase_add_test(tcase, test_mails_in_mails_end_somewhere);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
