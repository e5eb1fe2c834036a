/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/mem.h"
#include "render/worker/container.h"

#define SIGNED    "-----BEGIN PGP SIGNED MESSAGE-----"
#define SIGNATURE "-----BEGIN PGP SIGNATURE-----"
#define END       "-----END PGP SIGNATURE-----"
#define MESSAGE   "-----BEGIN PGP MESSAGE-----"
#define LOOK      2048 /* mailers add no more than that in front */

/* The line that begins with the words, in text..end; NULL if there is none. */
static const char *find_line(const char *text, const char *end,
                             const char *words)
{
	size_t n = strlen(words);

	while (text < end) {
		const char *at = memmem(text, (size_t)(end - text), words, n);

		if (!at)
			return NULL;
		if (at == text || at[-1] == '\n')
			return at;
		text = at + n;
	}
	return NULL;
}

static const char *line_end(const char *at, const char *end)
{
	const char *lf = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;

	return lf ? lf + 1 : end;
}

bool pgp_is_encrypted(const char *text, size_t len)
{
	size_t look = len < LOOK ? len : LOOK;

	return len > 0 && find_line(text, text + look, MESSAGE) != NULL;
}

/* "Hash: SHA512" and an empty line stand before the text. */
static const char *skip_armour_headers(const char *at, const char *end)
{
	while (at < end && *at != '\n' && *at != '\r')
		at = line_end(at, end);
	return line_end(at, end);
}

/* Lines that begin with '-' were written as "- -" (RFC 9580, 7.1). */
static void put_unescaped(const char *at, const char *end, struct buf *out)
{
	while (at < end) {
		const char *next = line_end(at, end);

		if (end - at >= 2 && at[0] == '-' && at[1] == ' ')
			at += 2;
		buf_append(out, at, (size_t)(next - at));
		at = next;
	}
}

bool pgp_unwrap(const char *text, size_t len, struct buf *rest,
                container_item_fn *item, void *arg)
{
	const char *begin, *end, *body, *signature, *stop;
	struct container_item found = {
		.type = "application/pgp-signature",
		.is_attachment = true,
	};

	if (len == 0)
		return false;
	end = text + len;
	begin = find_line(text, end, SIGNED);
	if (!begin)
		return false;
	body = skip_armour_headers(line_end(begin, end), end);
	signature = find_line(body, end, SIGNATURE);
	stop = signature ? find_line(signature, end, END) : NULL;
	if (!stop)
		return false;
	stop = line_end(stop, end);
	buf_append(rest, text, (size_t)(begin - text));
	put_unescaped(body, signature, rest);
	buf_append(rest, stop, (size_t)(end - stop));
	found.data = signature;
	found.len = (size_t)(stop - signature);
	item(&found, arg);
	return true;
}
