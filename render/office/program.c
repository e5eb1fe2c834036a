/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/office/program.h"

#include <errno.h>
#include <stdint.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "render/office/profile.h"
#include "render/office/scratch.h"

#define INPUT_LINE  "/../share/config/soffice.cfg/modules/scalc/ui/inputbar.ui"
#define START_AGAIN 81 /* EXITHELPER_NORMAL_RESTART */
#define STARTS_MAX  3
#define PROFILE     SCRATCH_FOLDER "/profile"

bool program_is_needed(const char *folder, const char *type)
{
	static const char *const sheets[] = {"xlsx", "xls", "ods"};
	char *path CLEANUP(xfree) = xasprintf("%s" INPUT_LINE, folder);

	for (size_t i = 0; i < ARRAY_LEN(sheets); i++)
		if (strcmp(type, sheets[i]) == 0)
			return access(path, R_OK) < 0;
	return false;
}

static int run(char *const argv[])
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		execv(argv[0], argv);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* With a new profile it sets it up and asks to be started again. */
int program_convert(const char *folder, const char *document)
{
	char *program CLEANUP(xfree) = xasprintf("%s/soffice.bin", folder);
	char *const argv[] = {
		program,
		(char[]){"--headless"},
		(char[]){"--norestore"},
		(char[]){"--nologo"},
		(char[]){"-env:UserInstallation=file://" PROFILE},
		(char[]){"--convert-to"},
		(char[]){"pdf"},
		(char[]){"--outdir"},
		(char[]){SCRATCH_FOLDER},
		(char *)(uintptr_t)document,
		NULL,
	};
	int n_starts = 0, r = profile_make(PROFILE, NULL);

	if (r < 0)
		return r;
	do
		r = run(argv);
	while (r == START_AGAIN && ++n_starts < STARTS_MAX);
	return r;
}
