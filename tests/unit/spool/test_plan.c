/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>

#include "base/mem.h"
#include "spool/plan.h"

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

	plan_decide(parts, 1, "auto");
	ck_assert(parts[0].print);
}
END_TEST

START_TEST(test_attached_document_replaces_the_body)
{
	struct plan_part parts[] = {
		part("text/plain", "", false),
		part("application/pdf", "a.pdf", false),
	};

	plan_decide(parts, 2, "auto");
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

	plan_decide(parts, 2, "auto");
	ck_assert(parts[0].print);
	ck_assert(!parts[1].print);
}
END_TEST

START_TEST(test_inline_pdf_is_a_document)
{
	struct plan_part parts[] = {part("application/pdf", "", true)};

	snprintf(parts[0].part.disposition, sizeof parts[0].part.disposition,
	         "inline");
	plan_decide(parts, 1, "auto");
	ck_assert(parts[0].print);
}
END_TEST

START_TEST(test_all_prints_body_and_documents)
{
	struct plan_part parts[] = {
		part("text/plain", "", false),
		part("application/pdf", "a.pdf", false),
	};

	plan_decide(parts, 2, "all");
	ck_assert(parts[0].print && parts[1].print);
}
END_TEST

START_TEST(test_body_alone_leaves_documents)
{
	struct plan_part parts[] = {
		part("text/plain", "", false),
		part("application/pdf", "a.pdf", false),
	};

	plan_decide(parts, 2, "body");
	ck_assert(parts[0].print && !parts[1].print);
}
END_TEST

START_TEST(test_named_text_is_a_document)
{
	struct plan_part parts[] = {
		part("text/plain", "", false),
		part("text/plain", "notes.txt", false),
	};

	plan_decide(parts, 2, "attachments");
	ck_assert(!parts[0].print && parts[1].print);
}
END_TEST

START_TEST(test_unprintable_part_keeps_its_note)
{
	struct plan_part parts[] = {part("application/zip", "a.zip", false)};

	parts[0].part.printable = false;
	snprintf(parts[0].part.note, sizeof parts[0].part.note, "an archive");
	plan_decide(parts, 1, "auto");
	ck_assert(!parts[0].print);
	ck_assert_str_eq(parts[0].why, "an archive");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("plan");
	TCase *tc = tcase_create("plan");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_test(tc, test_body_is_printed_when_nothing_is_attached);
	tcase_add_test(tc, test_attached_document_replaces_the_body);
	tcase_add_test(tc, test_signature_picture_is_no_document);
	tcase_add_test(tc, test_inline_pdf_is_a_document);
	tcase_add_test(tc, test_all_prints_body_and_documents);
	tcase_add_test(tc, test_body_alone_leaves_documents);
	tcase_add_test(tc, test_named_text_is_a_document);
	tcase_add_test(tc, test_unprintable_part_keeps_its_note);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
