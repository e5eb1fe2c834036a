/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdlib.h>

#include "base/mem.h"
#include "spool/plan.h"
#include "tests/unit/check_run.h"

static const struct plan_means browser = {.html = true};

static struct plan_part part(const char *detected, const char *name,
                             bool referenced)
{
	struct plan_part p = {.part = {.printable = true}};

	snprintf(p.part.id, sizeof p.part.id, "1");
	snprintf(p.part.detected, sizeof p.part.detected, "%s", detected);
	snprintf(p.part.name, sizeof p.part.name, "%s", name);
	p.part.referenced = referenced;
	return p;
}

START_TEST(test_body_is_printed_when_nothing_is_attached)
{
	struct plan_part parts[] = {part("text/plain", "", false)};

	plan_decide(parts, 1, "auto", &browser);
	ck_assert(parts[0].print);
}
END_TEST

START_TEST(test_attached_document_replaces_the_body)
{
	struct plan_part parts[] = {
		part("text/plain", "", false),
		part("application/pdf", "a.pdf", false),
	};

	plan_decide(parts, 2, "auto", &browser);
	ck_assert(!parts[0].print);
	ck_assert_str_ne(parts[0].why, "");
	ck_assert(parts[1].print);
}
END_TEST

START_TEST(test_signature_picture_is_no_document)
{
	struct plan_part parts[] = {
		part("text/html", "", false),
		part("image/png", "logo.png", true),
	};

	plan_decide(parts, 2, "auto", &browser);
	ck_assert(parts[0].print);
	ck_assert(!parts[1].print);
}
END_TEST

START_TEST(test_inline_pdf_is_a_document)
{
	struct plan_part parts[] = {part("application/pdf", "", true)};

	snprintf(parts[0].part.disposition, sizeof parts[0].part.disposition,
	         "inline");
	plan_decide(parts, 1, "auto", &browser);
	ck_assert(parts[0].print);
}
END_TEST

START_TEST(test_all_prints_body_and_documents)
{
	struct plan_part parts[] = {
		part("text/plain", "", false),
		part("application/pdf", "a.pdf", false),
	};

	plan_decide(parts, 2, "all", &browser);
	ck_assert(parts[0].print && parts[1].print);
}
END_TEST

START_TEST(test_body_alone_leaves_documents)
{
	struct plan_part parts[] = {
		part("text/plain", "", false),
		part("application/pdf", "a.pdf", false),
	};

	plan_decide(parts, 2, "body", &browser);
	ck_assert(parts[0].print && !parts[1].print);
}
END_TEST

START_TEST(test_named_text_is_a_document)
{
	struct plan_part parts[] = {
		part("text/plain", "", false),
		part("text/plain", "notes.txt", false),
	};

	plan_decide(parts, 2, "attachments", &browser);
	ck_assert(!parts[0].print && parts[1].print);
}
END_TEST

START_TEST(test_unprintable_part_keeps_its_note)
{
	struct plan_part parts[] = {part("application/zip", "a.zip", false)};

	parts[0].part.printable = false;
	snprintf(parts[0].part.note, sizeof parts[0].part.note, "an archive");
	plan_decide(parts, 1, "auto", &browser);
	ck_assert(!parts[0].print);
	ck_assert_str_eq(parts[0].why, "an archive");
}
END_TEST

/* ---- what stands for the body, and what does not ------------------------- */

static struct plan_part of_attached_mail(const char *detected, const char *name)
{
	struct plan_part p = part(detected, name, false);

	p.part.attached = true;
	return p;
}

START_TEST(test_attached_mail_is_a_document_with_all_its_parts)
{
	struct plan_part parts[] = {
		part("text/plain", "", false),
		of_attached_mail("text/plain", ""),
		of_attached_mail("application/pdf", "a.pdf"),
	};

	plan_decide(parts, 3, "auto", &browser);
	ck_assert(!parts[0].print && parts[1].print && parts[2].print);
	plan_decide(parts, 3, "body", &browser);
	ck_assert(parts[0].print && !parts[1].print && !parts[2].print);
}
END_TEST

START_TEST(test_body_of_a_mail_without_one_is_the_attached_mails)
{
	struct plan_part parts[] = {
		part("application/x-empty", "", false),
		of_attached_mail("text/plain", ""),
		of_attached_mail("application/pdf", "a.pdf"),
	};

	parts[0].part.printable = false;
	plan_decide(parts, 3, "body", &browser);
	ck_assert(parts[1].print && !parts[2].print);
}
END_TEST

static const char *const cards[] = {"text/vcard", "text/calendar"};

