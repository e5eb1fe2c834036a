/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdbool.h>
#include <stdio.h>
#include <strings.h>

#include "base/mem.h"
#include "render/worker/calendar_date.h"
#include "render/worker/cards.h"
#include "render/worker/content_line.h"

/*
 * Lines between BEGIN and END of an event or a task are gathered, then told as
 * a card; components inside it (alarms) and others (time zones, whose names say
 * enough) are passed over.
 */
#define PEOPLE_MAX 40   /* listed; more are counted */
#define NOTES_MAX  6000 /* bytes of a description */

struct event {
	struct buf title, where, organiser, people, notes, link, status;
	char start[64], end[64], duration[64], rule[512];
	char zone[128], end_zone[128];
	unsigned n_people;
	bool is_task, is_cancelled, is_one_of_many;
};

struct calendar {
	struct event event;
	bool in_event;
	unsigned inner; /* components open inside the event */
	char method[32];
	unsigned n_cards;
};

static void clear_event(struct event *event)
{
	buf_fini(&event->title);
	buf_fini(&event->where);
	buf_fini(&event->organiser);
	buf_fini(&event->people);
	buf_fini(&event->notes);
	buf_fini(&event->link);
	buf_fini(&event->status);
	*event = (struct event){0};
}

static void keep(char *out, size_t size, const char *value)
{
	snprintf(out, size, "%s", value);
}

/* "CN <address>", or one of them; isolated (UAX 9) from what follows. */
static void put_person(const struct content_line *line, struct buf *out)
{
	const char *name = content_line_param(line, "CN");
	const char *address = line->value;

	if (strncasecmp(address, "mailto:", 7) == 0)
		address += 7;
	if (*name && strcasecmp(name, address) != 0)
		buf_printf(out, "\xe2\x81\xa8%.200s <%.200s>\xe2\x81\xa9", name,
		           address);
	else
		buf_printf(out, "%.200s", address);
}

static const char *answer_words(const char *partstat)
{
	static const struct {
		const char *value, *words;
	} answers[] = {{"ACCEPTED", "accepted"},
	               {"DECLINED", "declined"},
	               {"TENTATIVE", "tentative"},
	               {"DELEGATED", "delegated"}};

	for (size_t i = 0; i < ARRAY_LEN(answers); i++)
		if (strcasecmp(partstat, answers[i].value) == 0)
			return answers[i].words;
	return NULL;
}

static void add_person(struct event *event, const struct content_line *line)
{
	const char *answer = answer_words(content_line_param(line, "PARTSTAT"));
	const char *role = content_line_param(line, "ROLE");

	if (event->n_people++ >= PEOPLE_MAX)
		return;
	if (event->people.len > 0)
		buf_puts(&event->people, "\n");
	put_person(line, &event->people);
	if (strcasecmp(role, "OPT-PARTICIPANT") == 0)
		buf_puts(&event->people, ", optional");
	if (answer)
		buf_printf(&event->people, ", %s", answer);
}

static void set_text(const struct content_line *line, struct buf *out)
{
	buf_clear(out);
	content_line_text(line, out);
}

static void on_text_line(struct event *event, const struct content_line *line)
{
	if (content_line_is(line, "SUMMARY"))
		set_text(line, &event->title);
	else if (content_line_is(line, "LOCATION"))
		set_text(line, &event->where);
	else if (content_line_is(line, "DESCRIPTION"))
		set_text(line, &event->notes);
	else if (content_line_is(line, "URL"))
		set_text(line, &event->link);
	else if (content_line_is(line, "ATTENDEE"))
		add_person(event, line);
	else if (content_line_is(line, "ORGANIZER") && !event->organiser.len)
		put_person(line, &event->organiser);
}

static void on_time_line(struct event *event, const struct content_line *line)
{
	const char *zone = content_line_param(line, "TZID");

	if (content_line_is(line, "DTSTART")) {
		keep(event->start, sizeof event->start, line->value);
		keep(event->zone, sizeof event->zone, zone);
	} else if (content_line_is(line, "DTEND") ||
	           content_line_is(line, "DUE")) {
		keep(event->end, sizeof event->end, line->value);
		keep(event->end_zone, sizeof event->end_zone, zone);
	} else if (content_line_is(line, "DURATION")) {
		keep(event->duration, sizeof event->duration, line->value);
	} else if (content_line_is(line, "RRULE")) {
		keep(event->rule, sizeof event->rule, line->value);
	} else if (content_line_is(line, "RECURRENCE-ID")) {
		event->is_one_of_many = true;
	} else if (content_line_is(line, "STATUS")) {
		event->is_cancelled = strcasecmp(line->value, "CANCELLED") == 0;
	}
}

static void put_zone(const struct calendar_date *date, const char *zone,
                     struct buf *out)
{
	if (!date->has_time)
		return;
	if (date->is_utc)
		buf_puts(out, " UTC");
	else if (*zone)
		buf_printf(out, " (%s)", zone);
}

static void put_moment(const struct calendar_date *date, struct buf *out)
{
	calendar_date_put(date, true, out);
	if (!date->has_time)
		return;
	buf_puts(out, ", ");
	calendar_date_put_time(date, out);
}

