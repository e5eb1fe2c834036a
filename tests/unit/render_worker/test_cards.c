/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/cards.h"

#include <errno.h>

#include "base/base64.h"
#include "image_make.h"
#include "paper.h"
#include "render/worker/calendar_date.h"
#include "tests/unit/check_run.h"

/* Pango's and fontconfig's caches live as long as the process. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libpango\nleak:libglib\n";
}

static struct buf out;

static void tear_down(void)
{
	buf_fini(&out);
}

/* "[title] label=value; ..." for each card. */
static int on_card(const struct card *card, void *arg)
{
	buf_printf(&out, "[%s]", card->title);
	for (size_t i = 0; i < card->n_rows; i++)
		buf_printf(&out, " %s=%s;", card->rows[i].label,
		           card->rows[i].value);
	return 0;
}

static const char *cards(cards_read_fn *read, const char *text)
{
	buf_clear(&out);
	ck_assert_int_eq(read(text, strlen(text), on_card, NULL), 0);
	return buf_str(&out);
}

#define EVENT(lines)                                                           \
	"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:S\r\n" lines               \
	"END:VEVENT\r\nEND:VCALENDAR\r\n"

START_TEST(test_an_event_says_when_with_its_zone)
{
	ck_assert_str_eq(
		cards(calendar_read,
	              EVENT("DTSTART;TZID=Europe/Berlin:20261123T093000\r\n"
	                    "DTEND;TZID=Europe/Berlin:20261123T110000\r\n")),
		"[S] When=Monday, 23 November 2026, 09:30 to 11:00 "
		"(Europe/Berlin);");
	ck_assert_str_eq(cards(calendar_read,
	                       EVENT("DTSTART:20261231T233000Z\r\n"
	                             "DTEND:20270101T003000Z\r\n")),
	                 "[S] When=Thursday, 31 December 2026, 23:30 to "
	                 "Friday, 1 January 2027, 00:30 UTC;");
	ck_assert_str_eq(cards(calendar_read,
	                       EVENT("DTSTART:20260301T080000\r\n"
	                             "DURATION:PT1H30M\r\n")),
	                 "[S] When=Sunday, 1 March 2026, 08:00, for 1 hour 30 "
	                 "minutes;");
}
END_TEST

START_TEST(test_the_end_of_whole_days_is_the_day_before)
{
	ck_assert_str_eq(cards(calendar_read,
	                       EVENT("DTSTART;VALUE=DATE:20240228\r\n"
	                             "DTEND;VALUE=DATE:20240301\r\n")),
	                 "[S] When=Wednesday, 28 February 2024 to Thursday, 29 "
	                 "February 2024, all day;");
	ck_assert_str_eq(cards(calendar_read,
	                       EVENT("DTSTART;VALUE=DATE:20261224\r\n"
	                             "DTEND;VALUE=DATE:20261225\r\n")),
	                 "[S] When=Thursday, 24 December 2026, all day;");
}
END_TEST

START_TEST(test_invitations_name_people_and_places)
{
	ck_assert_str_eq(
		cards(calendar_read,
	              "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VTIMEZONE\n"
	              "DTSTART:19700101T000000\nEND:VTIMEZONE\nBEGIN:VEVENT\n"
	              "SUMMARY:Long ti\n tle\\, really\nLOCATION:Room 1\\;2\n"
	              "ORGANIZER;CN=\"Doe, Jane\":mailto:j@x\n"
	              "ATTENDEE;PARTSTAT=DECLINED:MAILTO:a@x\n"
	              "BEGIN:VALARM\nDESCRIPTION:alarm\nEND:VALARM\n"
	              "DESCRIPTION:one\\ntwo\nEND:VEVENT\nEND:VCALENDAR\n"),
		"[Invitation: Long title, really] Where=Room 1;2; "
		"Organiser=\342\201\250Doe, Jane <j@x>\342\201\251; "
		"Attendees=a@x, declined; Notes=one\ntwo;");
	ck_assert_str_eq(cards(calendar_read, EVENT("STATUS:CANCELLED\r\n")),
	                 "[Cancelled: S]");
}
END_TEST

static const char *rule(const char *text)
{
	buf_clear(&out);
	calendar_rule_put(text, &out);
	return buf_str(&out);
}

