/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/smtp/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <strings.h>

#include "base/mem.h"

/*
 * One cursor goes forward over the input and never back (the Exim overflow
 * CVE-2020-28022 came from walking backwards); every part checks its own limit
 * before it writes.
 */
struct cursor {
	const char *p, *end;
	unsigned flags;
	struct smtp_address *out;
	size_t n; /* bytes in out->text */
};

/*
 * The length of the UTF-8 character at s (1 to 4; n bytes are there), 0 if it
 * is malformed, overlong, a surrogate, or a control character (C0, DEL, C1).
 */
static size_t utf8_char(const char *s, size_t n)
{
	const unsigned char *u = (const unsigned char *)s;

	if (n == 0 || u[0] < 0x20 || u[0] == 0x7f)
		return 0;
	if (u[0] < 0x80)
		return 1;
	if (u[0] < 0xc2 || u[0] > 0xf4)
		return 0;

	size_t len = u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;

	if (n < len)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((u[i] & 0xc0) != 0x80)
			return 0;
	if ((u[0] == 0xc2 && u[1] < 0xa0) || (u[0] == 0xe0 && u[1] < 0xa0) ||
	    (u[0] == 0xed && u[1] > 0x9f) || (u[0] == 0xf0 && u[1] < 0x90) ||
	    (u[0] == 0xf4 && u[1] > 0x8f))
		return 0;
	return len;
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

static bool is_atext(char c)
{
	return is_alnum(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool at(const struct cursor *c, char ch)
{
	return c->p < c->end && *c->p == ch;
}

static void put(struct cursor *c, char ch)
{
	c->out->text[c->n++] = ch;
}

/* "@a,@b:" in front of the mailbox: checked as far as needed to skip it. */
static int skip_source_route(struct cursor *c, struct err *err)
{
	if (!at(c, '@'))
		return 0;
	while (c->p < c->end && *c->p != ':') {
		if (!is_alnum(*c->p) && !strchr("@,.-_", *c->p))
			return err_set(err, -EINVAL, "bad source route");
		c->p++;
	}
	if (c->p == c->end)
		return err_set(err, -EINVAL, "source route without ':'");
	c->p++;
	return 0;
}

static int take_char(struct cursor *c, size_t len, char *raw, size_t *n,
                     struct err *err)
{
	if (*n + len > SMTP_LOCAL_MAX)
		return err_set(err, -EINVAL,
		               "local part is longer than %d bytes",
		               SMTP_LOCAL_MAX);
	memcpy(raw + *n, c->p, len);
	*n += len;
	c->p += len;
	return 0;
}

/*
 * The next character of a quoted local part into raw: 0, or -EINVAL. A
 * backslash makes any printable ASCII character plain.
 */
static int quoted_char(struct cursor *c, char *raw, size_t *n, struct err *err)
{
	if (at(c, '\\') && ++c->p < c->end && (*c->p & 0x80))
		return err_set(err, -EINVAL, "bad '\\' in the local part");

	size_t len = utf8_char(c->p, (size_t)(c->end - c->p));

	if (len == 0)
		return err_set(err, -EINVAL,
		               "control or malformed character in the address");
	return take_char(c, len, raw, n, err);
}

static int read_quoted(struct cursor *c, char *raw, size_t *n, struct err *err)
{
	c->p++; /* the opening quote */
	while (c->p < c->end && *c->p != '"') {
		int r = quoted_char(c, raw, n, err);
		if (r < 0)
			return r;
	}
	if (c->p == c->end)
		return err_set(err, -EINVAL, "'\"' is not closed");
	c->p++;
	return 0;
}

static int read_atoms(struct cursor *c, char *raw, size_t *n, struct err *err)
{
	while (c->p < c->end && *c->p != '@' && *c->p != '>') {
		size_t len = utf8_char(c->p, (size_t)(c->end - c->p));

		if (len == 0 || (len == 1 && !is_atext(*c->p) && *c->p != '.'))
			return err_set(err, -EINVAL,
			               "character not allowed in a local part");

		int r = take_char(c, len, raw, n, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Is raw a dot-string, which needs no quotes? */
static bool is_dot_string(const char *raw, size_t n)
{
	if (n == 0 || raw[0] == '.' || raw[n - 1] == '.')
		return false;
	for (size_t i = 0; i < n; i++) {
		if (raw[i] == '.' && raw[i + 1] == '.')
			return false;
		if (raw[i] != '.' && !is_atext(raw[i]) && !(raw[i] & 0x80))
			return false;
	}
	return true;
}

static void put_local(struct cursor *c, const char *raw, size_t n)
{
	bool quote = !is_dot_string(raw, n);

	if (quote)
		put(c, '"');
	for (size_t i = 0; i < n; i++) {
		if (quote && (raw[i] == '"' || raw[i] == '\\'))
			put(c, '\\');
		if (raw[i] & 0x80)
			c->out->has_utf8 = true;
		put(c, c->flags & SMTP_ADDRESS_FOLD_LOCAL ? lower(raw[i])
		                                          : raw[i]);
	}
	if (quote)
		put(c, '"');
	c->out->local_len = c->n;
}

static int read_local(struct cursor *c, struct err *err)
{
	char raw[SMTP_LOCAL_MAX];
	bool quoted = at(c, '"');
	size_t n = 0;
	int r = quoted ? read_quoted(c, raw, &n, err)
	               : read_atoms(c, raw, &n, err);

	if (r < 0)
		return r;
	if (n == 0)
		return err_set(err, -EINVAL, "local part is empty");
	if (!quoted && !is_dot_string(raw, n))
		return err_set(err, -EINVAL, "misplaced '.' in the local part");
	put_local(c, raw, n);
	return 0;
}

/* "[192.0.2.1]" or "[IPv6:2001:db8::1]", RFC 5321 4.1.3. */
static int read_literal(struct cursor *c, struct err *err)
{
	char text[INET6_ADDRSTRLEN + 8] = "";
	const char *close = memchr(c->p, ']', (size_t)(c->end - c->p));
	unsigned char ip[16];

	if (!close || (size_t)(close - c->p) > sizeof text - 1)
		return err_set(err, -EINVAL, "bad address literal");
	memcpy(text, c->p + 1, (size_t)(close - c->p - 1));

	bool is_v6 = strncasecmp(text, "IPv6:", 5) == 0;
	int family = is_v6 ? AF_INET6 : AF_INET;

	if (inet_pton(family, text + (is_v6 ? 5 : 0), ip) != 1)
		return err_set(err, -EINVAL, "bad address literal");
	inet_ntop(family, ip, text, sizeof text);
	c->n += (size_t)snprintf(c->out->text + c->n,
	                         sizeof c->out->text - c->n, "[%s%s]",
	                         is_v6 ? "ipv6:" : "", text);
	c->p = close + 1;
	return 0;
}

/* One label; letters outside ASCII stay as they are (U-labels, RFC 6531). */
static int read_label(struct cursor *c, size_t start, struct err *err)
{
	size_t n = 0;

	while (c->p < c->end && *c->p != '.' && *c->p != '>') {
		size_t len = utf8_char(c->p, (size_t)(c->end - c->p));

		if (len == 0 || (len == 1 && !is_alnum(*c->p) && *c->p != '-' &&
		                 *c->p != '_'))
			return err_set(err, -EINVAL,
			               "character not allowed in a domain");
		if (c->n + len - start > SMTP_DOMAIN_MAX)
			return err_set(err, -EINVAL,
			               "domain is longer than %d bytes",
			               SMTP_DOMAIN_MAX);
		if (len > 1)
			c->out->has_utf8 = true;
		for (size_t i = 0; i < len; i++)
			put(c, lower(*c->p++));
		n += len;
	}
	if (n == 0)
		return err_set(err, -EINVAL, "empty label in the domain");
	if (n > 63 && !c->out->has_utf8)
		return err_set(err, -EINVAL, "label is longer than 63 bytes");
	return 0;
}

static int read_domain(struct cursor *c, struct err *err)
{
	size_t start = c->n;

	if (at(c, '['))
		return read_literal(c, err);
	for (;;) {
		int r = read_label(c, start, err);
		if (r < 0)
			return r;
		if (!at(c, '.'))
			return 0;
		if (c->n + 1 - start > SMTP_DOMAIN_MAX)
			return err_set(err, -EINVAL,
			               "domain is longer than %d bytes",
			               SMTP_DOMAIN_MAX);
		put(c, *c->p++);
	}
}

static int read_mailbox(struct cursor *c, struct err *err)
{
	int r = read_local(c, err);

	if (r < 0)
		return r;
	if (at(c, '@')) {
		c->p++;
		put(c, '@');
		r = read_domain(c, err);
	} else if (c->flags & SMTP_ADDRESS_ALLOW_POSTMASTER && c->n == 10 &&
	           strncasecmp(c->out->text, "postmaster", 10) == 0) {
		memcpy(c->out->text, "postmaster", 10); /* RFC 5321 4.5.1 */
	} else {
		r = err_set(err, -EINVAL, "domain is missing");
	}
	c->out->text[c->n] = '\0';
	return r;
}

int smtp_address_parse_path(const char *in, size_t len, unsigned flags,
                            struct smtp_address *out, size_t *used,
                            struct err *err)
{
	struct smtp_address address = {0};
	struct cursor c = {in, in + len, flags, &address, 0};
	int r = 0;

	if (!at(&c, '<'))
		return err_set(err, -EINVAL, "address is not in '<' and '>'");
	c.p++;
	if (!(flags & SMTP_ADDRESS_ALLOW_NULL && at(&c, '>'))) {
		r = skip_source_route(&c, err);
		if (r == 0)
			r = read_mailbox(&c, err);
	}
	if (r < 0)
		return r;
	if (!at(&c, '>'))
		return err_set(err, -EINVAL, "address does not end with '>'");
	*used = (size_t)(c.p + 1 - in);
	*out = address;
	return 0;
}

int smtp_address_parse(const char *text, unsigned flags,
                       struct smtp_address *out, struct err *err)
{
	struct smtp_address address = {0};
	struct cursor c = {text, text + strlen(text), flags, &address, 0};
	int r = read_mailbox(&c, err);

	if (r < 0)
		return r;
	if (c.p != c.end)
		return err_set(err, -EINVAL, "something follows the address");
	*out = address;
	return 0;
}
