/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_memory.h"

#include <malloc.h>
#include <stdlib.h>

#define STORE_BYTES (64u << 20) /* decoded images and fonts kept */

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

static void on_message(void *arg, const char *message)
{
}

fz_context *pdf_memory_context(struct pdf_memory *memory)
{
	fz_alloc_context functions = pdf_memory_functions(memory);
	fz_context *ctx = fz_new_context(&functions, NULL, STORE_BYTES);

	if (!ctx)
		return NULL;
	fz_set_warning_callback(ctx, on_message, NULL);
	fz_set_error_callback(ctx, on_message, NULL);
	return ctx;
}
