/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_BOX_ROLE_H
#define RENDER_BOX_ROLE_H

#include <stdint.h>

/*
 * A file that the system's packages leave out and the program needs. The
 * folder, which is shown as part of a readable path, then holds nothing else.
 * A list of them ends with {0}.
 */
struct box_supplement {
	const char *folder;
	const char *subfolder; /* ".": the folder itself */
	const char *name, *text;
};

/*
 * What a program in the box may have: one row per program that platen runs but
 * did not write. Missing paths are passed over.
 */
struct box_role {
	const char *name;
	const char *const *readable; /* ends with NULL; programs run from it */
	const struct box_supplement *supplements; /* NULL: none */
	uint64_t scratch_bytes; /* of /tmp, in memory, gone at the end */
	uint64_t shared_bytes;  /* of /dev/shm */
	uint64_t data_bytes;    /* of writable memory, per process */
	unsigned processes;     /* and threads */
	unsigned files;         /* open at a time, per process */
};

/* NULL: there is no such role. */
const struct box_role *box_role_find(const char *name);

#endif
