/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/html_hidden.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"

/* "0" hides, "0.9em" and "08" do not. */
static bool goes_on(char c)
{
	return isalnum((unsigned char)c) ? isdigit((unsigned char)c)
	                                 : c == '.' || c == '-';
}

bool html_style_hides(const char *style)
{
	static const char *const rules[] = {"display:none", "visibility:hidden",
	                                    "mso-hide:all", "max-height:0",
	                                    "font-size:0",  "opacity:0"};
	struct buf tight CLEANUP(buf_fini) = {0};

	buf_puts(&tight, ";");
	for (; *style; style++)
		if (!isspace((unsigned char)*style))
			buf_append(&tight, style, 1);
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		const char *found = strcasestr(buf_str(&tight), rules[i]);

		if (found && found[-1] == ';' &&
		    !goes_on(found[strlen(rules[i])]))
			return true;
	}
	return false;
}
