/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/plan.h"

#include <stdio.h>
#include <strings.h>

#include "base/mem.h"

#define TINY_PIXELS 16 /* each way: nobody sends this to be looked at */
#define LINE_PIXELS 2  /* either way: a ruler of a signature */
#define ICON_PIXELS 64 /* each way: of a picture that was pasted */
#define GROUPS_MAX  100

/* Rich text is an Office file. */
static bool is_text(const struct render_part *part)
{
	return strncmp(part->detected, "text/", 5) == 0 &&
	       strcmp(part->detected, "text/rtf") != 0;
}

/*
 * "ATT00001.txt": Exchange's for what stood below an attachment, and then says
 * that it is attached.
 */
static bool is_exchanges_name(const char *name)
{
	size_t digits;

	if (strncmp(name, "ATT", 3) != 0)
		return false;
	digits = strspn(name + 3, "0123456789");
	return digits > 3 && (strcasecmp(name + 3 + digits, ".txt") == 0 ||
	                      strcasecmp(name + 3 + digits, ".htm") == 0);
}

/* What somebody wrote as a mail: in this one, or one that is attached. */
static bool is_written(const struct render_part *part)
{
	if (!is_text(part))
		return false;
	return is_exchanges_name(part->name) ||
	       (part->name[0] == '\0' &&
	        strcmp(part->disposition, "attachment") != 0);
}

/* A text that is named or attached is a document, as others are. */
bool plan_is_body(const struct render_part *part)
{
	return is_written(part) && !part->attached;
}

/* Mails come with them; nobody means them to stand for what is written. */
static bool is_card(const struct render_part *part)
{
	return strcmp(part->detected, "text/vcard") == 0 ||
	       strcmp(part->detected, "text/calendar") == 0;
}

static bool is_picture(const struct render_part *part)
{
	return strncmp(part->detected, "image/", 6) == 0;
}

static bool is_tiny(const struct render_part *part)
{
	if (part->width == 0 || part->height == 0)
		return false;
	return (part->width <= TINY_PIXELS && part->height <= TINY_PIXELS) ||
	       part->width <= LINE_PIXELS || part->height <= LINE_PIXELS;
}

/*
 * "image001.png": Outlook's for what was pasted or stands in a signature. Where
 * no HTML shows it any more, a phone or a gateway has made text of that.
 */
static bool is_pasted(const struct render_part *part)
{
	static const char *const endings[] = {".png", ".jpg", ".jpeg", ".gif",
	                                      ".bmp"};
	const char *name = part->name;

	if (!is_picture(part) || strncasecmp(name, "image", 5) != 0 ||
	    strspn(name + 5, "0123456789") != 3)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(endings); i++)
		if (strcasecmp(name + 8, endings[i]) == 0)
			return true;
	return false;
}

static bool is_icon(const struct render_part *part)
{
	return is_pasted(part) && part->width > 0 && part->height > 0 &&
	       part->width <= ICON_PIXELS && part->height <= ICON_PIXELS;
}

bool plan_is_lone_picture(const struct plan_part *p)
{
	return is_picture(&p->part) && !p->part.referenced &&
	       !is_tiny(&p->part) && p->part.hash[0];
}

const char *plan_body_hash(const struct plan_part *parts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (plan_is_body(&parts[i].part))
			return parts[i].part.hash;
	return "";
}

/* ---- alternatives -------------------------------------------------------- */

/* A multipart/alternative, and which of its branches reads best. */
struct group {
	const char *name; /* in a part's list */
	size_t len;
	int rank, branch;
};

/* An invitation says more than the text beside it, and stays. */
static bool is_prose(const struct render_part *part)
{
	return is_text(part) && strcmp(part->detected, "text/calendar") != 0 &&
	       strcmp(part->detected, "text/vcard") != 0;
}

/* How well a text reads; 0: it is none, and has no say. */
static int rank_of(const struct render_part *part,
                   const struct plan_means *means)
{
	if (!part->printable || !is_prose(part))
		return 0;
	if (strcmp(part->detected, "text/html") == 0)
		return means->html && (means->pictures || !part->hollow) ? 4
		                                                         : 2;
	return strcmp(part->detected, "text/plain") == 0 ? 3 : 1;
}

/* "GROUP:BRANCH,...": the next pair of a list; false at its end. */
static bool next_pair(const char **list, struct group *out)
{
	const char *colon = strchr(*list, ':');

	if (!colon)
		return false;
	out->name = *list;
	out->len = (size_t)(colon - *list);
	out->branch = (int)strtol(colon + 1, NULL, 10);
	*list = colon + strcspn(colon, ",");
	*list += **list == ',';
	return true;
}

static struct group *find_group(struct group *groups, size_t n,
                                const struct group *like)
{
	for (size_t i = 0; i < n; i++)
		if (groups[i].len == like->len &&
		    memcmp(groups[i].name, like->name, like->len) == 0)
			return &groups[i];
	return NULL;
}

/* Each text speaks for the branch it stands in, at every depth. */
static size_t find_groups(const struct plan_part *parts, size_t n,
                          const struct plan_means *means, struct group *groups)
{
	size_t n_groups = 0;

	for (size_t i = 0; i < n; i++) {
		const char *list = parts[i].part.alternative;
		int rank = rank_of(&parts[i].part, means);
		struct group pair = {0}, *group;

		while (next_pair(&list, &pair)) {
			group = find_group(groups, n_groups, &pair);
			pair.rank = rank;
			if (!group && n_groups < GROUPS_MAX)
				groups[n_groups++] = pair;
			else if (group && rank > group->rank)
				*group = pair;
		}
	}
	return n_groups;
}

