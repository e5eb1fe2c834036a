/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_BROWSER_PAPER_H
#define RENDER_BROWSER_PAPER_H

#include <stdbool.h>

#include <jansson.h>

#include "render/convert.h"

/*
 * Paper as the browser is told of it. A document that is much too wide for it
 * is printed on the same paper turned: who draws the PDF turns its pages a
 * quarter counter-clockwise again (render/worker/geometry.h), so that the top
 * of what is printed stands at the left edge of the sheet.
 */

/* Between the margins, in CSS pixels. */
double browser_paper_text_width(const struct convert_page *paper);

/* Whether what needs this width is better read on the paper turned. */
bool browser_paper_may_turn(const struct convert_page *paper, double width);

/* For what needs this width: it is all on the paper, if smaller. */
double browser_paper_scale(const struct convert_page *paper, bool is_turned,
                           double width);

/* Parameters of Emulation.setDeviceMetricsOverride: a screen as wide as that.
 */
json_t *browser_paper_screen(const struct convert_page *paper);

/* Parameters of Page.printToPDF. */
json_t *browser_paper_print(const struct convert_page *paper, bool is_turned,
                            double scale);

#endif
