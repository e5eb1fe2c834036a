/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdbool.h>
#include <stdio.h>
#include <strings.h>

#include "base/mem.h"
#include "render/worker/calendar_date.h"
#include "render/worker/cards.h"
#include "render/worker/charset.h"
#include "render/worker/content_line.h"

/* Rows in the order of people, not of the file. */
enum row {
	ROW_NICKNAME,
	ROW_ORGANISATION,
	ROW_TITLE,
	ROW_PHONE,
	ROW_MAIL,
	ROW_ADDRESS,
	ROW_WEB,
	ROW_BIRTHDAY,
	ROW_NOTE,
	N_ROWS,
};

static const struct {
	const char *property;
	enum row row;
} properties[] = {
	{"NICKNAME", ROW_NICKNAME}, {"ORG", ROW_ORGANISATION},
	{"TITLE", ROW_TITLE},       {"ROLE", ROW_TITLE},
	{"TEL", ROW_PHONE},         {"EMAIL", ROW_MAIL},
	{"ADR", ROW_ADDRESS},       {"URL", ROW_WEB},
	{"BDAY", ROW_BIRTHDAY},     {"NOTE", ROW_NOTE},
};

static const char *const labels[N_ROWS] = {
	"Nickname", "Organisation", "Title",    "Phone", "Mail",
	"Address",  "Web",          "Birthday", "Note",
};

#define ROW_BYTES 8000 /* more of one kind is left out */

struct vcard {
	struct buf name;      /* FN */
	struct buf name_made; /* of N, where FN is missing */
	struct buf rows[N_ROWS];
	struct buf photo;
	bool open;
	unsigned n_cards;
};

static void clear(struct vcard *vcard)
{
	buf_fini(&vcard->name);
	buf_fini(&vcard->name_made);
	buf_fini(&vcard->photo);
	for (size_t i = 0; i < N_ROWS; i++)
		buf_fini(&vcard->rows[i]);
}

/* The fields that are not empty, in the given order. */
static void join(const struct content_line *line, const unsigned *order,
                 size_t n, const char *between, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		struct buf field CLEANUP(buf_fini) = {0};

		if (!content_line_field(line, order[i], &field) || !field.len)
			continue;
		if (out->len > 0)
			buf_puts(out, between);
		buf_append(out, field.data, field.len);
	}
}

/* "work, mobile", whatever the sender says of the number. */
static void put_types(const struct content_line *line, struct buf *out)
{
	static const char *const types[] = {"home", "work",  "cell",
	                                    "fax",  "pager", "other"};
	bool any = false;

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (!content_line_has_type(line, types[i]))
			continue;
		buf_printf(out, "%s%s", any ? ", " : " (",
		           strcmp(types[i], "cell") == 0 ? "mobile" : types[i]);
		any = true;
	}
	if (any)
		buf_puts(out, ")");
}

static void put_birthday(const struct content_line *line, struct buf *out)
{
	struct calendar_date date;
	char plain[16];
	size_t n = 0;

	for (const char *p = line->value; *p && n < 8; p++)
		if (*p != '-')
			plain[n++] = *p;
	plain[n] = '\0';
	if (calendar_date_read(plain, &date))
		calendar_date_put(&date, false, out);
	else
		content_line_text(line, out);
}

static void put_value(enum row row, const struct content_line *line,
                      struct buf *out)
{
	static const unsigned address[] = {0, 1, 2, 5, 3, 4, 6};
	static const unsigned organisation[] = {0, 1, 2, 3};

	switch (row) {
	case ROW_ADDRESS:
		join(line, address, ARRAY_LEN(address), ", ", out);
		break;
	case ROW_ORGANISATION:
		join(line, organisation, ARRAY_LEN(organisation), ", ", out);
		break;
	case ROW_BIRTHDAY: put_birthday(line, out); break;
	case ROW_PHONE:
	case ROW_MAIL:
	case ROW_NICKNAME:
	case ROW_TITLE:
	case ROW_WEB:
	case ROW_NOTE:
	case N_ROWS: content_line_text(line, out); break;
	}
	if (row == ROW_PHONE && out->len > 4 &&
	    memcmp(out->data, "tel:", 4) == 0)
		buf_consume(out, 4);
	if (row == ROW_PHONE || row == ROW_MAIL || row == ROW_ADDRESS)
		put_types(line, out);
}

/* vCard 2.1 names a charset per line. */
static void to_utf8(const struct content_line *line, struct buf *value)
{
	const char *charset = content_line_param(line, "CHARSET");
	struct buf out CLEANUP(buf_fini) = {0};

	if (!*charset && charset_is_utf8(value->data, value->len))
		return;
	charset_to_utf8(value->data, value->len, *charset ? charset : NULL,
	                &out);
	buf_fini(value);
	*value = out;
	out = (struct buf){0};
}

static void add_row(struct vcard *vcard, enum row row,
                    const struct content_line *line)
{
	struct buf value CLEANUP(buf_fini) = {0};
	struct buf *all = &vcard->rows[row];

	put_value(row, line, &value);
	if (value.len == 0 || all->len + value.len > ROW_BYTES)
		return;
	to_utf8(line, &value);
	if (all->len > 0)
		buf_puts(all, "\n");
	buf_append(all, value.data, value.len);
}

static void on_property(struct vcard *vcard, const struct content_line *line)
{
	static const unsigned given_first[] = {3, 1, 2, 0, 4};

	if (content_line_is(line, "FN")) {
		buf_clear(&vcard->name);
		content_line_text(line, &vcard->name);
		to_utf8(line, &vcard->name);
	} else if (content_line_is(line, "N")) {
		buf_clear(&vcard->name_made);
		join(line, given_first, ARRAY_LEN(given_first), " ",
		     &vcard->name_made);
		to_utf8(line, &vcard->name_made);
	} else if (content_line_is(line, "PHOTO") && vcard->photo.len == 0) {
		content_line_bytes(line, &vcard->photo);
	}
	for (size_t i = 0; i < ARRAY_LEN(properties); i++)
		if (content_line_is(line, properties[i].property))
			add_row(vcard, properties[i].row, line);
}

static int give(struct vcard *vcard, card_fn *fn, void *arg)
{
	struct card card CLEANUP(card_fini) = {0};
	struct buf *name =
		vcard->name.len > 0 ? &vcard->name : &vcard->name_made;

	card_set_title(&card, name->len > 0 ? buf_str(name) : "(no name)");
	for (size_t i = 0; i < N_ROWS; i++)
		card_add(&card, labels[i], buf_str(&vcard->rows[i]));
	card.photo = vcard->photo;
	vcard->photo = (struct buf){0};
	vcard->n_cards++;
	return fn(&card, arg);
}

static int on_line(struct vcard *vcard, const struct content_line *line,
                   card_fn *fn, void *arg)
{
	if (content_line_is(line, "BEGIN") &&
	    strcasecmp(line->value, "VCARD") == 0) {
		clear(vcard);
		vcard->open = true;
	} else if (content_line_is(line, "END") && vcard->open) {
		vcard->open = false;
		return give(vcard, fn, arg);
	} else if (vcard->open) {
		on_property(vcard, line);
	}
	return 0;
}

int vcard_read(const char *utf8, size_t len, card_fn *fn, void *arg)
{
	struct content_line line CLEANUP(content_line_fini) = {0};
	struct vcard vcard = {0};
	const char *at = utf8, *end = utf8 + len;
	int r = 0;

	while (r == 0 && vcard.n_cards < CARDS_MAX &&
	       content_line_next(&at, end, &line))
		r = on_line(&vcard, &line, fn, arg);
	clear(&vcard);
	return r;
}
