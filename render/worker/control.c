/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/fs.h"
#include "base/mem.h"
#include "render/worker/geometry.h"
#include "render/worker/page_range.h"

/* Sizes a request may ask for: no paper is wider than a metre. */
#define LENGTH_MAX 100000u
#define DPI_MIN    50u
#define DPI_MAX    1200u
#define PAGES_MAX  10000u
#define BYTES_MAX  (UINT64_C(16) << 30)

static int fd_if_open(int fd)
{
	return fcntl(fd, F_GETFD) < 0 ? -1 : fd;
}

void control_init(struct control *control)
{
	*control = (struct control){
		.answer_fd = fd_if_open(CONTROL_ANSWER_FD),
		.request_fd = fd_if_open(CONTROL_REQUEST_FD),
		.convert_fd = fd_if_open(CONTROL_CONVERT_FD),
	};
}

void control_fini(struct control *control)
{
	buf_fini(&control->pending);
}

int control_send(struct control *control, struct buf *line, struct err *err)
{
	int r = 0;

	protocol_end(line);
	if (control->answer_fd >= 0)
		r = fs_write_all(control->answer_fd, line->data, line->len,
		                 err);
	buf_clear(line);
	return r;
}

int control_say(struct control *control, const char *key, const char *value,
                struct err *err)
{
	struct buf line CLEANUP(buf_fini) = {0};

	protocol_put(&line, key, value);
	return control_send(control, &line, err);
}

int control_note(struct control *control, const char *part, const char *note,
                 struct err *err)
{
	struct buf line CLEANUP(buf_fini) = {0};

	protocol_put(&line, "part-note", part);
	protocol_put(&line, "note", note);
	return control_send(control, &line, err);
}

/* The taken line is kept in front, ended by NUL, until the next call. */
static void drop_taken(struct buf *pending)
{
	char *nul =
		pending->len ? memchr(pending->data, '\0', pending->len) : NULL;

	if (nul)
		buf_consume(pending, (size_t)(nul - pending->data) + 1);
}

static int read_more(struct control *control, struct err *err)
{
	char chunk[4096];
	ssize_t n;

	if (control->pending.len >= PROTOCOL_LINE_MAX)
		return err_set(err, -EMSGSIZE, "a request line is too long");
	do {
		n = read(control->request_fd, chunk, sizeof chunk);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_errno(err, errno, "cannot read the request");
	if (n == 0)
		return 1;
	if (memchr(chunk, '\0', (size_t)n))
		return err_set(err, -EINVAL, "a request holds a NUL");
	buf_append(&control->pending, chunk, (size_t)n);
	return 0;
}

int control_read_line(struct control *control, const char **line,
                      struct err *err)
{
	struct buf *pending = &control->pending;

	drop_taken(pending);
	for (;;) {
		char *end = pending->len
		                    ? memchr(pending->data, '\n', pending->len)
		                    : NULL;
		int r;

		if (end) {
			*end = '\0';
			*line = pending->data;
			return 0;
		}
		r = read_more(control, err);
		if (r != 0)
			return r;
	}
}

int control_read_bytes(struct control *control, size_t n, struct buf *out,
                       struct err *err)
{
	buf_reserve(out, n);
	while (n > 0) {
		ssize_t got =
			read(control->convert_fd, out->data + out->len, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(err, errno, "cannot read on");
		if (got == 0)
			return err_set(err, -ECONNABORTED,
			               "the daemon left in the middle");
		out->len += (size_t)got;
		n -= (size_t)got;
	}
	return 0;
}

int control_read_request(struct control *control, struct buf *request,
                         struct err *err)
{
	for (;;) {
		const char *line;
		int r = control_read_line(control, &line, err);

		if (r < 0)
			return r;
		if (r > 0)
			return err_set(err, -ECONNABORTED,
			               "no request before the end");
		if (*line == '\0')
			return 0;
		if (request->len + strlen(line) > PROTOCOL_LINE_MAX)
			return err_set(err, -EMSGSIZE, "a request too long");
		buf_printf(request, " %s", line);
	}
}

/* One of the names, by index; `otherwise` if the key is missing. */
static int choose(const struct protocol_line *request, const char *key,
                  const char *const *names, size_t n, int otherwise,
                  struct err *err)
{
	const char *value = protocol_get(request, key);

	if (!value)
		return otherwise;
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], value) == 0)
			return (int)i;
	return err_set(err, -EINVAL, "unknown %s '%s'", key, value);
}

static int length(const struct protocol_line *request, const char *key,
                  unsigned otherwise, unsigned *out, struct err *err)
{
	unsigned long long n = protocol_number(request, key, otherwise);

	if (n > LENGTH_MAX)
		return err_set(err, -EINVAL, "%s is out of range", key);
	*out = (unsigned)n;
	return 0;
}

static int read_lengths(const struct protocol_line *request,
                        struct page_spec *spec, struct err *err)
{
	int r = length(request, "media_width", 21000, &spec->media_width, err);

	if (r == 0)
		r = length(request, "media_height", 29700, &spec->media_height,
		           err);
	if (r == 0)
		r = length(request, "margin_left", 0, &spec->margin_left, err);
	if (r == 0)
		r = length(request, "margin_right", 0, &spec->margin_right,
		           err);
	if (r == 0)
		r = length(request, "margin_top", 0, &spec->margin_top, err);
	if (r == 0)
		r = length(request, "margin_bottom", 0, &spec->margin_bottom,
		           err);
	if (r < 0)
		return r;
	if (spec->media_width < 2000 || spec->media_height < 2000 ||
	    spec->margin_left + spec->margin_right > spec->media_width / 2 ||
	    spec->margin_top + spec->margin_bottom > spec->media_height / 2)
		return err_set(err, -EINVAL,
		               "the page is too small for its margins");
	return 0;
}

