/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/office_reader.h"

#include <errno.h>

#include "base/log.h"
#include "base/mem.h"
#include "render/protocol.h"

#define LINE_MAX_BYTES 1024

unsigned office_reader_expect(struct office_reader *reader, uint64_t max_bytes)
{
	reader->is_awaited = true;
	reader->max_bytes = max_bytes;
	return ++reader->serial;
}

void office_reader_feed(struct office_reader *reader, const void *data,
                        size_t len)
{
	reader->data = data;
	reader->len = len;
}

static void move_on(struct office_reader *reader, size_t n)
{
	reader->data += n;
	reader->len -= n;
}

/* The answer names its document: nothing said before is taken for it. */
static bool is_answer(const struct office_reader *reader,
                      const struct protocol_line *words, const char *key)
{
	return reader->is_awaited &&
	       protocol_number(words, key, 0) == reader->serial;
}

static int take_words(struct office_reader *reader,
                      const struct protocol_line *words, struct err *err)
{
	const char *reason = protocol_get(words, "reason");
	const char *failed = protocol_get(words, "failed");
	const char *remark = protocol_get(words, "remark");
	uint64_t size = protocol_number(words, "size", 0);

	if (failed)
		return err_set(err, -EPROTO, "%s", failed);
	if (remark) {
		log_warn("office: %s", remark);
		return OFFICE_WORD_NONE;
	}
	if (protocol_get(words, "ready") && !reader->is_ready) {
		reader->is_ready = true;
		return OFFICE_WORD_READY;
	}
	if (is_answer(reader, words, "unconverted") && reason) {
		reader->is_awaited = false;
		reader->reason = reason;
		return OFFICE_WORD_UNCONVERTED;
	}
	if (is_answer(reader, words, "converted") && size > 0 &&
	    size <= reader->max_bytes) {
		reader->pdf_bytes = size;
		buf_clear(&reader->pdf);
		return OFFICE_WORD_NONE;
	}
	return err_set(err, -EPROTO, "its program talks nonsense");
}

/* What the words point to stays there until more of a line comes. */
static int take_line(struct office_reader *reader, struct err *err)
{
	const char *end = memchr(reader->data, '\n', reader->len);
	size_t n = end ? (size_t)(end - reader->data) : reader->len;
	struct protocol_line words;

	if (n > LINE_MAX_BYTES - reader->line.len)
		return err_set(err, -EPROTO, "its program talks too much");
	buf_append(&reader->line, reader->data, n);
	move_on(reader, end ? n + 1 : n);
	if (!end)
		return OFFICE_WORD_NONE;
	buf_str(&reader->line);
	buf_clear(&reader->line);
	if (protocol_parse(reader->line.data, &words, NULL) < 0)
		return err_set(err, -EPROTO, "its program talks nonsense");
	return take_words(reader, &words, err);
}

static int take_pdf(struct office_reader *reader)
{
	size_t n = reader->len < reader->pdf_bytes ? reader->len
	                                           : (size_t)reader->pdf_bytes;

	buf_append(&reader->pdf, reader->data, n);
	reader->pdf_bytes -= n;
	move_on(reader, n);
	if (reader->pdf_bytes > 0)
		return OFFICE_WORD_NONE;
	reader->is_awaited = false;
	return OFFICE_WORD_CONVERTED;
}

int office_reader_next(struct office_reader *reader, struct err *err)
{
	int r = OFFICE_WORD_NONE;

	while (r == OFFICE_WORD_NONE && reader->len > 0)
		r = reader->pdf_bytes > 0 ? take_pdf(reader)
		                          : take_line(reader, err);
	return r;
}

void office_reader_fini(struct office_reader *reader)
{
	buf_fini(&reader->line);
	buf_fini(&reader->pdf);
}
