/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "control.h"

#include <errno.h>

#include "base/mem.h"
#include "ledger.h"

/* printer=N, printer=N-M; none: all of them. */
static int read_range(const struct sim *sim, const char *query, unsigned *first,
                      unsigned *last)
{
	char text[32];
	char *end = NULL;

	*first = 0;
	*last = sim->n_printers - 1;
	int r = query_get(query, "printer", text, sizeof text);
	if (r == -ENOENT || (r == 0 && strcmp(text, "all") == 0))
		return 0;
	if (r < 0)
		return r;
	*first = *last = (unsigned)strtoul(text, &end, 10);
	if (end != text && *end == '-')
		*last = (unsigned)strtoul(end + 1, &end, 10);
	if (end == text || *end || *first > *last || *last >= sim->n_printers)
		return -EINVAL;
	return 0;
}

static int set(struct sim *sim, const char *query, unsigned first,
               unsigned last, char **body)
{
	struct err err = {0};

	for (unsigned i = first; i <= last; i++) {
		struct printer *printer = &sim->printers[i];
		if (settings_apply(&printer->settings, query, &err) < 0) {
			*body = xasprintf("%s\n", err.text);
			return 400;
		}
		printer_kick(printer);
	}
	*body = xstrdup("ok\n");
	return 200;
}

int control_get(struct sim *sim, const char *target, char **body)
{
	const char *question = strchr(target, '?');
	const char *query = question ? question + 1 : "";
	size_t len = question ? (size_t)(question - target) : strlen(target);
	char *path CLEANUP(xfree) = xstrndup(target, len);
	unsigned first, last;

	if (read_range(sim, query, &first, &last) < 0) {
		*body = xstrdup("no such printer\n");
		return 400;
	}
	if (strcmp(path, "/control") == 0)
		return set(sim, query, first, last, body);
	if (strcmp(path, "/ledger") == 0)
		*body = ledger_dump(sim, first, last);
	else if (strcmp(path, "/counts") == 0)
		*body = ledger_counts(sim, first, last);
	else
		*body = NULL;
	if (*body)
		return 200;
	*body = xstrdup("no such page\n");
	return 404;
}
