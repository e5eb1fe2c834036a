/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <assert.h>
#include <stdint.h>

#include "base/mem.h"
#include "server/option_table.h"
#include "server/options.h"

/*
 * Any file is either read or refused with a reason; what was read keeps to the
 * table's limits.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_numbers(const struct options *options)
{
	for (size_t i = 0; i < option_table_n; i++) {
		const struct option_row *row = &option_table[i];
		int64_t n;

		memcpy(&n, (const char *)options + row->field, sizeof n);
		if (row->kind == OPTION_SIZE || row->kind == OPTION_COUNT ||
		    row->kind == OPTION_DURATION)
			assert(n >= row->min && n <= row->max);
		if (row->kind == OPTION_YES_NO || row->kind == OPTION_SANDBOX)
			assert(n == 0 || n == 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf problems CLEANUP(buf_fini) = {0};
	struct options *options CLEANUP(options_free) = NULL;
	int r = options_parse("f", (const char *)data, size, &options,
	                      &problems);

	assert((r == 0) == (problems.len == 0));
	if (r == 0)
		check_numbers(options);
	return 0;
}