START_TEST(test_a_card_does_not_replace_the_body)
{
	struct plan_part parts[] = {
		part("text/plain", "", false),
		part(cards[_i], "a.file", false),
		part("application/pdf", "a.pdf", false),
	};

	plan_decide(parts, 2, "auto", &browser);
	ck_assert(parts[0].print && parts[1].print);
	plan_decide(parts, 3, "auto", &browser);
	ck_assert(!parts[0].print && parts[1].print && parts[2].print);
	plan_decide(parts + 1, 1, "auto", &browser);
	ck_assert(parts[1].print);
}
END_TEST

static const struct {
	const char *name;
	bool is_body;
} texts[] = {
	{"ATT00001.txt", true}, {"ATT00002.htm", true}, {"ATT00001.pdf", false},
	{"ATT1.txt", false},    {"ATTIC.txt", false},   {"notes.txt", false},
};

START_TEST(test_what_exchange_named_is_still_the_body)
{
	struct plan_part parts[] = {part("text/plain", texts[_i].name, false)};

	snprintf(parts[0].part.disposition, sizeof parts[0].part.disposition,
	         "attachment");
	plan_decide(parts, 1, "attachments", &browser);
	ck_assert_int_eq(parts[0].print, !texts[_i].is_body);
}
END_TEST

/* ---- alternatives -------------------------------------------------------- */

static struct plan_part alternative(const char *detected, const char *path)
{
	struct plan_part p = part(detected, "", false);

	snprintf(p.part.alternative, sizeof p.part.alternative, "%s", path);
	return p;
}

static const struct {
	bool has_html;
	const char *parts[5][2]; /* detected, path */
	const char *printed;     /* y or n for each */
} choices[] = {
	{true, {{"text/plain", "0:1"}, {"text/html", "0:2"}}, "ny"},
	{false, {{"text/plain", "0:1"}, {"text/html", "0:2"}}, "yn"},
	{false, {{"text/html", "0:1"}}, "y"},
	{true, {{"text/plain", "0:1"}, {"text/plain", ""}}, "yy"},
	/* a PDF or Office file is never dropped for where it stands */
	{true,
         {{"text/plain", "0:1"},
          {"text/html", "0:2"},
          {"application/pdf", "0:2"},
          {"text/html", "0:2"}},
         "nyyy"},
	{false,
         {{"text/plain", "0:1"},
          {"text/html", "0:2"},
          {"application/pdf", "0:2"}},
         "yny"},
	{true, {{"text/plain", "0:1"}, {"application/pdf", "0:2"}}, "yy"},
	{true, {{"text/plain", "0:1"}, {"text/rtf", "0:2"}}, "yy"},
	/* an invitation stays beside its text */
	{true,
         {{"text/plain", "0:1"},
          {"text/html", "0:2"},
          {"text/calendar", "0:3"}},
         "nyy"},
	/* each level for itself */
	{true,
         {{"text/plain", "1:1"},
          {"text/plain", "1:2,1.2.1:1"},
          {"text/html", "1:2,1.2.1:2"},
          {"text/plain", "1:2"}},
         "nnyy"},
	/* two mails in one: each has its own */
	{true,
         {{"text/plain", "1:1"},
          {"text/html", "1:2"},
          {"text/plain", "2:1"},
          {"text/html", "2:2"}},
         "nyny"},
	{true, {{"text/plain", "nonsense"}, {"text/html", ":"}}, "yy"},
};

START_TEST(test_alternatives_give_their_richest_text)
{
	struct plan_part parts[5];
	size_t n = strlen(choices[_i].printed);

	for (size_t i = 0; i < n; i++)
		parts[i] = alternative(choices[_i].parts[i][0],
		                       choices[_i].parts[i][1]);
	plan_decide(parts, n, "all",
	            &(struct plan_means){.html = choices[_i].has_html});
	for (size_t i = 0; i < n; i++) {
		ck_assert_int_eq(parts[i].print, choices[_i].printed[i] == 'y');
		ck_assert_int_eq(parts[i].print, parts[i].why[0] == '\0');
	}
}
END_TEST

START_TEST(test_an_unreadable_alternative_leaves_the_other)
{
	struct plan_part parts[] = {alternative("text/plain", "0:1"),
	                            alternative("text/html", "0:2")};

	parts[1].part.printable = false;
	plan_decide(parts, 2, "auto", &browser);
	ck_assert(parts[0].print && !parts[1].print);
}
END_TEST

