/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/web_plan.h"

#include <errno.h>
#include <stdio.h>
#include <strings.h>

#include "base/mem.h"

#define ID_PREFIX "web-"

void web_links_add(struct web_links *links, const char *url, bool is_bare)
{
	links->is_bare = is_bare;
	if (links->n < WEB_LINKS_MAX)
		links->urls[links->n++] = xstrdup(url);
}

void web_links_fini(struct web_links *links)
{
	for (size_t i = 0; i < links->n; i++)
		free(links->urls[i]);
	*links = (struct web_links){0};
}

/* ---- whether ------------------------------------------------------------- */

enum web_mode web_mode_of_word(const char *word)
{
	static const struct {
		const char *word;
		enum web_mode mode;
	} words[] = {
		{"url", WEB_PAGE},
		{"reader", WEB_READER},
		{"screen", WEB_SCREEN},
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(word, words[i].word) == 0)
			return words[i].mode;
	return WEB_NONE;
}

static bool is_body(const struct render_part *part)
{
	return strncmp(part->detected, "text/", 5) == 0 &&
	       part->name[0] == '\0' &&
	       strcmp(part->disposition, "attachment") != 0;
}

static bool is_document(const struct render_part *part)
{
	return part->printable && !is_body(part) && !part->referenced;
}

enum web_mode web_plan_mode(enum web_mode asked, const char *what,
                            const struct web_links *links,
                            const struct plan_part *parts, size_t n)
{
	if (links->n == 0)
		return WEB_NONE;
	if (asked != WEB_NONE)
		return asked;
	if (!links->is_bare || strcmp(what, "attachments") == 0)
		return WEB_NONE;
	for (size_t i = 0; i < n && strcmp(what, "auto") == 0; i++)
		if (is_document(&parts[i].part))
			return WEB_NONE;
	return WEB_PAGE;
}

/* ---- the ledger ---------------------------------------------------------- */

char *web_part_id(char out[WEB_PART_ID], size_t i)
{
	snprintf(out, WEB_PART_ID, ID_PREFIX "%zu", i + 1);
	return out;
}

bool web_part_is(const struct plan_part *part)
{
	return strncmp(part->part.id, ID_PREFIX, strlen(ID_PREFIX)) == 0;
}

static void set_why(struct plan_part *p, const char *mark, const char *why)
{
	snprintf(p->why, sizeof p->why, "%s%s", mark, why);
}

void web_plan_apply(struct plan_part *parts, size_t n, const char *what,
                    bool is_bare)
{
	bool keeps_body = !is_bare && strcmp(what, "all") == 0;

	for (size_t i = 0; i < n; i++) {
		struct plan_part *p = &parts[i];

		if (web_part_is(p)) {
			p->print = p->part.printable;
			if (p->print)
				p->why[0] = '\0';
			else if (p->part.note[0]) /* '!': tried and failed */
				set_why(p, "!", p->part.note);
		} else if (is_body(&p->part) && p->part.printable &&
		           !keeps_body) {
			p->print = false;
			set_why(p, "",
			        "the web page behind its link was to be printed instead");
		}
	}
}

/* ---- what came ----------------------------------------------------------- */

/* A word of the path, as in /login or /auth/signin.php?next=. */
static bool is_login_path(const char *url)
{
	static const char *const words[] = {"login",         "signin",
	                                    "sign-in",       "sign_in",
	                                    "logon",         "sso",
	                                    "account/begin", "accounts/login",
	                                    "auth"};
	const char *path = strstr(url, "://");
	size_t len;

	path = path ? strchr(path + 3, '/') : NULL;
	if (!path)
		return false;
	len = strcspn(path, "?#");
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		const char *found = strcasestr(path, words[i]);

		if (found && found < path + len && found[-1] == '/' &&
		    strchr("/.?#", found[strlen(words[i])]))
			return true;
	}
	return false;
}

static int verdict_of_status(unsigned status, struct err *err)
{
	switch (status) {
	case 401:
	case 407:
		return err_set(err, -EACCES,
		               "the page asks to log in (HTTP %u)", status);
	case 403:
		return err_set(err, -EACCES,
		               "the page is not open to everybody (HTTP 403)");
	case 404:
	case 410:
		return err_set(err, -ENOENT, "there is no such page (HTTP %u)",
		               status);
	case 429:
		return err_set(err, -EBUSY,
		               "its server wants to be left alone (HTTP 429)");
	default: break;
	}
	if (status >= 400)
		return err_set(err, -EPROTO,
		               "its server answers with an error (HTTP %u)",
		               status);
	if (status < 200 || status >= 300)
		return err_set(err, -EPROTO,
		               "its server answers strangely (HTTP %u)",
		               status);
	return 0;
}

int web_verdict(const struct fetch_answer *answer, const char *asked,
                struct err *err)
{
	int r = answer->status;

	if (r < 0)
		return err_set(err, r, "%s", answer->err->text);
	r = verdict_of_status(answer->http_status, err);
	if (r < 0)
		return r;
	if (is_login_path(answer->url) && !is_login_path(asked))
		return err_set(err, -EACCES, "the page asks to log in");
	if (answer->len == 0)
		return err_set(err, -ENODATA, "the page is empty");
	return 0;
}