START_TEST(test_recurrence_is_told_in_words)
{
	ck_assert_str_eq(rule("FREQ=DAILY"), "every day");
	ck_assert_str_eq(rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR;COUNT=10"),
	                 "every 2 weeks on Monday, Wednesday and Friday, 10 "
	                 "times");
	ck_assert_str_eq(rule("FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20261231T000000Z"),
	                 "every month on the last Friday, until 31 December "
	                 "2026");
	ck_assert_str_eq(rule("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=15"),
	                 "every year on day 15 in March");
	ck_assert_str_eq(rule("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=2"),
	                 "every month on Monday, BYSETPOS=2");
	ck_assert_str_eq(rule("nonsense"), "");
}
END_TEST

START_TEST(test_dates_that_are_none_are_shown_as_written)
{
	struct calendar_date date;

	ck_assert(!calendar_date_read("20260230", &date));
	ck_assert(!calendar_date_read("2026", &date));
	ck_assert(!calendar_date_read("", &date));
	ck_assert(!calendar_date_read("20261231T25", &date));
	ck_assert_str_eq(cards(calendar_read, EVENT("DTSTART:soon\r\n")),
	                 "[S] When=soon;");
}
END_TEST

START_TEST(test_address_cards_of_all_versions_are_read)
{
	ck_assert_str_eq(
		cards(vcard_read,
	              "BEGIN:VCARD\nVERSION:2.1\n"
	              "N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;"
	              "Hans\nTEL;WORK;VOICE:123\nTEL;CELL:456\nORG:X;Y\n"
	              "NOTE;ENCODING=QUOTED-PRINTABLE:soft=\n end\nEND:VCARD\n"),
		"[Hans M\303\274ller] Organisation=X, Y; Phone=123 (work)\n456 "
		"(mobile); Note=soft end;");
	ck_assert_str_eq(
		cards(vcard_read,
	              "BEGIN:VCARD\nFN:A\nitem1.EMAIL;TYPE=\"home,x\":a@b\n"
	              "ADR:;;Street 1;Town;;123;Land\nBDAY:1980-02-15\n"
	              "END:VCARD\nBEGIN:VCARD\nFN:B\nEND:VCARD\n"),
		"[A] Mail=a@b (home); Address=Street 1, 123, Town, Land; "
		"Birthday=15 February 1980;[B]");
}
END_TEST

static int render(struct paper *paper, const char *text, cards_read_fn *read)
{
	paper_open(paper, 5);
	return cards_render(text, strlen(text), read, NULL, &paper->spec,
	                    paper->raster, NULL);
}

START_TEST(test_cards_stand_one_below_the_other)
{
	static const char one[] = "BEGIN:VCARD\nFN:A name\nTEL:1\nEND:VCARD\n";
	struct buf many CLEANUP(buf_fini) = {0};
	struct paper paper;
	struct ink first;

	ck_assert_int_eq(render(&paper, one, vcard_read), 0);
	paper_finish(&paper);
	first = paper_ink(&paper, 1);
	ck_assert_uint_eq(paper.n_pages, 1);
	ck_assert(first.bottom < .15 && first.top > .04 && first.left > .05);
	paper_close(&paper);
	for (int i = 0; i < 30; i++)
		buf_puts(&many, one);
	ck_assert_int_eq(render(&paper, buf_str(&many), vcard_read), 0);
	paper_finish(&paper);
	ck_assert_uint_eq(paper.n_pages, 3);
	ck_assert(paper_ink(&paper, 1).bottom > .85);
	paper_close(&paper);
}
END_TEST

static void black(unsigned x, unsigned y, uint8_t *channels)
{
	channels[0] = channels[1] = channels[2] = 0;
}

/* Twice as high as it is wide, once it is turned as its Exif says. */
static void put_photo(struct buf *text, const char *property)
{
	static const struct image_make make = {.width = 200,
	                                       .height = 100,
	                                       .pixel = black,
	                                       .channels = 3,
	                                       .space = JCS_RGB,
	                                       .orientation = 6};
	struct buf jpeg = image_make_jpeg(&make), code = {0};

	base64_encode(jpeg.data, jpeg.len, &code);
	buf_puts(text, property);
	for (size_t at = 0; at < code.len; at += 70)
		buf_printf(text, "%.*s\r\n ",
		           code.len - at < 70 ? (int)(code.len - at) : 70,
		           code.data + at);
	buf_puts(text, "\r\n");
	buf_fini(&jpeg);
	buf_fini(&code);
}