START_TEST(test_html_whose_words_are_on_the_web_needs_its_pictures)
{
	for (int pictures = 0; pictures < 2; pictures++) {
		const struct plan_means means = {.html = true,
		                                 .pictures = pictures};
		struct plan_part parts[] = {alternative("text/plain", "0:1"),
		                            alternative("text/html", "0:2")};

		parts[1].part.hollow = true;
		plan_decide(parts, 2, "auto", &means);
		ck_assert_int_eq(parts[0].print, !pictures);
		ck_assert_int_eq(parts[1].print, pictures);
	}
}
END_TEST

/* ---- pictures ------------------------------------------------------------ */

static const struct {
	unsigned width, height;
	bool is_printed;
} sizes[] = {
	{1, 1, false},  {16, 16, false}, {600, 1, false},  {2, 300, false},
	{17, 17, true}, {16, 100, true}, {800, 600, true}, {0, 0, true},
};

START_TEST(test_pictures_too_small_to_be_seen_are_left_out)
{
	struct plan_part parts[] = {part("text/plain", "", false),
	                            part("image/gif", "x.gif", false)};

	parts[1].part.width = sizes[_i].width;
	parts[1].part.height = sizes[_i].height;
	plan_decide(parts, 2, "auto", &browser);
	ck_assert_int_eq(parts[1].print, sizes[_i].is_printed);
	/* what is no document does not keep the body away */
	ck_assert_int_eq(parts[0].print, !sizes[_i].is_printed);
}
END_TEST

START_TEST(test_a_logo_leaves_the_body_to_be_printed)
{
	struct plan_part parts[] = {part("text/plain", "", false),
	                            part("image/png", "logo.png", false)};

	parts[1].is_logo = true;
	plan_decide(parts, 2, "auto", &browser);
	ck_assert(parts[0].print && !parts[1].print);
	ck_assert_ptr_nonnull(strstr(parts[1].why, "logo"));
}
END_TEST

START_TEST(test_a_logo_that_is_all_there_is_gets_printed)
{
	struct plan_part parts[] = {part("image/png", "logo.png", false),
	                            part("image/png", "dot.png", false)};

	parts[0].is_logo = parts[1].is_logo = true;
	parts[1].part.width = parts[1].part.height = 1;
	plan_decide(parts, 2, "auto", &browser);
	ck_assert(parts[0].print && !parts[1].print);
	ck_assert_str_eq(parts[0].why, "");
	plan_decide(parts, 2, "body", &browser);
	ck_assert(!parts[0].print);
}
END_TEST

/* clang-format off */
static const struct {
	const char *name, *disposition, *beside, *what;
	unsigned size;
	bool text, picture; /* what is printed of them */
} pasted[] = {
	{"image001.png", "attachment", "", "auto", 200, true, true},
	{"IMAGE012.JPEG", "inline", "", "auto", 200, true, true},
	{"image001.png", "inline", "", "auto", 64, true, false},
	{"image001.png", "inline", "a.pdf", "auto", 200, false, false},
	{"image001.png", "attachment", "a.pdf", "auto", 200, false, true},
	{"image001.png", "inline", "a.pdf", "all", 200, true, true},
	{"image001.png", "inline", "", "attachments", 200, false, true},
	{"image001.png", "inline", "", "body", 200, true, false},
	/* somebody's own names */
	{"image1.png", "attachment", "", "auto", 200, false, true},
	{"image0001.png", "attachment", "", "auto", 64, false, true},
	{"image001.tif", "attachment", "", "auto", 200, false, true},
	{"image001.png.jpg", "attachment", "", "auto", 200, false, true},
};
/* clang-format on */

START_TEST(test_a_pasted_picture_does_not_replace_the_body)
{
	struct plan_part parts[] = {part("text/plain", "", false),
	                            part("image/png", pasted[_i].name, false),
	                            part("application/pdf", pasted[_i].beside,
	                                 false)};
	size_t n = pasted[_i].beside[0] ? 3 : 2;

	parts[1].part.width = parts[1].part.height = pasted[_i].size;
	snprintf(parts[1].part.disposition, sizeof parts[1].part.disposition,
	         "%s", pasted[_i].disposition);
	plan_decide(parts, n, pasted[_i].what, &browser);
	ck_assert_int_eq(parts[0].print, pasted[_i].text);
	ck_assert_int_eq(parts[1].print, pasted[_i].picture);
	ck_assert(n == 2 || parts[2].print);
}
END_TEST

START_TEST(test_a_picture_of_the_body_is_no_reason)
{
	struct plan_part parts[] = {part("text/plain", "", false),
	                            part("image/png", "logo.png", true)};

	parts[1].part.size = 900;
	plan_decide(parts, 2, "attachments", &browser);
	ck_assert_str_eq(plan_why_nothing(parts, 2),
	                 "only attachments were to be printed");
}
END_TEST

