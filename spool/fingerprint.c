/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/fingerprint.h"

#include <sodium.h>
#include <strings.h>
#include <xxhash.h>

#include "base/mem.h"

#define MESSAGE_ID_MAX 998 /* a line of RFC 5322 2.1.1 */

_Static_assert(FINGERPRINT_LEN == crypto_generichash_BYTES, "BLAKE2b-256");

struct fingerprint {
	XXH3_state_t *body;
	XXH128_canonical_t body_hash;
	char message_id[MESSAGE_ID_MAX + 1];
};

/* The length of the line at p with its LF; n when there is no LF. */
static size_t line_len(const char *p, size_t n)
{
	const char *lf = memchr(p, '\n', n);

	return lf ? (size_t)(lf - p) + 1 : n;
}

static bool is_empty_line(const char *p, size_t n)
{
	return (n == 1 && p[0] == '\n') ||
	       (n == 2 && p[0] == '\r' && p[1] == '\n');
}

/* A field with its folded lines (RFC 5322 2.2.3). */
static size_t field_len(const char *p, size_t n)
{
	size_t len = line_len(p, n);

	while (len < n && (p[len] == ' ' || p[len] == '\t'))
		len += line_len(p + len, n - len);
	return len;
}

/* The value of a Message-ID field, without any blanks; false for others. */
static bool take_message_id(const char *p, size_t n, char *out)
{
	static const char name[] = "message-id";
	size_t i = sizeof name - 1, used = 0;

	if (n < i || strncasecmp(p, name, i) != 0)
		return false;
	while (i < n && (p[i] == ' ' || p[i] == '\t'))
		i++;
	if (i == n || p[i++] != ':')
		return false;
	for (; i < n; i++) {
		if ((unsigned char)p[i] <= ' ')
			continue;
		if (used == MESSAGE_ID_MAX)
			return false;
		out[used++] = p[i];
	}
	out[used] = '\0';
	return used > 0;
}

/*
 * Walk through the header block. Its length with the empty line goes to *block;
 * false when it does not end within n bytes, although there is more.
 */
static bool scan(const char *data, size_t len, size_t *block, char *message_id)
{
	size_t n = len < FINGERPRINT_HEADER_MAX ? len : FINGERPRINT_HEADER_MAX;
	size_t at = field_len(data, n);

	while (at < n) {
		size_t line = line_len(data + at, n - at), field;

		if (is_empty_line(data + at, line)) {
			*block = at + line;
			return true;
		}
		field = field_len(data + at, n - at);
		if (!message_id[0])
			take_message_id(data + at, field, message_id);
		at += field;
	}
	*block = n;
	return len < FINGERPRINT_HEADER_MAX;
}

void fingerprint_secret_make(const struct content_key *master,
                             struct fingerprint_secret *out)
{
	static const unsigned char purpose[] = "fingerprint";
	unsigned char seed[randombytes_SEEDBYTES];

	crypto_generichash(seed, sizeof seed, purpose, sizeof purpose,
	                   master->bytes, sizeof master->bytes);
	randombytes_buf_deterministic(out->bytes, sizeof out->bytes, seed);
	sodium_memzero(seed, sizeof seed);
}

struct fingerprint *fingerprint_start(const struct fingerprint_secret *secret,
                                      const char *data, size_t len)
{
	char message_id[MESSAGE_ID_MAX + 1] = "";
	struct fingerprint *f;
	size_t block;

	if (!scan(data, len, &block, message_id) || !message_id[0])
		return NULL;
	f = xcalloc(1, sizeof *f);
	f->body = XXH3_createState();
	if (!f->body ||
	    XXH3_128bits_reset_withSecret(f->body, secret->bytes,
	                                  sizeof secret->bytes) != XXH_OK)
		abort(); /* out of memory */
	memcpy(f->message_id, message_id, sizeof message_id);
	fingerprint_update(f, data + block, len - block);
	return f;
}

void fingerprint_update(struct fingerprint *f, const void *data, size_t len)
{
	XXH3_128bits_update(f->body, data, len);
}

void fingerprint_end(struct fingerprint *f)
{
	XXH128_canonicalFromHash(&f->body_hash, XXH3_128bits_digest(f->body));
}

/* With its NUL, so that no two lists of words look the same. */
static void add_word(crypto_generichash_state *state, const char *word)
{
	crypto_generichash_update(state, (const unsigned char *)word,
	                          strlen(word) + 1);
}

void fingerprint_make(const struct fingerprint *f, const char *sender,
                      const char *address, unsigned char out[FINGERPRINT_LEN])
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, FINGERPRINT_LEN);
	add_word(&state, sender);
	add_word(&state, address);
	add_word(&state, f->message_id);
	crypto_generichash_update(&state, f->body_hash.digest,
	                          sizeof f->body_hash.digest);
	crypto_generichash_final(&state, out, FINGERPRINT_LEN);
}

void fingerprint_free(struct fingerprint *f)
{
	if (!f)
		return;
	XXH3_freeState(f->body);
	free(f);
}
