/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/html_paper.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/unit/check_run.h"

static const struct {
	const char *html;
	bool is_unfit;
} samples[] = {
	{"", false},
	{"<p>Nothing that moves.", false},
	{"<div style='overflow:auto'>", true},
	{"<div style=\"OVERFLOW-Y : Scroll\">", true},
	{"<style>.box { overflow-x:\n\tscroll }</style>", true},
	{"<style>.box { overflow: var(--x) }</style>", true},
	{"<div style='position: fixed'>", true},
	{"<div style='position:-webkit-sticky;position:fixed'>", true},
	{"<div style='position:absolute'> fixed", false},
	{"<p>We fixed the position of the scroll bar.", false},
	{"<div style='overflow:hidden;max-height:0'>", false},
	{"<table height=\"100%\"><td style='overflow:hidden'>", false},
	{"<style>body{overflow:hidden;height:100%}</style>", true},
	{"<style>html{height:100vh}body{overflow:clip}</style>", true},
	{"<img loading=lazy>", true},
	{"overflow", false},
	{"position:fixe", false},
};

START_TEST(test_what_has_to_be_looked_at_is_known_by_its_words)
{
	size_t len = strlen(samples[_i].html);
	char *html = xmemdup(samples[_i].html, len); /* its end is watched */

	ck_assert_msg(html_paper_is_unfit(html, len) == samples[_i].is_unfit,
	              "%s", samples[_i].html);
	free(html);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("html paper");
	TCase *tcase = tcase_create("html paper");

	tcase_add_loop_test(tcase,
	                    test_what_has_to_be_looked_at_is_known_by_its_words,
	                    0, ARRAY_LEN(samples));
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