START_TEST(test_only_lone_pictures_are_remembered)
{
	struct plan_part parts[] = {part("text/html", "", false),
	                            part("image/png", "a.png", false),
	                            part("image/png", "b.png", true),
	                            part("application/pdf", "c.pdf", false)};

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		snprintf(parts[i].part.hash, sizeof parts[i].part.hash, "h%zu",
		         i);
	ck_assert_str_eq(plan_body_hash(parts, 4), "h0");
	ck_assert_str_eq(plan_body_hash(parts + 1, 3), "");
	ck_assert(plan_is_lone_picture(&parts[1]));
	ck_assert(!plan_is_lone_picture(&parts[2]));
	ck_assert(!plan_is_lone_picture(&parts[3]));
	parts[1].part.width = parts[1].part.height = 1;
	ck_assert(!plan_is_lone_picture(&parts[1]));
}
END_TEST

static const struct {
	const char *ids[3];
	size_t sizes[3];
	const char *whys[3];
	const char *told;
} nothings[] = {
	{{"1", "2"}, {4, 900}, {"it is empty", "it is locked"}, "it is locked"},
	{{"1", "1.1"}, {900, 4}, {"what is in it follows", "no"}, "no"},
	{{"1", "10"}, {900, 4}, {"it is locked", "no"}, "it is locked"},
	{{"1", "2"},
         {900, 4},
         {"a signature", "!it is damaged"},
         "it is damaged"},
	{{"1", "2"}, {4, 900}, {"encrypted", "a signature"}, "encrypted"},
	{{"1"}, {4}, {""}, "it has no part that can be printed"},
	{{NULL}, {0}, {NULL}, "it has no part that can be printed"},
};

START_TEST(test_one_part_says_why_nothing_was_printed)
{
	struct plan_part parts[3] = {0};
	size_t n = 0;

	for (; n < 3 && nothings[_i].ids[n]; n++) {
		parts[n] = part("", "", false);
		snprintf(parts[n].part.id, sizeof parts[n].part.id, "%s",
		         nothings[_i].ids[n]);
		snprintf(parts[n].why, sizeof parts[n].why, "%s",
		         nothings[_i].whys[n]);
		parts[n].part.size = nothings[_i].sizes[n];
		parts[n].part.encrypted =
			strcmp(nothings[_i].whys[n], "encrypted") == 0;
	}
	ck_assert_str_eq(plan_why_nothing(parts, n), nothings[_i].told);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("plan");
	TCase *tc = tcase_create("plan");

	tcase_add_test(tc, test_body_is_printed_when_nothing_is_attached);
	tcase_add_test(tc, test_attached_document_replaces_the_body);
	tcase_add_test(tc, test_signature_picture_is_no_document);
	tcase_add_test(tc, test_inline_pdf_is_a_document);
	tcase_add_test(tc, test_all_prints_body_and_documents);
	tcase_add_test(tc, test_body_alone_leaves_documents);
	tcase_add_test(tc, test_named_text_is_a_document);
	tcase_add_test(tc, test_unprintable_part_keeps_its_note);
	tcase_add_test(tc, test_attached_mail_is_a_document_with_all_its_parts);
	tcase_add_test(tc,
	               test_body_of_a_mail_without_one_is_the_attached_mails);
	tcase_add_loop_test(tc, test_a_card_does_not_replace_the_body, 0,
	                    ARRAY_LEN(cards));
	tcase_add_loop_test(tc, test_what_exchange_named_is_still_the_body, 0,
	                    ARRAY_LEN(texts));
	tcase_add_loop_test(tc, test_alternatives_give_their_richest_text, 0,
	                    ARRAY_LEN(choices));
	tcase_add_test(tc, test_an_unreadable_alternative_leaves_the_other);
	tcase_add_test(tc,
	               test_html_whose_words_are_on_the_web_needs_its_pictures);
	tcase_add_loop_test(tc, test_pictures_too_small_to_be_seen_are_left_out,
	                    0, ARRAY_LEN(sizes));
	tcase_add_test(tc, test_a_logo_leaves_the_body_to_be_printed);
	tcase_add_test(tc, test_a_logo_that_is_all_there_is_gets_printed);
	tcase_add_loop_test(tc, test_a_pasted_picture_does_not_replace_the_body,
	                    0, ARRAY_LEN(pasted));
	tcase_add_test(tc, test_a_picture_of_the_body_is_no_reason);
	tcase_add_test(tc, test_only_lone_pictures_are_remembered);
	tcase_add_loop_test(tc, test_one_part_says_why_nothing_was_printed, 0,
	                    ARRAY_LEN(nothings));
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
