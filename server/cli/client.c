/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/cli/client.h"

#include <curl/curl.h>
#include <errno.h>

#include "base/buf.h"
#include "base/mem.h"
#include "server/cli/command.h"

#define ANSWER_MAX (64 << 20)

struct cli_client {
	CURL *curl;
	char *socket;
	bool is_json;
};

struct cli_client *cli_client_new(const char *socket, bool is_json)
{
	struct cli_client *client = xcalloc(1, sizeof *client);

	client->curl = curl_easy_init();
	if (!client->curl)
		abort();
	client->socket = xstrdup(socket);
	client->is_json = is_json;
	return client;
}

void cli_client_free(struct cli_client *client)
{
	if (!client)
		return;
	curl_easy_cleanup(client->curl);
	free(client->socket);
	free(client);
}

bool cli_client_is_json(const struct cli_client *client)
{
	return client->is_json;
}

static size_t on_data(char *data, size_t size, size_t n, void *arg)
{
	struct buf *buf = arg;

	if (n > ANSWER_MAX - buf->len)
		return 0;
	buf_append(buf, data, n);
	return n;
}

/* Configured anew each time, so that no question inherits from another. */
static CURLcode perform(struct cli_client *client, const char *method,
                        const char *url, const char *body, struct buf *answer)
{
	CURL *curl = client->curl;

	curl_easy_reset(curl);
	curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, client->socket);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_data);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	if (body)
		curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, body);
	return curl_easy_perform(curl);
}

static int unreachable(struct cli_client *client, CURLcode code,
                       struct err *err)
{
	long os = 0;

	curl_easy_getinfo(client->curl, CURLINFO_OS_ERRNO, &os);
	err_set(err, -ENOTCONN, "cannot reach the server at '%s': %s; %s",
	        client->socket,
	        code == CURLE_COULDNT_CONNECT && os ? strerror((int)os)
	                                            : curl_easy_strerror(code),
	        os == EACCES ? "run this as root, or as the user of platend"
	                     : "is platend running?");
	return CLI_UNREACHABLE;
}

static int judge(struct cli_client *client, json_t *answer, struct err *err)
{
	const char *why = json_string_value(json_object_get(answer, "error"));
	long status = 0;

	curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
	if (answer && status >= 200 && status < 300)
		return CLI_OK;
	err_set(err, -EPROTO, "%s",
	        why ? why : "the server's answer is not understood");
	return CLI_REFUSED;
}

int cli_client_ask(struct cli_client *client, const char *method,
                   const char *path, const json_t *body, json_t **answer,
                   struct err *err)
{
	char *url CLEANUP(xfree) = xasprintf("http://platen/api/v1%s", path);
	char *text CLEANUP(xfree) = body ? json_dumps(body, 0) : NULL;
	struct buf data CLEANUP(buf_fini) = {0};
	CURLcode code = perform(client, method, url, text, &data);
	json_t *object;
	int r;

	if (code != CURLE_OK)
		return unreachable(client, code, err);
	object = json_loadb(buf_str(&data), data.len, 0, NULL);
	r = judge(client, object, err);
	if (r == CLI_OK)
		*answer = object;
	else
		json_decref(object);
	return r;
}

char *cli_client_escape(struct cli_client *client, const char *text)
{
	char *escaped = curl_easy_escape(client->curl, text, 0);
	char *copy = xstrdup(escaped);

	if (!copy)
		abort();
	curl_free(escaped);
	return copy;
}
