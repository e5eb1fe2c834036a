/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_FUZZ_FUZZ_MHD_H
#define TESTS_FUZZ_FUZZ_MHD_H

#include <assert.h>

#include <microhttpd.h>

#include "base/mem.h"

/*
 * In place of libmicrohttpd: a connection is what the input says, an answer is
 * kept as text.
 */
struct MHD_Connection {
	union MHD_ConnectionInfo info;
	char *query; /* "k=v&k=v", split in place */
	size_t query_len;
	const char *authorization; /* NULL: none */
};

struct MHD_Response {
	char *text;
};

const char *MHD_lookup_connection_value(struct MHD_Connection *connection,
                                        enum MHD_ValueKind kind,
                                        const char *key)
{
	size_t n = strlen(key);

	if (kind == MHD_HEADER_KIND)
		return connection->authorization;
	for (const char *at = connection->query,
	                *end = at + connection->query_len;
	     at <= end; at += strlen(at) + 1)
		if (strncmp(at, key, n) == 0 && at[n] == '=')
			return at + n + 1;
	return NULL;
}

const union MHD_ConnectionInfo *
MHD_get_connection_info(struct MHD_Connection *connection,
                        enum MHD_ConnectionInfoType type, ...)
{
	return &connection->info;
}

struct MHD_Response *
MHD_create_response_from_buffer(size_t size, void *text,
                                enum MHD_ResponseMemoryMode mode)
{
	struct MHD_Response *response = xcalloc(1, sizeof *response);

	assert(strlen(text) == size);
	response->text = xstrdup(text);
	if (mode == MHD_RESPMEM_MUST_FREE)
		free(text);
	return response;
}

enum MHD_Result MHD_add_response_header(struct MHD_Response *response,
                                        const char *name, const char *value)
{
	assert(value[0] && !strpbrk(value, "\r\n"));
	return MHD_YES;
}

void MHD_destroy_response(struct MHD_Response *response)
{
	free(response->text);
	free(response);
}

static void connection_set_query(struct MHD_Connection *connection, char *query)
{
	connection->query = query;
	connection->query_len = strlen(query);
	for (char *at = query; *at; at++)
		if (*at == '&')
			*at = '\0';
}

#endif
