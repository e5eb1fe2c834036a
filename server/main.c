/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * platend: mail in, paper out.
 */
#include <getopt.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/mem.h"
#include "server/daemon.h"
#include "server/options.h"

#define CONFIG_STD "/etc/platen/platend.conf"
#define USAGE      64 /* sysexits.h */

static const char help[] =
	"usage: platend [--config FILE] [--check]\n"
	"\n"
	"Takes mail by SMTP and prints it.\n"
	"\n"
	"  --config FILE  read this file (" CONFIG_STD ")\n"
	"  --check        read the file, say what is wrong with it, and end\n"
	"  --help         show this\n"
	"  --version      show the version\n"
	"\n"
	"SIGHUP reads the file again; SIGTERM finishes what is in hand and ends.\n"
	"Exit codes: 0 asked to end, 1 cannot start, 64 bad usage, 75 the disk\n"
	"failed, 78 the file is wrong. More: man 8 platend, man 5 platend.conf\n";

struct arguments {
	const char *config;
	bool is_check;
};

static void print_help(void)
{
	fputs(help, stdout);
	exit(0);
}

static void print_version(void)
{
	puts("platend " PLATEN_VERSION);
	exit(0);
}

static struct arguments parse_arguments(int argc, char **argv)
{
	static const struct option names[] = {
		{"config", required_argument, NULL, 'c'},
		{"check", no_argument, NULL, 'k'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{0},
	};
	struct arguments a = {.config = CONFIG_STD};
	int c;

	while ((c = getopt_long(argc, argv, "c:hV", names, NULL)) != -1) {
		switch (c) {
		case 'c': a.config = optarg; break;
		case 'k': a.is_check = true; break;
		case 'h': print_help(); break;
		case 'V': print_version(); break;
		default: exit(USAGE);
		}
	}
	if (optind < argc) {
		fprintf(stderr, "platend: '%s' is not an option\n",
		        argv[optind]);
		exit(USAGE);
	}
	return a;
}

/*
 * A written pipe or a full quota is an errno, not an end. Memory holds
 * strangers' documents and keys: no core file, no ptrace by the same user.
 */
static void set_up_process(void)
{
	struct rlimit files, no_core = {0};

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	umask(0077);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	/* libcurl reads the names of hosts in the charset of the locale */
	setlocale(LC_CTYPE, "C.UTF-8");
	setrlimit(RLIMIT_CORE, &no_core);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

int main(int argc, char **argv)
{
	struct arguments a = parse_arguments(argc, argv);
	struct options *options CLEANUP(options_free) = NULL;
	struct buf problems CLEANUP(buf_fini) = {0};

	if (options_load(a.config, &options, &problems) < 0) {
		fputs(buf_str(&problems), stderr);
		return DAEMON_BAD_CONFIG;
	}
	if (a.is_check) {
		printf("%s: ok\n", a.config);
		return 0;
	}
	set_up_process();
	log_set_level((enum log_level)options->log_level);
	return daemon_run(a.config, options);
}