static struct ink ink_with(const char *property, bool has_photo)
{
	struct buf text CLEANUP(buf_fini) = {0};
	struct paper paper;
	struct ink ink;

	buf_puts(&text, "BEGIN:VCARD\r\nFN:Ann\r\n");
	if (has_photo)
		put_photo(&text, property);
	else
		buf_printf(&text, "%s\r\n", property);
	buf_puts(&text, "TEL:1\r\nEND:VCARD\r\n");
	ck_assert_int_eq(render(&paper, buf_str(&text), vcard_read), 0);
	paper_finish(&paper);
	ck_assert_uint_eq(paper.n_pages, 1);
	ink = paper_ink(&paper, 1);
	paper_close(&paper);
	return ink;
}

START_TEST(test_a_photo_stands_small_in_its_card)
{
	static const char *const properties[] =
		{"PHOTO;ENCODING=b;TYPE=JPEG:", "PHOTO;JPEG;BASE64:",
	         "PHOTO;ENCODING=BASE64;TYPE=JPEG:",
	         "PHOTO:data:image/jpeg;base64,"};
	struct ink without = ink_with("NOTE:", false);

	for (size_t i = 0; i < ARRAY_LEN(properties); i++) {
		struct ink with = ink_with(properties[i], true);
		size_t n = with.n - without.n; /* 98 x 49 dots at 100 dpi */

		ck_assert_msg(n > 4500 && n < 5100, "%s %zu", properties[i], n);
		ck_assert(with.bottom - without.bottom > 24 / 297.);
		ck_assert(with.bottom - without.bottom < 30 / 297.);
		ck_assert_double_eq_tol(with.left, without.left, .01);
	}
}
END_TEST

START_TEST(test_a_photo_that_is_none_is_left_out)
{
	static const char *const properties[] =
		{"PHOTO;ENCODING=b:aGVsbG8gaGVsbG8gaGVsbG8=",
	         "PHOTO:http://photos.example/ann.jpg",
	         "PHOTO;ENCODING=b:", "PHOTO;ENCODING=b:iVBORw0KGgo="};
	struct ink without = ink_with("NOTE:", false);

	for (size_t i = 0; i < ARRAY_LEN(properties); i++)
		ck_assert_uint_eq(ink_with(properties[i], false).n, without.n);
}
END_TEST

START_TEST(test_a_file_without_cards_is_refused)
{
	struct paper paper;

	ck_assert_int_eq(render(&paper, "hello\n", calendar_read), -EINVAL);
	paper_close(&paper);
}
END_TEST

START_TEST(test_a_head_in_html_cannot_be_broken_out_of)
{
	struct card card CLEANUP(card_fini) = {0};

	card_add(&card, "Subject", "</td></table><script>x & \303\274");
	card_html(&card, &out);
	ck_assert_ptr_null(strstr(buf_str(&out), "<script"));
	ck_assert_ptr_nonnull(strstr(buf_str(&out), "&#60;script&#62;x &#38; "
	                                            "&#252;"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cards");
	TCase *tcase = tcase_create("cards");

	tcase_add_checked_fixture(tcase, NULL, tear_down);
	tcase_add_test(tcase, test_an_event_says_when_with_its_zone);
	tcase_add_test(tcase, test_the_end_of_whole_days_is_the_day_before);
	tcase_add_test(tcase, test_invitations_name_people_and_places);
	tcase_add_test(tcase, test_recurrence_is_told_in_words);
	tcase_add_test(tcase, test_dates_that_are_none_are_shown_as_written);
	tcase_add_test(tcase, test_address_cards_of_all_versions_are_read);
	tcase_add_test(tcase, test_cards_stand_one_below_the_other);
	tcase_add_test(tcase, test_a_photo_stands_small_in_its_card);
	tcase_add_test(tcase, test_a_photo_that_is_none_is_left_out);
	tcase_add_test(tcase, test_a_file_without_cards_is_refused);
	tcase_add_test(tcase, test_a_head_in_html_cannot_be_broken_out_of);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
