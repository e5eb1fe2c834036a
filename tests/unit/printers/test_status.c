/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "base/mem.h"
#include "printers/ipp.h"
#include "printers/status.h"
#include "printers/text.h"
#include "tests/unit/check_run.h"

/* Through bytes and back, as from a printer. */
static int decode(ipp_t *ipp, struct printer_status *st)
{
	struct buf bytes = {0};
	ipp_t *read CLEANUP(ippDelete) = NULL;
	int status;

	ipp_encode(ipp, &bytes);
	ck_assert_int_eq(ipp_decode(bytes.data, bytes.len, &read, NULL), 0);
	status = printer_status_from_ipp(read, st, NULL);
	buf_fini(&bytes);
	ippDelete(ipp);
	return status;
}

static ipp_t *answer(int state)
{
	ipp_t *ipp = ippNew();

	ippSetVersion(ipp, 2, 0);
	ippSetRequestId(ipp, 1);
	ippAddString(ipp, IPP_TAG_OPERATION, IPP_TAG_CHARSET,
	             "attributes-charset", NULL, "utf-8");
	ippAddInteger(ipp, IPP_TAG_PRINTER, IPP_TAG_ENUM, "printer-state",
	              state);
	return ipp;
}

static void add_keywords(ipp_t *ipp, const char *name, int n,
                         const char *const *values)
{
	ippAddStrings(ipp, IPP_TAG_PRINTER, IPP_TAG_KEYWORD, name, n, NULL,
	              values);
}

static void add_octets(ipp_t *ipp, ipp_attribute_t **attr, const char *name,
                       const char *value)
{
	int len = (int)strlen(value);

	if (!*attr)
		*attr = ippAddOctetString(ipp, IPP_TAG_PRINTER, name, value,
		                          len);
	else
		ippSetOctetString(ipp, attr, ippGetCount(*attr), value, len);
}

static void add_ready(ipp_t *ipp, ipp_attribute_t **attr, const char *source,
                      const char *media)
{
	ipp_t *col = ippNew();

	ippAddString(col, IPP_TAG_ZERO, IPP_TAG_KEYWORD, "media-size-name",
	             NULL, media);
	ippAddString(col, IPP_TAG_ZERO, IPP_TAG_KEYWORD, "media-source", NULL,
	             source);
	ippAddString(col, IPP_TAG_ZERO, IPP_TAG_KEYWORD, "media-type", NULL,
	             "stationery");
	if (!*attr)
		*attr = ippAddCollection(ipp, IPP_TAG_PRINTER,
		                         "media-col-ready", col);
	else
		ippSetCollection(ipp, attr, ippGetCount(*attr), col);
	ippDelete(col);
}

START_TEST(test_trays_join_level_and_paper)
{
	ipp_t *ipp = answer(3);
	ipp_attribute_t *trays = NULL, *ready = NULL;
	struct printer_status st;

	add_octets(
		ipp, &trays, "printer-input-tray",
		"type=other;mediafeed=0;mediaxfeed=0;maxcapacity=-2;level=-2;status=0;name=auto");
	add_octets(
		ipp, &trays, "printer-input-tray",
		"type=other;mediafeed=29700;mediaxfeed=21000;maxcapacity=250;level=50;status=0;name=Tray 1;");
	add_octets(
		ipp, &trays, "printer-input-tray",
		"type=other;mediafeed=42000;mediaxfeed=29700;maxcapacity=250;level=0;status=8;name=tray-2;");
	add_ready(ipp, &ready, "tray-1", "iso_a4_210x297mm");
	add_ready(ipp, &ready, "by-pass-tray", "na_letter_8.5x11in");
	ck_assert_int_eq(decode(ipp, &st), 0);
	ck_assert_uint_eq(st.n_trays, 4);
	ck_assert_str_eq(st.trays[0].media, "");
	ck_assert_int_eq(st.trays[0].level, PRINTER_LEVEL_UNKNOWN);
	ck_assert_str_eq(st.trays[1].name, "Tray 1");
	ck_assert_str_eq(st.trays[1].media, "iso_a4_210x297mm");
	ck_assert_str_eq(st.trays[1].type, "stationery");
	ck_assert_int_eq(st.trays[1].level, 20);
	ck_assert_str_eq(st.trays[2].media, "iso_a3_297x420mm");
	ck_assert_int_eq(st.trays[2].level, 0);
	ck_assert_str_eq(st.trays[3].name, "by-pass-tray");
	ck_assert_int_eq(st.trays[3].level, PRINTER_LEVEL_UNKNOWN);
}
END_TEST

