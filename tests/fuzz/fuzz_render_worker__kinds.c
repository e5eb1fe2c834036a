/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "render/worker/cards.h"
#include "render/worker/charset.h"
#include "render/worker/container.h"
#include "render/worker/csv.h"
#include "render/worker/markdown.h"
#include "render/worker/message.h"
#include "render/worker/msg.h"
#include "render/worker/rtf.h"
#include "render/worker/table_columns.h"

/*
 * The readers of text kinds and of containers, each on its own bytes: the first
 * one says which reader.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int on_card(const struct card *card, void *arg)
{
	struct buf html CLEANUP(buf_fini) = {0};

	card_html(card, &html);
	return 0;
}

static void read_cards(cards_read_fn *read, const char *data, size_t len)
{
	struct buf utf8 CLEANUP(buf_fini) = {0};

	charset_to_utf8(data, len, NULL, &utf8);
	read(utf8.data ? utf8.data : "", utf8.len, on_card, NULL);
}

static void read_calendar(const char *data, size_t len)
{
	read_cards(calendar_read, data, len);
}

static void read_vcard(const char *data, size_t len)
{
	read_cards(vcard_read, data, len);
}

static void read_csv(const char *data, size_t len)
{
	struct buf utf8 CLEANUP(buf_fini) = {0};
	struct table_columns columns;

	charset_to_utf8(data, len, NULL, &utf8);
	table_columns_measure(&columns, utf8.data ? utf8.data : "", utf8.len);
	for (size_t first = 0; first < columns.n_columns;) {
		size_t last = table_columns_fit(&columns, first, 60, 1.6);

		if (last <= first)
			abort();
		first = last;
	}
}

static void read_markdown(const char *data, size_t len)
{
	struct buf html CLEANUP(buf_fini) = {0};

	markdown_read(data, len < 4096 ? len : 4096, &html);
	if (memmem(html.data, html.len, "<script", 7))
		abort();
}

static void on_item(const struct container_item *item, void *arg)
{
	size_t *n = arg;

	*n += item->len;
}

static void read_tnef(const char *data, size_t len)
{
	size_t n = 0;

	tnef_unpack(data, len, on_item, &n);
	if (n > len * 40 + 4096)
		abort();
}

static void read_text(const char *data, size_t len)
{
	struct buf rest CLEANUP(buf_fini) = {0};
	size_t n = 0;

	uuencode_unpack(data, len, &rest, on_item, &n);
	if (rest.len + n > len * 2)
		abort();
	pgp_unwrap(data, len, &rest, on_item, &n);
	pgp_is_encrypted(data, len);
}

static void read_cms(const char *data, size_t len)
{
	struct buf content CLEANUP(buf_fini) = {0};

	cms_unwrap(data, len, &content);
	if (content.len > len)
		abort();
}

static void read_rtf(const char *data, size_t len)
{
	struct buf out CLEANUP(buf_fini) = {0};
	bool is_html;

	rtf_read(data, len, &out, &is_html);
	if (out.len > 0 && !charset_is_utf8(out.data, out.len))
		abort();
}

static void read_archive(const char *data, size_t len)
{
	size_t n = 0;

	archive_unzip(data, len, on_item, &n);
	archive_preview(data, len, on_item, &n);
	archive_gunzip(data, len, "a.svgz", NULL, on_item, &n);
	if (n > 3 * ARCHIVE_BYTES)
		abort();
	archive_is_apples(data, len);
}

/* Its first bytes are given: without them nothing would be read. */
static void read_msg(const char *data, size_t len)
{
	static const char magic[] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
	struct buf file CLEANUP(buf_fini) = {0};
	GMimeMessage *message;
	static bool is_ready;

	if (!is_ready)
		message_init();
	is_ready = true;
	buf_append(&file, magic, sizeof magic - 1);
	if (len > sizeof magic - 1)
		buf_append(&file, data + sizeof magic - 1,
		           len - sizeof magic + 1);
	message = msg_read(file.data, file.len);
	if (message)
		g_object_unref(message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(const char *,
	                               size_t) = {read_calendar, read_vcard,
	                                          read_csv,      read_markdown,
	                                          read_tnef,     read_text,
	                                          read_cms,      read_rtf,
	                                          read_archive,  read_msg};

	if (size > 1)
		readers[data[0] % ARRAY_LEN(readers)]((const char *)data + 1,
		                                      size - 1);
	return 0;
}
