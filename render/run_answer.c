/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/run_private.h"

#include <errno.h>
#include <stdio.h>

#include "base/mem.h"
#include "render/conversion.h"

/* The answers, one function each; `line` is theirs to read. */

static void take_part(struct render *render, const struct protocol_line *line)
{
	struct render_part part = {0};
	const struct {
		const char *key;
		char *out;
		size_t size;
	} texts[] = {
		{"part", part.id, sizeof part.id},
		{"type", part.type, sizeof part.type},
		{"detected", part.detected, sizeof part.detected},
		{"name", part.name, sizeof part.name},
		{"disposition", part.disposition, sizeof part.disposition},
		{"note", part.note, sizeof part.note},
		{"alternative", part.alternative, sizeof part.alternative},
		{"hash", part.hash, sizeof part.hash},
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const char *value = protocol_get(line, texts[i].key);

		protocol_cut(texts[i].out, texts[i].size, value ? value : "");
	}
	part.size = protocol_number(line, "size", 0);
	part.width = (unsigned)protocol_number(line, "width", 0);
	part.height = (unsigned)protocol_number(line, "height", 0);
	part.referenced = protocol_number(line, "referenced", 0) != 0;
	part.hollow = protocol_number(line, "hollow", 0) != 0;
	part.encrypted = protocol_number(line, "encrypted", 0) != 0;
	part.attached = protocol_number(line, "attached", 0) != 0;
	part.printable = protocol_number(line, "printable", 0) != 0;
	if (render->events.on_part)
		render->events.on_part(render, &part, render->arg);
}

void run_tell_pages(struct render *render)
{
	list_for_each (link, &render->waiting_pages) {
		struct run_page *page = LIST_ENTRY(link, struct run_page, link);

		if (page->end > render->bytes)
			return;
		list_remove(link);
		render->n_waiting_pages--;
		render->pages = page->number;
		if (render->events.on_page)
			render->events.on_page(render, page->number, page->end,
			                       page->part, render->arg);
		free(page);
	}
}

/* A sheet has two sides; a banner has one as well. */
static unsigned max_sides(const struct render *render)
{
	return 2 * (render->options->limits.pages + 1);
}

static void take_page(struct render *render, const struct protocol_line *line)
{
	const char *part = protocol_get(line, "part");
	unsigned long long number = protocol_number(line, "page", 0),
			   end = protocol_number(line, "end", 0);
	struct run_page *page;

	if (render->n_waiting_pages == max_sides(render) ||
	    number != render->last_page + 1ull || end < render->last_end) {
		run_kill_nonsense(render);
		return;
	}
	page = xcalloc(1, sizeof *page);
	render->n_waiting_pages++;
	page->number = render->last_page = (unsigned)number;
	page->end = render->last_end = end;
	protocol_cut(page->part, sizeof page->part, part ? part : "");
	list_append(&render->waiting_pages, &page->link);
	run_tell_pages(render);
}

static void tell_link(struct render *render)
{
	if (render->url.len > 0 && render->events.on_link)
		render->events.on_link(render, buf_str(&render->url),
		                       render->link_bare, render->arg);
	buf_clear(&render->url);
}

/* Pieces of the same number are one address. */
static void take_link(struct render *render, const struct protocol_line *line)
{
	unsigned long long number = protocol_number(line, "link", 0);

	if (number != render->link_number)
		tell_link(render);
	render->link_number = number;
	render->link_bare = protocol_number(line, "bare", 0) != 0;
	if (render->url.len < PROTOCOL_LINE_MAX)
		buf_puts(&render->url, protocol_get_or(line, "url", ""));
}

static void take_ledger_end(struct render *render)
{
	tell_link(render);
	run_stop_clock(render);
	render->ledger_due = false;
	render->planning = true;
	if (render->events.on_ledger)
		render->events.on_ledger(render, render->arg);
}

static void take_part_failed(struct render *render,
                             const struct protocol_line *line)
{
	const char *reason = protocol_get(line, "reason");

	if (render->events.on_part_failed)
		render->events.on_part_failed(render, line->words[0].value,
		                              reason ? reason : "",
		                              render->arg);
}

static void take_part_note(struct render *render,
                           const struct protocol_line *line)
{
	const char *note = protocol_get(line, "note");

	if (render->events.on_part_note)
		render->events.on_part_note(render, line->words[0].value,
		                            note ? note : "", render->arg);
}

void run_kill_nonsense(struct render *render)
{
	process_kill(render->process, "its reader talks nonsense");
}

static void take_convert(struct render *render,
                         const struct protocol_line *line)
{
	if (conversion_take_line(render->conversion, line) < 0)
		run_kill_nonsense(render);
}

/* Before it was ready, the trouble is the machine's, not the document's. */
static void take_failed(struct render *render, const char *sentence)
{
	if (sentence[0])
		run_settle(render, render->ready ? RENDER_FAILED : -EIO,
		           sentence);
	else
		run_kill_nonsense(render);
}

static void take_done(struct render *render, const struct protocol_line *line)
{
	render->done = true;
	render->total_bytes = protocol_number(line, "bytes", UINT64_MAX);
	if (render->events.on_counted)
		render->events.on_counted(render,
		                          (unsigned)protocol_number(line,
		                                                    "counted",
		                                                    0),
		                          render->arg);
}

static bool is_of_ledger(const char *key)
{
	return strncmp(key, "header.", 7) == 0 || strcmp(key, "part") == 0 ||
	       strcmp(key, "link") == 0 || strcmp(key, "ledger-end") == 0;
}

void run_take_line(struct render *render, const struct protocol_line *line)
{
	const char *key = line->words[0].key, *value = line->words[0].value;

	/* What is planned stays: the owner is not asked twice. */
	if (is_of_ledger(key) && !render->ledger_due)
		run_kill_nonsense(render);
	else if (strcmp(key, "ready") == 0)
		render->ready = true;
	else if (strncmp(key, "header.", 7) == 0 && render->events.on_header)
		render->events.on_header(render, key + 7, value, render->arg);
	else if (strcmp(key, "part") == 0)
		take_part(render, line);
	else if (strcmp(key, "link") == 0)
		take_link(render, line);
	else if (strcmp(key, "ledger-end") == 0)
		take_ledger_end(render);
	else if (strcmp(key, "page") == 0)
		take_page(render, line);
	else if (strcmp(key, "part-failed") == 0)
		take_part_failed(render, line);
	else if (strcmp(key, "part-note") == 0)
		take_part_note(render, line);
	else if (strcmp(key, "convert") == 0 || strcmp(key, "resource") == 0)
		take_convert(render, line);
	else if (strcmp(key, "failed") == 0)
		take_failed(render, value);
	else if (strcmp(key, "done") == 0)
		take_done(render, line);
}
