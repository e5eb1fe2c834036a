/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/cli/help.h"

#include "base/mem.h"

#define COLUMN 34

static void print_row(FILE *out, const char *left, const char *right)
{
	if (strlen(left) < COLUMN)
		fprintf(out, "  %-*s%s\n", COLUMN, left, right);
	else
		fprintf(out, "  %s\n  %*s%s\n", left, COLUMN, "", right);
}

static void print_command(FILE *out, const struct cli_command *command)
{
	char *left CLEANUP(xfree) =
		xasprintf("%s %s%s%s", command->noun, command->verb,
	                  command->operands[0] ? " " : "", command->operands);

	print_row(out, left, command->help);
}

static void print_options(FILE *out, const struct cli_command *command)
{
	for (size_t i = 0; i < CLI_OPTIONS_MAX; i++) {
		const struct cli_option *option = &command->options[i];
		char *left CLEANUP(xfree) = NULL;

		if (!option->name)
			continue;
		left = xasprintf("--%s %s%s", option->name, option->value,
		                 option->is_required ? " (needed)" : "");
		print_row(out, left, option->help);
	}
}

static void print_one(FILE *out, const struct cli_command *command)
{
	fprintf(out, "usage: platen %s %s%s%s%s\n\n%s\n", command->noun,
	        command->verb, command->operands[0] ? " " : "",
	        command->operands, command->options[0].name ? " [options]" : "",
	        command->help);
	if (command->options[0].name)
		fprintf(out, "\noptions:\n");
	print_options(out, command);
}

static void print_many(FILE *out, const char *noun)
{
	fprintf(out, "usage: platen [options] %s ...\n\ncommands:\n",
	        noun ? noun : "COMMAND");
	for (size_t i = 0; i < cli_n_commands; i++)
		if (!noun || strcmp(cli_commands[i].noun, noun) == 0)
			print_command(out, &cli_commands[i]);
	fprintf(out,
	        "\n'platen help printer add' tells the options of a command.\n");
}

void cli_help_print(FILE *out, const struct cli_arguments *args)
{
	if (args->command)
		print_one(out, args->command);
	else
		print_many(out, args->noun);
	fprintf(out, "\neverywhere:\n");
	print_row(
		out, "--socket PATH",
		"the server's admin socket; default: $PLATEN_SOCKET or " CLI_SOCKET);
	print_row(out, "--json", "print what the server answered");
	print_row(out, "--help", "this text");
	print_row(out, "--version", "the version");
}
