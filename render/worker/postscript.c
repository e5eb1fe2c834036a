/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/postscript.h"

#include <errno.h>
#include <strings.h>

#include "base/mem.h"
#include "render/worker/convert.h"
#include "render/worker/little_endian.h"
#include "render/worker/pdf_blank.h"

#define DOS_EPS     "\xc5\xd0\xd3\xc6"
#define DOS_HEAD    30
#define JOB_ESCAPE  "\x1b%-12345X" /* PJL's "universal exit language" */
#define JOB_BYTES   8192           /* of job language, at most */
#define HEADER      8192           /* comments at the beginning, at most */
#define BOX_COMMENT "%%BoundingBox:"

static bool begins(const char *data, size_t size, const char *with, size_t n)
{
	return size >= n && memcmp(data, with, n) == 0;
}

static const char *skip_job_language(const char *data, size_t *size)
{
	const char *program;

	if (!begins(data, *size, JOB_ESCAPE, sizeof JOB_ESCAPE - 1))
		return data;
	program =
		memmem(data, *size < JOB_BYTES ? *size : JOB_BYTES, "\n%!", 3);
	if (!program)
		return data;
	program++;
	*size -= (size_t)(program - data);
	return program;
}

static const char *skip_marks(const char *data, size_t *size)
{
	if (begins(data, *size, "\xef\xbb\xbf", 3)) {
		data += 3;
		*size -= 3;
	}
	for (; *size > 0 && *data == '\x04'; data++)
		--*size;
	return skip_job_language(data, size);
}

const char *postscript_find(const char *data, size_t size, size_t *len)
{
	*len = 0;
	if (size >= DOS_HEAD && begins(data, size, DOS_EPS, 4)) {
		uint32_t at = get_le32(data + 4), n = get_le32(data + 8);

		if (at > size || n > size - at)
			return data;
		data += at;
		size = n;
	}
	if (size > 0)
		data = skip_marks(data, &size);
	if (begins(data, size, "%!", 2))
		*len = size;
	return data;
}

static bool is_postscript(struct ledger_part *part)
{
	part->detected = "application/postscript";
	part->kind = LEDGER_POSTSCRIPT;
	return true;
}

bool postscript_detect(struct ledger_part *part)
{
	size_t len;
	const char *program =
		postscript_find(part->content.data, part->content.len, &len);

	return len > 0 && begins(program, len, "%!PS", 4) &&
	       is_postscript(part);
}

bool postscript_detect_by_name(struct ledger_part *part)
{
	const char *dot = part->name ? strrchr(part->name, '.') : NULL;

	return (strcasecmp(part->type, "application/postscript") == 0 ||
	        (dot && (strcasecmp(dot, ".ps") == 0 ||
	                 strcasecmp(dot, ".eps") == 0))) &&
	       is_postscript(part);
}

void postscript_refuse(struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->n_parts; i++) {
		struct ledger_part *part = &ledger->parts[i];

		if (part->kind == LEDGER_POSTSCRIPT && !part->note)
			part->note = "it is PostScript, which the "
				     "administrator of this server has not "
				     "allowed; a PDF of it would be printed";
	}
}

static size_t line_length(const char *line, const char *end)
{
	const char *p = line;

	while (p < end && *p != '\r' && *p != '\n')
		p++;
	return (size_t)(p - line);
}

/* The last of these comments, for those of files within it come before. */
static const char *last_box(const char *from, const char *end)
{
	const char *found = NULL, *next;

	while ((next = memmem(from, (size_t)(end - from), BOX_COMMENT,
	                      sizeof BOX_COMMENT - 1))) {
		found = next;
		from = next + 1;
	}
	return found;
}

void postscript_put(const char *program, size_t len, struct buf *out)
{
	static const char later[] = BOX_COMMENT " (atend)";
	const char *end = program + len, *box;
	const char *first = memmem(program, len < HEADER ? len : HEADER, later,
	                           sizeof later - 1);

	box = first ? last_box(first + 1, end) : NULL;
	if (!box) {
		buf_append(out, program, len);
		return;
	}
	buf_append(out, program, (size_t)(first - program));
	buf_append(out, box, line_length(box, end));
	first += sizeof later - 1;
	buf_append(out, first, (size_t)(end - first));
}

/* What only its name calls so is taken as a whole. */
static void take_program(const struct buf *content, struct buf *out)
{
	size_t len;
	const char *program =
		postscript_find(content->data, content->len, &len);

	if (len == 0) {
		program = content->data;
		len = content->len;
	}
	postscript_put(program, len, out);
}

int postscript_render(const struct ledger_part *part,
                      const struct ledger_printing *printing, struct err *err)
{
	struct buf program CLEANUP(buf_fini) = {0};
	struct buf pdf CLEANUP(buf_fini) = {0};
	struct convert_request request = {
		.part = part->id,
		.engine = "postscript",
		.name = "ps",
	};
	int r;

	take_program(&part->content, &program);
	request.document = program.data;
	request.len = program.len;
	r = convert_to_pdf(printing->control, &request, &pdf, err);
	if (r < 0)
		return r;
	/* Ghostscript makes a page also where the program made none */
	if (pdf_is_blank(pdf.data, pdf.len))
		return err_set(err, -EINVAL,
		               "it is a program that draws nothing");
	return pdf_render(pdf.data, pdf.len, printing->spec, printing->raster,
	                  err);
}
