/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_OFFICE_READER_H
#define RENDER_OFFICE_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * What platen-office says (render/office/main.c), from the bytes of its pipe.
 * It works on strangers' documents: whatever is said beside the words that are
 * waited for is the end of it, and a PDF is no larger than what was allowed.
 * Zero-initialised has heard nothing.
 */
struct office_reader {
	bool is_ready, is_awaited; /* an answer is */
	unsigned serial;           /* of the document, from 1 */
	const char *data;          /* borrowed: what is not yet read */
	size_t len;
	struct buf line;    /* not yet a whole one */
	uint64_t pdf_bytes; /* still to come */
	uint64_t max_bytes; /* of it */
	struct buf pdf;
	const char *reason;
};

enum office_word {
	OFFICE_WORD_NONE,        /* more has to come */
	OFFICE_WORD_READY,       /* comes once */
	OFFICE_WORD_CONVERTED,   /* reader->pdf is whole, and may be taken */
	OFFICE_WORD_UNCONVERTED, /* reader->reason says why */
};

/* A document is on its way: the serial number that its answer has to name. */
unsigned office_reader_expect(struct office_reader *reader, uint64_t max_bytes);

/* What came: borrowed until office_reader_next() says that more has to. */
void office_reader_feed(struct office_reader *reader, const void *data,
                        size_t len);

/*
 * An enum office_word; pdf and reason last until the next call. -EPROTO with a
 * sentence: ask no more.
 */
int office_reader_next(struct office_reader *reader, struct err *err);

void office_reader_fini(struct office_reader *reader);

#endif
