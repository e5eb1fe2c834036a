/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_CLI_CLIENT_H
#define SERVER_CLI_CLIENT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"

/* Asks the server over its admin socket, one question after the other. */
struct cli_client;

struct cli_client *cli_client_new(const char *socket, bool is_json);
void cli_client_free(struct cli_client *client);
DEFINE_CLEANUP(struct cli_client *, cli_client_free)

/* Whether the user wants what the server answered, as it is. */
bool cli_client_is_json(const struct cli_client *client);

/*
 * path is below /api/v1; body may be NULL and stays the caller's. *answer is
 * the caller's. Returns a cli_exit: CLI_OK, CLI_REFUSED with the server's
 * sentence, CLI_UNREACHABLE with the reason.
 */
int cli_client_ask(struct cli_client *client, const char *method,
                   const char *path, const json_t *body, json_t **answer,
                   struct err *err);

/* Text as it may stand in a path or a query; the caller's. */
char *cli_client_escape(struct cli_client *client, const char *text);

#endif
