/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_CLI_COMMAND_H
#define SERVER_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * The commands of `platen`, in one table: parsing, help and what is run come
 * from it.
 */
struct cli_client;
struct cli_arguments;

/* Exit codes; platen(1) tells them. */
enum cli_exit {
	CLI_OK = 0,
	CLI_REFUSED = 1,     /* or failed; a sentence on standard error */
	CLI_USAGE = 2,       /* the command was not understood */
	CLI_UNREACHABLE = 3, /* no server behind the socket */
	CLI_TIMEOUT = 4,     /* job wait: the job is not over yet */
	CLI_NOT_PRINTED = 5, /* job wait: it ended, but not on paper */
};

/* Returns a cli_exit; err has the words for all but CLI_OK. */
typedef int cli_run(struct cli_client *client, const struct cli_arguments *args,
                    struct err *err);

#define CLI_OPTIONS_MAX 32

struct cli_option {
	const char *name;  /* without "--"; also the member of the API */
	const char *value; /* what stands there, in capitals */
	const char *help;
	bool is_required;
};

struct cli_command {
	const char *noun, *verb;
	const char *operands; /* "NAME"; a last "..." takes more of them */
	const char *help;
	struct cli_option options[CLI_OPTIONS_MAX]; /* ends with no name */
	cli_run *run;
};

extern const struct cli_command cli_commands[];
extern const size_t cli_n_commands;

/* picture_commands.c, printer_commands.c, registration_commands.c,
 * job_commands.c */
cli_run cli_printer_add, cli_printer_list, cli_printer_show, cli_printer_check,
	cli_printer_trust, cli_printer_forget, cli_printer_remove,
	cli_printer_token;
cli_run cli_registration_add, cli_registration_list, cli_registration_set,
	cli_registration_remove;
cli_run cli_picture_list, cli_picture_forget;
cli_run cli_job_list, cli_job_show, cli_job_wait, cli_job_cancel,
	cli_job_release, cli_job_retry;

#endif
