/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/conversion.h"

#include <errno.h>
#include <limits.h>

#include "base/mem.h"
#include "render/limit.h"

/*
 * Life of a document:
 *
 *   lines     "convert", then its resources; nothing is read from fd 5 yet
 *   bytes     exactly as many as the lines say, into the job
 *   engine    has the job; nothing is read
 *   on_done   the answer: a line on fd 4, the PDF on fd 5
 *
 * The worker waits for the answer, so there is never a second document.
 */
enum step {
	STEP_IDLE,
	STEP_LINES,
	STEP_BYTES,
	STEP_ENGINE,
};

#define RESOURCES_MAX 1000
#define NAME_MAX_LEN  16 /* of "docx" */

struct web_part {
	struct list link;
	char part[64];
	struct convert_web web; /* url is owned */
};

struct conversion {
	const struct convert_engines *engines; /* borrowed */
	struct process *process;               /* borrowed */
	conversion_busy_fn *busy;
	void *arg;
	struct convert_page page;
	struct fetcher *pictures; /* borrowed; NULL: none of the web */
	struct list web_parts;
	enum step step;
	struct convert_engine *engine; /* of this document */
	char part[64], name[NAME_MAX_LEN];
	struct convert_job job;
	size_t n_wanted;        /* resources that the worker announced */
	size_t *sizes;          /* of the document and of each resource */
	size_t n_filled;        /* of them are complete */
	unsigned long long sum; /* of the sizes */
};

struct conversion *conversion_new(const struct convert_engines *engines,
                                  conversion_busy_fn *busy, void *arg)
{
	struct conversion *conversion = xcalloc(1, sizeof *conversion);

	conversion->engines = engines;
	list_init(&conversion->web_parts);
	conversion->busy = busy;
	conversion->arg = arg;
	return conversion;
}

void conversion_set_target(struct conversion *conversion,
                           const struct render_target *target,
                           struct fetcher *fetcher)
{
	conversion->pictures = target->remote_pictures ? fetcher : NULL;
	conversion->page = (struct convert_page){
		.width = target->media_width,
		.height = target->media_height,
		.margin_left = target->margin_left,
		.margin_right = target->margin_right,
		.margin_top = target->margin_top,
		.margin_bottom = target->margin_bottom,
	};
}

void conversion_add_web(struct conversion *conversion, const char *part,
                        const struct convert_web *web)
{
	struct web_part *added = xcalloc(1, sizeof *added);

	protocol_cut(added->part, sizeof added->part, part);
	added->web = *web;
	added->web.url = xstrdup(web->url);
	list_append(&conversion->web_parts, &added->link);
}

static const struct convert_web *web_of(const struct conversion *conversion)
{
	list_for_each (link, &conversion->web_parts) {
		struct web_part *p = LIST_ENTRY(link, struct web_part, link);

		if (strcmp(p->part, conversion->part) == 0)
			return &p->web;
	}
	return NULL;
}

void conversion_attach(struct conversion *conversion, struct process *process)
{
	conversion->process = process;
}

static void clear(struct conversion *conversion)
{
	convert_job_fini(&conversion->job);
	free(conversion->sizes);
	conversion->sizes = NULL;
	conversion->step = STEP_IDLE;
}

void conversion_free(struct conversion *conversion)
{
	if (!conversion)
		return;
	if (conversion->step == STEP_ENGINE)
		conversion->engine->cancel(conversion->engine,
		                           &conversion->job);
	clear(conversion);
	list_for_each (link, &conversion->web_parts) {
		struct web_part *p = LIST_ENTRY(link, struct web_part, link);

		free((char *)p->web.url);
		free(p);
	}
	free(conversion);
}

static void answer(struct conversion *conversion, const struct buf *pdf,
                   const char *reason)
{
	struct buf line CLEANUP(buf_fini) = {0};

	if (pdf) {
		protocol_put(&line, "converted", conversion->part);
		protocol_put_number(&line, "size", pdf->len);
		protocol_put_number(&line, "left-out",
		                    conversion->job.n_left_out);
	} else {
		protocol_put(&line, "unconverted", conversion->part);
		protocol_put(&line, "reason", reason);
	}
	protocol_end(&line);
	process_tell(conversion->process, line.data, line.len);
	if (pdf)
		process_convert_write(conversion->process, pdf->data, pdf->len);
}

static void on_done(struct convert_job *job, int status, struct buf *pdf,
                    const char *sentence)
{
	struct conversion *conversion = job->arg;
	char too_large[LIMIT_SENTENCE];

	if (status == 0 && pdf->len > PROTOCOL_CONVERT_MAX) {
		status = CONVERT_FAILED;
		sentence = limit_pdf(PROTOCOL_CONVERT_MAX, too_large);
	}
	answer(conversion, status == 0 ? pdf : NULL, sentence);
	clear(conversion);
	conversion->busy(false, conversion->arg);
}

