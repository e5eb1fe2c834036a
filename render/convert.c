/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/convert.h"

#include <strings.h>

#include "base/mem.h"

void convert_job_fini(struct convert_job *job)
{
	for (size_t i = 0; i < job->n_resources; i++) {
		free(job->resources[i].name);
		free(job->resources[i].location);
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

/* Behind "http://" or "https://": pages name the same file either way. */
static const char *without_scheme(const char *url)
{
	if (strncasecmp(url, "http://", 7) == 0)
		return url + 7;
	return strncasecmp(url, "https://", 8) == 0 ? url + 8 : url;
}

/* A path, or the end of one: "a/b.png" of "file:///C:/x/a/b.png". */
static bool ends_in_path(const char *location, const char *path)
{
	size_t n = strlen(location), m = strlen(path);

	return m > 0 && n >= m && strcmp(location + n - m, path) == 0 &&
	       (n == m || location[n - m - 1] == '/' ||
	        location[n - m - 1] == '\\');
}

const struct convert_resource *
convert_job_find_location(const struct convert_job *job, const char *url,
                          const char *base)
{
	size_t len = strlen(base);
	bool is_relative = strncmp(url, base, len) == 0;

	for (size_t i = 0; i < job->n_resources; i++) {
		const char *location = job->resources[i].location;

		if (!*location)
			continue;
		if (strcmp(without_scheme(location), without_scheme(url)) ==
		            0 ||
		    (is_relative && ends_in_path(location, url + len)))
			return &job->resources[i];
	}
	return NULL;
}
