/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/cli/arguments.h"

#include <errno.h>

#include "base/mem.h"

/* What is still to be read. */
struct rest {
	int argc, at;
	char **argv;
	bool no_options; /* "--" was seen */
};

static bool is_noun(const char *word)
{
	for (size_t i = 0; i < cli_n_commands; i++)
		if (strcmp(cli_commands[i].noun, word) == 0)
			return true;
	return false;
}

static const struct cli_command *find_command(const char *noun,
                                              const char *verb)
{
	for (size_t i = 0; i < cli_n_commands; i++)
		if (strcmp(cli_commands[i].noun, noun) == 0 &&
		    strcmp(cli_commands[i].verb, verb) == 0)
			return &cli_commands[i];
	return NULL;
}

/* The value in "name=value", else the next word. */
static int take_value(struct rest *rest, const char *name, const char *equals,
                      const char **out, struct err *err)
{
	if (*out)
		return err_set(err, -EINVAL, "--%s is given twice", name);
	if (equals) {
		*out = equals + 1;
		return 0;
	}
	if (rest->at == rest->argc)
		return err_set(err, -EINVAL, "--%s needs a value", name);
	*out = rest->argv[rest->at++];
	return 0;
}

static int take_flag(const char *name, const char *equals, bool *flag,
                     struct err *err)
{
	if (equals)
		return err_set(err, -EINVAL, "--%s takes no value", name);
	*flag = true;
	return 0;
}

static int take_option(struct cli_arguments *out, struct rest *rest,
                       const char *word, struct err *err)
{
	const char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : strlen(word);
	char *name CLEANUP(xfree) = xstrndup(word, len);

	if (strcmp(name, "help") == 0)
		return take_flag(name, equals, &out->wants_help, err);
	if (strcmp(name, "version") == 0)
		return take_flag(name, equals, &out->wants_version, err);
	if (strcmp(name, "json") == 0)
		return take_flag(name, equals, &out->is_json, err);
	if (strcmp(name, "socket") == 0)
		return take_value(rest, name, equals, &out->socket, err);
	for (size_t i = 0; out->command && i < CLI_OPTIONS_MAX; i++) {
		const struct cli_option *option = &out->command->options[i];

		if (option->name && strcmp(option->name, name) == 0)
			return take_value(rest, name, equals, &out->values[i],
			                  err);
	}
	return err_set(err, -EINVAL, "there is no option --%s%s", name,
	               out->command ? " here" : " before the command");
}

static int take_operand(struct cli_arguments *out, const char *word,
                        struct err *err)
{
	if (!out->noun && !out->wants_help && strcmp(word, "help") == 0) {
		out->wants_help = true;
		return 0;
	}
	if (!out->noun) {
		if (!is_noun(word))
			return err_set(err, -EINVAL, "there is no command '%s'",
			               word);
		out->noun = word;
		return 0;
	}
	if (!out->command) {
		out->command = find_command(out->noun, word);
		return out->command ? 0
		                    : err_set(err, -EINVAL,
		                              "there is no command '%s %s'",
		                              out->noun, word);
	}
	if (out->n_operands == CLI_OPERANDS_MAX)
		return err_set(err, -EINVAL, "too many words");
	out->operands[out->n_operands++] = word;
	return 0;
}

/* Words of "ID KEY=VALUE...": how many, and whether more may come. */
static size_t count_operands(const char *text, bool *is_open)
{
	size_t n = text[0] != '\0';

	for (const char *p = text; *p; p++)
		n += *p == ' ';
	*is_open = strstr(text, "...") != NULL;
	return n;
}

static int check_complete(const struct cli_arguments *out, struct err *err)
{
	const struct cli_command *command = out->command;
	bool is_open;
	size_t n = count_operands(command->operands, &is_open);

	if (out->n_operands < n)
		return err_set(err, -EINVAL, "'%s %s' needs %s", command->noun,
		               command->verb, command->operands);
	if (out->n_operands > n && !is_open)
		return err_set(err, -EINVAL, "'%s' is one word too many",
		               out->operands[n]);
	for (size_t i = 0; i < CLI_OPTIONS_MAX; i++)
		if (command->options[i].is_required && !out->values[i])
			return err_set(err, -EINVAL, "'%s %s' needs --%s %s",
			               command->noun, command->verb,
			               command->options[i].name,
			               command->options[i].value);
	return 0;
}

static int take_word(struct cli_arguments *out, struct rest *rest,
                     struct err *err)
{
	const char *word = rest->argv[rest->at++];

	if (rest->no_options || word[0] != '-' || word[1] == '\0')
		return take_operand(out, word, err);
	if (strcmp(word, "--") == 0) {
		rest->no_options = true;
		return 0;
	}
	if (strcmp(word, "-h") == 0)
		word = "--help";
	if (word[1] != '-')
		return err_set(err, -EINVAL, "there is no option %s", word);
	return take_option(out, rest, word + 2, err);
}

int cli_arguments_parse(struct cli_arguments *out, int argc, char **argv,
                        const char *environment, struct err *err)
{
	struct rest rest = {.argc = argc, .at = 1, .argv = argv};

	*out = (struct cli_arguments){0};
	while (rest.at < rest.argc) {
		int r = take_word(out, &rest, err);

		if (r < 0)
			return r;
	}
	if (!out->socket)
		out->socket = environment && environment[0] ? environment
		                                            : CLI_SOCKET;
	if (out->wants_help || out->wants_version)
		return 0;
	if (!out->noun)
		return err_set(err, -EINVAL, "a command is missing");
	if (!out->command)
		return err_set(err, -EINVAL, "'%s' needs to know what to do",
		               out->noun);
	return check_complete(out, err);
}

const char *cli_arguments_value(const struct cli_arguments *args,
                                const char *name)
{
	for (size_t i = 0; i < CLI_OPTIONS_MAX; i++)
		if (args->command->options[i].name &&
		    strcmp(args->command->options[i].name, name) == 0)
			return args->values[i];
	return NULL;
}