START_TEST(test_media_ready_stands_in_for_trays)
{
	static const char *const media[] = {"iso_a4_210x297mm",
	                                    "iso_a5_148x210mm"};
	ipp_t *ipp = answer(3);
	struct printer_status st;

	add_keywords(ipp, "media-ready", 2, media);
	ck_assert_int_eq(decode(ipp, &st), 0);
	ck_assert_uint_eq(st.n_media_ready, 2);
	ck_assert_uint_eq(st.n_trays, 2);
	ck_assert_str_eq(st.trays[1].media, "iso_a5_148x210mm");
}
END_TEST

START_TEST(test_supplies_have_colour_and_percent)
{
	ipp_t *ipp = answer(3);
	ipp_attribute_t *supplies = NULL;
	static const char *const names[] = {"Black Toner", "Waste", "Cyan X"};
	struct printer_status st;

	add_octets(
		ipp, &supplies, "printer-supply",
		"index=1;class=supplyThatIsConsumed;type=toner;unit=impressions;maxcapacity=5000;level=1250;colorantname=black;");
	add_octets(
		ipp, &supplies, "printer-supply",
		"index=2;class=receptacleThatIsFilled;type=wasteToner;unit=percent;maxcapacity=100;level=25;colorantname=unknown");
	add_octets(
		ipp, &supplies, "printer-supply",
		"index=3;class=supplyThatIsConsumed;type=toner;unit=percent;maxcapacity=100;level=-3");
	ippAddStrings(ipp, IPP_TAG_PRINTER, IPP_TAG_TEXT,
	              "printer-supply-description", 3, NULL, names);
	ck_assert_int_eq(decode(ipp, &st), 0);
	ck_assert_uint_eq(st.n_supplies, 3);
	ck_assert_str_eq(st.supplies[0].colour, "black");
	ck_assert_str_eq(st.supplies[0].name, "Black Toner");
	ck_assert_int_eq(st.supplies[0].level_percent, 25);
	ck_assert(!st.supplies[0].is_receptacle);
	ck_assert(st.supplies[1].is_receptacle);
	ck_assert_str_eq(st.supplies[1].colour, "");
	ck_assert_str_eq(st.supplies[2].colour, "cyan");
	ck_assert_int_eq(st.supplies[2].level_percent, PRINTER_LEVEL_SOME);
}
END_TEST

START_TEST(test_markers_stand_in_for_supplies)
{
	ipp_t *ipp = answer(3);
	static const int levels[] = {0, -2, 1000, 80};
	static const char *const names[] = {"K", "C", "M", "Waste box"};
	static const char *const rgb[] = {"#000000", "#00FFFF", "#FF00FF",
	                                  "none"};
	static const char *const types[] = {"toner", "toner", "toner",
	                                    "waste-toner"};
	struct printer_status st;

	ippAddIntegers(ipp, IPP_TAG_PRINTER, IPP_TAG_INTEGER, "marker-levels",
	               4, levels);
	ippAddStrings(ipp, IPP_TAG_PRINTER, IPP_TAG_NAME, "marker-names", 4,
	              NULL, names);
	ippAddStrings(ipp, IPP_TAG_PRINTER, IPP_TAG_NAME, "marker-colors", 4,
	              NULL, rgb);
	add_keywords(ipp, "marker-types", 4, types);
	ck_assert_int_eq(decode(ipp, &st), 0);
	ck_assert_uint_eq(st.n_supplies, 4);
	ck_assert_str_eq(st.supplies[0].colour, "black");
	ck_assert_int_eq(st.supplies[0].level_percent, 0);
	ck_assert_str_eq(st.supplies[1].colour, "cyan");
	ck_assert_int_eq(st.supplies[1].level_percent, PRINTER_LEVEL_UNKNOWN);
	ck_assert_int_eq(st.supplies[2].level_percent, PRINTER_LEVEL_UNKNOWN);
	ck_assert(st.supplies[3].is_receptacle);
}
END_TEST

