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
