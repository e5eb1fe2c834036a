/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/web_feed.h"

#include <stdlib.h>

#include "base/mem.h"
#include "tests/unit/check_run.h"

static const struct {
	const char *xml;
	const char *says[6]; /* in this order, each once */
} feeds[] = {
	{"<?xml version='1.0' encoding='iso-8859-1'?><rss version='2.0' "
         "xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>"
         "<title>The D\344ily Dog</title><item><title>Foxes &amp; dogs"
         "</title><link>http://x.example/1</link><pubDate>Fri, 20 Nov 2026"
         "</pubDate><dc:creator>Jo</dc:creator><description>&lt;p&gt;A "
         "&lt;b&gt;fox&lt;/b&gt; &lt;a href='http://y.example'&gt;jumps"
         "&lt;/a&gt; high.</description></item></channel></rss>",
         {"<h1>The D\303\244ily Dog</h1>", "<h2>Foxes &amp; dogs</h2>",
          "Fri, 20 Nov 2026 \302\267 Jo", "<p>A fox jumps high.</p>",
          "<a>http://x.example/1</a>"}},
	{"<feed xmlns='http://www.w3.org/2005/Atom'><title>Atoms</title>"
         "<entry><title type='html'>One &amp;amp; only</title>"
         "<link rel='self' href='http://x.example/self'/>"
         "<link href='http://x.example/a'/><updated>2026-11-20T10:00:00Z"
         "</updated><author><name>Ann</name></author><content type='xhtml'>"
         "<div xmlns='http://www.w3.org/1999/xhtml'><p>In the tree</p></div>"
         "</content></entry></feed>",
         {"<h1>Atoms</h1>", "<h2>One &amp; only</h2>",
          "2026-11-20 10:00:00Z \302\267 Ann", "<p>In the tree</p>",
          "<a>http://x.example/a</a>"}},
	{"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
         "xmlns='http://purl.org/rss/1.0/'><channel><title>Old</title>"
         "</channel><item><title>Beside</title></item></rdf:RDF>",
         {"<h1>Old</h1>", "<h2>Beside</h2>"}},
	{"<rss><channel><item><description><![CDATA[<i>no</i> title <script>x"
         "</script>]]></description></item>",
         {"<h1>A feed</h1>", "<p>no title</p>"}},
	{"<rss><channel><title>None</title></channel></rss>",
         {"There are no entries"}},
};

START_TEST(test_entries_of_a_feed_can_be_read)
{
	struct buf out CLEANUP(buf_fini) = {0};
	const char *at;

	ck_assert(web_feed_write(feeds[_i].xml, strlen(feeds[_i].xml), &out));
	at = buf_str(&out);
	for (size_t i = 0; i < 6 && feeds[_i].says[i]; i++) {
		const char *found = strstr(at, feeds[_i].says[i]);

		ck_assert_msg(found != NULL, "%s in %s", feeds[_i].says[i], at);
		at = found + strlen(feeds[_i].says[i]);
	}
	ck_assert_ptr_null(strstr(out.data, "script"));
}
END_TEST

#define WITH_ENTITIES                                                          \
	"<!DOCTYPE rss [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>"              \
	"<rss><channel><title>&b;</title></channel></rss>"

static const char *const others[] = {
	"",
	"<html><body>rss</body></html>",
	"<root><item>x</item></root>",
	"not xml at all",
	WITH_ENTITIES,
};

START_TEST(test_what_is_no_feed_is_left_alone)
{
	struct buf out CLEANUP(buf_fini) = {0};

	ck_assert(!web_feed_write(others[_i], strlen(others[_i]), &out));
	ck_assert_uint_eq(out.len, 0);
}
END_TEST

START_TEST(test_a_long_entry_is_cut_between_characters)
{
	struct buf xml CLEANUP(buf_fini) = {0};
	struct buf out CLEANUP(buf_fini) = {0};

	buf_puts(&xml, "<rss><channel><item><description>");
	for (int i = 0; i < 1000; i++)
		buf_puts(&xml, "\303\244");
	buf_puts(&xml, "</description></item></channel></rss>");
	ck_assert(web_feed_write(xml.data, xml.len, &out));
	ck_assert_ptr_nonnull(
		strstr(buf_str(&out), "\303\244\342\200\246</p>"));
	ck_assert_uint_lt(out.len, 2000);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("web_feed");
	TCase *tc = tcase_create("web_feed");

	tcase_add_loop_test(tc, test_entries_of_a_feed_can_be_read, 0,
	                    ARRAY_LEN(feeds));
	tcase_add_loop_test(tc, test_what_is_no_feed_is_left_alone, 0,
	                    ARRAY_LEN(others));
	tcase_add_test(tc, test_a_long_entry_is_cut_between_characters);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