static bool is_said_better(const struct render_part *part, struct group *groups,
                           size_t n_groups)
{
	const char *list = part->alternative;
	struct group pair = {0};

	if (!is_prose(part))
		return false;
	while (next_pair(&list, &pair)) {
		const struct group *group = find_group(groups, n_groups, &pair);

		if (group && group->rank > 0 && group->branch != pair.branch)
			return true;
	}
	return false;
}

/* ---- the decision -------------------------------------------------------- */

#define OF_BODY "a picture that belongs to the body"

static void skip(struct plan_part *p, const char *why)
{
	p->print = false;
	snprintf(p->why, sizeof p->why, "%s", why);
}

/* Why a picture is none that somebody wants on paper; NULL: it may be. */
static const char *why_no_picture(const struct plan_part *p)
{
	if (!is_picture(&p->part))
		return NULL;
	if (p->part.referenced)
		return OF_BODY;
	if (is_icon(&p->part))
		return "an icon, as signatures have them";
	if (is_tiny(&p->part))
		return "a picture too small to be seen";
	if (p->is_logo)
		return "a logo: this sender's mails keep repeating it";
	return NULL;
}

/* One that is printed instead of the body. */
static bool may_be_document(const struct plan_part *p)
{
	return p->part.printable && !p->is_reported &&
	       !plan_is_body(&p->part) && !is_card(&p->part) &&
	       !is_pasted(&p->part) && !why_no_picture(p);
}

static bool has_body(const struct plan_part *parts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (plan_is_body(&parts[i].part) && parts[i].part.printable)
			return true;
	return false;
}

/* A picture that was left out for being one, and could be printed. */
static bool may_stand_alone(const struct plan_part *p)
{
	return (p->is_logo || is_pasted(&p->part)) && p->part.printable &&
	       !p->part.referenced && !is_tiny(&p->part);
}

/* Somebody who mails nothing else wants it on paper once more. */
static void print_logos(struct plan_part *parts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (parts[i].print)
			return;
	for (size_t i = 0; i < n; i++) {
		if (!may_stand_alone(&parts[i]))
			continue;
		parts[i].print = true;
		parts[i].why[0] = '\0';
	}
}

/* A part that the mail only tells of, unless it is asked for. */
static bool is_left_to_notice(const struct plan_part *p, const char *what)
{
	return p->is_reported && p->part.printable &&
	       strcmp(what, "all") != 0 && strcmp(what, "attachments") != 0;
}

static void decide_one(struct plan_part *p, bool wants_body,
                       bool wants_documents, bool has_documents)
{
	p->print = true;
	if (!p->part.printable)
		skip(p, p->part.note[0]
		                ? p->part.note
		                : "this kind of part cannot be printed");
	else if (plan_is_body(&p->part) && !wants_body)
		skip(p, has_documents
		                ? "the attached documents are printed instead"
		                : "only attachments were to be printed");
	else if (why_no_picture(p))
		skip(p, why_no_picture(p));
	else if (is_pasted(&p->part) && !wants_body &&
	         strcasecmp(p->part.disposition, "inline") == 0)
		skip(p, OF_BODY);
	else if (!plan_is_body(&p->part) && !wants_documents)
		skip(p, "only the body was to be printed");
}

void plan_decide(struct plan_part *parts, size_t n, const char *what,
                 const struct plan_means *means)
{
	struct group groups[GROUPS_MAX];
	size_t n_groups = find_groups(parts, n, means, groups);
	bool has_documents = false, wants_body, wants_documents;
	bool is_forward = !has_body(parts, n);

	for (size_t i = 0; i < n; i++)
		has_documents |=
			may_be_document(&parts[i]) &&
			!is_said_better(&parts[i].part, groups, n_groups);
	wants_documents = strcmp(what, "body") != 0;
	wants_body = strcmp(what, "body") == 0 || strcmp(what, "all") == 0 ||
	             (strcmp(what, "auto") == 0 && !has_documents);
	for (size_t i = 0; i < n; i++) {
		/* of a mail that only carries another, that is the body */
		decide_one(&parts[i], wants_body,
		           wants_documents ||
		                   (is_forward && is_written(&parts[i].part)),
		           has_documents);
		if (parts[i].print &&
		    is_said_better(&parts[i].part, groups, n_groups))
			skip(&parts[i], "the same text in another form");
		if (is_left_to_notice(&parts[i], what))
			skip(&parts[i],
			     "the notice is printed that tells of it");
	}
	if (wants_documents)
		print_logos(parts, n);
}

/* ---- what to say of it --------------------------------------------------- */

/* What was in it follows, and says more. */
static bool is_opened(const struct plan_part *p, const struct plan_part *next)
{
	size_t n = strlen(p->part.id);

	return strncmp(next->part.id, p->part.id, n) == 0 &&
	       next->part.id[n] == '.';
}

/*
 * What was tried goes before what never was, a lock before its seal, and a
 * picture that only adorns behind the rest.
 */
static int weight(const struct plan_part *p)
{
	return (p->why[0] == '!') * 2 + p->part.encrypted -
	       (why_no_picture(p) != NULL);
}

const char *plan_why_nothing(const struct plan_part *parts, size_t n)
{
	const struct plan_part *best = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct plan_part *p = &parts[i];

		if (!p->why[0] || (i + 1 < n && is_opened(p, p + 1)))
			continue;
		if (!best || weight(p) > weight(best) ||
		    (weight(p) == weight(best) &&
		     p->part.size > best->part.size))
			best = p;
	}
	if (!best)
		return "it has no part that can be printed";
	return best->why + (best->why[0] == '!');
}
