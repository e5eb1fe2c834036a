/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/cdp_reader.h"

#include <errno.h>
#include <stdbool.h>

#include "base/mem.h"

#define MESSAGE_MAX ((size_t)8 << 20)
#define DEPTH_MAX   64

/* jansson recurses: what nests deeper than any answer is not parsed. */
static bool is_shallow(const char *text, size_t len)
{
	unsigned depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && (c == '{' || c == '['))
			depth++;
		else if (!in_string && (c == '}' || c == ']') && depth > 0)
			depth--;
		if (depth > DEPTH_MAX)
			return false;
	}
	return true;
}

void cdp_reader_add(struct cdp_reader *reader, const void *data, size_t len)
{
	buf_consume(&reader->bytes, reader->taken);
	reader->searched -= reader->taken;
	reader->taken = 0;
	buf_append(&reader->bytes, data, len);
}

static int parse(const char *text, size_t len, json_t **out, struct err *err)
{
	json_t *message =
		is_shallow(text, len) ? json_loadb(text, len, 0, NULL) : NULL;

	if (!json_is_object(message)) {
		json_decref(message);
		return err_set(err, -EPROTO, "talks nonsense");
	}
	*out = message;
	return 1;
}

int cdp_reader_next(struct cdp_reader *reader, json_t **out, struct err *err)
{
	const struct buf *bytes = &reader->bytes;
	size_t from = reader->taken, left = bytes->len - reader->searched;
	const char *end =
		left ? memchr(bytes->data + reader->searched, '\0', left)
		     : NULL;
	size_t to = end ? (size_t)(end - bytes->data) : bytes->len;

	reader->searched = to;
	if (end) {
		reader->taken = reader->searched = to + 1;
		return parse(bytes->data + from, to - from, out, err);
	}
	return to - from > MESSAGE_MAX
	               ? err_set(err, -EMSGSIZE, "talks without end")
	               : 0;
}

void cdp_reader_fini(struct cdp_reader *reader)
{
	buf_fini(&reader->bytes);
}