static void give_to_engine(struct conversion *conversion)
{
	process_convert_read(conversion->process, false);
	conversion->step = STEP_ENGINE;
	conversion->busy(true, conversion->arg);
	conversion->engine->start(conversion->engine, &conversion->job);
}

/* The run of bytes that comes next; NULL: all are there. */
static struct buf *next_to_fill(struct conversion *conversion)
{
	struct convert_job *job = &conversion->job;

	for (; conversion->n_filled <= job->n_resources;
	     conversion->n_filled++) {
		size_t i = conversion->n_filled;
		struct buf *buf =
			i == 0 ? &job->document : &job->resources[i - 1].bytes;

		if (buf->len < conversion->sizes[i])
			return buf;
	}
	return NULL;
}

int conversion_take_bytes(struct conversion *conversion, const void *data,
                          size_t len)
{
	const char *bytes = data;

	if (conversion->step != STEP_BYTES)
		return -EINVAL;
	while (len > 0) {
		struct buf *buf = next_to_fill(conversion);
		size_t room;

		if (!buf)
			return -EINVAL;
		room = conversion->sizes[conversion->n_filled] - buf->len;
		if (room > len)
			room = len;
		buf_append(buf, bytes, room);
		bytes += room;
		len -= room;
	}
	if (!next_to_fill(conversion))
		give_to_engine(conversion);
	return 0;
}

static int add_size(struct conversion *conversion,
                    const struct protocol_line *line, size_t i)
{
	unsigned long long size = protocol_number(line, "size", 0);

	if (size > PROTOCOL_CONVERT_MAX ||
	    size > PROTOCOL_CONVERT_MAX - conversion->sum)
		return -EINVAL;
	conversion->sum += size;
	conversion->sizes[i] = (size_t)size;
	return 0;
}

/* All lines are there. An engine is never asked for nothing. */
static int expect_bytes(struct conversion *conversion)
{
	if (conversion->job.n_resources < conversion->n_wanted)
		return 0;
	if (conversion->sum == 0)
		return -EINVAL;
	conversion->step = STEP_BYTES;
	process_convert_read(conversion->process, true);
	return 0;
}

static struct convert_engine *engine_of(const struct conversion *conversion,
                                        const char *name)
{
	if (name && strcmp(name, "html") == 0)
		return conversion->engines->html;
	if (name && strcmp(name, "office") == 0)
		return conversion->engines->office;
	if (name && strcmp(name, "postscript") == 0)
		return conversion->engines->postscript;
	return NULL;
}

static int begin(struct conversion *conversion,
                 const struct protocol_line *line)
{
	unsigned long long wanted = protocol_number(line, "resources", 0);
	unsigned long long pages = protocol_number(line, "pages", 0);
	const char *name = protocol_get(line, "name");
	struct convert_engine *engine =
		engine_of(conversion, protocol_get(line, "engine"));

	if (conversion->step != STEP_IDLE || !engine || wanted > RESOURCES_MAX)
		return -EINVAL;
	protocol_cut(conversion->part, sizeof conversion->part,
	             line->words[0].value);
	protocol_cut(conversion->name, sizeof conversion->name,
	             name ? name : "");
	conversion->engine = engine;
	conversion->n_wanted = (size_t)wanted;
	conversion->n_filled = 0;
	conversion->sum = 0;
	conversion->job = (struct convert_job){
		.name = conversion->name,
		.is_unfit = protocol_number(line, "fit", 0) != 0,
		.max_pages = pages <= UINT_MAX ? (unsigned)pages : 0,
		.resources = xcalloc(conversion->n_wanted + 1,
	                             sizeof(struct convert_resource)),
		.web = web_of(conversion),
		.pictures = conversion->pictures,
		.page = conversion->page,
		.done = on_done,
		.arg = conversion,
	};
	conversion->sizes = xcalloc(conversion->n_wanted + 1, sizeof(size_t));
	conversion->step = STEP_LINES;
	if (add_size(conversion, line, 0) < 0)
		return -EINVAL;
	return expect_bytes(conversion);
}

static int add_resource(struct conversion *conversion,
                        const struct protocol_line *line)
{
	struct convert_job *job = &conversion->job;
	const char *type = protocol_get(line, "type");
	const char *location = protocol_get(line, "location");

	if (conversion->step != STEP_LINES ||
	    add_size(conversion, line, job->n_resources + 1) < 0)
		return -EINVAL;
	job->resources[job->n_resources++] = (struct convert_resource){
		.name = xstrdup(line->words[0].value),
		.location = xstrdup(location ? location : ""),
		.type = xstrdup(type ? type : ""),
	};
	return expect_bytes(conversion);
}

int conversion_take_line(struct conversion *conversion,
                         const struct protocol_line *line)
{
	if (strcmp(line->words[0].key, "resource") == 0)
		return add_resource(conversion, line);
	return begin(conversion, line);
}
