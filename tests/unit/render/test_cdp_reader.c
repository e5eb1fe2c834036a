/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/cdp_reader.h"

#include <errno.h>

#include "base/mem.h"
#include "tests/unit/check_run.h"

/* Two messages, with their NULs. */
static const char two[] = "{\"id\":1}\0{\"text\":\"}\\\"{\"}";

static void expect(struct cdp_reader *reader, const char *key)
{
	json_t *message = NULL;
	struct err err = {0};

	ck_assert_int_eq(cdp_reader_next(reader, &message, &err), 1);
	ck_assert_ptr_nonnull(json_object_get(message, key));
	json_decref(message);
}

static void expect_end(struct cdp_reader *reader, int r)
{
	json_t *message = NULL;
	struct err err = {0};

	ck_assert_int_eq(cdp_reader_next(reader, &message, &err), r);
	ck_assert_ptr_null(message);
	ck_assert(r == 0 || err.text[0]);
	cdp_reader_fini(reader);
}

START_TEST(test_messages_are_the_same_wherever_they_are_cut)
{
	size_t cut = (size_t)_i, first = strlen(two) + 1;
	struct cdp_reader reader = {0};

	cdp_reader_add(&reader, two, cut);
	if (cut >= first)
		expect(&reader, "id");
	if (cut < sizeof two) {
		json_t *none;

		ck_assert_int_eq(cdp_reader_next(&reader, &none, NULL), 0);
	}
	cdp_reader_add(&reader, two + cut, sizeof two - cut);
	if (cut < first)
		expect(&reader, "id");
	expect(&reader, "text");
	expect_end(&reader, 0);
}
END_TEST

START_TEST(test_what_is_no_object_is_nonsense)
{
	static const char *const words[] = {"", "[]", "1", "{", "{}}", "\xff"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct cdp_reader reader = {0};

		cdp_reader_add(&reader, words[i], strlen(words[i]) + 1);
		expect_end(&reader, -EPROTO);
	}
}
END_TEST

static void add_nested(struct cdp_reader *reader, int depth)
{
	cdp_reader_add(reader, "{\"a\":", 5);
	for (int i = 1; i < depth; i++)
		cdp_reader_add(reader, "[", 1);
	for (int i = 1; i < depth; i++)
		cdp_reader_add(reader, "]", 1);
	cdp_reader_add(reader, "}", 2);
}

START_TEST(test_nesting_has_a_floor)
{
	struct cdp_reader fine = {0}, deep = {0};

	add_nested(&fine, 64);
	expect(&fine, "a");
	expect_end(&fine, 0);
	add_nested(&deep, 65);
	expect_end(&deep, -EPROTO);
}
END_TEST

START_TEST(test_a_message_has_an_end)
{
	char *blanks CLEANUP(xfree) = xmalloc((8 << 20) + 1);
	struct cdp_reader reader = {0};
	json_t *none;

	memset(blanks, ' ', (8 << 20) + 1);
	cdp_reader_add(&reader, blanks, 8 << 20);
	ck_assert_int_eq(cdp_reader_next(&reader, &none, NULL), 0);
	cdp_reader_add(&reader, blanks, 1);
	expect_end(&reader, -EMSGSIZE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cdp_reader");
	TCase *tcase = tcase_create("cdp_reader");

	tcase_add_loop_test(tcase,
	                    test_messages_are_the_same_wherever_they_are_cut, 0,
	                    sizeof two + 1);
	tcase_add_test(tcase, test_what_is_no_object_is_nonsense);
	tcase_add_test(tcase, test_nesting_has_a_floor);
	tcase_add_test(tcase, test_a_message_has_an_end);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
