/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/engines.h"

#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "render/browser.h"
#include "render/browser_program.h"
#include "render/office.h"
#include "render/postscript.h"
#include "render/protocol.h"

#define BOX_NAME           "platen-box"
#define BROWSER_SECONDS    30 /* at most, for a document: twice, if it must be */
#define BROWSER_BYTES      (UINT64_C(1) << 30)
#define BROWSER_IDLE_S     600
#define BROWSER_AT_A_TIME  4
#define OFFICE_NAME        "platen-office"
#define OFFICE_IDLE_S      600
/* Longer than most documents take, and than LibreOffice to start. */
#define OFFICE_PATIENCE_MS 3000
#define GHOSTSCRIPT        "/usr/bin/gs"

struct engines {
	struct browser *browser;       /* NULL: there is none */
	struct office *office;         /* NULL: there is none */
	struct postscript *postscript; /* NULL: not allowed */
	void (*closed)(void *arg);
	void *arg;
};

/* Our own programs lie beside the worker. */
static char *path_beside(const char *worker_path, const char *name)
{
	const char *slash = strrchr(worker_path, '/');
	size_t len = slash ? (size_t)(slash - worker_path) : 0;

	return xasprintf("%.*s/%s", (int)len, worker_path, name);
}

static struct browser *open_browser(uv_loop_t *loop,
                                    const struct spool_options *spool)
{
	char *box CLEANUP(xfree) = path_beside(spool->worker_path, BOX_NAME);
	const char *argv[BROWSER_PROGRAM_WORDS];
	struct browser_options options = {
		.argv = argv,
		.documents = spool->workers < BROWSER_AT_A_TIME
	                             ? spool->workers
	                             : BROWSER_AT_A_TIME,
		.seconds = spool->render_limits.seconds < BROWSER_SECONDS
	                           ? spool->render_limits.seconds
	                           : BROWSER_SECONDS,
		.max_pdf = PROTOCOL_CONVERT_MAX,
		.wear = {.documents = spool->browser_documents,
	                 .bytes = BROWSER_BYTES,
	                 .resident = spool->browser_memory},
		.idle_seconds = BROWSER_IDLE_S,
		.keep_warm = spool->keep_warm,
	};

	if (!spool->browser_path || !*spool->browser_path)
		return NULL;
	if (access(spool->browser_path, X_OK) < 0 || access(box, X_OK) < 0) {
		log_info("spool: HTML is printed as text: '%s' is not here",
		         access(box, X_OK) < 0 ? box : spool->browser_path);
		return NULL;
	}
	browser_program_argv(box, spool->browser_path, argv);
	return browser_new(loop, &options);
}

/* Its programs are in the folder that the administrator names. */
static struct office *open_office(uv_loop_t *loop,
                                  const struct spool_options *spool)
{
	char *box CLEANUP(xfree) = path_beside(spool->worker_path, BOX_NAME);
	char *ours CLEANUP(xfree) =
		path_beside(spool->worker_path, OFFICE_NAME);
	char *see CLEANUP(xfree) = NULL;
	const char *missing;

	if (!spool->office_path || !*spool->office_path)
		return NULL;
	missing = access(spool->office_path, X_OK) < 0 ? spool->office_path
	          : access(box, X_OK) < 0              ? box
	          : access(ours, X_OK) < 0             ? ours
	                                               : NULL;
	if (missing) {
		log_info(
			"spool: Office files are not printed: '%s' is not here",
			missing);
		return NULL;
	}
	see = xasprintf("read=%s", spool->office_path);

	const char *argv[] = {box,  "office",           see, "--",
	                      ours, spool->office_path, NULL};
	const struct office_options options = {
		.argv = argv,
		.seconds = spool->render_limits.seconds,
		.max_bytes = PROTOCOL_CONVERT_MAX,
		.idle_seconds = OFFICE_IDLE_S,
		.keep_warm = spool->keep_warm,
		.patience_ms = OFFICE_PATIENCE_MS,
	};

	return office_new(loop, &options);
}

/* Where it is allowed and missing, each document is told. */
static struct postscript *open_postscript(uv_loop_t *loop,
                                          const struct spool_options *spool)
{
	char *box CLEANUP(xfree) = path_beside(spool->worker_path, BOX_NAME);
	const char *argv[] = {box, "postscript", "--", GHOSTSCRIPT, NULL};
	const struct postscript_options options = {
		.argv = argv,
		.seconds = spool->render_limits.seconds,
		.max_bytes = PROTOCOL_CONVERT_MAX,
	};

	if (!spool->allow_postscript)
		return NULL;
	if (access(GHOSTSCRIPT, X_OK) < 0)
		log_info("spool: PostScript is allowed, but '" GHOSTSCRIPT
		         "' is not here");
	return postscript_new(loop, &options);
}

struct engines *engines_new(uv_loop_t *loop,
                            const struct spool_options *options)
{
	struct engines *engines = xcalloc(1, sizeof *engines);

	engines->browser = open_browser(loop, options);
	engines->office = open_office(loop, options);
	engines->postscript = open_postscript(loop, options);
	return engines;
}

struct convert_engines engines_of(const struct engines *engines)
{
	return (struct convert_engines){
		.html = browser_engine(engines->browser),
		.office = office_engine(engines->office),
		.postscript = postscript_engine(engines->postscript),
	};
}

static void on_postscript_closed(void *arg)
{
	struct engines *engines = arg;

	engines->closed(engines->arg);
	free(engines);
}

static void on_office_closed(void *arg)
{
	struct engines *engines = arg;

	if (engines->postscript)
		postscript_close(engines->postscript, on_postscript_closed,
		                 engines);
	else
		on_postscript_closed(engines);
}

static void on_browser_closed(void *arg)
{
	struct engines *engines = arg;

	if (engines->office)
		office_close(engines->office, on_office_closed, engines);
	else
		on_office_closed(engines);
}

void engines_close(struct engines *engines, void (*closed)(void *arg),
                   void *arg)
{
	engines->closed = closed;
	engines->arg = arg;
	if (engines->browser)
		browser_close(engines->browser, on_browser_closed, engines);
	else
		on_browser_closed(engines);
}