static int read_choices(const struct protocol_line *request,
                        struct page_spec *spec, struct err *err)
{
	static const char *const formats[] = {
		[PAGE_PWG] = "image/pwg-raster",
		[PAGE_URF] = "image/urf",
		[PAGE_PCLM] = "application/PCLm",
		[PAGE_PDF] = "application/pdf",
		[PAGE_PCLXL] = "application/vnd.hp-PCLXL",
		[PAGE_POSTSCRIPT] = "application/postscript",
		[PAGE_PCL] = "application/vnd.hp-PCL",
		[PAGE_JPEG] = "image/jpeg",
	};
	static const char *const inks[] = {
		[PAGE_INK_8] = "8",
		[PAGE_INK_BLACK_1] = "black_1",
		[PAGE_INK_SGRAY_1] = "sgray_1",
		[PAGE_INK_SRGB_8] = "srgb_8",
	};
	static const char *const sides[] = {
		[SIDES_ONE] = "one-sided",
		[SIDES_LONG_EDGE] = "two-sided-long-edge",
		[SIDES_SHORT_EDGE] = "two-sided-short-edge",
	};
	static const char *const backs[] = {
		[SHEET_BACK_NORMAL] = "normal",
		[SHEET_BACK_FLIPPED] = "flipped",
		[SHEET_BACK_ROTATED] = "rotated",
		[SHEET_BACK_MANUAL_TUMBLE] = "manual-tumble",
	};
	int format = choose(request, "format", formats, ARRAY_LEN(formats),
	                    PAGE_PWG, err);
	int ink =
		choose(request, "ink", inks, ARRAY_LEN(inks), PAGE_INK_8, err);
	int side = choose(request, "sides", sides, ARRAY_LEN(sides), SIDES_ONE,
	                  err);
	int back = choose(request, "sheet_back", backs, ARRAY_LEN(backs),
	                  SHEET_BACK_NORMAL, err);

	if (format < 0 || ink < 0 || side < 0 || back < 0)
		return -EINVAL;
	spec->format = (enum page_format)format;
	spec->ink = (enum page_ink)ink;
	spec->sides = (enum page_sides)side;
	spec->sheet_back = (enum page_sheet_back)back;
	return 0;
}

static int read_layout(const struct protocol_line *request,
                       struct page_spec *spec, struct err *err)
{
	static const char *const scalings[] = {
		[SCALING_AUTO] = "auto",
		[SCALING_FIT] = "fit",
		[SCALING_FILL] = "fill",
		[SCALING_NONE] = "none",
	};
	const char *ranges = protocol_get(request, "page_ranges");
	const char *sides = protocol_get(request, "side_ranges");
	unsigned long long up = protocol_number(request, "number_up", 1);
	int scaling = choose(request, "print_scaling", scalings,
	                     ARRAY_LEN(scalings), SCALING_AUTO, err);

	if (scaling < 0)
		return scaling;
	if (protocol_number(request, "drawings", 0) != 0)
		spec->format = PAGE_DRAWINGS;
	if (up != 1 && up != 2 && up != 4)
		return err_set(err, -EINVAL, "number_up is not 1, 2 or 4");
	spec->scaling = (enum page_scaling)scaling;
	spec->number_up = (unsigned)up;
	if (ranges && page_range_parse(ranges, &spec->ranges, err) < 0)
		return -EINVAL;
	return sides ? page_range_parse(sides, &spec->side_ranges, err) : 0;
}

int control_page_spec(const struct protocol_line *request,
                      struct page_spec *out, struct err *err)
{
	const char *media = protocol_get(request, "media");
	struct page_spec spec = {
		.colour = protocol_number(request, "colour", 0) != 0};
	unsigned long long dpi = protocol_number(request, "dpi", 300);
	unsigned long long pages = protocol_number(request, "pages", 1000);
	unsigned long long bytes =
		protocol_number(request, "bytes", UINT64_C(2) << 30);
	unsigned long long across =
		protocol_number(request, "repeat_across", 1);
	unsigned long long along = protocol_number(request, "repeat_along", 1);
	unsigned long long strip = protocol_number(request, "strip_height", 0);
	int r = read_choices(request, &spec, err);

	if (r == 0)
		r = read_lengths(request, &spec, err);
	if (r == 0)
		r = read_layout(request, &spec, err);
	if (r < 0)
		return r;
	if (dpi < DPI_MIN || dpi > DPI_MAX)
		return err_set(err, -EINVAL, "dpi is out of range");
	if (pages < 1 || pages > PAGES_MAX || bytes < 1 || bytes > BYTES_MAX)
		return err_set(err, -EINVAL, "pages or bytes out of range");
	spec.dpi = (unsigned)dpi;
	spec.strip_height = strip < UINT32_MAX ? (unsigned)strip : UINT32_MAX;
	spec.repeat_across =
		across < UINT32_MAX ? (unsigned)across : UINT32_MAX;
	spec.repeat_along = along < UINT32_MAX ? (unsigned)along : UINT32_MAX;
	spec.max_pages = (unsigned)pages;
	spec.max_bytes = bytes;
	spec.max_pixels = (unsigned)protocol_number(request, "pixels", 0);
	snprintf(spec.media, sizeof spec.media, "%s",
	         media ? media : "iso_a4_210x297mm");
	r = geometry_check_spec(&spec, err);
	if (r == 0)
		*out = spec;
	return r;
}
