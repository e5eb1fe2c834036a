/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_CONTENT_H
#define SPOOL_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * Stored content, encrypted with a key of its own (libsodium secretstream,
 * XChaCha20-Poly1305). Sealed form: a 24 byte header, then chunks of
 * up to CONTENT_CHUNK plaintext bytes, packed (content_pack.h), each with 17
 * bytes more and its length in front (4 bytes, little endian); the last chunk,
 * maybe empty, carries the FINAL tag, so that a cut file is never taken for
 * whole.
 * Keys are kept in the database wrapped with the master key; dropping the
 * wrapped key destroys the content.
 */
#define CONTENT_CHUNK       65536
#define CONTENT_KEY_LEN     32
#define CONTENT_WRAPPED_LEN 72 /* nonce 24, key 32, authentication 16 */

struct content_key {
	unsigned char bytes[CONTENT_KEY_LEN];
};

/* sodium_init(); abort when it fails. Call once at start. */
void content_init(void);

/*
 * The master key: 32 bytes in the file "master.key" of dir, made (mode 0600,
 * durable) when `may_create` and missing. A missing key beside an existing
 * database is an error: without it nothing stored can be read.
 */
int content_master_load(int dir, bool may_create, struct content_key *out,
                        struct err *err);

void content_key_random(struct content_key *out);
void content_key_forget(struct content_key *key); /* wipe the memory */
void content_key_wrap(const struct content_key *master,
                      const struct content_key *key,
                      unsigned char out[CONTENT_WRAPPED_LEN]);
/* -EBADMSG when it was not wrapped with this master key. */
int content_key_unwrap(const struct content_key *master,
                       const unsigned char *wrapped, size_t len,
                       struct content_key *out, struct err *err);

/*
 * Sealing. Plaintext goes in as it comes, sealed bytes are appended to *out:
 * only whole chunks, until content_seal_end().
 */
struct content_seal;
struct content_seal *content_seal_new(const struct content_key *key,
                                      struct buf *out);
/*
 * Somebody waits for what is sealed: what does not shrink to half is stored as
 * it is, and tried again only now and then.
 */
void content_seal_hurry(struct content_seal *seal);
void content_seal_write(struct content_seal *seal, const void *data, size_t len,
                        struct buf *out);
/* Push out what there is as a (short) chunk, so that a reader gets it now. */
void content_seal_flush(struct content_seal *seal, struct buf *out);
void content_seal_end(struct content_seal *seal, struct buf *out);
void content_seal_free(struct content_seal *seal); /* wipes; NULL is fine */
DEFINE_CLEANUP(struct content_seal *, content_seal_free)

/*
 * Opening. Sealed bytes go in as they come, plaintext is appended to *out.
 * -EBADMSG: damaged, or not this key.
 */
struct content_open;
struct content_open *content_open_new(const struct content_key *key);
int content_open_write(struct content_open *open, const void *data, size_t len,
                       struct buf *out, struct err *err);
bool content_open_is_whole(const struct content_open *open); /* FINAL seen */
void content_open_free(struct content_open *open);
DEFINE_CLEANUP(struct content_open *, content_open_free)

#endif
