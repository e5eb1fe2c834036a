/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_OFFICE_KIT_H
#define RENDER_OFFICE_KIT_H

#include "base/err.h"

/*
 * LibreOffice as a library, loaded at run time: platen is built without it.
 *
 * It has no thread of its own: its main loop is run by ours, which converts
 * documents from within. So the process can fork at any time between two
 * documents, and a child goes on where its parent was: loaded, and warm, if
 * the parent has converted documents before.
 */

/*
 * Load its hundred libraries, its settings and the fonts, half a second's work.
 * program: the folder with libmergedlo.so or libsofficeapp.so. profile: a
 * folder that is there; its settings are read and never written. Once per
 * process. -ENOENT: it is not installed there; -EIO.
 */
int kit_load(const char *program, const char *profile, struct err *err);

/*
 * Run it: `work` is called once, and has to end the process. Returns only where
 * LibreOffice does not run.
 */
typedef void kit_work_fn(void *arg);
void kit_run(kit_work_fn *work, void *arg);

/* What kit_convert() says of a document, beside 0. */
enum kit_outcome {
	KIT_NOT_STARTED = 1, /* our fault */
	KIT_PASSWORD,
	KIT_UNREADABLE,
	KIT_UNWRITABLE,
};

/*
 * From within `work`, there or in a child: make a PDF of a document, both named
 * as file: URLs; of its first max_pages, unless that is 0. 0 or an outcome. The
 * first document takes longer than the next one of its kind, see warm.h.
 */
int kit_convert(const char *document, const char *pdf, unsigned max_pages);

#endif
