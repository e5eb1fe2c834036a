/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_OFFICE_THREADS_H
#define RENDER_OFFICE_THREADS_H

/*
 * Of a process that forks, only the thread that does it is in the child: a lock
 * that another one held then is held there for ever. LibreOffice has none of
 * its own while it runs our loop (kit.h), though short ones while it starts.
 *
 * Waits up to within_ms until the caller's thread is alone. Returns how many
 * others there are still; 0 as well where the kernel does not tell.
 */
unsigned threads_wait_alone(unsigned within_ms);

#endif
