/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/cli/command.h"

#include "base/mem.h"
#include "server/cli/arguments.h"
#include "server/cli/client.h"
#include "server/cli/output.h"

/* Ask about the printer of the first operand. */
static int ask(struct cli_client *client, const char *method,
               const struct cli_arguments *args, const char *action,
               json_t **answer, struct err *err)
{
	char *name CLEANUP(xfree) =
		cli_client_escape(client, args->operands[0]);
	char *path CLEANUP(xfree) = xasprintf("/printers/%s%s", name, action);

	return cli_client_ask(client, method, path, NULL, answer, err);
}

static void print_printer(struct cli_client *client, const json_t *printer)
{
	if (cli_client_is_json(client))
		cli_output_json(printer);
	else
		cli_output_object(printer);
}

int cli_printer_add(struct cli_client *client, const struct cli_arguments *args,
                    struct err *err)
{
	json_t *body = json_pack("{s:s, s:s}", "name", args->operands[0], "uri",
	                         cli_arguments_value(args, "uri"));
	json_t *answer = NULL;
	int r;

	if (!body) {
		err_set(err, -1, "the name or the address is no UTF-8");
		return CLI_REFUSED;
	}
	r = cli_client_ask(client, "POST", "/printers", body, &answer, err);
	json_decref(body);
	if (r == CLI_OK)
		print_printer(client, answer);
	json_decref(answer);
	return r;
}

int cli_printer_list(struct cli_client *client,
                     const struct cli_arguments *args, struct err *err)
{
	static const char *const titles[] = {"NAME",  "STATE", "WAITING",
	                                     "ASKED", "URI",   "WHY",
	                                     NULL};
	static const char *const fields[] =
		{"name",     "verdict", "waiting_jobs", "asked_at", "uri",
	         "sentence", NULL};
	json_t *answer = NULL;
	int r = cli_client_ask(client, "GET", "/printers", NULL, &answer, err);

	if (r == CLI_OK && cli_client_is_json(client))
		cli_output_json(answer);
	else if (r == CLI_OK)
		cli_output_table(json_object_get(answer, "printers"), titles,
		                 fields);
	json_decref(answer);
	return r;
}

static int show(struct cli_client *client, const char *method,
                const struct cli_arguments *args, const char *action,
                struct err *err)
{
	json_t *answer = NULL;
	int r = ask(client, method, args, action, &answer, err);

	if (r == CLI_OK)
		print_printer(client, answer);
	json_decref(answer);
	return r;
}

int cli_printer_show(struct cli_client *client,
                     const struct cli_arguments *args, struct err *err)
{
	return show(client, "GET", args, "", err);
}

int cli_printer_check(struct cli_client *client,
                      const struct cli_arguments *args, struct err *err)
{
	return show(client, "POST", args, "/check", err);
}

int cli_printer_trust(struct cli_client *client,
                      const struct cli_arguments *args, struct err *err)
{
	return show(client, "POST", args, "/trust", err);
}

int cli_printer_forget(struct cli_client *client,
                       const struct cli_arguments *args, struct err *err)
{
	return show(client, "POST", args, "/forget", err);
}

int cli_printer_remove(struct cli_client *client,
                       const struct cli_arguments *args, struct err *err)
{
	json_t *answer = NULL;
	int r = ask(client, "DELETE", args, "", &answer, err);

	if (r == CLI_OK && cli_client_is_json(client))
		cli_output_json(answer);
	json_decref(answer);
	return r;
}

int cli_printer_token(struct cli_client *client,
                      const struct cli_arguments *args, struct err *err)
{
	json_t *answer = NULL;
	int r = ask(client, "POST", args, "/token", &answer, err);

	if (r == CLI_OK && cli_client_is_json(client)) {
		cli_output_json(answer);
	} else if (r == CLI_OK) {
		char *token CLEANUP(xfree) = cli_output_text(answer, "token");

		cli_output_line(token);
	}
	json_decref(answer);
	return r;
}
