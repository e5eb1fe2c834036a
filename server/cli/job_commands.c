/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/cli/command.h"

#include <errno.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "server/cli/arguments.h"
#include "server/cli/client.h"
#include "server/cli/output.h"

/* One question waits no longer than this, so that the server is soon rid of a
 * client that was interrupted. */
#define ASK_SECONDS 20

static void print_job(struct cli_client *client, const json_t *job)
{
	if (cli_client_is_json(client))
		cli_output_json(job);
	else
		cli_output_object(job);
}

/* ---- list ---------------------------------------------------------------- */

static void add_query(struct cli_client *client, struct buf *path,
                      const struct cli_arguments *args, const char *name)
{
	const char *value = cli_arguments_value(args, name);
	char *text CLEANUP(xfree) = NULL;

	if (!value)
		return;
	text = cli_client_escape(client, value);
	buf_printf(path, "&%s=%s", name, text);
}

/* All pages of the listing as one array. */
static int collect(struct cli_client *client, const struct cli_arguments *args,
                   json_t *jobs, struct err *err)
{
	json_int_t after = 0;
	bool is_last = false;
	int r = CLI_OK;

	while (r == CLI_OK && !is_last) {
		struct buf path CLEANUP(buf_fini) = {0};
		json_t *answer = NULL;

		buf_printf(&path, "/jobs?limit=1000&after=%lld",
		           (long long)after);
		add_query(client, &path, args, "state");
		add_query(client, &path, args, "printer");
		r = cli_client_ask(client, "GET", buf_str(&path), NULL, &answer,
		                   err);
		json_array_extend(jobs, json_object_get(answer, "jobs"));
		is_last = !json_is_integer(json_object_get(answer, "next"));
		after = json_integer_value(json_object_get(answer, "next"));
		json_decref(answer);
	}
	return r;
}

int cli_job_list(struct cli_client *client, const struct cli_arguments *args,
                 struct err *err)
{
	static const char *const titles[] = {"ID",       "STATE", "PRINTER",
	                                     "RECEIVED", "FROM",  "SUBJECT",
	                                     "REASON",   NULL};
	static const char *const fields[] = {"id",          "state", "printer",
	                                     "received_at", "from",  "subject",
	                                     "reason",      NULL};
	json_t *answer = json_pack("{s:[]}", "jobs");
	json_t *jobs = json_object_get(answer, "jobs");
	int r = collect(client, args, jobs, err);

	if (r == CLI_OK && cli_client_is_json(client))
		cli_output_json(answer);
	else if (r == CLI_OK)
		cli_output_table(jobs, titles, fields);
	json_decref(answer);
	return r;
}

/* ---- one job ------------------------------------------------------------- */

static int ask(struct cli_client *client, const char *method,
               const struct cli_arguments *args, const char *action,
               const json_t *body, json_t **answer, struct err *err)
{
	char *id CLEANUP(xfree) = cli_client_escape(client, args->operands[0]);
	char *path CLEANUP(xfree) = xasprintf("/jobs/%s%s", id, action);

	return cli_client_ask(client, method, path, body, answer, err);
}

static int show(struct cli_client *client, const char *method,
                const struct cli_arguments *args, const char *action,
                const json_t *body, struct err *err)
{
	json_t *answer = NULL;
	int r = ask(client, method, args, action, body, &answer, err);

	if (r == CLI_OK)
		print_job(client, answer);
	json_decref(answer);
	return r;
}

int cli_job_show(struct cli_client *client, const struct cli_arguments *args,
                 struct err *err)
{
	return show(client, "GET", args, "", NULL, err);
}

int cli_job_cancel(struct cli_client *client, const struct cli_arguments *args,
                   struct err *err)
{
	return show(client, "POST", args, "/cancel", NULL, err);
}

/* All of the job, or the pages that are named. */
static int print_some(struct cli_client *client,
                      const struct cli_arguments *args, const char *action,
                      struct err *err)
{
	const char *pages = cli_arguments_value(args, "pages");
	json_t *body = pages ? json_pack("{s:s}", "pages", pages) : NULL;
	int r;

	if (pages && !body) { /* Jansson takes UTF-8 only */
		err_set(err, -EINVAL, "'--pages' is no text");
		return CLI_USAGE;
	}
	r = show(client, "POST", args, action, body, err);
	json_decref(body);
	return r;
}

int cli_job_release(struct cli_client *client, const struct cli_arguments *args,
                    struct err *err)
{
	return print_some(client, args, "/release", err);
}

int cli_job_retry(struct cli_client *client, const struct cli_arguments *args,
                  struct err *err)
{
	return print_some(client, args, "/retry", err);
}

/* ---- wait ---------------------------------------------------------------- */

static int ask_until(struct cli_client *client,
                     const struct cli_arguments *args, int64_t until_ms,
                     json_t **answer, struct err *err)
{
	for (;;) {
		int64_t left = (until_ms - clock_mono_ms() + 999) / 1000;
		int64_t seconds = left < ASK_SECONDS ? left : ASK_SECONDS;
		char *action CLEANUP(xfree) =
			xasprintf("?wait=%lld",
		                  seconds > 0 ? (long long)seconds : 0);
		int r = ask(client, "GET", args, action, NULL, answer, err);

		if (r != CLI_OK ||
		    !json_is_null(json_object_get(*answer, "ended_at")))
			return r;
		if (left <= 0)
			return CLI_TIMEOUT;
		json_decref(*answer);
		*answer = NULL;
	}
}

static void print_outcome(const json_t *job)
{
	char *id CLEANUP(xfree) = cli_output_text(job, "id");
	char *state CLEANUP(xfree) = cli_output_text(job, "state");
	char *reason CLEANUP(xfree) = cli_output_text(job, "reason");
	char *line CLEANUP(xfree) = xasprintf("job %s: %s%s%s", id, state,
	                                      reason[0] ? ": " : "", reason);

	cli_output_line(line);
}

int cli_job_wait(struct cli_client *client, const struct cli_arguments *args,
                 struct err *err)
{
	const char *timeout = cli_arguments_value(args, "timeout");
	int64_t seconds = 0;
	json_t *job = NULL;
	const char *state;
	int r;

	if (timeout && duration_parse(timeout, &seconds, err) < 0)
		return CLI_USAGE;
	r = ask_until(client, args,
	              timeout ? clock_mono_ms() + seconds * 1000 : INT64_MAX,
	              &job, err);
	if (r != CLI_OK && r != CLI_TIMEOUT)
		return r;
	if (cli_client_is_json(client))
		cli_output_json(job);
	else
		print_outcome(job);
	state = json_string_value(json_object_get(job, "state"));
	if (r == CLI_TIMEOUT)
		err_set(err, -1, "the job is not over yet");
	else if (!state || strcmp(state, "PRINTED") != 0)
		r = CLI_NOT_PRINTED;
	json_decref(job);
	return r;
}
