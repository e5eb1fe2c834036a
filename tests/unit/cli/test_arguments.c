/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "base/mem.h"
#include "server/cli/arguments.h"
#include "server/cli/help.h"
#include "tests/unit/check_run.h"

static struct cli_arguments args;
static struct err err;

/* The words after "platen", separated by one blank. */
static int parse(const char *line)
{
	static char copy[512];
	char *argv[64] = {(char *)"platen"}, *rest = copy, *word;
	int argc = 1;

	snprintf(copy, sizeof copy, "%s", line);
	err = (struct err){0};
	while ((word = strsep(&rest, " ")))
		if (word[0])
			argv[argc++] = word;
	return cli_arguments_parse(&args, argc, argv, "/env.sock", &err);
}

START_TEST(test_every_command_parses_with_what_it_needs)
{
	for (size_t i = 0; i < cli_n_commands; i++) {
		const struct cli_command *c = &cli_commands[i];
		char line[512];
		int n = snprintf(line, sizeof line, "%s %s %s", c->noun,
		                 c->verb, c->operands);

		for (size_t k = 0; k < CLI_OPTIONS_MAX; k++)
			if (c->options[k].is_required)
				n += snprintf(line + n, sizeof line - (size_t)n,
				              " --%s x", c->options[k].name);
		ck_assert_msg(parse(line) == 0, "%s: %s", line, err.text);
		ck_assert_ptr_eq(args.command, c);
	}
}
END_TEST

START_TEST(test_every_option_is_taken_and_given_back)
{
	for (size_t i = 0; i < cli_n_commands; i++) {
		const struct cli_command *c = &cli_commands[i];
		char line[1024];
		int n = snprintf(line, sizeof line, "%s %s %s", c->noun,
		                 c->verb, c->operands);

		for (size_t k = 0; k < CLI_OPTIONS_MAX; k++)
			if (c->options[k].name)
				n += snprintf(line + n, sizeof line - (size_t)n,
				              " --%s=%zu", c->options[k].name,
				              k);
		ck_assert_msg(parse(line) == 0, "%s: %s", line, err.text);
		for (size_t k = 0; k < CLI_OPTIONS_MAX; k++) {
			char number[8];

			if (!c->options[k].name)
				continue;
			snprintf(number, sizeof number, "%zu", k);
			ck_assert_str_eq(cli_arguments_value(&args,
			                                     c->options[k]
			                                             .name),
			                 number);
		}
	}
}
END_TEST

START_TEST(test_global_options_stand_anywhere)
{
	ck_assert_int_eq(parse("--json job list --socket /a.sock"), 0);
	ck_assert(args.is_json);
	ck_assert_str_eq(args.socket, "/a.sock");
	ck_assert_int_eq(parse("job list --json"), 0);
	ck_assert(args.is_json);
	ck_assert_str_eq(args.socket, "/env.sock");
}
END_TEST

START_TEST(test_without_environment_the_usual_socket_is_asked)
{
	char words[3][8] = {"platen", "job", "list"};
	char *argv[] = {words[0], words[1], words[2]};

	ck_assert_int_eq(cli_arguments_parse(&args, 3, argv, NULL, &err), 0);
	ck_assert_str_eq(args.socket, CLI_SOCKET);
	ck_assert_int_eq(cli_arguments_parse(&args, 3, argv, "", &err), 0);
	ck_assert_str_eq(args.socket, CLI_SOCKET);
}
END_TEST

START_TEST(test_words_after_two_dashes_are_no_options)
{
	ck_assert_int_eq(parse("printer show -- --json"), 0);
	ck_assert(!args.is_json);
	ck_assert_str_eq(args.operands[0], "--json");
}
END_TEST

START_TEST(test_mistakes_are_named)
{
	static const char *const mistakes[][2] = {
		{"", "a command is missing"},
		{"frob", "there is no command 'frob'"},
		{"printer", "'printer' needs to know what to do"},
		{"printer frob", "there is no command 'printer frob'"},
		{"printer show", "'printer show' needs NAME"},
		{"printer show a b", "'b' is one word too many"},
		{"printer add a", "'printer add' needs --uri URI"},
		{"printer add a --uri", "--uri needs a value"},
		{"printer add a --uri x --uri y", "--uri is given twice"},
		{"printer list --uri x", "there is no option --uri here"},
		{"--state x job list",
	         "there is no option --state before the command"},
		{"job list --json=yes", "--json takes no value"},
		{"job list -j", "there is no option -j"},
		{"registration set 4",
	         "'registration set' needs ID KEY=VALUE..."},
	};

	for (size_t i = 0; i < ARRAY_LEN(mistakes); i++) {
		ck_assert_int_eq(parse(mistakes[i][0]), -EINVAL);
		ck_assert_str_eq(err.text, mistakes[i][1]);
	}
}
END_TEST

START_TEST(test_set_takes_many_pairs)
{
	ck_assert_int_eq(parse("registration set 4 copies=2 sides=one-sided"),
	                 0);
	ck_assert_uint_eq(args.n_operands, 3);
	ck_assert_str_eq(args.operands[2], "sides=one-sided");
}
END_TEST

START_TEST(test_help_names_every_command_and_option)
{
	static const char *const ways[] = {"help %s %s", "%s %s --help",
	                                   "%s %s -h"};

	for (size_t i = 0; i < cli_n_commands; i++) {
		const struct cli_command *c = &cli_commands[i];
		char line[128], text[4096] = "";
		FILE *out;

		snprintf(line, sizeof line, ways[i % 3], c->noun, c->verb);
		ck_assert_msg(parse(line) == 0, "%s", err.text);
		ck_assert(args.wants_help);
		out = fmemopen(text, sizeof text, "w");
		cli_help_print(out, &args);
		fclose(out);
		ck_assert_ptr_nonnull(strstr(text, c->help));
		for (size_t k = 0; k < CLI_OPTIONS_MAX; k++)
			if (c->options[k].name)
				ck_assert_ptr_nonnull(
					strstr(text, c->options[k].name));
	}
	ck_assert_int_eq(parse("help"), 0);
	ck_assert_ptr_null(args.noun);
	ck_assert_int_eq(parse("printer --help"), 0);
	ck_assert_str_eq(args.noun, "printer");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("arguments");
	TCase *tc = tcase_create("all");

	suite_add_tcase(s, tc);
	tcase_add_test(tc, test_every_command_parses_with_what_it_needs);
	tcase_add_test(tc, test_every_option_is_taken_and_given_back);
	tcase_add_test(tc, test_global_options_stand_anywhere);
	tcase_add_test(tc, test_without_environment_the_usual_socket_is_asked);
	tcase_add_test(tc, test_words_after_two_dashes_are_no_options);
	tcase_add_test(tc, test_mistakes_are_named);
	tcase_add_test(tc, test_set_takes_many_pairs);
	tcase_add_test(tc, test_help_names_every_command_and_option);
	return check_run(s);
}
