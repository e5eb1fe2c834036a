/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/job_message.h"

#include <stdlib.h>

#include "base/mem.h"
#include "tests/unit/check_run.h"

static char uri[] = "ipp://printer/ipp/print", user[] = "ann", name[] = "x";
static char a4[] = "iso_a4_210x297mm", tray[] = "tray-2";

static struct job_ticket ticket_for(char *media, char *source)
{
	struct job_ticket ticket = {.uri = uri,
	                            .user = user,
	                            .name = name,
	                            .media = media,
	                            .source = source,
	                            .copies = 2};

	return ticket;
}

static ipp_attribute_t *find(ipp_t *ipp, const char *attribute)
{
	return ippFindAttribute(ipp, attribute, IPP_TAG_ZERO);
}

START_TEST(test_paper_of_one_tray_is_a_collection)
{
	struct job_ticket ticket = ticket_for(a4, tray);
	ipp_t *ipp = job_message_new(IPP_OP_CREATE_JOB, &ticket);
	ipp_attribute_t *col = find(ipp, "media-col");
	ipp_t *media, *size;

	ck_assert_ptr_nonnull(col);
	ck_assert_ptr_null(find(ipp, "media"));
	media = ippGetCollection(col, 0);
	ck_assert_str_eq(ippGetString(find(media, "media-source"), 0, NULL),
	                 "tray-2");
	size = ippGetCollection(find(media, "media-size"), 0);
	ck_assert_int_eq(ippGetInteger(find(size, "x-dimension"), 0), 21000);
	ck_assert_int_eq(ippGetInteger(find(size, "y-dimension"), 0), 29700);
	ck_assert_int_eq(ippGetInteger(find(ipp, "copies"), 0), 2);
	ippDelete(ipp);
}
END_TEST

START_TEST(test_paper_without_edges_is_asked_for)
{
	struct job_ticket ticket = ticket_for(a4, NULL);
	ipp_t *ipp, *media;

	ticket.is_borderless = true;
	ipp = job_message_new(IPP_OP_CREATE_JOB, &ticket);
	ck_assert_ptr_null(find(ipp, "media"));
	media = ippGetCollection(find(ipp, "media-col"), 0);
	ck_assert_ptr_null(find(media, "media-source"));
	ck_assert_int_eq(ippGetInteger(find(media, "media-top-margin"), 0), 0);
	ck_assert_int_eq(ippGetInteger(find(media, "media-left-margin"), 0), 0);
	ippDelete(ipp);
}
END_TEST

START_TEST(test_paper_of_any_tray_is_a_name)
{
	struct job_ticket ticket = ticket_for(a4, NULL);
	ipp_t *ipp = job_message_new(IPP_OP_CREATE_JOB, &ticket);

	ck_assert_ptr_null(find(ipp, "media-col"));
	ck_assert_str_eq(ippGetString(find(ipp, "media"), 0, NULL), a4);
	ippDelete(ipp);
}
END_TEST

START_TEST(test_no_paper_is_said_where_none_is_known)
{
	struct job_ticket ticket = ticket_for(NULL, tray);
	ipp_t *ipp = job_message_new(IPP_OP_CREATE_JOB, &ticket);

	ck_assert_ptr_null(find(ipp, "media-col"));
	ck_assert_ptr_null(find(ipp, "media"));
	ippDelete(ipp);
}
END_TEST

START_TEST(test_only_what_the_printer_knows_is_asked_for)
{
	struct job_ticket ticket = ticket_for(a4, NULL);
	ipp_t *ipp = job_message_new(IPP_OP_CREATE_JOB, &ticket), *other;

	ck_assert_ptr_null(find(ipp, "print-color-mode"));
	ck_assert_ptr_null(find(ipp, "print-scaling"));
	ticket.tells_colour = true;
	ticket.scaling = "none";
	other = job_message_new(IPP_OP_CREATE_JOB, &ticket);
	ck_assert_str_eq(ippGetString(find(other, "print-color-mode"), 0, NULL),
	                 "monochrome");
	ck_assert_str_eq(ippGetString(find(other, "print-scaling"), 0, NULL),
	                 "none");
	ippDelete(ipp);
	ippDelete(other);
}
END_TEST

START_TEST(test_a_long_name_is_cut_between_characters)
{
	struct job_ticket ticket = ticket_for(a4, NULL);
	char longest[401] = "a";
	ipp_t *ipp;
	const char *cut;

	for (size_t i = 1; i + 2 < sizeof longest; i += 2)
		memcpy(longest + i, "\xc3\xbc", 2);
	ticket.name = longest;
	ipp = job_message_new(IPP_OP_CREATE_JOB, &ticket);
	cut = ippGetString(find(ipp, "job-name"), 0, NULL);
	ck_assert_uint_eq(strlen(cut), 255);
	/* one octet further, and the limit is inside a character */
	memmove(longest + 1, longest, 300);
	ippDelete(ipp);
	ipp = job_message_new(IPP_OP_CREATE_JOB, &ticket);
	cut = ippGetString(find(ipp, "job-name"), 0, NULL);
	ck_assert_uint_eq(strlen(cut), 254);
	ck_assert_int_eq((unsigned char)cut[253], 0xbc);
	ippDelete(ipp);
}
END_TEST

/* RFC 8011 4.1.4: charset, language, target, in this order. */
START_TEST(test_requests_begin_as_the_standard_wants)
{
	static const char *const order[] = {"attributes-charset",
	                                    "attributes-natural-language",
	                                    "printer-uri"};
	static char pdf[] = "application/pdf";
	struct job_ticket ticket = ticket_for(a4, NULL);
	ipp_attribute_t *attr;
	ipp_t *ipp;

	ticket.format = pdf;
	ipp = _i ? job_message_document(&ticket, 7, true)
	         : job_message_new(IPP_OP_CREATE_JOB, &ticket);
	attr = ippFirstAttribute(ipp);
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		ck_assert_str_eq(ippGetName(attr), order[i]);
		attr = ippNextAttribute(ipp);
	}
	if (_i)
		ck_assert_str_eq(ippGetName(attr), "job-id");
	ippDelete(ipp);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("job_message");
	TCase *tc = tcase_create("job_message");

	tcase_add_test(tc, test_paper_of_one_tray_is_a_collection);
	tcase_add_test(tc, test_paper_without_edges_is_asked_for);
	tcase_add_test(tc, test_paper_of_any_tray_is_a_name);
	tcase_add_test(tc, test_no_paper_is_said_where_none_is_known);
	tcase_add_test(tc, test_only_what_the_printer_knows_is_asked_for);
	tcase_add_test(tc, test_a_long_name_is_cut_between_characters);
	tcase_add_loop_test(tc, test_requests_begin_as_the_standard_wants, 0,
	                    2);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
