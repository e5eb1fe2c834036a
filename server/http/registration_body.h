/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_HTTP_REGISTRATION_BODY_H
#define SERVER_HTTP_REGISTRATION_BODY_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "db/registration_table.h"
#include "server/http/service.h"

/*
 * The members of a JSON object into a row: "printer" by its name, "from" and
 * "address" in the form in which mail is compared with them, the rest as
 * registration_set_field() takes it; numbers may come as numbers. What is not
 * named stays. -EINVAL, -ENOENT with a sentence.
 */
int registration_body_read(const struct http_service *service,
                           const json_t *object, struct registration_row *row,
                           struct err *err);

/* "USER@Example.ORG", "*@Example.ORG" or "*" in its stored form; out has
 * ADDRESS_MAX bytes. -EINVAL. */
int registration_body_sender(const char *text, bool keeps_local_case,
                             char out[ADDRESS_MAX], struct err *err);

/* The local part of a print address, with or without "@domain". -EINVAL. */
int registration_body_address(const char *text, bool keeps_local_case,
                              char out[ADDRESS_MAX], struct err *err);

#endif