START_TEST(test_reasons_are_keywords_and_bounded)
{
	static const char *reasons[40] = {"none",      "Media-Empty-Report",
	                                  "two words", "|cmd",
	                                  "a\nb",      "toner-low"};
	ipp_t *ipp = answer(4);
	struct printer_status st;

	for (int i = 6; i < 40; i++)
		reasons[i] = "cover-open";
	add_keywords(ipp, "printer-state-reasons", 40, reasons);
	ck_assert_int_eq(decode(ipp, &st), 0);
	ck_assert_uint_eq(st.n_reasons, PRINTER_REASONS_MAX);
	ck_assert_str_eq(st.reasons[0], "media-empty-report");
	ck_assert_str_eq(st.reasons[1], "toner-low");
	ck_assert_str_eq(st.reasons[2], "cover-open");
}
END_TEST

START_TEST(test_state_out_of_range_is_nonsense)
{
	static const int states[] = {0, -3, 2, 6, 2147483647};
	struct printer_status st = {.up_time = 77};

	ck_assert_int_eq(decode(answer(states[_i]), &st), -EBADMSG);
	ck_assert_int_eq((int)st.up_time, 77);
}
END_TEST

START_TEST(test_wrong_group_and_type_are_left_out)
{
	ipp_t *ipp = answer(3);
	struct printer_status st;

	ippAddString(ipp, IPP_TAG_JOB, IPP_TAG_KEYWORD, "printer-state-reasons",
	             NULL, "media-jam");
	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_TEXT, "queued-job-count",
	             NULL, "12");
	ippAddInteger(ipp, IPP_TAG_PRINTER, IPP_TAG_INTEGER,
	              "printer-is-accepting-jobs", 0);
	ippAddInteger(ipp, IPP_TAG_PRINTER, IPP_TAG_INTEGER, "printer-up-time",
	              -5);
	ippAddInteger(ipp, IPP_TAG_PRINTER, IPP_TAG_INTEGER, "media-col-ready",
	              5);
	ippAddInteger(ipp, IPP_TAG_PRINTER, IPP_TAG_INTEGER,
	              "printer-input-tray", 5);
	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "marker-levels",
	             NULL, "full");
	ippAddInteger(ipp, IPP_TAG_PRINTER, IPP_TAG_INTEGER, "copies-supported",
	              -1);
	ck_assert_int_eq(decode(ipp, &st), 0);
	ck_assert_uint_eq(st.n_reasons, 0);
	ck_assert_int_eq(st.queued_job_count, -1);
	ck_assert(st.accepting);
	ck_assert_int_eq((int)st.up_time, -1);
	ck_assert_uint_eq(st.n_trays, 0);
	ck_assert_uint_eq(st.n_supplies, 0);
	ck_assert_int_eq(st.caps.copies_max, 1);
}
END_TEST

START_TEST(test_message_is_clean_text)
{
	ipp_t *ipp = answer(3);
	struct printer_status st;

	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_TEXT,
	             "printer-state-message", NULL,
	             "a\r\n\x1b[31mb\xe2\x80\xae"
	             "c\xff\"|cmd");
	ck_assert_int_eq(decode(ipp, &st), 0);
	ck_assert_str_eq(st.message, "a   [31mbc?\"|cmd");
}
END_TEST

START_TEST(test_long_values_are_cut_or_left_out)
{
	static char longest[32001];
	ipp_t *ipp = answer(3);
	struct printer_status st;

	memset(longest, 'a', sizeof longest - 1);
	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_TEXT,
	             "printer-state-message", NULL, longest);
	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_KEYWORD,
	             "printer-state-reasons", NULL, longest);
	ippAddOctetString(ipp, IPP_TAG_PRINTER, "printer-supply", longest,
	                  (int)strlen(longest));
	ck_assert_int_eq(decode(ipp, &st), 0);
	ck_assert_uint_eq(strlen(st.message), sizeof st.message - 1);
	ck_assert_uint_eq(st.n_reasons, 0);
	ck_assert_uint_eq(st.n_supplies, 0);
}
END_TEST

