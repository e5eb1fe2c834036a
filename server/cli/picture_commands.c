/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/cli/command.h"

#include "base/mem.h"
#include "server/cli/arguments.h"
#include "server/cli/client.h"
#include "server/cli/output.h"

int cli_picture_list(struct cli_client *client,
                     const struct cli_arguments *args, struct err *err)
{
	static const char *const titles[] = {"FROM", "MAILS",     "LOGO",
	                                     "HASH", "LAST-SEEN", NULL};
	static const char *const fields[] = {"from", "mails",        "is_logo",
	                                     "hash", "last_seen_at", NULL};
	json_t *answer = NULL;
	int r = cli_client_ask(client, "GET", "/pictures", NULL, &answer, err);

	if (r == CLI_OK && cli_client_is_json(client))
		cli_output_json(answer);
	else if (r == CLI_OK)
		cli_output_table(json_object_get(answer, "pictures"), titles,
		                 fields);
	json_decref(answer);
	return r;
}

int cli_picture_forget(struct cli_client *client,
                       const struct cli_arguments *args, struct err *err)
{
	char *hash CLEANUP(xfree) =
		cli_client_escape(client, args->operands[0]);
	char *path CLEANUP(xfree) = xasprintf("/pictures/%s", hash);
	json_t *answer = NULL;
	int r = cli_client_ask(client, "DELETE", path, NULL, &answer, err);

	if (r == CLI_OK && cli_client_is_json(client))
		cli_output_json(answer);
	json_decref(answer);
	return r;
}
