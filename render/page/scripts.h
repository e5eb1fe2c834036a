/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_PAGE_SCRIPTS_H
#define RENDER_PAGE_SCRIPTS_H

/* What is run in the browser's pages: functions in JavaScript, ASCII. */
extern const char page_lazy[];
extern const char page_paper[];

#endif
