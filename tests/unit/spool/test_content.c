/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/mem.h"
#include "spool/content.h"
#include "tests/unit/check_run.h"

static struct content_key key;

static void setup(void)
{
	content_init();
	content_key_random(&key);
}

/* Bytes that show where they come from. */
static char *make_plain(size_t len)
{
	char *plain = xmalloc(len + 1);

	for (size_t i = 0; i < len; i++)
		plain[i] = (char)(i * 31 + i / 251);
	return plain;
}

static void seal(const char *plain, size_t len, size_t step, struct buf *out)
{
	struct content_seal *s CLEANUP(content_seal_free) =
		content_seal_new(&key, out);

	for (size_t at = 0; at < len; at += step)
		content_seal_write(s, plain + at,
		                   len - at < step ? len - at : step, out);
	content_seal_end(s, out);
}

/* Open in pieces of step bytes; *is_whole tells the end. */
static int unseal(const struct content_key *with, const struct buf *sealed,
                  size_t step, struct buf *out, bool *is_whole)
{
	struct content_open *o CLEANUP(content_open_free) =
		content_open_new(with);
	int r = 0;

	for (size_t at = 0; r == 0 && at < sealed->len; at += step) {
		size_t n = sealed->len - at < step ? sealed->len - at : step;

		r = content_open_write(o, sealed->data + at, n, out, NULL);
	}
	*is_whole = content_open_is_whole(o);
	return r;
}

static const size_t lengths[] = {
	0,
	1,
	5000,
	CONTENT_CHUNK - 1,
	CONTENT_CHUNK,
	CONTENT_CHUNK + 1,
	3 * CONTENT_CHUNK,
	3 * CONTENT_CHUNK + 77,
};

START_TEST(test_what_was_sealed_opens_however_it_is_cut)
{
	static const size_t steps[] = {777, 4096, CONTENT_CHUNK, 1 << 20};
	size_t len = lengths[_i];
	char *plain CLEANUP(xfree) = make_plain(len);

	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		size_t other = steps[ARRAY_LEN(steps) - 1 - i];
		struct buf sealed CLEANUP(buf_fini) = {0};
		struct buf opened CLEANUP(buf_fini) = {0};
		bool is_whole;

		seal(plain, len, steps[i], &sealed);
		ck_assert_int_eq(unseal(&key, &sealed, other, &opened,
		                        &is_whole),
		                 0);
		ck_assert(is_whole);
		ck_assert_uint_eq(opened.len, len);
		ck_assert(len == 0 || memcmp(opened.data, plain, len) == 0);
	}
}
END_TEST

START_TEST(test_in_a_hurry_only_what_is_easy_is_packed)
{
	const size_t len = 20 * CONTENT_CHUNK;
	char *plain CLEANUP(xfree) = xcalloc(1, len);
	struct buf sealed CLEANUP(buf_fini) = {0};
	struct buf opened CLEANUP(buf_fini) = {0};
	size_t hard;
	bool is_whole;

	{
		struct content_seal *s CLEANUP(content_seal_free) =
			content_seal_new(&key, &sealed);

		content_seal_hurry(s);
		/* it would shrink by a quarter */
		for (size_t i = 0; i < len / 2; i++)
			plain[i] = (char)(randombytes_random() & 0x3f);
		content_seal_write(s, plain, len / 2, &sealed);
		hard = sealed.len;
		content_seal_write(s, plain + len / 2, len / 2, &sealed);
		content_seal_end(s, &sealed);
	}
	ck_assert_uint_gt(hard, len * 2 / 5);
	/* seven of ten at most were not tried */
	ck_assert_uint_lt(sealed.len - hard, 8 * CONTENT_CHUNK);
	ck_assert_int_eq(unseal(&key, &sealed, 4096, &opened, &is_whole), 0);
	ck_assert(is_whole);
	ck_assert_uint_eq(opened.len, len);
	ck_assert_mem_eq(opened.data, plain, len);
}
END_TEST

START_TEST(test_a_cut_content_is_never_whole)
{
	char *plain CLEANUP(xfree) = make_plain(300);
	struct buf sealed CLEANUP(buf_fini) = {0};
	size_t whole;

	{
		struct content_seal *s CLEANUP(content_seal_free) =
			content_seal_new(&key, &sealed);

		content_seal_write(s, plain, 100, &sealed);
		content_seal_flush(s, &sealed);
		content_seal_write(s, plain + 100, 200, &sealed);
		content_seal_flush(s, &sealed);
		content_seal_end(s, &sealed);
	}
	whole = sealed.len;
	for (size_t len = 0; len < whole; len++) {
		struct buf opened CLEANUP(buf_fini) = {0};
		bool is_whole;

		sealed.len = len;
		unseal(&key, &sealed, 4096, &opened, &is_whole);
		ck_assert_msg(!is_whole, "whole after %zu bytes", len);
	}
	sealed.len = whole;
}
END_TEST

START_TEST(test_a_garbled_content_is_never_whole)
{
	char *plain CLEANUP(xfree) = make_plain(200);
	struct buf sealed CLEANUP(buf_fini) = {0};

	seal(plain, 200, 200, &sealed);
	for (size_t bit = 0; bit < sealed.len * 8; bit++) {
		struct buf opened CLEANUP(buf_fini) = {0};
		bool is_whole;

		sealed.data[bit / 8] ^= (char)(1 << bit % 8);
		unseal(&key, &sealed, 64, &opened, &is_whole);
		ck_assert_msg(!is_whole, "whole with bit %zu wrong", bit);
		ck_assert_uint_eq(opened.len, 0);
		sealed.data[bit / 8] ^= (char)(1 << bit % 8);
	}
}
END_TEST

