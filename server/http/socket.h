/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_HTTP_SOCKET_H
#define SERVER_HTTP_SOCKET_H

#include <stdbool.h>

#include "base/err.h"

/*
 * Listening sockets, non-blocking. The descriptor is the caller's; -errno with
 * a sentence that names the address.
 */
int http_socket_tcp(const char *address, struct err *err);

/* A socket file that nobody listens on is replaced; -EADDRINUSE else. */
int http_socket_unix(const char *path, struct err *err);

/* The TCP port of a listening socket, -EINVAL for another kind. */
int http_socket_port(int fd);

/* Whether root or our own user is at the other end of a Unix socket. */
bool http_socket_is_admin(int fd);

#endif
