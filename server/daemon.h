/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_DAEMON_H
#define SERVER_DAEMON_H

#include "server/options.h"

/* Exit codes, as in sysexits.h. */
#define DAEMON_FAILED     1
#define DAEMON_TEMPORARY  75 /* the disk failed: start again */
#define DAEMON_BAD_CONFIG 78

/*
 * Run the server until SIGTERM or SIGINT, or until the spool can no longer
 * write. Says on standard output, a line each, where it listens, then "ready".
 *
 * SIGHUP reads `path` again and adopts what may change into *options (borrowed;
 * nothing else changes it). Returns the exit code.
 */
int daemon_run(const char *path, struct options *options);

#endif
