/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_TERMINAL_H
#define RENDER_WORKER_TERMINAL_H

#include "base/buf.h"

/*
 * Output of programs, as cron mails it, without what only a terminal obeys:
 * colours (ECMA-48, 5.4) go, letters struck over (by backspace, as nroff has
 * them) stand once. Nothing else changes; the text gets no longer.
 */
void terminal_clean(struct buf *text);

#endif
