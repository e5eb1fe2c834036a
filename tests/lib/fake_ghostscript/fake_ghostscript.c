/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"

/*
 * fake_ghostscript MODE [WORD]...: "deaf" makes its PDF without reading what it
 * is given; "good" reads it all, and it is an order:
 *
 *   pdf      "%PDF fake"        broken   ends with 1
 *   words    the words it got   die      of a signal
 *   endless  without end        slow     never ends
 *   gone     as platen-box where there is no such program
 *   open     as platen-box where it cannot make the box
 */
static void tell_words(int argc, char **argv)
{
	for (int i = 2; i < argc; i++)
		printf("%s%s", i > 2 ? " " : "", argv[i]);
}

static int obey(const char *order, int argc, char **argv)
{
	if (strcmp(order, "pdf") == 0)
		fputs("%PDF fake", stdout);
	else if (strcmp(order, "words") == 0)
		tell_words(argc, argv);
	else if (strcmp(order, "die") == 0)
		raise(SIGKILL);
	else if (strcmp(order, "gone") == 0)
		return 127;
	else if (strcmp(order, "open") == 0)
		return 78;
	else if (strcmp(order, "broken") == 0)
		return 1;
	while (strcmp(order, "endless") == 0)
		fputs("%PDF fake", stdout);
	while (strcmp(order, "slow") == 0)
		pause();
	return 0;
}

int main(int argc, char **argv)
{
	char order[64] = "pdf";
	size_t n;

	if (argc > 1 && strcmp(argv[1], "good") == 0) {
		n = fread(order, 1, sizeof order - 1, stdin);
		order[n] = '\0';
	}
	return obey(order, argc, argv);
}
