/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_OFFICE_PROFILE_H
#define RENDER_OFFICE_PROFILE_H

#include "base/err.h"

/*
 * LibreOffice's settings for documents of strangers: no macros, no links to
 * other files, nothing kept for later. Makes the folder `path` (under /tmp of
 * the box) with them. -errno with a sentence.
 */
int profile_make(const char *path, struct err *err);

/*
 * The fonts that LibreOffice may choose from: below home, for fontconfig. A
 * font in colour leaves holes in its PDFs, where one in black would be seen.
 * -errno with a sentence.
 */
int profile_choose_fonts(const char *home, struct err *err);

#endif
