/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/plan.h"

#include "base/mem.h"

static bool is_text(const struct render_part *part)
{
	return strncmp(part->detected, "text/", 5) == 0;
}

/* A text that is named or attached is a document, as others are. */
static bool is_body(const struct render_part *part)
{
	return is_text(part) && part->name[0] == '\0' &&
	       strcmp(part->disposition, "attachment") != 0;
}

static bool is_picture(const struct render_part *part)
{
	return strncmp(part->detected, "image/", 6) == 0;
}

static void skip(struct plan_part *p, const char *why)
{
	p->print = false;
	snprintf(p->why, sizeof p->why, "%s", why);
}

static bool may_be_document(const struct plan_part *p)
{
	return p->part.printable && !is_body(&p->part) &&
	       !(is_picture(&p->part) && p->part.referenced);
}

static void decide_one(struct plan_part *p, bool wants_body,
                       bool wants_documents, bool has_documents)
{
	p->print = true;
	if (!p->part.printable)
		skip(p, p->part.note[0]
		                ? p->part.note
		                : "this kind of part cannot be printed");
	else if (is_body(&p->part) && !wants_body)
		skip(p, has_documents
		                ? "the attached documents are printed instead"
		                : "only attachments were to be printed");
	else if (!is_body(&p->part) && is_picture(&p->part) &&
	         p->part.referenced)
		skip(p, "a picture that belongs to the body");
	else if (!is_body(&p->part) && !wants_documents)
		skip(p, "only the body was to be printed");
}

void plan_decide(struct plan_part *parts, size_t n, const char *what)
{
	bool has_documents = false, wants_body, wants_documents;

	for (size_t i = 0; i < n; i++)
		has_documents |= may_be_document(&parts[i]);
	wants_documents = strcmp(what, "body") != 0;
	wants_body = strcmp(what, "body") == 0 || strcmp(what, "all") == 0 ||
	             (strcmp(what, "auto") == 0 && !has_documents);
	for (size_t i = 0; i < n; i++)
		decide_one(&parts[i], wants_body, wants_documents,
		           has_documents);
}
