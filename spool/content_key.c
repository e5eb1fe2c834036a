/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/content.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/mem.h"

#define MASTER_NAME "master.key"

_Static_assert(CONTENT_KEY_LEN == crypto_secretbox_KEYBYTES, "key");
_Static_assert(CONTENT_KEY_LEN ==
                       crypto_secretstream_xchacha20poly1305_KEYBYTES,
               "key");
_Static_assert(CONTENT_WRAPPED_LEN == crypto_secretbox_NONCEBYTES +
                                              crypto_secretbox_MACBYTES +
                                              CONTENT_KEY_LEN,
               "wrapped key");

void content_init(void)
{
	if (sodium_init() < 0)
		abort();
}

static int master_make(int dir, struct content_key *out, struct err *err)
{
	struct content_key key;
	int r;

	content_key_random(&key);
	r = fs_write_file(dir, MASTER_NAME, 0600, key.bytes, sizeof key.bytes,
	                  err);
	if (r == 0)
		*out = key;
	content_key_forget(&key);
	return r;
}

int content_master_load(int dir, bool may_create, struct content_key *out,
                        struct err *err)
{
	char *data = NULL;
	size_t len;
	int r;

	if (faccessat(dir, MASTER_NAME, F_OK, 0) < 0 && errno == ENOENT) {
		if (may_create)
			return master_make(dir, out, err);
		return err_set(
			err, -ENOENT,
			"'" MASTER_NAME
			"' is missing: nothing stored can be read without it, bring it back from a backup");
	}
	r = fs_read_file(dir, MASTER_NAME, CONTENT_KEY_LEN, &data, &len, err);
	if (r < 0)
		return r;
	if (len == CONTENT_KEY_LEN)
		memcpy(out->bytes, data, len);
	sodium_memzero(data, len);
	free(data);
	if (len != CONTENT_KEY_LEN)
		return err_set(err, -EBADMSG,
		               "'" MASTER_NAME
		               "' is damaged: %zu bytes instead of %d",
		               len, CONTENT_KEY_LEN);
	return 0;
}

void content_key_random(struct content_key *out)
{
	randombytes_buf(out->bytes, sizeof out->bytes);
}

void content_key_forget(struct content_key *key)
{
	sodium_memzero(key, sizeof *key);
}

void content_key_wrap(const struct content_key *master,
                      const struct content_key *key,
                      unsigned char out[CONTENT_WRAPPED_LEN])
{
	unsigned char *box = out + crypto_secretbox_NONCEBYTES;

	randombytes_buf(out, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(box, key->bytes, sizeof key->bytes, out,
	                      master->bytes);
}

int content_key_unwrap(const struct content_key *master,
                       const unsigned char *wrapped, size_t len,
                       struct content_key *out, struct err *err)
{
	const unsigned char *box = wrapped + crypto_secretbox_NONCEBYTES;
	struct content_key key;

	if (len != CONTENT_WRAPPED_LEN ||
	    crypto_secretbox_open_easy(key.bytes, box,
	                               len - crypto_secretbox_NONCEBYTES,
	                               wrapped, master->bytes) != 0)
		return err_set(
			err, -EBADMSG,
			"the key of this content was not made with '" MASTER_NAME
			"'");
	*out = key;
	content_key_forget(&key);
	return 0;
}
