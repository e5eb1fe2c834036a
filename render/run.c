/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/run_private.h"

#include <errno.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "render/conversion.h"
#include "render/limit.h"
#include "render/protocol.h"
#include "render/target.h"

/*
 * Life of a render:
 *
 *   new        queued by the pool; what is fed is kept, up to 256 kB
 *   attach     a process is there: what was kept goes out
 *   on_line    headers, parts, ledger; plan: request and parts go out;
 *              pages, the last word
 *   on_timer   its time is over: kill; or: it never got a process
 *   complete   the last word and all print data are there: tell the owner, who
 *              need not wait until the process has put its memory away
 *   on_gone    the process ended: settle the status, close the timer
 *   on_closed  tell the owner, if he was not; the pool; free
 *
 * The clock stands still while the owner thinks about the plan, which is not
 * the document's fault, and while an engine has a part of it, for engines have
 * clocks of their own.
 *
 * Pages and print data come over different pipes: a page is told when its last
 * byte has been.
 */
#define EARLY_MAX (256 * 1024)

void run_settle(struct render *render, int status, const char *sentence)
{
	if (render->status != 0)
		return;
	render->status = status;
	snprintf(render->sentence, sizeof render->sentence, "%s", sentence);
}

static void free_render(struct render *render)
{
	list_for_each (link, &render->waiting_pages) {
		list_remove(link);
		free(LIST_ENTRY(link, struct run_page, link));
	}
	list_remove(&render->link);
	conversion_free(render->conversion);
	buf_fini(&render->early);
	buf_fini(&render->url);
	free(render);
}

static void tell_end(struct render *render)
{
	if (render->told)
		return;
	render->told = true;
	render->events.on_end(render, render->status, render->pages,
	                      render->bytes, render->sentence, render->arg);
}

static void look_if_complete(struct render *render)
{
	if (render->done && render->status == 0 &&
	    render->bytes == render->total_bytes)
		tell_end(render);
}

static void on_closed(uv_handle_t *handle)
{
	struct render *render = handle->data;
	struct render_pool *pool = render->pool;
	run_gone_fn *gone = render->gone;

	tell_end(render);
	gone(render, pool);
	free_render(render);
}

static void end(struct render *render)
{
	if (render->ending)
		return;
	render->ending = true;
	uv_close((uv_handle_t *)&render->timer, on_closed);
}

static void on_timer(uv_timer_t *timer)
{
	struct render *render = timer->data;
	char sentence[LIMIT_SENTENCE];

	if (!render->process) {
		end(render);
		return;
	}
	limit_time(render->options->limits.seconds, sentence);
	run_settle(render, RENDER_FAILED, sentence);
	process_kill(render->process, sentence);
}

void run_stop_clock(struct render *render)
{
	if (render->since_ms == 0)
		return;
	render->left_ms -= clock_mono_ms() - render->since_ms;
	render->since_ms = 0;
	uv_timer_stop(&render->timer);
}

static void start_clock(struct render *render)
{
	if (!render->process || render->planning || render->converting ||
	    render->since_ms != 0)
		return;
	render->since_ms = clock_mono_ms();
	uv_timer_start(&render->timer, on_timer,
	               (uint64_t)(render->left_ms > 0 ? render->left_ms : 0),
	               0);
}

static void on_converting(bool is_busy, void *arg)
{
	struct render *render = arg;

	render->converting = is_busy;
	render->has_engine = true;
	if (is_busy)
		run_stop_clock(render);
	else
		start_clock(render);
}

struct render *run_new(uv_loop_t *loop,
                       const struct render_pool_options *options,
                       const struct render_events *events, void *arg,
                       struct render_pool *pool, run_gone_fn *gone)
{
	struct render *render = xcalloc(1, sizeof *render);

	render->pool = pool;
	render->gone = gone;
	render->events = *events;
	render->arg = arg;
	render->left_ms = (int64_t)options->limits.seconds * 1000;
	render->options = options;
	render->ledger_due = true;
	list_init(&render->link);
	list_init(&render->waiting_pages);
	render->conversion =
		conversion_new(&options->engines, on_converting, render);
	uv_timer_init(loop, &render->timer);
	render->timer.data = render;
	return render;
}

struct list *run_link(struct render *render)
{
	return &render->link;
}

struct render *run_from_link(struct list *link)
{
	return LIST_ENTRY(link, struct render, link);
}

void run_take_turn(struct render *render)
{
	render->had_turn = true;
}

bool run_has_had_turn(const struct render *render)
{
	return render->had_turn;
}

bool run_has_engine(const struct render *render)
{
	return render->has_engine;
}

/* Out of the queue: its turn would come before the timer. */
void run_give_up(struct render *render, int status, const char *sentence)
{
	run_settle(render, status, sentence);
	list_remove(&render->link);
	if (!render->ending)
		uv_timer_start(&render->timer, on_timer, 0, 0);
}

