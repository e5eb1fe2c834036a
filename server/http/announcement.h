/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_HTTP_ANNOUNCEMENT_H
#define SERVER_HTTP_ANNOUNCEMENT_H

#include <jansson.h>

#include "base/err.h"
#include "printers/announce.h"

/*
 * An announcement from the JSON of POST /printers/NAME/announce:
 *
 *   {"event": "recovered", "uri": "ipp://...", "mac": "00:11:...",
 *    "reasons": ["media-empty"]}
 *
 * {"state": "normal"} and {"state": "abnormal"} are short for the events
 * "recovered" and "abnormal". Unknown members are left out, so that printers of
 * a later day are understood. -EINVAL with a sentence that names the member.
 */
int announcement_from_json(const json_t *object, struct announcement *out,
                           struct err *err);

#endif
