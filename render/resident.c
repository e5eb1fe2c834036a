/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/resident.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

/* A browser has a dozen; what is beyond these is not counted. */
#define PROCESSES_MAX 256

struct family {
	int pids[PROCESSES_MAX];
	unsigned n;
};

/* One read, as /proc wants it; empty where there is no such file. */
static void read_text(const char *path, char *text, size_t size)
{
	int fd CLEANUP(fs_close) = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);

	text[n > 0 ? n : 0] = '\0';
}

/* proc(5), statm: size, resident and shared come first, in pages. */
static uint64_t resident_of(int pid)
{
	unsigned long long resident, shared;
	char path[64], text[128];

	snprintf(path, sizeof path, "/proc/%d/statm", pid);
	read_text(path, text, sizeof text);
	if (sscanf(text, "%*u %llu %llu", &resident, &shared) != 2 ||
	    resident < shared)
		return 0;
	return (resident - shared) * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Numbers, each followed by a blank. */
static void add_all(struct family *family, const char *text)
{
	char *end;

	for (;; text = end) {
		long pid = strtol(text, &end, 10);

		if (end == text || family->n == PROCESSES_MAX)
			return;
		family->pids[family->n++] = (int)pid;
	}
}

/* proc(5), /proc/PID/task/TID/children: a child belongs to a thread. */
static void add_children(struct family *family, int pid)
{
	char path[64], text[4096];
	struct dirent *entry;
	DIR *threads;

	snprintf(path, sizeof path, "/proc/%d/task", pid);
	threads = opendir(path);
	while (threads && (entry = readdir(threads))) {
		snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid,
		         (int)strtol(entry->d_name, NULL, 10));
		read_text(path, text, sizeof text);
		add_all(family, text);
	}
	if (threads)
		closedir(threads);
}

/* The list grows while it is walked: each adds its own children. */
uint64_t resident_below(int pid)
{
	struct family family = {.pids = {pid}, .n = 1};
	uint64_t sum = 0;

	for (unsigned i = 0; i < family.n; i++) {
		sum += resident_of(family.pids[i]);
		add_children(&family, family.pids[i]);
	}
	return sum;
}
