/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <zstd.h>

#include "base/mem.h"
#include "spool/content_pack.h"
#include "tests/unit/check_run.h"

#define MAX 65536

/* Packed length; what comes out again is compared. */
static size_t there_and_back(const char *data, size_t len)
{
	struct buf packed CLEANUP(buf_fini) = {0};
	struct buf opened CLEANUP(buf_fini) = {0};

	content_pack(data, len, &packed);
	ck_assert_uint_le(packed.len, CONTENT_PACK_MAX(len));
	ck_assert_int_eq(content_unpack(packed.data, packed.len, MAX, &opened),
	                 0);
	ck_assert_uint_eq(opened.len, len);
	ck_assert(len == 0 || memcmp(opened.data, data, len) == 0);
	return packed.len;
}

START_TEST(test_text_shrinks_and_comes_back)
{
	struct buf text CLEANUP(buf_fini) = {0};

	for (int i = 0; text.len < 5000; i++)
		buf_printf(&text, "Line %d of a letter to the lobby.\r\n", i);
	ck_assert_uint_lt(there_and_back(text.data, text.len), text.len / 2);
}
END_TEST

START_TEST(test_what_does_not_shrink_is_kept_as_it_is)
{
	static char data[MAX];

	randombytes_buf(data, sizeof data);
	ck_assert_uint_eq(there_and_back(data, sizeof data), MAX + 1);
	ck_assert_uint_eq(there_and_back(data, 10), 11);
	ck_assert_uint_eq(there_and_back(data, 0), 1);
}
END_TEST

START_TEST(test_base64_shrinks_to_three_quarters)
{
	static unsigned char data[48000];
	static char text[64004];

	randombytes_buf(data, sizeof data);
	sodium_bin2base64(text, sizeof text, data, sizeof data,
	                  sodium_base64_VARIANT_ORIGINAL);
	ck_assert_uint_lt(there_and_back(text, strlen(text)), 50000);
}
END_TEST

START_TEST(test_more_than_a_chunk_is_refused)
{
	struct buf packed CLEANUP(buf_fini) = {0};
	struct buf opened CLEANUP(buf_fini) = {0};
	char *zeros CLEANUP(xfree) = xcalloc(1, MAX + 1);

	content_pack(zeros, MAX + 1, &packed);
	ck_assert_int_eq(content_unpack(packed.data, packed.len, MAX, &opened),
	                 -EBADMSG);
}
END_TEST

static const struct {
	const char *bytes;
	size_t len;
} broken[] = {
	{"", 0},  {"x", 1},         {"xabc", 4},
	{"z", 1}, {"zabcdefgh", 9}, {"z\x28\xb5\x2f\xfd", 5},
};

START_TEST(test_what_was_not_packed_is_refused)
{
	struct buf opened CLEANUP(buf_fini) = {0};

	ck_assert_int_eq(content_unpack(broken[_i].bytes, broken[_i].len, MAX,
	                                &opened),
	                 -EBADMSG);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("content_pack");
	TCase *tc = tcase_create("content_pack");

	tcase_add_test(tc, test_text_shrinks_and_comes_back);
	tcase_add_test(tc, test_what_does_not_shrink_is_kept_as_it_is);
	tcase_add_test(tc, test_base64_shrinks_to_three_quarters);
	tcase_add_test(tc, test_more_than_a_chunk_is_refused);
	tcase_add_loop_test(tc, test_what_was_not_packed_is_refused, 0,
	                    ARRAY_LEN(broken));
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
