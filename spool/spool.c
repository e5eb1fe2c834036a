/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/job_table.h"
#include "db/printer_table.h"
#include "spool/dispatch.h"
#include "spool/engines.h"
#include "spool/job_change.h"
#include "spool/printer_set.h"
#include "spool/recovery.h"
#include "spool/render_turn.h"
#include "spool/retention.h"
#include "spool/sending.h"

#define CLOSE_LOOK_MS 20

struct db *spool_db(struct spool *spool)
{
	return spool->db;
}

const struct spool_options *spool_options(const struct spool *spool)
{
	return &spool->options;
}

void spool_set_options(struct spool *spool, const struct spool_options *options)
{
	struct spool_options *o = &spool->options;

	o->render_ahead = options->render_ahead;
	o->state_timeout_ms = options->state_timeout_ms;
	o->state_fresh_ms = options->state_fresh_ms;
	o->recovery_wait_s = options->recovery_wait_s;
	o->retention_s = options->retention_s;
	o->retention_follows = options->retention_follows;
	o->max_message_size = options->max_message_size;
	o->disk_reserve = options->disk_reserve;
}

/* ---- opening ------------------------------------------------------------ */

static int open_folder(struct spool *spool, int dir, const char *path, int *out,
                       struct err *err)
{
	struct err why = {0};
	int fd = fs_open_dir(dir, path, &why);

	if (fd < 0)
		return err_set(
			err, fd,
			"%s; '%s' has to be a folder of the user who runs "
			"platend (now %u)",
			why.text, spool->options.state_dir, geteuid());
	*out = fd;
	return 0;
}

static int open_folders(struct spool *spool, struct err *err)
{
	int r = open_folder(spool, AT_FDCWD, spool->options.state_dir,
	                    &spool->state_dir, err);

	if (r == 0)
		r = open_folder(spool, spool->state_dir, "messages",
		                &spool->messages_dir, err);
	if (r == 0)
		r = open_folder(spool, spool->state_dir, "pages",
		                &spool->pages_dir, err);
	return r;
}

static int open_database(struct spool *spool, void (*on_broken)(void *arg),
                         void *arg, struct err *err)
{
	char *path CLEANUP(xfree) =
		xasprintf("%s/spool.db", spool->options.state_dir);
	struct stat st;
	bool is_new = fstatat(spool->state_dir, "spool.db", &st, 0) < 0 &&
	              errno == ENOENT;
	int r = content_master_load(spool->state_dir, is_new, &spool->master,
	                            err);

	if (r < 0)
		return r;
	fingerprint_secret_make(&spool->master, &spool->fingerprint_secret);
	return db_open(spool->loop, path, on_broken, arg, &spool->db, err);
}

static int open_workers(struct spool *spool, struct err *err)
{
	const struct spool_options *o = &spool->options;
	spool->engines = engines_new(spool->loop, o);
	struct render_pool_options pool = {
		.worker_path = o->worker_path,
		.workers = o->workers,
		.spares = 2,
		.limits = o->render_limits,
		.allow_unsandboxed = o->allow_unsandboxed,
		.nice = 10,
		.engines = engines_of(spool->engines),
	};
	int r;

	spool->transport = http_transport_new(spool->loop);
	if (o->web.guard)
		spool->fetcher = fetcher_new(spool->loop, &o->web);
	spool->options.web.guard = NULL; /* the fetcher has its own */
	pool.fetcher = spool->fetcher;
	r = render_pool_new(spool->loop, &pool, &spool->pool, err);
	return r < 0 ? err_wrap(err, r, "the worker, platen-render") : 0;
}

static int on_printer(const struct printer_row *row, void *arg)
{
	printer_load(arg, row);
	return 0;
}

static void copy_options(struct spool *spool,
                         const struct spool_options *options)
{
	spool->options = *options;
	spool->options.state_dir = xstrdup(options->state_dir);
	spool->options.worker_path = xstrdup(options->worker_path);
	spool->options.browser_path = xstrdup(options->browser_path);
	spool->options.office_path = xstrdup(options->office_path);
}

static void spool_free(struct spool *spool)
{
	fs_close(spool->pages_dir);
	fs_close(spool->messages_dir);
	fs_close(spool->state_dir);
	content_key_forget(&spool->master);
	free((char *)spool->options.state_dir);
	free((char *)spool->options.worker_path);
	free((char *)spool->options.browser_path);
	free((char *)spool->options.office_path);
	free(spool->by_id);
	free(spool);
}

static void drop_half_open(struct spool *spool);

int spool_open(uv_loop_t *loop, const struct spool_options *options,
               void (*on_broken)(void *arg), void *arg, struct spool **out,
               struct err *err)
{
	struct spool *spool = xcalloc(1, sizeof *spool);
	int r;

