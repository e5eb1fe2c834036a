/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdint.h>
#include <stdio.h>

#include "base/mem.h"
#include "render/worker/container.h"
#include "render/worker/little_endian.h"
#include "render/worker/mapi.h"
#include "render/worker/rtf.h"

/*
 * A file of attributes: level (message or attachment), name, length, bytes,
 * checksum. Of the attributes two hold lists of MAPI properties (mapi.h), in
 * which modern senders put everything. An attachment ends where the next one
 * begins.
 *
 * Own code, because Debian's libytnef prints on standard output, where our
 * pages go, and opens half of the files that are seen in the wild.
 */
#define HEADER 6u /* signature and key */

enum {
	ATT_BODY = 0x800c,
	ATT_ATTACH_DATA = 0x800f,
	ATT_ATTACH_TITLE = 0x8010,
	ATT_ATTACH_REND = 0x9002, /* a new attachment begins */
	ATT_MAPI_PROPS = 0x9003,
	ATT_ATTACHMENT = 0x9005,
	ATT_OEM_CODEPAGE = 0x9007,
};

struct tnef {
	const uint8_t *at, *end;
	struct mapi message, attachment;
	struct mapi_bytes body; /* old kind: text */
	struct mapi_bytes title, data;
	char codepage[24];
	bool in_attachment;
	container_item_fn *item;
	void *arg;
	size_t n_items;
};

static void give(struct tnef *tnef, const struct container_item *found)
{
	if (found->len == 0)
		return;
	tnef->item(found, tnef->arg);
	tnef->n_items++;
}

static void give_body(struct tnef *tnef, const char *type, const char *charset,
                      const void *data, size_t len)
{
	struct container_item found = {
		.type = type,
		.charset = charset,
		.data = data,
		.len = len,
	};

	give(tnef, &found);
}

static bool give_rtf(struct tnef *tnef)
{
	const struct mapi_bytes *packed = &tnef->message.rtf;
	struct buf rtf CLEANUP(buf_fini) = {0};
	struct buf text CLEANUP(buf_fini) = {0};
	bool is_html;

	if (!packed->len ||
	    !rtf_unpack((const char *)packed->data, packed->len, &rtf))
		return false;
	rtf_read(rtf.data, rtf.len, &text, &is_html);
	if (text.len == 0)
		return false;
	give_body(tnef, is_html ? "text/html" : "text/plain", "utf-8",
	          text.data, text.len);
	return true;
}

static void end_message(struct tnef *tnef)
{
	const struct mapi *mapi = &tnef->message;
	char html[24];

	snprintf(html, sizeof html, "CP%u", mapi->internet_codepage);
	if (mapi->html.len > 0)
		give_body(tnef, "text/html",
		          mapi->html.is_utf16           ? "utf-16le"
		          : mapi->internet_codepage > 0 ? html
		                                        : NULL,
		          mapi->html.data, mapi->html.len);
	else if (give_rtf(tnef))
		return;
	else if (mapi->body.len > 0)
		give_body(tnef, "text/plain",
		          mapi->body.is_utf16 ? "utf-16le" : tnef->codepage,
		          mapi->body.data, mapi->body.len);
	else
		give_body(tnef, "text/plain", tnef->codepage, tnef->body.data,
		          tnef->body.len);
}

static void end_attachment(struct tnef *tnef)
{
	const struct mapi *mapi = &tnef->attachment;
	const struct mapi_bytes *data =
		mapi->data.len > 0 ? &mapi->data : &tnef->data;
	char *name CLEANUP(xfree) =
		mapi_text(mapi->long_name.len > 0 ? &mapi->long_name
	                  : mapi->name.len > 0    ? &mapi->name
	                  : tnef->title.len > 0   ? &tnef->title
	                                          : &mapi->display_name,
	                  tnef->codepage);
	char *type CLEANUP(xfree) = mapi_text(&mapi->mime, tnef->codepage);
	char *cid CLEANUP(xfree) = mapi_text(&mapi->cid, tnef->codepage);
	struct container_item found = {
		.type = mapi->is_message ? "application/ms-tnef"
	                : type           ? type
	                                 : "application/octet-stream",
		.name = name,
		.cid = cid,
		.is_attachment = true,
		.data = (const char *)data->data,
		.len = data->len,
	};

	give(tnef, &found);
	tnef->attachment = (struct mapi){0};
	tnef->title = tnef->data = (struct mapi_bytes){0};
}

/* The body comes before the attachments, as in any mail. */
static void begin_attachment(struct tnef *tnef)
{
	if (tnef->in_attachment)
		end_attachment(tnef);
	else
		end_message(tnef);
	tnef->in_attachment = true;
}

static void on_attribute(struct tnef *tnef, unsigned name,
                         struct mapi_bytes bytes)
{
	switch (name) {
	case ATT_BODY: tnef->body = bytes; break;
	case ATT_MAPI_PROPS: mapi_read(&bytes, &tnef->message); break;
	case ATT_ATTACH_REND: begin_attachment(tnef); break;
	case ATT_ATTACH_TITLE: tnef->title = bytes; break;
	case ATT_ATTACH_DATA: tnef->data = bytes; break;
	case ATT_ATTACHMENT: mapi_read(&bytes, &tnef->attachment); break;
	case ATT_OEM_CODEPAGE:
		if (bytes.len >= 4)
			snprintf(tnef->codepage, sizeof tnef->codepage, "CP%u",
			         get_le32(bytes.data));
		break;
	default: break;
	}
}

static bool next_attribute(struct tnef *tnef)
{
	size_t left = (size_t)(tnef->end - tnef->at);
	struct mapi_bytes bytes = {0};
	unsigned name;

	if (left < 9)
		return false;
	name = get_le32(tnef->at + 1) & 0xffff;
	bytes.len = get_le32(tnef->at + 5);
	bytes.data = tnef->at + 9;
	left -= 9;
	if (bytes.len > left)
		return false;
	left -= bytes.len;
	tnef->at = bytes.data + bytes.len + (left < 2 ? left : 2);
	on_attribute(tnef, name, bytes);
	return true;
}

size_t tnef_unpack(const char *data, size_t len, container_item_fn *item,
                   void *arg)
{
	struct tnef tnef = {
		.at = (const uint8_t *)data + HEADER,
		.end = (const uint8_t *)data + len,
		.codepage = "CP1252",
		.item = item,
		.arg = arg,
	};

	if (len < HEADER)
		return 0;
	while (next_attribute(&tnef))
		;
	begin_attachment(&tnef); /* ends what is open */
	return tnef.n_items;
}
