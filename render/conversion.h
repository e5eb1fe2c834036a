/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_CONVERSION_H
#define RENDER_CONVERSION_H

#include <stdbool.h>

#include "render/pool.h"
#include "render/process.h"
#include "render/protocol.h"

/*
 * A worker's wish to have a document made into a PDF, on its way to the engine
 * and back. One of them serves a worker all its life; one document at a time.
 */
struct conversion;

/* Called when an engine gets a document (true) and when it is answered. */
typedef void conversion_busy_fn(bool is_busy, void *arg);

/* Engines are borrowed. */
struct conversion *conversion_new(const struct convert_engines *engines,
                                  conversion_busy_fn *busy, void *arg);

/*
 * What the pages are for; before the worker is told the plan. The fetcher gets
 * pictures of the web if the target wants them; borrowed, NULL: there is none.
 */
void conversion_set_target(struct conversion *conversion,
                           const struct render_target *target,
                           struct fetcher *fetcher);

/*
 * What the part of that id is: a page of the web, which may ask for more. Only
 * the daemon knows; a worker's word is not taken for it.
 */
void conversion_add_web(struct conversion *conversion, const char *part,
                        const struct convert_web *web);

/* Whose lines come from now on. Before it, conversion_take() is not called. */
void conversion_attach(struct conversion *conversion, struct process *process);

/*
 * "convert" and "resource" lines. -EINVAL when they make no sense or ask for
 * more than PROTOCOL_CONVERT_MAX bytes: the worker is not ours any more.
 */
int conversion_take_line(struct conversion *conversion,
                         const struct protocol_line *line);

/* Bytes of the documents, in the order of the lines. -EINVAL: too many. */
int conversion_take_bytes(struct conversion *conversion, const void *data,
                          size_t len);

/* Lets go of the engine. */
void conversion_free(struct conversion *conversion);

#endif
