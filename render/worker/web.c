/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/web.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <strings.h>

#include "base/mem.h"
#include "render/worker/html_decode.h"
#include "render/worker/links.h"
#include "render/worker/web_feed.h"
#include "render/worker/web_page.h"

/* An address longer than a value goes on in further lines of the same number.
 */
#define PIECE 900

static int tell_link(struct control *control, size_t number, const char *url,
                     bool is_bare, struct err *err)
{
	struct buf line CLEANUP(buf_fini) = {0};
	char piece[PIECE + 1];
	int r = 0;

	for (; *url && r == 0; url += strlen(piece)) {
		protocol_cut(piece, sizeof piece, url);
		protocol_put_number(&line, "link", number);
		protocol_put(&line, "url", piece);
		protocol_put_number(&line, "bare", is_bare);
		r = control_send(control, &line, err);
	}
	return r;
}

int web_tell_links(struct control *control, const struct ledger *ledger,
                   struct err *err)
{
	struct links links CLEANUP(links_fini) = {0};
	int r = 0;

	links_in_body(ledger, &links);
	for (size_t i = 0; r == 0 && i < links.n; i++)
		r = tell_link(control, i, links.urls[i], links.is_bare, err);
	return r;
}

/* "text/html; charset=UTF-8" (RFC 9110, 8.3.1) into type and charset. */
static void take_type(struct ledger_part *part, const char *text)
{
	size_t len = strcspn(text, "; \t");
	const char *found = strcasestr(text + len, "charset=");

	part->type = len > 0 ? xstrndup(text, len)
	                     : xstrdup("application/octet-stream");
	for (char *c = part->type; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	if (!found)
		return;
	found += strlen("charset=");
	found += strspn(found, "\"' ");
	part->charset = xstrndup(found, strcspn(found, "\"'; \t"));
}

/* A server that says nothing about what it sends. */
static bool begins_like_html(const struct buf *content)
{
	static const char *const begins[] = {"<!doctype html", "<html"};
	const char *at = content->data, *end = content->data + content->len;

	while (at < end && strchr(" \t\r\n", *at))
		at++;
	for (size_t i = 0; i < ARRAY_LEN(begins); i++) {
		size_t n = strlen(begins[i]);

		if ((size_t)(end - at) > n &&
		    strncasecmp(at, begins[i], n) == 0)
			return true;
	}
	return false;
}

/* How a feed begins, whatever its server calls it. */
static bool may_be_feed(const struct ledger_part *part)
{
	size_t n = part->content.len < 1024 ? part->content.len : 1024;
	const char *head = part->content.data;

	return (part->kind == LEDGER_TEXT || part->kind == LEDGER_HTML) &&
	       (memmem(head, n, "<rss", 4) || memmem(head, n, "<feed", 5) ||
	        memmem(head, n, "<rdf:RDF", 8));
}

static void set_html(struct ledger_part *part, struct buf *utf8)
{
	buf_fini(&part->content);
	part->content = *utf8;
	*utf8 = (struct buf){0};
	free(part->charset);
	part->charset = xstrdup("utf-8");
	part->kind = LEDGER_HTML;
	part->detected = "text/html";
}

static void judge_feed(struct ledger_part *part)
{
	struct buf html CLEANUP(buf_fini) = {0};

	if (may_be_feed(part) &&
	    web_feed_write(part->content.data, part->content.len, &html))
		set_html(part, &html);
}

static void judge_html(struct ledger_part *part, bool reader)
{
	struct buf utf8 CLEANUP(buf_fini) = {0};
	struct buf article CLEANUP(buf_fini) = {0};

	html_decode(part->content.data, part->content.len, part->charset,
	            &utf8);
	part->note = web_page_fault(utf8.data, utf8.len);
	if (part->note || !reader ||
	    !web_page_article(utf8.data, utf8.len, &article))
		return;
	set_html(part, &article);
}

int web_take_page(struct control *control, const struct protocol_line *words,
                  struct ledger *ledger, struct ledger_part **out,
                  struct err *err)
{
	const char *id = protocol_get_or(words, "attach", "");
	const char *mode = protocol_get_or(words, "mode", "");
	unsigned long long size = protocol_number(words, "size", 0);
	struct ledger_part *part;

	if (*id == '\0' || ledger_find(ledger, id) || size > WEB_PAGE_MAX)
		return err_set(err, -EINVAL, "the web page makes no sense");
	part = ledger_add(ledger);
	snprintf(part->id, sizeof part->id, "%s", id);
	part->name = xstrdup(protocol_get_or(words, "name", ""));
	part->disposition = xstrdup("");
	part->is_web = true;
	take_type(part, protocol_get_or(words, "type", ""));
	*out = part;

	int r = control_read_bytes(control, (size_t)size, &part->content, err);
	if (r < 0)
		return r;
	if (*protocol_get_or(words, "type", "") == '\0') {
		free(part->type);
		part->type = xstrdup(begins_like_html(&part->content)
		                             ? "text/html"
		                             : "text/plain");
	}
	ledger_detect(part);
	judge_feed(part);
	if (part->kind == LEDGER_HTML)
		judge_html(part, strcmp(mode, "reader") == 0);
	return 0;
}
