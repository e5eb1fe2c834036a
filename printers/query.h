/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_QUERY_H
#define PRINTERS_QUERY_H

#include <stdbool.h>

#include "base/err.h"
#include "printers/http_transport.h"
#include "printers/status.h"

/* Strings are borrowed during a call that takes a target; callees copy. */
struct printer_target {
	const char *uri; /* ipp://host[:port]/path, ipps, http, https */
	const char
		*pin; /* "sha256//..." of the printer's key; NULL or "" none */
};

struct printer_query;

/*
 * status 0: *st is the answer, err NULL. < 0: *st is an unreachable printer
 * and err a sentence for people. -ETIMEDOUT, -ECONNREFUSED, -EHOSTUNREACH,
 * -EADDRNOTAVAIL (no such name), -ECONNRESET: off. -EBADMSG: nonsense.
 * -EKEYREJECTED: the certificate is not the pinned one. -EACCES, -ENOENT,
 * -EBUSY, -EPROTO: it answers, but not this question. pin_seen is "" when
 * there was no TLS.
 */
typedef void printer_query_cb(int status, const struct printer_status *st,
                              const char *pin_seen, const struct err *err,
                              void *arg);

/*
 * Ask a printer how it is (Get-Printer-Attributes); with_caps asks for what it
 * can do, too. 0: cb comes exactly once within about timeout_ms, then the query
 * is gone. -EINVAL: not a printer's address.
 */
int printer_query_start(struct http_transport *transport,
                        const struct printer_target *target,
                        unsigned timeout_ms, bool with_caps,
                        struct printer_query **out, printer_query_cb *cb,
                        void *arg, struct err *err);

/* The callback does not come any more. */
void printer_query_cancel(struct printer_query *query);

#endif
