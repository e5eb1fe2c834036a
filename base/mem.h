/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/*
 * Memory that is never refused. Out of memory aborts: GLib under GMime does so
 * anyway, and the spool survives us. What a stranger can size is limited before
 * it is allocated, never by these functions. Free with free().
 */
void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);
/* For megabytes that are used as a whole: in large pages where there are. */
void *xmalloc_large(size_t size);
char *xstrdup(const char *s); /* NULL in, NULL out */
char *xstrndup(const char *s, size_t n);
void *xmemdup(const void *p, size_t n);
char *xasprintf(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* For `char *s CLEANUP(xfree) = ...`: free() of any pointer type. */
static inline __attribute__((unused)) void xfree_cleanup_(void *p)
{
	free(*(void **)p);
}

#include "base/banned.h"

#endif
