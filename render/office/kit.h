/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_OFFICE_KIT_H
#define RENDER_OFFICE_KIT_H

#include "base/err.h"

/*
 * LibreOffice as a library, loaded at run time: platen is built without it.
 *
 * kit_preload() reads its hundred libraries, configuration and fonts once, a
 * second's work, and leaves no thread behind, so that the process can fork; a
 * child needs some milliseconds more before it can load a document.
 */

/*
 * program: the folder with libmergedlo.so or libsofficeapp.so. profile: a
 * file: URL of a folder that is there. Once per process. -ENOENT: it is not
 * installed there; -EIO.
 */
int kit_preload(const char *program, const char *profile, struct err *err);

/* What kit_convert() says of a document, beside 0. */
enum kit_outcome {
	KIT_NOT_STARTED = 1, /* LibreOffice's fault */
	KIT_PASSWORD,
	KIT_UNREADABLE,
	KIT_UNWRITABLE,
};

/* In a child of the process that preloaded, once. */
int kit_start(void);

/*
 * Make a PDF of a document, both named as file: URLs, after kit_start(). 0 or
 * an outcome. The first document of a process takes longer than the next one of
 * its kind, see warm.h.
 */
int kit_convert(const char *document, const char *pdf);

#endif
