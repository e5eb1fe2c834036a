/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include "base/mem.h"

#define HEAD_MAX (16 * 1024)

static bool contains(const char *value, const char *word)
{
	return strcasestr(value, word) != NULL;
}

static int read_header(char *line, struct http_head *out)
{
	char *value = strchr(line, ':');

	if (!value)
		return -EPROTO;
	*value++ = '\0';
	value += strspn(value, " \t");
	if (strcasecmp(line, "Content-Length") == 0) {
		char *end = NULL;
		out->content_length = strtoll(value, &end, 10);
		if (end == value || out->content_length < 0)
			return -EPROTO;
	} else if (strcasecmp(line, "Transfer-Encoding") == 0) {
		out->chunked = contains(value, "chunked");
	} else if (strcasecmp(line, "Expect") == 0) {
		out->expects_continue = contains(value, "100-continue");
	} else if (strcasecmp(line, "Connection") == 0) {
		out->close = contains(value, "close");
	}
	return 0;
}

static int read_request_line(const char *line, struct http_head *out)
{
	const char *target = strchr(line, ' ');
	const char *version = target ? strchr(target + 1, ' ') : NULL;

	if (!version || strncmp(version + 1, "HTTP/1.", 7) != 0)
		return -EPROTO;
	size_t method_len = (size_t)(target - line);
	size_t target_len = (size_t)(version - target - 1);
	if (method_len >= sizeof out->method ||
	    target_len >= sizeof out->target)
		return -EPROTO;
	memcpy(out->method, line, method_len);
	memcpy(out->target, target + 1, target_len);
	out->close = version[8] == '0';
	return 0;
}

int http_head_parse(const char *data, size_t len, struct http_head *out,
                    size_t *used)
{
	const char *end = memmem(data, len, "\r\n\r\n", 4);

	if (!end || end - data > HEAD_MAX)
		return end || len > HEAD_MAX ? -EPROTO : HTTP_MORE;

	char *text CLEANUP(xfree) = xstrndup(data, (size_t)(end - data));
	struct http_head head = {0};
	char *rest = text;
	int r = read_request_line(strsep(&rest, "\n"), &head);
	while (r == 0 && rest)
		r = read_header(strsep(&rest, "\n"), &head);
	if (r < 0)
		return r;

	*out = head;
	*used = (size_t)(end - data) + 4;
	return 0;
}

void http_body_init(struct http_body *body, const struct http_head *head)
{
	*body = (struct http_body){0};
	if (head->chunked) {
		body->step = HTTP_CHUNK_SIZE;
		return;
	}
	body->left = (uint64_t)head->content_length;
	body->step = body->left ? HTTP_BODY_LENGTH : HTTP_BODY_DONE;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int chunk_size_byte(struct http_body *body, char c)
{
	int digit = hex_value(c);

	if (digit >= 0) {
		if (body->left >> 56)
			return -EPROTO;
		body->left = body->left * 16 + (uint64_t)digit;
		return 0;
	}
	if (c == '\n')
		body->step = body->left ? HTTP_CHUNK_DATA : HTTP_TRAILER;
	else
		body->step = HTTP_CHUNK_SKIP;
	return 0;
}

static int line_byte(struct http_body *body, char c)
{
	switch (body->step) {
	case HTTP_CHUNK_SIZE: return chunk_size_byte(body, c);
	case HTTP_CHUNK_SKIP:
		if (c == '\n')
			body->step =
				body->left ? HTTP_CHUNK_DATA : HTTP_TRAILER;
		return 0;
	case HTTP_CHUNK_END:
		if (c == '\n')
			body->step = HTTP_CHUNK_SIZE;
		return c == '\r' || c == '\n' ? 0 : -EPROTO;
	case HTTP_TRAILER:
		if (c == '\n' && body->line_len == 0)
			body->step = HTTP_BODY_DONE;
		body->line_len = c == '\n' ? 0 : body->line_len + (c != '\r');
		return 0;
	case HTTP_BODY_LENGTH:
	case HTTP_CHUNK_DATA:
	case HTTP_BODY_DONE: break;
	}
	return -EPROTO;
}

static bool is_framing(enum http_body_step step)
{
	return step != HTTP_BODY_LENGTH && step != HTTP_CHUNK_DATA &&
	       step != HTTP_BODY_DONE;
}

int http_body_next(struct http_body *body, const char *data, size_t len,
                   size_t *used, const char **out, size_t *out_len)
{
	size_t at = 0;
	int r = 0;

	while (r == 0 && at < len && is_framing(body->step))
		r = line_byte(body, data[at++]);
	*used = at;
	*out = data + at;
	*out_len = 0;
	if (r < 0 || at == len || body->step == HTTP_BODY_DONE)
		return r;

	*out_len = len - at < body->left ? len - at : (size_t)body->left;
	*used += *out_len;
	body->left -= *out_len;
	if (body->left == 0)
		body->step = body->step == HTTP_CHUNK_DATA ? HTTP_CHUNK_END
		                                           : HTTP_BODY_DONE;
	return 0;
}
