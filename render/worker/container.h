/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_CONTAINER_H
#define RENDER_WORKER_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * Things of a mail that hold further parts beside MIME's own: each opener gives
 * what it finds to a function, in order. All of it is bounded by the size of
 * what it came from, but for RTF, which TNEF packs (rtf_unpack()), and for
 * archives.
 */
struct container_item { /* borrowed during the call */
	const char *type;
	const char *name;    /* NULL: none */
	const char *cid;     /* NULL: none */
	const char *charset; /* NULL: none */
	bool is_attachment;  /* else it is a body */
	const char *data;
	size_t len;
};

typedef void container_item_fn(const struct container_item *item, void *arg);

/*
 * winmail.dat (MS-OXTNEF): the body as HTML, RTF or text, whichever is the
 * richest, then the attachments; an attached message is TNEF again. What is
 * broken ends the reading: what came before is kept. Number of items.
 */
size_t tnef_unpack(const char *data, size_t len, container_item_fn *item,
                   void *arg);

/* How archives are opened, or why not. */
enum archive_end {
	ARCHIVE_OPENED,
	ARCHIVE_IN_PART, /* some of it is damaged, or too large */
	ARCHIVE_LOCKED,  /* it wants a password */
	ARCHIVE_OF_MANY, /* of more files than ARCHIVE_FILES: none is given */
	ARCHIVE_DAMAGED, /* or empty, or too large */
};

/*
 * ZIP: its files, but for what systems add to them. Who mails an archive to a
 * printer means the documents in it; who mails a folder of hundreds does not
 * know what would come out, and is not obeyed. All of it may unpack to
 * ARCHIVE_BYTES.
 */
#define ARCHIVE_FILES 32
#define ARCHIVE_BYTES ((size_t)128 << 20)
enum archive_end archive_unzip(const char *data, size_t len,
                               container_item_fn *item, void *arg);

/* gzip (RFC 1952), as drawings and logs are packed: one file, named after it.
 */
enum archive_end archive_gunzip(const char *data, size_t len, const char *name,
                                const char *cid, container_item_fn *item,
                                void *arg);

/* Whether it is a ZIP file of Apple's Pages, Numbers or Keynote. */
bool archive_is_apples(const char *data, size_t len);

/* The PDF of all pages that older ones of them keep. False: there is none. */
bool archive_preview(const char *data, size_t len, container_item_fn *item,
                     void *arg);

/*
 * Files in the middle of a text, "begin 644 name" to "end" (POSIX uuencode).
 * The text without them is appended to *rest. Number of files; a block that is
 * not complete stays text.
 */
size_t uuencode_unpack(const char *text, size_t len, struct buf *rest,
                       container_item_fn *item, void *arg);

/*
 * Inline PGP signatures (RFC 9580, 7): the text without its armour to *rest,
 * the signature as an item. False: it is not such a text.
 */
bool pgp_unwrap(const char *text, size_t len, struct buf *rest,
                container_item_fn *item, void *arg);

/* Whether the text is, but for what mailers add around it, a PGP message. */
bool pgp_is_encrypted(const char *text, size_t len);

enum cms_kind {
	CMS_NONE,
	CMS_SIGNED,   /* content is set: a MIME entity, to be parsed */
	CMS_DETACHED, /* a signature alone, or certificates */
	CMS_ENCRYPTED,
	CMS_COMPRESSED,
};

/* What S/MIME wraps (RFC 5652, in DER or BER); content is appended. */
enum cms_kind cms_unwrap(const char *data, size_t len, struct buf *content);

#endif