START_TEST(test_text_is_cut_between_characters)
{
	char out[4];

	ck_assert_str_eq(text_clean(out, sizeof out, "ab\xc3\xa4"), "ab");
	ck_assert_str_eq(text_clean(out, sizeof out, "a\xc3\xa4z"),
	                 "a\xc3\xa4");
	ck_assert_str_eq(text_clean(out, sizeof out, "\xc3"), "?");
	ck_assert_str_eq(text_clean(out, sizeof out, "\xed\xa0\x80"), "???");
	ck_assert_str_eq(text_clean(out, sizeof out, "\xc2\x85y"), " y");
}
END_TEST

START_TEST(test_nested_collections_are_refused_before_libcups_sees_them)
{
	struct buf bytes = {0};
	static const char head[] = {2, 0, 0, 0, 0, 0, 0, 1, 4};
	static const char level[] = {0x34, 0, 1, 'a', 0, 0};
	struct err err = {0};
	ipp_t *ipp = NULL;

	buf_append(&bytes, head, sizeof head);
	for (int i = 0; i < 100000; i++)
		buf_append(&bytes, level, sizeof level);
	ck_assert_int_eq(ipp_decode(bytes.data, bytes.len, &ipp, &err),
	                 -EBADMSG);
	ck_assert_str_eq(err.text, "collections too deep in the answer");
	buf_fini(&bytes);
}
END_TEST

START_TEST(test_too_many_values_are_refused)
{
	struct buf bytes = {0};
	static const char head[] = {2, 0, 0, 0, 0, 0, 0, 1, 4};
	static const char value[] = {0x44, 0, 0, 0, 1, 'a'};
	ipp_t *ipp = NULL;

	buf_append(&bytes, head, sizeof head);
	for (int i = 0; i < IPP_VALUES_MAX + 1; i++)
		buf_append(&bytes, value, sizeof value);
	buf_append(&bytes, "\3", 1);
	ck_assert_int_eq(ipp_decode(bytes.data, bytes.len, &ipp, NULL),
	                 -EBADMSG);
	buf_fini(&bytes);
}
END_TEST

START_TEST(test_every_cut_of_a_message_is_refused)
{
	struct buf bytes = {0};
	ipp_t *ipp = answer(3);
	ipp_t *read = NULL;

	ipp_encode(ipp, &bytes);
	for (size_t n = 0; n < bytes.len; n++)
		ck_assert_int_eq(ipp_decode(bytes.data, n, &read, NULL),
		                 -EBADMSG);
	ck_assert_int_eq(ipp_decode(bytes.data, bytes.len, &read, NULL), 0);
	ippDelete(read);
	ippDelete(ipp);
	buf_fini(&bytes);
}
END_TEST

START_TEST(test_request_names_the_printer_by_ipp)
{
	ipp_t *ipp = ipp_request_new(IPP_OP_GET_PRINTER_ATTRIBUTES,
	                             "https://host:443/ipp/print", "ann");
	char text[64];

	ck_assert_str_eq(ipp_text(ipp, IPP_TAG_OPERATION, "printer-uri", text,
	                          sizeof text),
	                 "ipps://host:443/ipp/print");
	ck_assert_str_eq(ippGetName(ippFirstAttribute(ipp)),
	                 "attributes-charset");
	ippDelete(ipp);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("status");
	TCase *tc = tcase_create("status");

	tcase_add_test(tc, test_trays_join_level_and_paper);
	tcase_add_test(tc, test_media_ready_stands_in_for_trays);
	tcase_add_test(tc, test_supplies_have_colour_and_percent);
	tcase_add_test(tc, test_markers_stand_in_for_supplies);
	tcase_add_test(tc, test_reasons_are_keywords_and_bounded);
	tcase_add_loop_test(tc, test_state_out_of_range_is_nonsense, 0, 5);
	tcase_add_test(tc, test_wrong_group_and_type_are_left_out);
	tcase_add_test(tc, test_message_is_clean_text);
	tcase_add_test(tc, test_long_values_are_cut_or_left_out);
	tcase_add_test(tc, test_text_is_cut_between_characters);
	tcase_add_test(
		tc,
		test_nested_collections_are_refused_before_libcups_sees_them);
	tcase_add_test(tc, test_too_many_values_are_refused);
	tcase_add_test(tc, test_every_cut_of_a_message_is_refused);
	tcase_add_test(tc, test_request_names_the_printer_by_ipp);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
