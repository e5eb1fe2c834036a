/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/browser_program.h"

#include <assert.h>

#include "base/mem.h"

/*
 * Its renderer sandbox stays on; the box is around it. What it would do on its
 * own account is off: it could not reach anybody, and would try.
 */
static const char *const words[] = {
	"--remote-debugging-pipe",
	"--user-data-dir=/tmp/profile",
	/* no machine code made at run time: MemoryDenyWriteExecute= may stay,
           and scripts lose the easiest way to break the renderer */
	"--js-flags=--jitless",
	"--disable-gpu",
	"--disable-background-networking",
	"--disable-breakpad",
	"--disable-component-update",
	"--disable-default-apps",
	"--disable-domain-reliability",
	"--disable-extensions",
	"--disable-sync",
	"--disable-webrtc",
	"--no-default-browser-check",
	"--no-first-run",
	"--no-pings",
	"--dns-prefetch-disable",
	/* at these resolutions hinting only distorts */
	"--font-render-hinting=none",
};

void browser_program_argv(const char *box, const char *program,
                          const char *out[BROWSER_PROGRAM_WORDS])
{
	size_t n = 0;

	out[n++] = box;
	out[n++] = "browser";
	out[n++] = "--";
	out[n++] = program;
	static_assert(ARRAY_LEN(words) + 5 <= BROWSER_PROGRAM_WORDS,
	              "room for all words");
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		out[n++] = words[i];
	out[n] = NULL;
}
