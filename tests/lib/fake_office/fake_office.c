/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"

/*
 * fake_office MODE: "good", "stillborn", which never gets ready, or "hasty",
 * which has a PDF before it has the document. Else a document is an order:
 *
 *   pdf        becomes "%PDF fake"     die      it ends
 *   broke      its word for a crash    garbage  a line that is none
 *   password   its word for that       huge     promises 1 GB
 *   slow       never answers           twice    answers it two times
 */
static void say(const char *text)
{
	fputs(text, stdout);
	fflush(stdout);
}

/* A line and the document; 0 at the end. */
static int read_order(char *order, size_t size, unsigned *serial)
{
	unsigned len = 0;
	char line[256];

	if (!fgets(line, sizeof line, stdin) ||
	    sscanf(line, "document=%*s serial=%u size=%u", serial, &len) != 2 ||
	    len >= size)
		return 0;
	order[len] = '\0';
	return fread(order, 1, len, stdin) == len;
}

static void obey(const char *order, unsigned serial)
{
	char *pdf CLEANUP(xfree) =
		xasprintf("converted=%u size=9\n%%PDF fake", serial);
	char * not CLEANUP(xfree) =
		xasprintf("unconverted=%u reason=%s\n", serial, order);
	char *huge CLEANUP(xfree) =
		xasprintf("converted=%u size=1000000000\n", serial);

	if (strcmp(order, "pdf") == 0)
		say(pdf);
	else if (strcmp(order, "twice") == 0) {
		say(pdf);
		say(pdf);
	} else if (strcmp(order, "broke") == 0 ||
	           strcmp(order, "password") == 0)
		say(not );
	else if (strcmp(order, "garbage") == 0)
		say("what now\n");
	else if (strcmp(order, "huge") == 0)
		say(huge);
	else if (strcmp(order, "slow") != 0)
		exit(1);
}

/* The document stays in the pipe until nobody writes any more. */
static void answer_unread(void)
{
	struct pollfd in = {.fd = STDIN_FILENO};
	char byte;

	if (read(STDIN_FILENO, &byte, 1) == 1)
		say("converted=1 size=9\n%PDF fake");
	poll(&in, 1, -1);
}

int main(int argc, char **argv)
{
	unsigned serial = 0;
	char order[64];

	if (argc != 2 || strcmp(argv[1], "stillborn") == 0)
		return 1;
	say("ready=1\n");
	if (strcmp(argv[1], "hasty") == 0)
		answer_unread();
	while (read_order(order, sizeof order, &serial))
		obey(order, serial);
	return 0;
}
