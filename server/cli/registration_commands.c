/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/cli/command.h"

#include "base/mem.h"
#include "server/cli/arguments.h"
#include "server/cli/client.h"
#include "server/cli/output.h"

static void print_registration(struct cli_client *client, const json_t *answer)
{
	if (cli_client_is_json(client))
		cli_output_json(answer);
	else
		cli_output_object(answer);
}

/* false: no UTF-8. */
static bool put(json_t *body, const char *key, const char *value)
{
	return json_object_set_new(body, key, json_string(value)) == 0;
}

static int ask(struct cli_client *client, const char *method, const char *path,
               const json_t *body, struct err *err)
{
	json_t *answer = NULL;
	int r = cli_client_ask(client, method, path, body, &answer, err);

	if (r == CLI_OK)
		print_registration(client, answer);
	json_decref(answer);
	return r;
}

int cli_registration_add(struct cli_client *client,
                         const struct cli_arguments *args, struct err *err)
{
	json_t *body = json_object();
	int r = CLI_OK;

	for (size_t i = 0; i < CLI_OPTIONS_MAX; i++)
		if (args->values[i] &&
		    !put(body, args->command->options[i].name, args->values[i]))
			r = CLI_REFUSED;
	if (r == CLI_OK)
		r = ask(client, "POST", "/registrations", body, err);
	else
		err_set(err, -1, "an option is no UTF-8");
	json_decref(body);
	return r;
}

int cli_registration_list(struct cli_client *client,
                          const struct cli_arguments *args, struct err *err)
{
	static const char *const titles[] = {"ID",        "FROM",
	                                     "ADDRESS",   "PRINTER",
	                                     "RETENTION", "RECOVERY-WAIT",
	                                     NULL};
	static const char *const fields[] = {"id",        "from",
	                                     "address",   "printer",
	                                     "retention", "recovery-wait",
	                                     NULL};
	json_t *answer = NULL;
	int r = cli_client_ask(client, "GET", "/registrations", NULL, &answer,
	                       err);

	if (r == CLI_OK && cli_client_is_json(client))
		cli_output_json(answer);
	else if (r == CLI_OK)
		cli_output_table(json_object_get(answer, "registrations"),
		                 titles, fields);
	json_decref(answer);
	return r;
}

static int read_pair(const char *pair, json_t *body, struct err *err)
{
	const char *equals = strchr(pair, '=');
	char *key CLEANUP(xfree) = NULL;

	if (!equals) {
		err_set(err, -1, "'%s' is not like KEY=VALUE", pair);
		return CLI_USAGE;
	}
	key = xstrndup(pair, (size_t)(equals - pair));
	if (put(body, key, equals + 1))
		return CLI_OK;
	err_set(err, -1, "a value is no UTF-8");
	return CLI_USAGE;
}

static char *path_of(struct cli_client *client,
                     const struct cli_arguments *args)
{
	char *id CLEANUP(xfree) = cli_client_escape(client, args->operands[0]);

	return xasprintf("/registrations/%s", id);
}

int cli_registration_set(struct cli_client *client,
                         const struct cli_arguments *args, struct err *err)
{
	char *path CLEANUP(xfree) = path_of(client, args);
	json_t *body = json_object();
	int r = CLI_OK;

	for (size_t i = 1; i < args->n_operands && r == CLI_OK; i++)
		r = read_pair(args->operands[i], body, err);
	if (r == CLI_OK)
		r = ask(client, "PATCH", path, body, err);
	json_decref(body);
	return r;
}

int cli_registration_remove(struct cli_client *client,
                            const struct cli_arguments *args, struct err *err)
{
	char *path CLEANUP(xfree) = path_of(client, args);
	json_t *answer = NULL;
	int r = cli_client_ask(client, "DELETE", path, NULL, &answer, err);

	if (r == CLI_OK && cli_client_is_json(client))
		cli_output_json(answer);
	json_decref(answer);
	return r;
}
