/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_RECOVERY_H
#define SPOOL_RECOVERY_H

#include "spool/spool_private.h"

/*
 * Starting up is recovery: jobs that were in somebody's hand when the last run
 * ended go back to where nothing can be lost or printed twice, and files that
 * no row names are deleted.
 */
void recovery_run(struct spool *spool);

#endif
