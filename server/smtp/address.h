/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_SMTP_ADDRESS_H
#define SERVER_SMTP_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * A mail address in the one form in which platen stores and compares it, so
 * that comparing is strcmp(): domain in ASCII lower case, the local part as it
 * was written (or ASCII lower case on request), needless quotes and source
 * routes gone, literals as inet_ntop() writes them. Anything outside the
 * grammar of RFC 5321 4.1.2 and RFC 6531 3.3 is refused, control characters
 * (C0, DEL and C1) in every place.
 */
#define SMTP_LOCAL_MAX    64  /* bytes between the quotes, RFC 5321 4.5.3.1.1 */
#define SMTP_DOMAIN_MAX   255 /* RFC 5321 4.5.3.1.2 */
/* Quotes, each byte of the local part escaped, '@', domain, NUL. */
#define SMTP_ADDRESS_SIZE (2 + 2 * SMTP_LOCAL_MAX + 1 + SMTP_DOMAIN_MAX + 1)

struct smtp_address {
	char text[SMTP_ADDRESS_SIZE]; /* "" is the null reverse-path */
	size_t local_len;             /* of text, before the '@' */
	bool has_utf8;                /* needs SMTPUTF8 */
};

enum smtp_address_flag {
	SMTP_ADDRESS_ALLOW_NULL = 1 << 0,       /* "<>" */
	SMTP_ADDRESS_ALLOW_POSTMASTER = 1 << 1, /* "<Postmaster>" */
	SMTP_ADDRESS_FOLD_LOCAL = 1 << 2,       /* local part in lower case */
};

/*
 * Read a path, "<...>", at the start of in (len bytes, not terminated). *used
 * is the number of bytes up to and with the '>'. Source routes are read and
 * dropped (RFC 5321 appendix C). -EINVAL with a sentence.
 */
int smtp_address_parse_path(const char *in, size_t len, unsigned flags,
                            struct smtp_address *out, size_t *used,
                            struct err *err);

/*
 * The same for a bare address as people type it, "local@domain". -EINVAL with a
 * sentence.
 */
int smtp_address_parse(const char *text, unsigned flags,
                       struct smtp_address *out, struct err *err);

#endif
