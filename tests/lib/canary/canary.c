/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "base/sandbox.h"

/*
 * canary [free] ATTEMPT: enters the sandbox (unless "free") and tries. Exit
 * status 0: the attempt failed, as it must; 1: it worked; 2: the sandbox could
 * not be entered; 3: no such attempt. The filter may kill it with SIGSYS.
 */
static bool opens(const char *path, int flags)
{
	return open(path, flags, 0600) >= 0;
}

static bool read_secret(void)
{
	return opens("/etc/shadow", O_RDONLY) ||
	       opens("/etc/passwd", O_RDONLY) ||
	       opens("/proc/1/environ", O_RDONLY);
}

static bool write_file(void)
{
	return opens("/tmp/canary-was-here", O_WRONLY | O_CREAT);
}

static bool connect_to(uint32_t address)
{
	struct sockaddr_in peer = {
		.sin_family = AF_INET,
		.sin_port = htons(80),
		.sin_addr.s_addr = htonl(address),
	};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	/* A datagram socket connects wherever there is a route. */
	return fd >= 0 &&
	       connect(fd, (struct sockaddr *)&peer, sizeof peer) == 0;
}

static bool connect_loopback(void)
{
	return connect_to(INADDR_LOOPBACK);
}

static bool connect_metadata(void)
{
	return connect_to(0xa9fea9fe); /* 169.254.169.254 */
}

static bool connect_unix(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
}

static bool start_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid > 0;
}

static bool leave_background_child(void)
{
	pid_t pid = vfork();

	if (pid == 0)
		_exit(0);
	return pid > 0;
}

static bool run_program(void)
{
	char *argv[] = {(char[]){"/bin/false"}, NULL};

	execv(argv[0], argv); /* where it works, ends with 1 */
	return false;
}

static bool trace_parent(void)
{
	return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0;
}

static bool signal_parent(void)
{
	return kill(getppid(), 0) == 0;
}

/* 10 GB into stdout, which the test makes a file. */
static bool fill_disk(void)
{
	static char chunk[1 << 20];
	uint64_t written = 0;

	signal(SIGXFSZ, SIG_IGN);
	while (written < (UINT64_C(10) << 30)) {
		ssize_t n = write(STDOUT_FILENO, chunk, sizeof chunk);

		if (n <= 0)
			return false;
		written += (uint64_t)n;
	}
	return true;
}

static bool run_made_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool new_namespace(void)
{
	return unshare(CLONE_NEWUSER) == 0;
}

static bool become_root(void)
{
	return setuid(0) == 0;
}

static const struct {
	const char *name;
	bool (*works)(void);
} attempts[] = {
	{"read-secret", read_secret},
	{"write-file", write_file},
	{"connect-loopback", connect_loopback},
	{"connect-metadata", connect_metadata},
	{"connect-unix", connect_unix},
	{"fork", start_process},
	{"background-child", leave_background_child},
	{"exec", run_program},
	{"ptrace-parent", trace_parent},
	{"signal-parent", signal_parent},
	{"fill-disk", fill_disk},
	{"made-code", run_made_code},
	{"namespace", new_namespace},
	{"root", become_root},
};

static int try(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(attempts); i++)
		if (strcmp(attempts[i].name, name) == 0)
			return attempts[i].works();
	return 3;
}

int main(int argc, char **argv)
{
	static const char *const readable[] = {"/usr/share/fonts", NULL};
	const struct sandbox_role role = {
		.readable = readable,
		.cpu_seconds = 20,
		.file_bytes = 4 << 20,
		.files = 32,
	};
	bool is_free = argc == 3 && strcmp(argv[1], "free") == 0;
	struct sandbox_report report;
	struct err err;

	if (argc < 2)
		return 3;
	if (!is_free && sandbox_enter(&role, &report, &err) < 0) {
		fprintf(stderr, "canary: %s\n", err.text);
		return 2;
	}
	_exit(try(argv[argc - 1]));
}