	content_init();
	spool->loop = loop;
	spool->state_dir = spool->messages_dir = spool->pages_dir = -1;
	list_init(&spool->printers);
	list_init(&spool->turns[RENDER_NOW]);
	list_init(&spool->turns[RENDER_AHEAD]);
	list_init(&spool->states);
	list_init(&spool->watches);
	list_init(&spool->paused_changes);
	copy_options(spool, options);
	r = open_folders(spool, err);
	if (r == 0)
		r = open_database(spool, on_broken, arg, err);
	if (r < 0) {
		spool_free(spool);
		return r;
	}
	r = open_workers(spool, err);
	if (r == 0)
		r = printer_each(spool->db, on_printer, spool, err);
	if (r < 0) {
		drop_half_open(spool);
		return r;
	}
	spool->retention = retention_new(spool);
	recovery_run(spool);
	dispatch_start(spool);
	*out = spool;
	return 0;
}

/* ---- closing ------------------------------------------------------------ */

/*
 * The end of a spool.
 *
 *   close         no new work; look every 20 ms
 *   wait          documents that are leaving, up to the grace
 *   drop          everything else; nothing more is decided
 *   on_pool       the workers are gone: so are the renderings
 *   on_engines    nor is a foreign program
 *   on_fetcher    no connection to the web is left
 *   on_transport  no connection to a printer is left
 *   on_db         what was submitted is committed: printers and we go
 *
 * One that could not be opened begins at on_pool.
 */
struct spool_closing {
	struct spool *spool;
	uv_timer_t timer;
	uint64_t until;
	void (*closed)(void *arg); /* NULL: nobody to tell */
	void *arg;
};

static struct spool_closing *closing_new(struct spool *spool,
                                         void (*closed)(void *arg), void *arg)
{
	struct spool_closing *closing = xcalloc(1, sizeof *closing);

	spool->is_closing = true;
	closing->spool = spool;
	closing->closed = closed;
	closing->arg = arg;
	uv_timer_init(spool->loop, &closing->timer);
	closing->timer.data = closing;
	return closing;
}

static void on_closing_done(uv_handle_t *handle)
{
	struct spool_closing *closing = handle->data;

	spool_free(closing->spool);
	if (closing->closed)
		closing->closed(closing->arg);
	free(closing);
}

static void on_db_closed(void *arg)
{
	struct spool_closing *closing = arg;

	list_for_each (link, &closing->spool->printers)
		printer_free(LIST_ENTRY(link, struct spool_printer, link));
	uv_close((uv_handle_t *)&closing->timer, on_closing_done);
}

static void on_transport_closed(void *arg)
{
	struct spool_closing *closing = arg;

	db_close(closing->spool->db, on_db_closed, closing);
}

static void on_fetcher_closed(void *arg)
{
	struct spool_closing *closing = arg;

	http_transport_close(closing->spool->transport, on_transport_closed,
	                     closing);
}

static void on_engines_closed(void *arg)
{
	struct spool_closing *closing = arg;

	if (closing->spool->fetcher)
		fetcher_close(closing->spool->fetcher, on_fetcher_closed,
		              closing);
	else
		on_fetcher_closed(closing);
}

static void on_pool_closed(void *arg)
{
	struct spool_closing *closing = arg;

	engines_close(closing->spool->engines, on_engines_closed, closing);
}

static void drop_half_open(struct spool *spool)
{
	struct spool_closing *closing = closing_new(spool, NULL, NULL);

	if (spool->pool)
		render_pool_close(spool->pool, on_pool_closed, closing);
	else
		on_pool_closed(closing);
}

static bool is_any(struct spool *spool, bool (*is)(struct spool_printer *p))
{
	list_for_each (link, &spool->printers) {
		if (is(LIST_ENTRY(link, struct spool_printer, link)))
			return true;
	}
	return false;
}

static bool is_leaving(struct spool_printer *p)
{
	return p->sending && sending_is_delivering(p->sending);
}

static bool is_working(struct spool_printer *p)
{
	return p->work != NULL;
}

static void on_drop_look(uv_timer_t *timer)
{
	struct spool_closing *closing = timer->data;

	if (is_any(closing->spool, is_working) || closing->spool->n_intakes > 0)
		return;
	uv_timer_stop(timer);
	render_pool_close(closing->spool->pool, on_pool_closed, closing);
}

static void on_wait_look(uv_timer_t *timer)
{
	struct spool_closing *closing = timer->data;
	struct spool *spool = closing->spool;

	if (uv_now(spool->loop) < closing->until && is_any(spool, is_leaving))
		return;
	list_for_each (link, &spool->printers)
		printer_drop(LIST_ENTRY(link, struct spool_printer, link));
	job_changes_drop(spool);
	retention_close(spool->retention);
	uv_timer_start(timer, on_drop_look, 0, CLOSE_LOOK_MS);
}

void spool_close(struct spool *spool, unsigned grace_ms,
                 void (*closed)(void *arg), void *arg)
{
	struct spool_closing *closing = closing_new(spool, closed, arg);

	closing->until = uv_now(spool->loop) + grace_ms;
	uv_timer_start(&closing->timer, on_wait_look, 0, CLOSE_LOOK_MS);
}