static void put_end(const struct event *event,
                    const struct calendar_date *start, struct buf *out)
{
	struct calendar_date end;

	if (!calendar_date_read(event->end, &end)) {
		put_zone(start, event->zone, out);
		if (event->duration[0]) {
			buf_puts(out, ", for ");
			calendar_duration_put(event->duration, out);
		}
		return;
	}
	if (!end.has_time && !calendar_date_is_same_day(start, &end))
		calendar_date_step_back(&end);
	if (strcmp(event->zone, event->end_zone) != 0 ||
	    start->is_utc != end.is_utc)
		put_zone(start, event->zone, out);
	if (!calendar_date_is_same_day(start, &end)) {
		buf_puts(out, " to ");
		put_moment(&end, out);
	} else if (end.has_time) {
		buf_puts(out, " to ");
		calendar_date_put_time(&end, out);
	}
	put_zone(&end, event->end_zone, out);
}

/* What is no date is shown as it is written. */
static void put_when(const struct event *event, struct buf *out)
{
	struct calendar_date start, due;

	if (calendar_date_read(event->start, &start)) {
		put_moment(&start, out);
		put_end(event, &start, out);
		if (!start.has_time)
			buf_puts(out, ", all day");
	} else if (calendar_date_read(event->end, &due)) {
		buf_puts(out, "due ");
		put_moment(&due, out);
		put_zone(&due, event->end_zone, out);
	} else {
		buf_puts(out, event->start);
	}
}

static const char *title_prefix(const struct calendar *calendar)
{
	if (calendar->event.is_cancelled ||
	    strcasecmp(calendar->method, "CANCEL") == 0)
		return "Cancelled: ";
	if (strcasecmp(calendar->method, "REPLY") == 0)
		return "Answer: ";
	if (strcasecmp(calendar->method, "COUNTER") == 0)
		return "Another time proposed: ";
	if (strcasecmp(calendar->method, "REQUEST") == 0)
		return "Invitation: ";
	return calendar->event.is_task ? "Task: " : "";
}

static void add_buf(struct card *card, const char *label, struct buf *value)
{
	card_add(card, label, buf_str(value));
}

static void cut_notes(struct buf *notes)
{
	if (notes->len <= NOTES_MAX)
		return;
	notes->len = NOTES_MAX;
	while (notes->len > 0 &&
	       ((unsigned char)notes->data[notes->len] & 0xc0) == 0x80)
		notes->len--;
	buf_puts(notes, " \xe2\x80\xa6");
}

static int give(struct calendar *calendar, card_fn *fn, void *arg)
{
	struct event *event = &calendar->event;
	struct card card CLEANUP(card_fini) = {0};
	struct buf when CLEANUP(buf_fini) = {0};
	struct buf rule CLEANUP(buf_fini) = {0};
	char *title CLEANUP(xfree) = NULL;

	title = xasprintf("%s%.500s", title_prefix(calendar),
	                  event->title.len > 0 ? buf_str(&event->title)
	                                       : "(no title)");
	card_set_title(&card, title);
	put_when(event, &when);
	calendar_rule_put(event->rule, &rule);
	if (event->is_one_of_many)
		buf_puts(&rule, "this one of a series is changed");
	if (event->n_people > PEOPLE_MAX)
		buf_printf(&event->people, "\nand %u more",
		           event->n_people - PEOPLE_MAX);
	cut_notes(&event->notes);
	add_buf(&card, "When", &when);
	add_buf(&card, "Repeats", &rule);
	add_buf(&card, "Where", &event->where);
	add_buf(&card, "Organiser", &event->organiser);
	add_buf(&card, "Attendees", &event->people);
	add_buf(&card, "Link", &event->link);
	add_buf(&card, "Notes", &event->notes);
	calendar->n_cards++;
	return fn(&card, arg);
}

static void begin(struct calendar *calendar, const char *what)
{
	bool task = strcasecmp(what, "VTODO") == 0;

	if (calendar->in_event) {
		calendar->inner++;
		return;
	}
	calendar->in_event = task || strcasecmp(what, "VEVENT") == 0;
	calendar->inner = 0;
	clear_event(&calendar->event);
	calendar->event.is_task = task;
}

static int end(struct calendar *calendar, card_fn *fn, void *arg)
{
	if (!calendar->in_event)
		return 0;
	if (calendar->inner > 0) {
		calendar->inner--;
		return 0;
	}
	calendar->in_event = false;
	return give(calendar, fn, arg);
}

static int on_line(struct calendar *calendar, const struct content_line *line,
                   card_fn *fn, void *arg)
{
	if (content_line_is(line, "BEGIN")) {
		begin(calendar, line->value);
	} else if (content_line_is(line, "END")) {
		return end(calendar, fn, arg);
	} else if (calendar->in_event && calendar->inner == 0) {
		on_text_line(&calendar->event, line);
		on_time_line(&calendar->event, line);
	} else if (content_line_is(line, "METHOD")) {
		keep(calendar->method, sizeof calendar->method, line->value);
	}
	return 0;
}

int calendar_read(const char *utf8, size_t len, card_fn *fn, void *arg)
{
	struct content_line line CLEANUP(content_line_fini) = {0};
	struct calendar calendar = {0};
	const char *at = utf8, *stop = utf8 + len;
	int r = 0;

	while (r == 0 && calendar.n_cards < CARDS_MAX &&
	       content_line_next(&at, stop, &line))
		r = on_line(&calendar, &line, fn, arg);
	clear_event(&calendar.event);
	return r;
}
