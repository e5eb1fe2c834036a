/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_CLI_HELP_H
#define SERVER_CLI_HELP_H

#include <stdio.h>

#include "server/cli/arguments.h"

/* Help on what was named so far: a command, a noun, or everything. */
void cli_help_print(FILE *out, const struct cli_arguments *args);

#endif
