/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <signal.h>
#include <stdio.h>

#include "base/mem.h"

/*
 * Run under the name of what goes wrong (a link in a temporary folder), in
 * place of platen-render:
 *
 *   crash     ready, then a null pointer      early   ready, then exit 0
 *   hang      ready, then nothing             flood   print data without end
 *   nonsense  an endless line of answers      stillborn  exit before ready
 *   pages     page after page, none of which it gives
 *   backwards a second page that ends before the first one
 *   twice     a ledger, and another one when nobody asked
 *   chatter   escape sequences on stderr, then as crash
 *   linger    three bytes, said to be all, one more word, and stays
 *   stingy    a document to convert, of which nothing comes
 */
static void say(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		_exit(1);
}

static void say_for_ever(int fd)
{
	static char chunk[65536];

	memset(chunk, 'x', sizeof chunk);
	for (;;)
		if (write(fd, chunk, sizeof chunk) < 0)
			_exit(1);
}

/* Only when a message came: a spare waits quietly. */
static void wait_for_message(void)
{
	char chunk[4096];

	if (read(0, chunk, sizeof chunk) <= 0)
		_exit(0);
}

static _Noreturn void crash(void)
{
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
	_exit(1);
}

static void say_page(unsigned page, unsigned end)
{
	char line[64];

	snprintf(line, sizeof line, "page=%u end=%u part=\n", page, end);
	say(3, line);
}

static void say_all(void)
{
	say(3, "done=1 pages=0 bytes=3 counted=0\n");
	say(1, "abc");
	say(3, "part-failed=1 reason=late\n");
}

int main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	const char *name = slash ? slash + 1 : argv[0];

	if (strcmp(name, "stillborn") == 0)
		return 3;
	say(3, "ready=1 sandbox=none\n");
	wait_for_message();
	if (strcmp(name, "early") == 0)
		return 0;
	if (strcmp(name, "flood") == 0)
		say_for_ever(1);
	if (strcmp(name, "nonsense") == 0)
		say_for_ever(3);
	for (unsigned page = 1; strcmp(name, "pages") == 0; page++)
		say_page(page, 999999999);
	if (strcmp(name, "backwards") == 0) {
		say(1, "abc");
		say_page(1, 3);
		say_page(2, 1);
	}
	while (strcmp(name, "twice") == 0)
		say(3, "ledger-end=1\n");
	if (strcmp(name, "chatter") == 0)
		say(2, "\033]0;owned\007 \033[2J\n");
	if (strcmp(name, "linger") == 0)
		say_all();
	if (strcmp(name, "stingy") == 0)
		say(3, "ledger-end=1\n"
		       "convert=1 engine=html size=5 name=html resources=0\n");
	while (strcmp(name, "hang") == 0 || strcmp(name, "linger") == 0 ||
	       strcmp(name, "backwards") == 0 || strcmp(name, "stingy") == 0)
		pause();
	crash();
}
