/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_PAGE_SCRIPTS_H
#define RENDER_PAGE_SCRIPTS_H

/*
 * What the browser's pages get from us: functions in JavaScript, and a style
 * sheet; ASCII.
 */
extern const char page_judge[];
extern const char page_lazy[];
extern const char page_paper[];
extern const char page_sheet[];

#endif
