/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_CLI_ARGUMENTS_H
#define SERVER_CLI_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "server/cli/command.h"

/*
 * A command line, taken apart. Everything points into argv. Options may stand
 * anywhere, as "--name value" or "--name=value"; after "--" comes no option.
 */
#define CLI_SOCKET       "/run/platen/admin.sock"
#define CLI_OPERANDS_MAX 32

struct cli_arguments {
	const char *socket;
	bool is_json, wants_help, wants_version;
	const char *noun;                  /* NULL: none, or "help" was said */
	const struct cli_command *command; /* NULL: help or version only */
	const char *values[CLI_OPTIONS_MAX];
	const char *operands[CLI_OPERANDS_MAX];
	size_t n_operands;
};

/*
 * environment: the value of PLATEN_SOCKET, or NULL. -EINVAL with a sentence:
 * the command cannot be understood; out->noun is set as far as it was, for
 * pointing at the right help.
 */
int cli_arguments_parse(struct cli_arguments *out, int argc, char **argv,
                        const char *environment, struct err *err);

/* What was given for this option of the command, or NULL. */
const char *cli_arguments_value(const struct cli_arguments *args,
                                const char *name);

#endif
