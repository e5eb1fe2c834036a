/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <assert.h>
#include <stdint.h>

#include "base/mem.h"
#include "spool/job_options.h"
#include "spool/job_plan.h"
#include "spool/option_words.h"
#include "spool/remarks.h"

/*
 * Whatever stands in a subject or an address: the options stay options, which
 * survive as text, and the remarks stay few and on their lines. The first byte
 * says which of the two it is.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct job_options *options)
{
	struct job_options again;
	char text[512], same[512], first[64];

	assert(options->copies >= 1 && options->copies <= 999);
	assert(options->number_up == 1 || options->number_up == 2 ||
	       options->number_up == 4);
	job_options_to_text(options, text, sizeof text);
	job_options_from_text(text, &again);
	job_options_to_text(&again, same, sizeof same);
	assert(strcmp(text, same) == 0);
	job_plan_first_pages(options->pages, 7, first);
	if (options->pages[0])
		assert(job_options_set(&again, "pages", first, NULL) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf remarks CLEANUP(buf_fini) = {0};
	struct job_options options;
	char *text CLEANUP(xfree) = NULL;

	if (size == 0)
		return 0;
	text = xstrndup((const char *)data + 1, size - 1);
	job_options_init(&options);
	if (data[0] & 1)
		option_words_from_subject(text, &options, &remarks);
	else
		option_words_from_address(text, &options, &remarks);
	check(&options);
	assert(remarks.len < REMARKS_MAX);
	for (size_t i = 0; i < remarks.len; i++)
		assert((uint8_t)remarks.data[i] >= ' ' ||
		       remarks.data[i] == '\n');
	return 0;
}
