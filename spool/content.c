/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/content.h"

#include <errno.h>
#include <sodium.h>

#include "base/mem.h"
#include "spool/content_pack.h"

/*
 *   header (24)  [ length (4) | ciphertext (packed plaintext + 17) ] ...
 *
 * The length is not authenticated by itself; a wrong one makes the decryption
 * of its chunk fail, and the tag of the last chunk tells a cut from an end.
 */
#define HEADER_LEN   crypto_secretstream_xchacha20poly1305_HEADERBYTES
#define OVERHEAD     crypto_secretstream_xchacha20poly1305_ABYTES
#define TAG_MESSAGE  crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
#define TAG_FINAL    crypto_secretstream_xchacha20poly1305_TAG_FINAL
#define LENGTH_LEN   4
#define HARD_CHUNKS  7 /* not tried after one that was hard to pack */
#define CHUNK_SEALED (CONTENT_PACK_MAX(CONTENT_CHUNK) + OVERHEAD)

struct content_seal {
	crypto_secretstream_xchacha20poly1305_state state;
	struct buf pending; /* plaintext, less than a chunk */
	struct buf packed;  /* a chunk on its way */
	bool is_hurried;
	unsigned n_unpacked; /* chunks still to be kept as they are */
	bool is_ended;
};

struct content_open {
	crypto_secretstream_xchacha20poly1305_state state;
	struct content_key key;
	struct buf pending; /* sealed bytes, less than a chunk */
	struct buf packed;  /* a chunk on its way */
	bool has_header;
	bool is_whole;
	bool is_damaged;
};

struct content_seal *content_seal_new(const struct content_key *key,
                                      struct buf *out)
{
	struct content_seal *seal = xcalloc(1, sizeof *seal);
	unsigned char header[HEADER_LEN];

	crypto_secretstream_xchacha20poly1305_init_push(&seal->state, header,
	                                                key->bytes);
	buf_append(out, header, sizeof header);
	return seal;
}

void content_seal_hurry(struct content_seal *seal)
{
	seal->is_hurried = true;
}

/* Photographs are like their neighbours: hard to pack. */
static void pack_chunk(struct content_seal *seal, const void *data, size_t len)
{
	buf_clear(&seal->packed);
	if (seal->n_unpacked > 0) {
		seal->n_unpacked--;
		content_keep(data, len, &seal->packed);
		return;
	}
	content_pack(data, len, &seal->packed);
	if (seal->is_hurried && seal->packed.len > len / 2)
		seal->n_unpacked = HARD_CHUNKS;
}

static void seal_chunk(struct content_seal *seal, const void *data, size_t len,
                       unsigned char tag, struct buf *out)
{
	struct buf *packed = &seal->packed;
	uint32_t n;

	pack_chunk(seal, data, len);
	n = (uint32_t)(packed->len + OVERHEAD);
	unsigned char length[LENGTH_LEN] = {
		(unsigned char)n,
		(unsigned char)(n >> 8),
		(unsigned char)(n >> 16),
		(unsigned char)(n >> 24),
	};

	buf_reserve(out, LENGTH_LEN + n);
	buf_append(out, length, LENGTH_LEN);
	crypto_secretstream_xchacha20poly1305_push(&seal->state,
	                                           (unsigned char *)out->data +
	                                                   out->len,
	                                           NULL,
	                                           (const unsigned char *)
	                                                   packed->data,
	                                           packed->len, NULL, 0, tag);
	out->len += n;
}

void content_seal_write(struct content_seal *seal, const void *data, size_t len,
                        struct buf *out)
{
	const char *p = data;

	while (len > 0) {
		size_t room = CONTENT_CHUNK - seal->pending.len;
		size_t n = len < room ? len : room;

		if (n == CONTENT_CHUNK) {
			seal_chunk(seal, p, n, TAG_MESSAGE, out);
		} else {
			buf_append(&seal->pending, p, n);
			if (n == room)
				content_seal_flush(seal, out);
		}
		p += n;
		len -= n;
	}
}

void content_seal_flush(struct content_seal *seal, struct buf *out)
{
	if (seal->pending.len == 0)
		return;
	seal_chunk(seal, seal->pending.data, seal->pending.len, TAG_MESSAGE,
	           out);
	buf_clear(&seal->pending);
}

