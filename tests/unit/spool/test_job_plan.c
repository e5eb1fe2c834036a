/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/job_plan.h"

#include <stdlib.h>

#include "base/mem.h"
#include "tests/unit/check_run.h"

/* A simple printer: A4 and A5, one side, no colour, one tray. */
static struct printer_caps simple(void)
{
	struct printer_caps caps = {
		.formats = CAPS_PWG,
		.pwg_pixels = CAPS_SGRAY_8,
		.sides = 1u << PRINT_ONE_SIDED,
		.copies_max = 9,
		.media_default = "iso_a4_210x297mm",
		.media_supported = {"iso_a4_210x297mm", "iso_a5_148x210mm"},
		.n_media_supported = 2,
		.sources = {"main"},
		.n_sources = 1,
	};

	return caps;
}

static const struct {
	const char *subject, *suffix;
	const char *options, *remark; /* remark "": none */
	const char *registered;       /* NULL: nothing */
} plans[] = {
	{NULL, "", "", ""},
	{"duplex", "", "", "does not print on both sides: printed one-sided"},
	{"[colour]", "", "colour=grey", "has no colour: printed in grey"},
	{"paper=a3", "", "", "takes no A3 paper: printed on its own, A4"},
	{"a5", "", "media=a5", ""},
	{"tray=7", "", "",
         "has no tray 'tray-7', only main: it chooses the tray"},
	{"tray=main", "", "tray=main", ""},
	/* the address wins over the subject */
	{"copies=2", "3", "copies=3",
         "subject says copies=2, the address copies=3: the address counts"},
	{"a5 2up", "a4+3x", "media=a4 copies=3 number-up=2",
         "the subject says media=a5, the address media=a4"},
	{"[3x]", "a5", "media=a5 copies=3", ""},
	{"[3x]", "3", "copies=3", ""},
	{"[3x]", "2", "copies=2", "copies=3, the address copies=2", "copies=5"},
	/* what the printer lacks leaves what is registered */
	{"[a3]", "", "media=a5", "printed on the usual, A5", "media=a5"},
	{"[a3]", "", "", "printed on its own, A4", "media=letter"},
	{"[tray=7]", "", "tray=main", "the usual one, 'main', is used",
         "tray=main"},
	{"10x", "", "copies=10", ""},
	{"nothing", "news", "", "'news' in the address"},
};

START_TEST(test_options_are_overridden_and_fall_back_in_order)
{
	struct registration_row registration = {0};
	struct printer_caps caps = simple();
	struct job_options options;
	struct buf remarks CLEANUP(buf_fini) = {0};
	char text[512];

	job_options_from_text(plans[_i].registered ? plans[_i].registered : "",
	                      &registration.options);
	job_plan_options(&registration, plans[_i].subject, plans[_i].suffix,
	                 &caps, &options, &remarks);
	job_options_to_text(&options, text, sizeof text);
	ck_assert_str_eq(text, plans[_i].options);
	if (plans[_i].remark[0])
		ck_assert_ptr_nonnull(
			strstr(buf_str(&remarks), plans[_i].remark));
	else
		ck_assert_uint_eq(remarks.len, 0);
}
END_TEST

START_TEST(test_kind_of_job_follows_its_options)
{
	struct printer_caps caps = simple();
	struct job_options options;
	struct job_kind kind = {.is_colour = true};

	job_options_init(&options);
	job_plan_kind(&options, "", &caps, &kind);
	ck_assert_str_eq(kind.media, "iso_a4_210x297mm");
	ck_assert(!kind.is_colour);
	caps.has_colour = true;
	job_plan_kind(&options, "na_letter_8.5x11in", &caps, &kind);
	ck_assert_str_eq(kind.media, "na_letter_8.5x11in");
	ck_assert(kind.is_colour);
	job_options_set(&options, "media", "a3", NULL);
	job_options_set(&options, "colour", "grey", NULL);
	job_plan_kind(&options, "na_letter_8.5x11in", &caps, &kind);
	ck_assert_str_eq(kind.media, "iso_a3_297x420mm");
	ck_assert(!kind.is_colour);
	ck_assert_str_eq(kind.tray, "");
	job_options_set(&options, "tray", "photo", NULL);
	job_plan_kind(&options, "", &caps, &kind);
	ck_assert_str_eq(kind.tray, "photo");
	/* who leaves the choice to the printer asks for none */
	job_options_set(&options, "tray", "auto", NULL);
	job_plan_kind(&options, "", &caps, &kind);
	ck_assert_str_eq(kind.tray, "");
}
END_TEST

static const struct {
	const char *ranges;
	unsigned n;
	const char *first;
} cuts[] = {
	{"", 1, "1"},
	{"", 10, "1-10"},
	{"2-9", 3, "2-4"},
	{"2-9", 8, "2-9"},
	{"2-9", 100, "2-9"},
	{"1,3,5", 2, "1,3"},
	{"1-2,5-9", 4, "1-2,5-6"},
	{"7", 5, "7"},
	{"1-2,4", 2, "1-2"},
};

START_TEST(test_first_pages_of_ranges)
{
	char out[64];

	job_plan_first_pages(cuts[_i].ranges, cuts[_i].n, out);
	ck_assert_str_eq(out, cuts[_i].first);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("job_plan");
	TCase *tc = tcase_create("job_plan");

	tcase_add_loop_test(tc,
	                    test_options_are_overridden_and_fall_back_in_order,
	                    0, ARRAY_LEN(plans));
	tcase_add_test(tc, test_kind_of_job_follows_its_options);
	tcase_add_loop_test(tc, test_first_pages_of_ranges, 0, ARRAY_LEN(cuts));
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
