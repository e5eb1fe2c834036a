/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_HTTP_VALUE_H
#define SERVER_HTTP_VALUE_H

#include <jansson.h>
#include <stdint.h>

#include "db/job_table.h"
#include "db/printer_table.h"
#include "db/registration_table.h"
#include "server/http/service.h"

/*
 * Things of the spool as the API writes them; what is returned is the
 * caller's. Strings that are no UTF-8 (a printer may say anything) come with
 * '?' in place of each byte that is not ASCII. -errno with a sentence where the
 * database has to be asked for more.
 */
json_t *http_string(const char *text);

/* "2026-11-21T08:30:00Z"; null for 0, never. */
json_t *http_time(int64_t seconds);

/* A row for a list, and one with all that is known of it. */
int printer_value(struct http_service *service, const struct printer_row *row,
                  json_t **out, struct err *err);
int printer_value_full(struct http_service *service,
                       const struct printer_row *row, json_t **out,
                       struct err *err);

json_t *registration_value(const struct http_service *service,
                           const struct registration_row *row,
                           const char *printer_name);

json_t *job_value(const struct job_row *row);
int job_value_full(struct http_service *service, const struct job_row *row,
                   json_t **out, struct err *err);

#endif