void run_attach(struct render *render, struct process *process, bool ready)
{
	render->process = process;
	render->ready = ready;
	process_hand_over(process, &run_process_events, render);
	conversion_attach(render->conversion, process);
	process_feed(process, render->early.data, render->early.len);
	if (render->early_full)
		process_want_drain(process);
	buf_fini(&render->early);
	render->early = (struct buf){0};
	if (render->early_end)
		process_feed_end(process);
	start_clock(render);
}

static void on_line(struct process *process, char *text, void *arg)
{
	struct render *render = arg;
	struct protocol_line line;

	if (render->told)
		return;
	if (protocol_parse(text, &line, NULL) < 0 || line.n_words == 0) {
		run_kill_nonsense(render);
		return;
	}
	run_take_line(render, &line);
	look_if_complete(render);
}

static void on_convert(struct process *process, const void *data, size_t len,
                       void *arg)
{
	struct render *render = arg;

	if (render->told)
		return;
	if (conversion_take_bytes(render->conversion, data, len) < 0)
		run_kill_nonsense(render);
}

static void on_data(struct process *process, const void *data, size_t len,
                    void *arg)
{
	struct render *render = arg;

	if (render->told)
		return;
	if (len > render->options->limits.output_bytes - render->bytes) {
		run_settle(render, RENDER_FAILED,
		           "it gives too much print data");
		process_kill(process, "it gives too much print data");
		return;
	}
	render->bytes += len;
	if (render->events.on_data)
		render->events.on_data(render, data, len, render->arg);
	run_tell_pages(render);
	look_if_complete(render);
}

static void on_drain(struct process *process, void *arg)
{
	struct render *render = arg;

	if (!render->told && render->events.on_feed_drain)
		render->events.on_feed_drain(render, render->arg);
}

static void on_gone(struct process *process, int exit_code,
                    const char *sentence, void *arg)
{
	struct render *render = arg;

	render->process = NULL;
	conversion_free(render->conversion);
	render->conversion = NULL;
	if (sentence[0])
		run_settle(render, render->ready ? RENDER_FAILED : -EIO,
		           sentence);
	else if (!render->done)
		run_settle(render, render->ready ? RENDER_FAILED : -EIO,
		           "its reader ended in the middle");
	end(render);
}

const struct process_events run_process_events = {
	.on_line = on_line,
	.on_data = on_data,
	.on_convert = on_convert,
	.on_drain = on_drain,
	.on_gone = on_gone,
};

bool render_feed(struct render *render, const void *data, size_t len)
{
	if (render->process)
		return process_feed(render->process, data, len);
	if (render->ending || render->status != 0)
		return true; /* the end is on its way */
	buf_append(&render->early, data, len);
	render->early_full = render->early.len >= EARLY_MAX;
	return !render->early_full;
}

void render_feed_end(struct render *render)
{
	render->early_end = true;
	if (render->process)
		process_feed_end(render->process);
}

void render_attach(struct render *render, const struct render_web_page *page,
                   const void *data, size_t len)
{
	struct buf line CLEANUP(buf_fini) = {0};
	const struct convert_web web = {
		.url = page->url,
		.is_screen = page->is_screen,
		.fetcher = render->options->fetcher,
	};

	if (!render->process)
		return;
	if (render->options->fetcher)
		conversion_add_web(render->conversion, page->id, &web);
	protocol_put(&line, "attach", page->id);
	protocol_put_number(&line, "size", len);
	protocol_put(&line, "type", page->type);
	protocol_put(&line, "name", page->url);
	protocol_put(&line, "mode", page->is_reader ? "reader" : "page");
	protocol_end(&line);
	protocol_end(&line); /* the empty one */
	process_tell(render->process, line.data, line.len);
	process_convert_write(render->process, data, len);
	render->planning = false;
	render->ledger_due = true;
	start_clock(render);
}

int render_plan(struct render *render, const struct render_target *target,
                const char *const *part_ids, size_t n, struct err *err)
{
	struct buf lines CLEANUP(buf_fini) = {0};

	if (!target_is_sound(target))
		return err_set(err, -EINVAL, "the print target makes no sense");
	if (!render->process)
		return 0;
	conversion_set_target(render->conversion, target,
	                      render->options->fetcher);
	target_write(&lines, target, render->options);
	for (size_t i = 0; i < n; i++) {
		struct buf line CLEANUP(buf_fini) = {0};

		protocol_put(&line, "print", part_ids[i]);
		protocol_end(&line);
		buf_append(&lines, line.data, line.len);
	}
	buf_puts(&lines, "go=1\n");
	process_tell(render->process, lines.data, lines.len);
	render->planning = false;
	start_clock(render);
	return 0;
}

void render_cancel(struct render *render)
{
	run_settle(render, -ECANCELED, "it was cancelled");
	if (render->process)
		process_kill(render->process, "it was cancelled");
	else
		run_give_up(render, -ECANCELED, "it was cancelled");
}
