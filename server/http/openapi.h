/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_HTTP_OPENAPI_H
#define SERVER_HTTP_OPENAPI_H

/* The text of openapi.json, terminated; generated when building. */
extern const char http_openapi[];

#endif
