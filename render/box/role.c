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
 * Descriptions of Calc's input line and of Writer's remarks in the margin.
 * Without them LibreOffice opens no spreadsheet as a library, and no letter
 * that has a remark at all; Debian's packages without a user interface do not
 * have them. These are the names that are looked for; nobody sees them.
 */
#define MODULES "/usr/lib/libreoffice/share/config/soffice.cfg/modules/"

#define INPUT_LINE                                                             \
	"<interface><object class='GtkBox' id='InputBar'><child>"              \
	"<object class='GtkBox' id='background'><child>"                       \
	"<object class='GtkScrolledWindow' id='scrolledwindow'><child>"        \
	"<object class='GtkViewport'><child>"                                  \
	"<object class='GtkDrawingArea' id='sc_input_window'/>"                \
	"</child></object></child></object></child><child>"                    \
	"<object class='GtkButton' id='up'/></child><child>"                   \
	"<object class='GtkButton' id='down'/></child></object>"               \
	"</child></object></interface>"

#define REMARK                                                                 \
	"<interface><object class='GtkMenu' id='menu'/>"                       \
	"<object class='GtkBox' id='Annotation'><child>"                       \
	"<object class='GtkScrolledWindow' id='scrolledwindow'><child>"        \
	"<object class='GtkViewport'><child>"                                  \
	"<object class='GtkDrawingArea' id='editview'/>"                       \
	"</child></object></child></object></child><child>"                    \
	"<object class='GtkLabel' id='author'/></child><child>"                \
	"<object class='GtkLabel' id='date'/></child><child>"                  \
	"<object class='GtkLabel' id='resolved'/></child><child>"              \
	"<object class='GtkMenuButton' id='menubutton'>"                       \
	"<property name='popup'>menu</property></object>"                      \
	"</child></object></interface>"

static const struct box_supplement office_supplements[] = {
	{MODULES "scalc", "ui", "inputbar.ui", INPUT_LINE},
	{MODULES "swriter/ui", ".", "annotation.ui", REMARK},
	{0},
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
		.supplements = office_supplements,
		.scratch_bytes = 256 * MB,
		.shared_bytes = 16 * MB,
		.data_bytes = 2048 * MB,
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
