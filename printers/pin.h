/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_PIN_H
#define PRINTERS_PIN_H

#include <stdbool.h>

#include "printers/http_transport.h"

/*
 * The fingerprint of a printer's key: "sha256//" and the base64 of the SHA-256
 * of the certificate's SubjectPublicKeyInfo (as RFC 7469 has it). Printers sign
 * their certificates themselves, so the key is what they are known by.
 */

/* From a certificate in PEM. false, and out "", when it is none. */
bool pin_from_pem(const char *pem, char out[HTTP_PIN_SIZE]);

#endif
