/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/pin.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <stdio.h>

#include "base/mem.h"

static bool key_from_pem(const char *pem, gnutls_pubkey_t key)
{
	const gnutls_datum_t data = {(unsigned char *)pem,
	                             (unsigned)strlen(pem)};
	gnutls_x509_crt_t certificate;
	bool is_good;

	if (gnutls_x509_crt_init(&certificate) < 0)
		abort();
	is_good = gnutls_x509_crt_import(certificate, &data,
	                                 GNUTLS_X509_FMT_PEM) == 0 &&
	          gnutls_pubkey_import_x509(key, certificate, 0) == 0;
	gnutls_x509_crt_deinit(certificate);
	return is_good;
}

static bool pin_from_key(gnutls_pubkey_t key, char out[HTTP_PIN_SIZE])
{
	unsigned char hash[32];
	const gnutls_datum_t digest = {hash, sizeof hash};
	gnutls_datum_t der, base64;
	bool is_good;

	if (gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, &der) < 0)
		return false;
	is_good = gnutls_hash_fast(GNUTLS_DIG_SHA256, der.data, der.size,
	                           hash) == 0 &&
	          gnutls_base64_encode2(&digest, &base64) == 0;
	gnutls_free(der.data);
	if (!is_good)
		return false;
	snprintf(out, HTTP_PIN_SIZE, "sha256//%.*s", (int)base64.size,
	         (const char *)base64.data);
	gnutls_free(base64.data);
	return true;
}

bool pin_from_pem(const char *pem, char out[HTTP_PIN_SIZE])
{
	gnutls_pubkey_t key;
	bool is_good;

	out[0] = '\0';
	if (gnutls_pubkey_init(&key) < 0)
		abort();
	is_good = key_from_pem(pem, key) && pin_from_key(key, out);
	gnutls_pubkey_deinit(key);
	return is_good;
}
