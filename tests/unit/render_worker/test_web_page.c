/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/web_page.h"

#include "base/mem.h"
#include "tests/unit/check_run.h"

#define SENTENCE                                                               \
	"The quick brown fox jumps over the lazy dog, again and again. "
#define PARAGRAPH "<p>" SENTENCE SENTENCE SENTENCE "</p>"

static const struct {
	const char *html;
	const char *fault; /* a word of it; NULL: to be printed */
} pages[] = {
	{"<p>Hello", NULL},
	{"<img src=a.png>", NULL},
	{"<body><script>x()</script>", NULL},
	{"<head><script src=app.js></script></head><body></body>", NULL},
	{"<head><title>T</title><style>a{}</style></head><body> \n</body>",
         "empty"},
	{"", "empty"},
	{"<!-- nothing -->", "empty"},
	{"<head><meta http-equiv=Refresh content='0;url=/a'></head>", NULL},
	{"<noscript>turn on scripts</noscript>", "empty"},
	{"<h1>Log in</h1><form><input type=PASSWORD></form>", "log in"},
	{"<header><form><input type=password></form></header><p>Kettle", NULL},
	{"<form><input type=password autocomplete=new-password></form><p>Kettle",
         NULL},
	{"<form class=hidden><p>Log in to your account with your name<input>"
         "<input type=password></form><p>Order 4711: a kettle, white, at 39.90, "
         "to be sent to Mill Street",
         NULL},
	{"<title>T</title><header>Shop</header><main>Kettle</main>", NULL},
	{"<body onload='document.forms[0].submit()'><form></form>", NULL},
	{"<form><input type=password></form>" PARAGRAPH PARAGRAPH PARAGRAPH
                 PARAGRAPH PARAGRAPH PARAGRAPH PARAGRAPH PARAGRAPH PARAGRAPH
                         PARAGRAPH,
         NULL},
};

START_TEST(test_faults_of_a_page)
{
	const char *fault =
		web_page_fault(pages[_i].html, strlen(pages[_i].html));

	if (!pages[_i].fault) {
		ck_assert_msg(!fault, "%s", pages[_i].html);
	} else {
		ck_assert_ptr_nonnull(fault);
		ck_assert_ptr_nonnull(strstr(fault, pages[_i].fault));
	}
}
END_TEST

static const char article[] =
	"<html><head><title>Foxes - The Daily Dog</title>"
	"<meta property='og:title' content='Foxes &amp; dogs'>"
	"<meta name='author' content='Jo Writer'></head>"
	"<body class='has-sidebar'><nav><a href='/'>NAVIGATION</a></nav>"
	"<div class='wrap sidebar-left'><div id='content'>"
	"<h1>Foxes and dogs</h1>" PARAGRAPH
	"<figure><img loading='lazy' data-src='fox.jpg'></figure>" PARAGRAPH
	"<div class='share-buttons'>SHARE THIS</div>" PARAGRAPH
	"<form>NEWSLETTER<input></form><script>SCRIPT</script></div>"
	"<div class='related'><p>RELATED " SENTENCE SENTENCE "</p></div></div>"
	"<footer><p>FOOTER " SENTENCE "</p></footer></body></html>";

START_TEST(test_article_is_kept_alone)
{
	static const char *const kept[] = {"<h1>Foxes &amp; dogs</h1>",
	                                   "Jo Writer", "quick brown fox",
	                                   "src=\"fox.jpg\""};
	static const char *const dropped[] = {"NAVIGATION",     "SHARE",
	                                      "NEWSLETTER",     "SCRIPT",
	                                      "RELATED",        "FOOTER",
	                                      "Foxes and dogs", "lazy\""};
	struct buf out CLEANUP(buf_fini) = {0};

	ck_assert(web_page_article(article, strlen(article), &out));
	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		ck_assert_msg(strstr(buf_str(&out), kept[i]) != NULL,
		              "%s is missing in %s", kept[i], out.data);
	for (size_t i = 0; i < ARRAY_LEN(dropped); i++)
		ck_assert_msg(!strstr(buf_str(&out), dropped[i]),
		              "%s is left in %s", dropped[i], out.data);
}
END_TEST

static const char parts[] =
	"<title>Foxes</title><article><header><img src=lead.png></header>"
	"<div class=entry-content>" PARAGRAPH PARAGRAPH
	"<h2>Dogs<a class=headerlink>PERMALINK</a></h2>"
	"<amp-img src=amp.png></amp-img>"
	"<picture><source data-srcset=wide.png><img data-srcset=two.png></picture>" PARAGRAPH
	"</div></article>";

START_TEST(test_article_has_its_pictures)
{
	static const char *const kept[] = {"<img src=\"lead.png\">",
	                                   "<img src=\"amp.png\">",
	                                   " srcset=\"wide.png\"",
	                                   " srcset=\"two.png\""};
	struct buf out CLEANUP(buf_fini) = {0};

	ck_assert(web_page_article(parts, strlen(parts), &out));
	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		ck_assert_msg(strstr(buf_str(&out), kept[i]) != NULL,
		              "%s is missing in %s", kept[i], out.data);
	ck_assert_ptr_null(strstr(out.data, "PERMALINK"));
}
END_TEST

START_TEST(test_page_without_article_stays_whole)
{
	static const char menu[] = "<ul><li><a href=a>One</a><li>Two</ul>";
	struct buf out CLEANUP(buf_fini) = {0};

	ck_assert(!web_page_article(menu, strlen(menu), &out));
	ck_assert(!web_page_article("", 0, &out));
	ck_assert_uint_eq(out.len, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("web_page");
	TCase *tc = tcase_create("page");

	tcase_add_loop_test(tc, test_faults_of_a_page, 0, ARRAY_LEN(pages));
	tcase_add_test(tc, test_article_is_kept_alone);
	tcase_add_test(tc, test_article_has_its_pictures);
	tcase_add_test(tc, test_page_without_article_stays_whole);
	suite_add_tcase(s, tc);
	return check_run(s);
}
