/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/fetch.h"

#include "fetch_web.h"
#include "tests/unit/check_run.h"

START_TEST(test_page_comes_with_type_and_headers)
{
	struct seen seen;

	open_web("127.1.0.0/16", usual);
	fetch_path("/page", true, &seen);
	ck_assert_int_eq(seen.status, 0);
	ck_assert_uint_eq(seen.http_status, 200);
	ck_assert_str_eq(seen.body, "hello");
	ck_assert_str_eq(seen.type, "text/html; charset=utf-8");
	ck_assert_ptr_nonnull(strstr(seen.headers, "X-Word: seen\n"));
	close_web();
	end_loop();
}
END_TEST

START_TEST(test_error_pages_are_answers)
{
	struct seen seen;

	open_web("127.1.0.0/16", usual);
	fetch_path("/missing", true, &seen);
	ck_assert_int_eq(seen.status, 0);
	ck_assert_uint_eq(seen.http_status, 404);
	close_web();
	end_loop();
}
END_TEST

START_TEST(test_redirects_are_followed_or_told)
{
	struct seen seen;
	char end[100];

	open_web("127.1.0.0/16", usual);
	fetch_path("/moved", true, &seen);
	ck_assert_int_eq(seen.status, 0);
	ck_assert_str_eq(seen.body, "hello");
	snprintf(end, sizeof end, "http://" OUTSIDE ":%d/page", port);
	ck_assert_str_eq(seen.url, end);
	fetch_path("/moved", false, &seen);
	ck_assert_uint_eq(seen.http_status, 302);
	fetch_path("/again", true, &seen);
	ck_assert_int_eq(seen.status, -ELOOP);
	ck_assert_uint_eq(web.n_connections, 2 + 1 + 6);
	close_web();
	end_loop();
}
END_TEST

START_TEST(test_endless_body_ends_at_the_limit)
{
	struct seen seen;

	open_web("127.1.0.0/16", usual);
	fetch_path("/endless", true, &seen);
	ck_assert_int_eq(seen.status, -EFBIG);
	ck_assert_uint_le(seen.len, usual.bytes);
	close_web();
	end_loop();
}
END_TEST

START_TEST(test_unpacked_bytes_count)
{
	struct seen seen;

	open_web("127.1.0.0/16", usual);
	ck_assert_uint_lt(bomb.len, usual.bytes / 8);
	fetch_path("/bomb", true, &seen);
	ck_assert_int_eq(seen.status, -EFBIG);
	ck_assert_uint_le(seen.len, usual.bytes);
	close_web();
	end_loop();
}
END_TEST

START_TEST(test_silent_server_is_given_up)
{
	struct fetch_limits limits = usual;
	struct seen seen;

	limits.timeout_ms = 50;
	open_web("127.1.0.0/16", limits);
	fetch_path("/silent", true, &seen);
	ck_assert_int_eq(seen.status, -ETIMEDOUT);
	close_web();
	end_loop();
}
END_TEST

START_TEST(test_closing_drops_what_is_under_way)
{
	struct seen seen = {0};
	char url[100];
	struct fetch_wish wish = {.url = url, .done = on_answer, .arg = &seen};

	open_web("127.1.0.0/16", usual);
	snprintf(url, sizeof url, "http://" OUTSIDE ":%d/silent", port);
	fetch_start(fetcher, &wish);
	fetch_start(fetcher, &wish);
	for (int i = 0; i < 5; i++)
		uv_run(&loop, UV_RUN_NOWAIT);
	fetch_start(fetcher, &wish);
	close_web();
	end_loop();
	ck_assert_int_eq(seen.n_answers, 0);
}
END_TEST

/* gzip of `len` zeros, with the head of its answer in front. */
static void make_bomb(void)
{
	static const unsigned char head[] = {0x1f, 0x8b, 8, 0, 0,
	                                     0,    0,    0, 0, 3};
	/*
	 * RFC 1951: one block with fixed codes. A zero byte, then matches of
	 * length 258 (code 285, distance 1): eight bits 00110000, then 13 bits
	 * each. Made by hand so that no packer has to be linked.
	 */
	unsigned long long bits = 0;
	unsigned n_bits = 0;
	struct buf packed CLEANUP(buf_fini) = {0};
	unsigned pieces[2][2] = {{3, 3}, {0x0c, 8}}; /* final, fixed; literal */

	for (size_t i = 0; i < 16402; i++) {
		/* 285 is 11000101, sent from its high bit; distance 00000 */
		unsigned value = i < 2 ? pieces[i][0] : 0xa3;
		unsigned n = i < 2 ? pieces[i][1] : 13;

		bits |= (unsigned long long)value << n_bits;
		for (n_bits += n; n_bits >= 8; n_bits -= 8, bits >>= 8)
			buf_append(&packed, &(char){(char)(bits & 0xff)}, 1);
	}
	buf_puts(&bomb, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
	                "Content-Encoding: gzip\r\n\r\n");
	buf_append(&bomb, head, sizeof head);
	buf_append(&bomb, packed.data, packed.len);
}

static Suite *suite(void)
{
	Suite *s = suite_create("fetch");
	TCase *tcase = tcase_create("web");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_page_comes_with_type_and_headers);
	tcase_add_test(tcase, test_error_pages_are_answers);
	tcase_add_test(tcase, test_redirects_are_followed_or_told);
	tcase_add_test(tcase, test_endless_body_ends_at_the_limit);
	tcase_add_test(tcase, test_unpacked_bytes_count);
	tcase_add_test(tcase, test_silent_server_is_given_up);
	tcase_add_test(tcase, test_closing_drops_what_is_under_way);
	suite_add_tcase(s, tcase);
	return s;
}

int main(void)
{
	int status;

	make_bomb();
	status = check_run(suite());
	buf_fini(&bomb);
	return status;
}