void content_seal_end(struct content_seal *seal, struct buf *out)
{
	if (seal->is_ended)
		abort();
	seal_chunk(seal, seal->pending.data, seal->pending.len, TAG_FINAL, out);
	seal->is_ended = true;
	buf_clear(&seal->pending);
}

/* Plaintext and keys must not stay in freed memory. */
static void wipe(struct buf *buf)
{
	if (buf->data)
		sodium_memzero(buf->data, buf->cap);
	buf_fini(buf);
}

void content_seal_free(struct content_seal *seal)
{
	if (!seal)
		return;
	wipe(&seal->pending);
	wipe(&seal->packed);
	sodium_memzero(seal, sizeof *seal);
	free(seal);
}

struct content_open *content_open_new(const struct content_key *key)
{
	struct content_open *open = xcalloc(1, sizeof *open);

	open->key = *key;
	return open;
}

static int damaged(struct content_open *open, struct err *err)
{
	open->is_damaged = true;
	return err_set(err, -EBADMSG,
	               "the stored content is damaged, or has another key");
}

static int open_header(struct content_open *open, const unsigned char *data)
{
	open->has_header = true;
	return crypto_secretstream_xchacha20poly1305_init_pull(&open->state,
	                                                       data,
	                                                       open->key.bytes);
}

static int open_chunk(struct content_open *open, const unsigned char *data,
                      size_t len, struct buf *out)
{
	struct buf *packed = &open->packed;
	unsigned char tag;

	buf_clear(packed);
	buf_reserve(packed, len - OVERHEAD);
	if (crypto_secretstream_xchacha20poly1305_pull(&open->state,
	                                               (unsigned char *)
	                                                       packed->data,
	                                               NULL, &tag, data, len,
	                                               NULL, 0) != 0)
		return -EBADMSG;
	if (tag != TAG_MESSAGE && tag != TAG_FINAL)
		return -EBADMSG;
	open->is_whole = tag == TAG_FINAL;
	return content_unpack(packed->data, len - OVERHEAD, CONTENT_CHUNK, out);
}

/* The length of the first item in len bytes: 0 when that is not known yet. */
static size_t next_len(const struct content_open *open,
                       const unsigned char *data, size_t len)
{
	if (!open->has_header)
		return HEADER_LEN;
	if (len < LENGTH_LEN)
		return 0;
	return LENGTH_LEN + ((size_t)data[0] | (size_t)data[1] << 8 |
	                     (size_t)data[2] << 16 | (size_t)data[3] << 24);
}

static bool len_is_possible(const struct content_open *open, size_t need)
{
	return !open->has_header || (need >= LENGTH_LEN + OVERHEAD &&
	                             need <= LENGTH_LEN + CHUNK_SEALED);
}

/* Open what is complete in len bytes; *used says how many those are. */
static int open_items(struct content_open *open, const unsigned char *data,
                      size_t len, size_t *used, struct buf *out)
{
	size_t done = 0;
	int r = 0;

	while (r == 0 && done < len) {
		const unsigned char *p = data + done;
		size_t need = next_len(open, p, len - done);

		if (open->is_whole || (need && !len_is_possible(open, need)))
			return -EBADMSG;
		if (need == 0 || need > len - done)
			break;
		r = open->has_header ? open_chunk(open, p + LENGTH_LEN,
		                                  need - LENGTH_LEN, out)
		                     : open_header(open, p);
		done += need;
	}
	*used = done;
	return r;
}

int content_open_write(struct content_open *open, const void *data, size_t len,
                       struct buf *out, struct err *err)
{
	size_t used = 0;

	if (open->is_damaged)
		return damaged(open, err);
	buf_append(&open->pending, data, len);
	if (open_items(open, (unsigned char *)open->pending.data,
	               open->pending.len, &used, out) < 0)
		return damaged(open, err);
	buf_consume(&open->pending, used);
	return 0;
}

bool content_open_is_whole(const struct content_open *open)
{
	return open->is_whole && !open->is_damaged;
}

void content_open_free(struct content_open *open)
{
	if (!open)
		return;
	buf_fini(&open->pending);
	wipe(&open->packed);
	sodium_memzero(open, sizeof *open);
	free(open);
}
