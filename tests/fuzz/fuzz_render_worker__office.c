/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdint.h>

#include "base/mem.h"
#include "render/worker/office_kind.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * The first bytes decide which reader is meant: without them nothing would ever
 * be looked at.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const magics[] = {"PK\3\4",
	                                     "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
	                                     "{\\rtf"};

	for (size_t i = 0; i < ARRAY_LEN(magics); i++) {
		char *copy CLEANUP(xfree) = xmalloc(size + 16);
		size_t n = strlen(magics[i]);

		memcpy(copy, magics[i], n);
		if (size > n)
			memcpy(copy + n, data + n, size - n);
		office_kind_of(copy, size > n ? size : n);
	}
	return 0;
}
