/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "spool/page_source.h"
#include "tests/unit/check_run.h"

#define SIZE 300000

/* A sealed file in a folder of its own, and what is in it. */
struct stored {
	char path[32];
	int dir, fd;
	struct content_key key;
	struct content_seal *seal;
	struct buf plain, sealed;
	struct page_source *source;
};

static void write_on(struct stored *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = (char)(s->plain.len * 31 + s->plain.len / 251);

		buf_append(&s->plain, &c, 1);
	}
	content_seal_write(s->seal, s->plain.data + s->plain.len - len, len,
	                   &s->sealed);
	content_seal_flush(s->seal, &s->sealed);
	ck_assert_int_eq(fs_write_all(s->fd, s->sealed.data, s->sealed.len,
	                              NULL),
	                 0);
	buf_clear(&s->sealed);
}

static void finish(struct stored *s)
{
	content_seal_end(s->seal, &s->sealed);
	ck_assert_int_eq(fs_write_all(s->fd, s->sealed.data, s->sealed.len,
	                              NULL),
	                 0);
	buf_clear(&s->sealed);
}

static void open_stored(struct stored *s)
{
	*s = (struct stored){.path = "/tmp/platen-source-XXXXXX"};
	ck_assert_ptr_nonnull(mkdtemp(s->path));
	s->dir = open(s->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	s->fd = openat(s->dir, "pages", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	ck_assert_int_ge(s->fd, 0);
	content_init();
	content_key_random(&s->key);
	s->seal = content_seal_new(&s->key, &s->sealed);
	write_on(s, SIZE);
	ck_assert_int_eq(page_source_open(s->dir, "pages", &s->key, &s->source,
	                                  NULL),
	                 0);
}

static void close_stored(struct stored *s)
{
	page_source_free(s->source);
	content_seal_free(s->seal);
	buf_fini(&s->plain);
	buf_fini(&s->sealed);
	unlinkat(s->dir, "pages", 0);
	fs_close(s->fd);
	fs_close(s->dir);
	rmdir(s->path);
}

/* All of the document that can be had; returns how it ended. */
static int read_all(struct stored *s, struct buf *out)
{
	for (;;) {
		struct buf piece CLEANUP(buf_fini) = {0};
		int r = page_source_read(s->source, &piece, NULL);

		buf_append(out, piece.data, piece.len);
		if (r != PAGE_SOURCE_DATA)
			return r;
	}
}

static void check_document(struct stored *s,
                           const struct document_range *ranges, size_t n)
{
	struct buf got CLEANUP(buf_fini) = {0};
	struct buf want CLEANUP(buf_fini) = {0};

	for (size_t i = 0; i < n; i++) {
		size_t end = ranges[i].end == INT64_MAX ? s->plain.len
		                                        : (size_t)ranges[i].end;

		buf_append(&want, s->plain.data + ranges[i].begin,
		           end - (size_t)ranges[i].begin);
	}
	page_source_begin(s->source, ranges, n);
	ck_assert_int_eq(read_all(s, &got), PAGE_SOURCE_END);
	ck_assert_uint_eq(got.len, want.len);
	ck_assert_mem_eq(got.data, want.data, want.len);
}

START_TEST(test_documents_are_read_in_any_order)
{
	static const struct document_range all[] = {{0, INT64_MAX}};
	static const struct document_range cut[] = {{0, 4},
	                                            {99, 70000},
	                                            {250000, SIZE}};
	static const struct document_range next[] = {{70001, 70002}};
	struct stored s;

	open_stored(&s);
	finish(&s);
	check_document(&s, all, 1);
	check_document(&s, cut, 3);
	check_document(&s, next, 1);
	check_document(&s, next, 1);
	check_document(&s, all, 1);
	check_document(&s, all, 1);
	close_stored(&s);
}
END_TEST

START_TEST(test_a_file_that_grows_is_waited_for)
{
	static const struct document_range all[] = {{0, INT64_MAX}};
	struct buf got CLEANUP(buf_fini) = {0};
	struct stored s;

	open_stored(&s);
	page_source_begin(s.source, all, 1);
	ck_assert_int_eq(read_all(&s, &got), PAGE_SOURCE_WAIT);
	ck_assert_uint_eq(got.len, SIZE);
	ck_assert_int_eq(read_all(&s, &got), PAGE_SOURCE_WAIT);
	write_on(&s, 1000);
	ck_assert_int_eq(read_all(&s, &got), PAGE_SOURCE_WAIT);
	ck_assert_uint_eq(got.len, SIZE + 1000);
	finish(&s);
	ck_assert_int_eq(read_all(&s, &got), PAGE_SOURCE_END);
	ck_assert_mem_eq(got.data, s.plain.data, s.plain.len);
	close_stored(&s);
}
END_TEST

START_TEST(test_pages_beyond_the_end_are_damage)
{
	static const struct document_range beyond[] = {{SIZE - 5, SIZE + 5}};
	struct buf got CLEANUP(buf_fini) = {0};
	struct stored s;

	open_stored(&s);
	finish(&s);
	page_source_begin(s.source, beyond, 1);
	ck_assert_int_eq(read_all(&s, &got), -EBADMSG);
	close_stored(&s);
}
END_TEST

START_TEST(test_a_changed_byte_is_damage)
{
	static const struct document_range all[] = {{0, INT64_MAX}};
	struct buf got CLEANUP(buf_fini) = {0};
	struct stored s;

	open_stored(&s);
	finish(&s);
	ck_assert_int_eq(pwrite(s.fd, "\x5a\xa5", 2, 150), 2);
	page_source_begin(s.source, all, 1);
	ck_assert_int_eq(read_all(&s, &got), -EBADMSG);
	close_stored(&s);
}
END_TEST

START_TEST(test_a_missing_file_is_told)
{
	struct stored s;
	struct page_source *other = NULL;

	open_stored(&s);
	ck_assert_int_eq(page_source_open(s.dir, "none", &s.key, &other, NULL),
	                 -ENOENT);
	ck_assert_ptr_null(other);
	close_stored(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("page_source");
	TCase *tc = tcase_create("page_source");

	tcase_add_test(tc, test_documents_are_read_in_any_order);
	tcase_add_test(tc, test_a_file_that_grows_is_waited_for);
	tcase_add_test(tc, test_pages_beyond_the_end_are_damage);
	tcase_add_test(tc, test_a_changed_byte_is_damage);
	tcase_add_test(tc, test_a_missing_file_is_told);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
