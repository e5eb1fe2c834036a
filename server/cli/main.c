/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * platen: the administrator's command line. Asks platend over its admin socket;
 * has no power that the API lacks.
 */
#include <curl/curl.h>
#include <locale.h>
#include <stdio.h>

#include "base/log.h"
#include "base/mem.h"
#include "server/cli/arguments.h"
#include "server/cli/client.h"
#include "server/cli/help.h"

static void complain(const struct err *err)
{
	char text[2 * sizeof err->text];

	fprintf(stderr, "platen: %s\n",
	        log_escape(text, sizeof text, err->text));
}

static int usage(const struct cli_arguments *args, const struct err *err)
{
	complain(err);
	fprintf(stderr, "Try 'platen help%s%s%s%s'.\n", args->noun ? " " : "",
	        args->noun ? args->noun : "", args->command ? " " : "",
	        args->command ? args->command->verb : "");
	return CLI_USAGE;
}

static int run(const struct cli_arguments *args)
{
	struct cli_client *client CLEANUP(cli_client_free) = NULL;
	struct err err = {0};
	int r;

	curl_global_init(CURL_GLOBAL_DEFAULT);
	client = cli_client_new(args->socket, args->is_json);
	r = args->command->run(client, args, &err);
	if (r == CLI_USAGE)
		return usage(args, &err);
	if (r != CLI_OK && err.text[0])
		complain(&err);
	return r;
}

/* A full disk under a redirected listing is a failure. */
static int flush(int code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	perror("platen: cannot write");
	return code == CLI_OK ? CLI_REFUSED : code;
}

int main(int argc, char **argv)
{
	struct cli_arguments args;
	struct err err = {0};

	setlocale(LC_ALL, "");
	if (cli_arguments_parse(&args, argc, argv, getenv("PLATEN_SOCKET"),
	                        &err) < 0)
		return usage(&args, &err);
	if (args.wants_version)
		printf("platen %s\n", PLATEN_VERSION);
	else if (args.wants_help)
		cli_help_print(stdout, &args);
	else
		return flush(run(&args));
	return flush(CLI_OK);
}
