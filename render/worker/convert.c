/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/convert.h"

#include <errno.h>

#include "base/fs.h"
#include "base/mem.h"
#include "render/worker/pdf.h"

/* Whether the engine's name stands in the daemon's list. */
static bool has_engine(const struct control *control, const char *engine)
{
	const char *found = strstr(control->engines, engine);
	size_t len = strlen(engine);

	return control->convert_fd >= 0 && control->answer_fd >= 0 && found &&
	       (found[len] == ',' || found[len] == '\0');
}

static uint64_t bytes_of(const struct convert_request *request)
{
	uint64_t sum = request->len;

	for (size_t i = 0; i < request->n_files; i++)
		sum += request->files[i].len;
	return sum;
}

static int send_lines(struct control *control,
                      const struct convert_request *request, struct err *err)
{
	struct buf line CLEANUP(buf_fini) = {0};
	int r;

	protocol_put(&line, "convert", request->part);
	protocol_put(&line, "engine", request->engine);
	protocol_put_number(&line, "size", request->len);
	protocol_put(&line, "name", request->name);
	protocol_put_number(&line, "resources", request->n_files);
	protocol_put_number(&line, "fit", request->is_unfit);
	protocol_put_number(&line, "pages", request->max_pages);
	r = control_send(control, &line, err);
	for (size_t i = 0; r == 0 && i < request->n_files; i++) {
		protocol_put(&line, "resource", request->files[i].name);
		protocol_put(&line, "location", request->files[i].location);
		protocol_put(&line, "type", request->files[i].type);
		protocol_put_number(&line, "size", request->files[i].len);
		r = control_send(control, &line, err);
	}
	return r;
}

static int send_bytes(struct control *control,
                      const struct convert_request *request, struct err *err)
{
	int fd = control->convert_fd;
	int r = fs_write_all(fd, request->document, request->len, err);

	for (size_t i = 0; r == 0 && i < request->n_files; i++)
		r = fs_write_all(fd, request->files[i].data,
		                 request->files[i].len, err);
	return r;
}

static int take_answer(struct control *control,
                       const struct convert_request *request, struct buf *pdf,
                       struct err *err)
{
	struct protocol_line words;
	const char *text, *id, *reason;
	unsigned long long size;
	int r = control_read_line(control, &text, err);

	if (r != 0)
		return r < 0 ? r : err_set(err, -ECONNABORTED, "no PDF came");
	char *copy CLEANUP(xfree) = xstrdup(text);
	r = protocol_parse(copy, &words, err);
	if (r < 0)
		return r;
	reason = protocol_get(&words, "reason");
	if (protocol_get(&words, "unconverted"))
		return err_set(err, -EIO, "%s", reason ? reason : "");
	id = protocol_get(&words, "converted");
	size = protocol_number(&words, "size", 0);
	if (!id || strcmp(id, request->part) != 0 ||
	    size > PROTOCOL_CONVERT_MAX)
		return err_set(err, -EINVAL, "the answer makes no sense");
	if (request->n_left_out)
		*request->n_left_out =
			(unsigned)protocol_number(&words, "left-out", 0);
	return control_read_bytes(control, (size_t)size, pdf, err);
}

int convert_to_pdf(struct control *control,
                   const struct convert_request *request, struct buf *pdf,
                   struct err *err)
{
	int r;

	if (!has_engine(control, request->engine))
		return err_set(err, -ENOTSUP, "there is no program for it");
	if (bytes_of(request) > PROTOCOL_CONVERT_MAX)
		return err_set(err, -EFBIG,
		               "it is larger than %u MB with its pictures",
		               (unsigned)(PROTOCOL_CONVERT_MAX >> 20));
	r = send_lines(control, request, err);
	if (r == 0)
		r = send_bytes(control, request, err);
	if (r < 0)
		return r;
	pdf_warm_up(); /* the engine takes longer than this */
	return take_answer(control, request, pdf, err);
}
