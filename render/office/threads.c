/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/office/threads.h"

#include <dirent.h>
#include <unistd.h>

#define LOOK_EVERY_MS 10

static unsigned count_others(void)
{
	DIR *dir = opendir("/proc/self/task");
	struct dirent *entry;
	unsigned n = 0;

	if (!dir)
		return 0;
	while ((entry = readdir(dir)))
		n += entry->d_name[0] != '.';
	closedir(dir);
	return n > 0 ? n - 1 : 0;
}

unsigned threads_wait_alone(unsigned within_ms)
{
	unsigned n = count_others();

	for (unsigned ms = 0; n > 0 && ms < within_ms; ms += LOOK_EVERY_MS) {
		usleep(LOOK_EVERY_MS * 1000);
		n = count_others();
	}
	return n;
}
