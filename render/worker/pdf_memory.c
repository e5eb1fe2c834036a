/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_memory.h"

#include <malloc.h>
#include <stdlib.h>

static void *limited_realloc(void *arg, void *old, size_t size)
{
	struct pdf_memory *memory = arg;
	size_t before = malloc_usable_size(old);
	void *p = NULL;

	if (size <= before || size - before <= memory->max - memory->used)
		p = realloc(old, size);
	if (!p) {
		memory->refused = size;
		return NULL;
	}
	if (size == memory->refused)
		memory->refused = 0;
	memory->used += malloc_usable_size(p) - before;
	if (memory->used > memory->max) /* malloc rounds up */
		memory->max = memory->used;
	return p;
}

static void *limited_malloc(void *arg, size_t size)
{
	return limited_realloc(arg, NULL, size);
}

static void limited_free(void *arg, void *p)
{
	struct pdf_memory *memory = arg;

	memory->used -= malloc_usable_size(p);
	free(p);
}

fz_alloc_context pdf_memory_functions(struct pdf_memory *memory)
{
	fz_alloc_context functions = {memory, limited_malloc, limited_realloc,
	                              limited_free};

	return functions;
}
