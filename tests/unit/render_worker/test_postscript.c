/* SPDX-License-Identifier: AGPL-3.0-or-later */

#include "base/mem.h"
#include "render/worker/postscript.h"
#include "tests/unit/check_run.h"

#define PROGRAM "%!PS-Adobe-3.0\nshowpage\n"
#define PJL                                                                    \
	"\x1b%-12345X@PJL SET COPIES=9\r\n@PJL ENTER LANGUAGE=POSTSCRIPT\r\n"

/* A DOS EPS file: the program from byte 30, then a preview. */
static size_t put_dos(char *out, size_t size, uint8_t at, uint8_t len)
{
	const char head[30] = {'\xc5', '\xd0', '\xd3', '\xc6',   (char)at,
	                       0,      0,      0,      (char)len};
	size_t n = sizeof head;

	ck_assert_uint_gt(size, n + sizeof PROGRAM + 8);
	memcpy(out, head, n);
	memcpy(out + n, PROGRAM, sizeof PROGRAM - 1);
	n += sizeof PROGRAM - 1;
	memcpy(out + n, "preview", 7);
	return n + 7;
}

static const char *const beginnings[] = {"", "\xef\xbb\xbf", "\x04\x04", PJL,
                                         ("\x04" PJL)};

START_TEST(test_program_is_found_after_marks_and_job_language)
{
	char *file CLEANUP(xfree) = xasprintf("%s%s", beginnings[_i], PROGRAM);
	const char *program;
	size_t len;

	program = postscript_find(file, strlen(file), &len);
	ck_assert_uint_eq(len, strlen(PROGRAM));
	ck_assert_mem_eq(program, PROGRAM, len);
}
END_TEST

START_TEST(test_dos_file_is_its_program_without_the_preview)
{
	char file[128];
	size_t size = put_dos(file, sizeof file, 30, sizeof PROGRAM - 1), len;
	const char *program = postscript_find(file, size, &len);

	ck_assert_uint_eq(len, strlen(PROGRAM));
	ck_assert_mem_eq(program, PROGRAM, len);
}
END_TEST

START_TEST(test_dos_file_that_lies_of_its_size_is_none)
{
	char file[128];
	size_t size = put_dos(file, sizeof file, 30, 200), len;

	postscript_find(file, size, &len);
	ck_assert_uint_eq(len, 0);
	size = put_dos(file, sizeof file, 250, 1);
	postscript_find(file, size, &len);
	ck_assert_uint_eq(len, 0);
}
END_TEST

/* Copies of their exact size, so that a sanitizer sees a step too far. */
START_TEST(test_cut_file_is_read_within_its_bytes)
{
	char dos[128];
	char *file CLEANUP(xfree) = xasprintf("\x04%s%s", PJL, PROGRAM);
	size_t size = put_dos(dos, sizeof dos, 30, sizeof PROGRAM - 1), len;

	for (size_t n = 0; n < strlen(file); n++) {
		char *copy CLEANUP(xfree) = xmemdup(file, n);

		postscript_find(copy, n, &len);
		ck_assert_uint_le(len, n);
	}
	for (size_t n = 0; n < size; n++) {
		char *copy CLEANUP(xfree) = xmemdup(dos, n);

		postscript_find(copy, n, &len);
		ck_assert_uint_le(len, n);
	}
}
END_TEST

static const struct {
	const char *content, *type, *name;
	bool is_postscript;
} parts[] = {
	{PROGRAM, "text/plain", "a.txt", true},
	{"\x04" PROGRAM, "application/octet-stream", NULL, true},
	{"%!\nshowpage\n", "application/postscript", NULL, true},
	{"showpage\n", "application/octet-stream", "A.PS", true},
	{"showpage\n", "image/x-eps", "drawing.EPS", true},
	{"showpage\n", "text/plain", "ps", false},
	{"%! is no beginning of mine\n", "text/plain", "notes.txt", false},
	{"%PDF-1.4\n", "application/postscript", "a.ps", false},
	{"PK\3\4....", "application/postscript", "a.ps", false},
};

static void make_part(struct ledger *ledger, size_t i)
{
	struct ledger_part *part = ledger_add(ledger);

	part->type = xstrdup(parts[i].type);
	part->name = parts[i].name ? xstrdup(parts[i].name) : NULL;
	part->disposition = xstrdup("");
	buf_puts(&part->content, parts[i].content);
	ledger_detect(part);
}

START_TEST(test_it_is_known_by_content_type_and_name)
{
	struct ledger ledger CLEANUP(ledger_fini) = {0};

	make_part(&ledger, (size_t)_i);
	ck_assert_int_eq(ledger.parts[0].kind == LEDGER_POSTSCRIPT,
	                 parts[_i].is_postscript);
	ck_assert_int_eq(strcmp(ledger.parts[0].detected,
	                        "application/postscript") == 0,
	                 parts[_i].is_postscript);
}
END_TEST

START_TEST(test_what_is_not_allowed_is_noted_and_nothing_else_is)
{
	struct ledger ledger CLEANUP(ledger_fini) = {0};

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		make_part(&ledger, i);
	postscript_refuse(&ledger);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		const char *note = ledger.parts[i].note;

		ck_assert_int_eq(note && strstr(note, "not allowed"),
		                 parts[i].is_postscript);
		ck_assert(!note || strlen(note) < 160);
	}
}
END_TEST

#define EPS  "%!PS-Adobe-3.0 EPSF-3.0\n"
#define LATE "%%BoundingBox: (atend)\n"

static const struct {
	const char *from, *to;
} boxes[] = {
	{EPS LATE "x\n%%BoundingBox: 1 2 3 4\n%%EOF\n",
         EPS "%%BoundingBox: 1 2 3 4\nx\n%%BoundingBox: 1 2 3 4\n%%EOF\n"},
	{EPS LATE "%%BoundingBox: 9 9 9 9\r%%BoundingBox: 1 2 3 4",
         EPS "%%BoundingBox: 1 2 3 4\n%%BoundingBox: 9 9 9 9\r"
             "%%BoundingBox: 1 2 3 4"},
	{EPS LATE "x\n", EPS LATE "x\n"},
	{EPS "%%BoundingBox: 0 0 9 9\nx\n%%BoundingBox: 1 2 3 4\n",
         EPS "%%BoundingBox: 0 0 9 9\nx\n%%BoundingBox: 1 2 3 4\n"},
	{"", ""},
};

START_TEST(test_edges_named_at_the_end_come_to_the_front)
{
	struct buf out CLEANUP(buf_fini) = {0};

	postscript_put(boxes[_i].from, strlen(boxes[_i].from), &out);
	ck_assert_str_eq(buf_str(&out), boxes[_i].to);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("postscript");
	TCase *tcase = tcase_create("postscript");

	tcase_add_loop_test(tcase,
	                    test_program_is_found_after_marks_and_job_language,
	                    0, ARRAY_LEN(beginnings));
	tcase_add_test(tcase, test_dos_file_is_its_program_without_the_preview);
	tcase_add_test(tcase, test_dos_file_that_lies_of_its_size_is_none);
	tcase_add_test(tcase, test_cut_file_is_read_within_its_bytes);
	tcase_add_loop_test(tcase, test_it_is_known_by_content_type_and_name, 0,
	                    ARRAY_LEN(parts));
	tcase_add_test(tcase,
	               test_what_is_not_allowed_is_noted_and_nothing_else_is);
	tcase_add_loop_test(tcase,
	                    test_edges_named_at_the_end_come_to_the_front, 0,
	                    ARRAY_LEN(boxes));
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
