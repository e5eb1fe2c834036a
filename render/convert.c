/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/convert.h"

#include <strings.h>

#include "base/mem.h"

void convert_job_fini(struct convert_job *job)
{
	for (size_t i = 0; i < job->n_resources; i++) {
		free(job->resources[i].name);
		free(job->resources[i].type);
		buf_fini(&job->resources[i].bytes);
	}
	free(job->resources);
	job->resources = NULL;
	job->n_resources = 0;
	buf_fini(&job->document);
}

const struct convert_resource *convert_job_find(const struct convert_job *job,
                                                const char *name)
{
	for (size_t i = 0; i < job->n_resources; i++)
		if (strcasecmp(job->resources[i].name, name) == 0)
			return &job->resources[i];
	return NULL;
}
