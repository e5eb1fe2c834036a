/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/enriched.h"

#include <stdlib.h>

#include "base/mem.h"
#include "tests/unit/check_run.h"

static const struct {
	const char *text, *read;
} texts[] = {
	{"<bold>Now</bold> is\nthe <<time> for\n\nall\r\n\r\n\r\nmen",
         "Now is the <time> for\nall\n\nmen"},
	{"<nofill>a\n  b\n</nofill>c\nd", "a\n  b\nc d"},
	{"<color><param>red, <bold>1</param>red</color>", "red"},
	{"</param>a</nofill>\nb", "a b"},
	/* no marks */
	{"1 < 2 > 0 <a b> <", "1 < 2 > 0 <a b> <"},
	{"", ""},
};

START_TEST(test_marks_of_enriched_text_are_not_printed)
{
	struct buf out CLEANUP(buf_fini) = {0};

	enriched_read(texts[_i].text, strlen(texts[_i].text), &out);
	ck_assert_str_eq(buf_str(&out), texts[_i].read);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("enriched");
	TCase *tc = tcase_create("enriched");

	tcase_add_loop_test(tc, test_marks_of_enriched_text_are_not_printed, 0,
	                    ARRAY_LEN(texts));
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