START_TEST(test_nothing_may_follow_the_end)
{
	struct buf sealed CLEANUP(buf_fini) = {0};
	struct buf opened CLEANUP(buf_fini) = {0};
	bool is_whole;

	seal("abc", 3, 3, &sealed);
	buf_append(&sealed, "x", 1);
	ck_assert_int_eq(unseal(&key, &sealed, 4096, &opened, &is_whole),
	                 -EBADMSG);
	ck_assert(!is_whole);
}
END_TEST

START_TEST(test_a_flush_shows_a_reader_what_there_is)
{
	struct buf sealed CLEANUP(buf_fini) = {0};
	struct buf opened CLEANUP(buf_fini) = {0};
	struct content_seal *s CLEANUP(content_seal_free) =
		content_seal_new(&key, &sealed);
	bool is_whole;

	content_seal_write(s, "page one", 8, &sealed);
	content_seal_flush(s, &sealed);
	ck_assert_int_eq(unseal(&key, &sealed, 4096, &opened, &is_whole), 0);
	ck_assert(!is_whole);
	ck_assert_str_eq(buf_str(&opened), "page one");
}
END_TEST

START_TEST(test_another_key_opens_nothing)
{
	struct buf sealed CLEANUP(buf_fini) = {0};
	struct buf opened CLEANUP(buf_fini) = {0};
	struct content_key other;
	bool is_whole;

	content_key_random(&other);
	seal("abc", 3, 3, &sealed);
	ck_assert_int_eq(unseal(&other, &sealed, 4096, &opened, &is_whole),
	                 -EBADMSG);
	ck_assert_uint_eq(opened.len, 0);
}
END_TEST

START_TEST(test_sealed_bytes_hold_no_plaintext)
{
	char *plain CLEANUP(xfree) = make_plain(5000);
	struct buf sealed CLEANUP(buf_fini) = {0};

	seal(plain, 5000, 5000, &sealed);
	for (size_t at = 0; at + 16 <= 5000; at += 16)
		ck_assert_ptr_null(
			memmem(sealed.data, sealed.len, plain + at, 16));
}
END_TEST

START_TEST(test_a_wrapped_key_opens_with_its_master_only)
{
	struct content_key master, other, out = {0};
	unsigned char wrapped[CONTENT_WRAPPED_LEN];
	struct err err = {0};

	content_key_random(&master);
	content_key_random(&other);
	content_key_wrap(&master, &key, wrapped);
	ck_assert_int_eq(content_key_unwrap(&other, wrapped, sizeof wrapped,
	                                    &out, &err),
	                 -EBADMSG);
	ck_assert_str_ne(err.text, "");
	ck_assert_int_eq(content_key_unwrap(&master, wrapped,
	                                    sizeof wrapped - 1, &out, NULL),
	                 -EBADMSG);
	ck_assert_int_eq(content_key_unwrap(&master, wrapped, 0, &out, NULL),
	                 -EBADMSG);
	ck_assert_int_eq(content_key_unwrap(&master, wrapped, sizeof wrapped,
	                                    &out, NULL),
	                 0);
	ck_assert_mem_eq(out.bytes, key.bytes, CONTENT_KEY_LEN);
}
END_TEST

START_TEST(test_the_master_key_is_made_once_and_missed_when_gone)
{
	char path[] = "/tmp/platen-content-XXXXXX";
	struct content_key first, again;
	struct err err = {0};
	struct stat st;
	int dir;

	ck_assert_ptr_nonnull(mkdtemp(path));
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_eq(content_master_load(dir, false, &first, &err),
	                 -ENOENT);
	ck_assert_ptr_nonnull(strstr(err.text, "master.key"));
	ck_assert_int_eq(content_master_load(dir, true, &first, NULL), 0);
	ck_assert_int_eq(content_master_load(dir, false, &again, NULL), 0);
	ck_assert_mem_eq(first.bytes, again.bytes, CONTENT_KEY_LEN);
	ck_assert_int_eq(fstatat(dir, "master.key", &st, 0), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);

	fs_unlink(dir, "master.key", NULL);
	fs_write_file(dir, "master.key", 0600, "short", 5, NULL);
	ck_assert_int_eq(content_master_load(dir, true, &again, &err),
	                 -EBADMSG);
	fs_unlink(dir, "master.key", NULL);
	close(dir);
	rmdir(path);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("content");
	TCase *tc = tcase_create("content");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_loop_test(tc, test_what_was_sealed_opens_however_it_is_cut, 0,
	                    (int)ARRAY_LEN(lengths));
	tcase_add_test(tc, test_in_a_hurry_only_what_is_easy_is_packed);
	tcase_add_test(tc, test_a_cut_content_is_never_whole);
	tcase_add_test(tc, test_a_garbled_content_is_never_whole);
	tcase_add_test(tc, test_nothing_may_follow_the_end);
	tcase_add_test(tc, test_a_flush_shows_a_reader_what_there_is);
	tcase_add_test(tc, test_another_key_opens_nothing);
	tcase_add_test(tc, test_sealed_bytes_hold_no_plaintext);
	tcase_add_test(tc, test_a_wrapped_key_opens_with_its_master_only);
	tcase_add_test(tc,
	               test_the_master_key_is_made_once_and_missed_when_gone);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
