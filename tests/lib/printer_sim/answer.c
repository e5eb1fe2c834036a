/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "answer.h"

#include <sys/types.h>

#include "base/mem.h"

/* One attribute of a flood: tag, name, value; 64 kB in all. */
#define FLOOD_NAME  "x-filler"
#define FLOOD_VALUE 32767
#define FLOOD_ATTR  (1 + 2 + sizeof FLOOD_NAME - 1 + 2 + FLOOD_VALUE)
#define FLOOD_BLOCK (2 * FLOOD_ATTR)
#define FLOOD_HEAD  9 /* version, status, request-id, group tag */

struct input {
	const char *data;
	size_t left;
};

static ssize_t read_input(void *ctx, ipp_uchar_t *out, size_t n)
{
	struct input *input = ctx;

	n = n < input->left ? n : input->left;
	memcpy(out, input->data, n);
	input->data += n;
	input->left -= n;
	return (ssize_t)n;
}

static ssize_t write_output(void *ctx, ipp_uchar_t *data, size_t n)
{
	buf_append(ctx, data, n);
	return (ssize_t)n;
}

ipp_t *answer_read_ipp(const char *data, size_t len)
{
	struct input input = {data, len};
	ipp_t *ipp = ippNew();
	ipp_state_t state;

	do
		state = ippReadIO(&input, read_input, 1, NULL, ipp);
	while (state != IPP_STATE_DATA && state != IPP_STATE_ERROR &&
	       state != IPP_STATE_IDLE);
	if (state == IPP_STATE_DATA)
		return ipp;
	ippDelete(ipp);
	return NULL;
}

static void head(struct buf *out, int status, const char *type)
{
	buf_printf(out,
	           "HTTP/1.1 %d %s\r\nServer: printer_sim\r\n"
	           "Content-Type: %s\r\n",
	           status, status == 200 ? "OK" : "Refused", type);
}

void answer_text(struct buf *out, int status, const char *type,
                 const char *body)
{
	head(out, status, type);
	buf_printf(out, "Content-Length: %zu\r\n\r\n", strlen(body));
	buf_puts(out, body);
}

void answer_ipp(struct buf *out, ipp_t *response)
{
	head(out, 200, "application/ipp");
	buf_printf(out, "Content-Length: %zu\r\n\r\n", ippLength(response));
	while (ippWriteIO(out, write_output, 1, NULL, response) ==
	       IPP_STATE_ATTRIBUTE)
		;
}

/* The same noise each time: a failure must come back. */
void answer_garbage(struct buf *out)
{
	unsigned char noise[777];
	uint32_t seed = 20231;

	for (size_t i = 0; i < sizeof noise; i++) {
		seed = seed * 1664525u + 1013904223u;
		noise[i] = (unsigned char)(seed >> 24);
	}
	head(out, 200, "application/ipp");
	buf_printf(out, "Content-Length: %zu\r\n\r\n", sizeof noise);
	buf_append(out, noise, sizeof noise);
}

void answer_flood_head(struct buf *out, const ipp_t *response, bool endless)
{
	int id = ippGetRequestId((ipp_t *)response);
	const unsigned char message[FLOOD_HEAD] = {
		1,
		1,
		0,
		0,
		(unsigned char)(id >> 24),
		(unsigned char)(id >> 16),
		(unsigned char)(id >> 8),
		(unsigned char)id,
		IPP_TAG_PRINTER,
	};

	head(out, 200, "application/ipp");
	if (endless)
		buf_printf(out, "Transfer-Encoding: chunked\r\n\r\n%x\r\n",
		           FLOOD_HEAD);
	else
		buf_printf(out, "Content-Length: %zu\r\n\r\n",
		           FLOOD_HEAD + ANSWER_HUGE_BLOCKS * FLOOD_BLOCK);
	buf_append(out, message, sizeof message);
	if (endless)
		buf_puts(out, "\r\n");
}

static void flood_attr(struct buf *out)
{
	static const unsigned char head_bytes[] = {
		IPP_TAG_TEXT,
		0,
		sizeof FLOOD_NAME - 1,
	};
	static const unsigned char value_len[] = {
		FLOOD_VALUE >> 8,
		FLOOD_VALUE & 0xff,
	};

	buf_append(out, head_bytes, sizeof head_bytes);
	buf_puts(out, FLOOD_NAME);
	buf_append(out, value_len, sizeof value_len);
	buf_reserve(out, FLOOD_VALUE);
	memset(out->data + out->len, 'x', FLOOD_VALUE);
	out->len += FLOOD_VALUE;
}

void answer_flood_block(struct buf *out, bool endless)
{
	if (endless)
		buf_printf(out, "%zx\r\n", (size_t)FLOOD_BLOCK);
	flood_attr(out);
	flood_attr(out);
	if (endless)
		buf_puts(out, "\r\n");
}
