/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdio.h>

#include "base/mem.h"
#include "render/box/box.h"

/*
 * platen-box ROLE [read=PATH]... -- PROGRAM [ARGUMENT]...
 *
 * Runs a large program that platen did not write where it can do no harm: see
 * render/box/box.h for the walls and role.c for the roles. The program sees
 * its own file, the paths of its role and those named by read=, all read-only,
 * and an empty /tmp, where it starts and which is its HOME. It keeps
 * descriptors 0 to 4 and has no environment but what is set here.
 *
 * Ends as the program does; 78 with a sentence on stderr when this system
 * cannot make the box.
 */
#define EXIT_NO_BOX 78 /* EX_CONFIG */
#define READ_MAX    8

struct command {
	const struct box_role *role;
	const char *readable[READ_MAX + 2]; /* and the program, and NULL */
	char **argv;                        /* of the program */
};

static int read_command(struct command *command, int argc, char **argv)
{
	size_t n = 0;
	int i;

	if (argc < 4)
		return -1;
	command->role = box_role_find(argv[1]);
	for (i = 2; i < argc && strncmp(argv[i], "read=/", 6) == 0; i++) {
		if (n == READ_MAX)
			return -1;
		command->readable[n++] = argv[i] + strlen("read=");
	}
	if (!command->role || i + 1 >= argc || strcmp(argv[i], "--") != 0 ||
	    argv[i + 1][0] != '/')
		return -1;
	command->readable[n] = argv[i + 1];
	command->argv = argv + i + 1;
	return 0;
}

int main(int argc, char **argv)
{
	char *environment[] = {
		(char[]){"PATH=/usr/bin:/bin"},
		(char[]){"HOME=/tmp"},
		(char[]){"TMPDIR=/tmp"},
		(char[]){"XDG_RUNTIME_DIR=/tmp"},
		(char[]){"LC_ALL=C.UTF-8"},
		NULL,
	};
	struct command command = {0};
	struct err err = {0};

	if (read_command(&command, argc, argv) < 0) {
		fprintf(stderr, "usage: platen-box ROLE [read=/PATH]... -- "
		                "/PROGRAM [ARGUMENT]...\n");
		return 2;
	}
	if (box_enter(command.role, command.readable, &err) < 0) {
		fprintf(stderr, "platen-box: %s\n", err.text);
		_exit(EXIT_NO_BOX);
	}
	execve(command.argv[0], command.argv, environment);
	fprintf(stderr, "platen-box: cannot run '%s': %m\n", command.argv[0]);
	_exit(127);
}
