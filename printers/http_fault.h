/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_HTTP_FAULT_H
#define PRINTERS_HTTP_FAULT_H

#include <curl/curl.h>
#include <stdbool.h>

#include "base/err.h"

/*
 * What curl says, in our errors and in words for people: 0 for an HTTP answer
 * with status 200, else as struct http_answer has it.
 */
int http_fault(CURL *easy, CURLcode code, bool is_connected,
               unsigned timeout_ms, struct err *err);

#endif
