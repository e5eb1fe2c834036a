/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/box/role.h"

#include "base/mem.h"

#define MB (UINT64_C(1) << 20)

/* What every program of the system needs: libraries, fonts, the time zone. */
#define SYSTEM_PATHS                                                           \
	"/usr", "/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache",         \
		"/etc/localtime", "/var/cache/fontconfig"

static const char *const browser_paths[] = {
	SYSTEM_PATHS,
	"/etc/chromium",
	NULL,
};

static const char *const office_paths[] = {
	SYSTEM_PATHS,
	"/etc/libreoffice",
	"/var/lib/libreoffice",
	NULL,
};

static const char *const postscript_paths[] = {
	SYSTEM_PATHS,
	"/etc/ghostscript",
	"/var/lib/ghostscript",
	NULL,
};

/*
 * The description of Calc's input line, without which LibreOffice as a library
 * opens no spreadsheet, and which Debian's packages without a user interface do
 * not have. These are the names that Calc looks for; nobody sees them.
 */
static const struct box_supplement input_line = {
	.folder = "/usr/lib/libreoffice/share/config/soffice.cfg/modules/scalc",
	.subfolder = "ui",
	.name = "inputbar.ui",
	.text = "<interface><object class='GtkBox' id='InputBar'><child>"
		"<object class='GtkBox' id='background'><child>"
		"<object class='GtkScrolledWindow' id='scrolledwindow'><child>"
		"<object class='GtkViewport'><child>"
		"<object class='GtkDrawingArea' id='sc_input_window'/>"
		"</child></object></child></object></child><child>"
		"<object class='GtkButton' id='up'/></child><child>"
		"<object class='GtkButton' id='down'/></child></object>"
		"</child></object></interface>",
};

/*
 * The browser's processes are about ten with thirty threads each; its memory
 * cannot be limited by address space, of which it reserves terabytes.
 */
static const struct box_role roles[] = {
	{
		.name = "browser",
		.readable = browser_paths,
		.scratch_bytes = 256 * MB,
		.shared_bytes = 256 * MB,
		.data_bytes = 2048 * MB,
		.processes = 512,
		.files = 1024,
	},
	{
		.name = "office",
		.readable = office_paths,
		.supplement = &input_line,
		.scratch_bytes = 256 * MB,
		.shared_bytes = 16 * MB,
		.data_bytes = 1024 * MB,
		.processes = 64,
		.files = 256,
	},
	{
		.name = "postscript",
		.readable = postscript_paths,
		.scratch_bytes = 256 * MB,
		.shared_bytes = 1 * MB,
		.data_bytes = 512 * MB,
		.processes = 8,
		.files = 64,
	},
};

const struct box_role *box_role_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(roles); i++)
		if (strcmp(roles[i].name, name) == 0)
			return &roles[i];
	return NULL;
}
