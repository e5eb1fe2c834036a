/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/office/profile.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"

/* Paths and names are those of LibreOffice's registry (officecfg, *.xcs). */
static const struct {
	const char *path, *name, *value;
} settings[] = {
	/* Very high, and not even those of a signed or trusted document. */
	{"Office.Common/Security/Scripting", "MacroSecurityLevel", "3"},
	{"Office.Common/Security/Scripting", "DisableMacrosExecution", "true"},
	{"Office.Common/Security/Scripting", "BlockUntrustedRefererLinks",
         "true"},
	{"Office.Common/Security/Scripting", "HyperlinksWithCtrlClick", "true"},
	{"Office.Common/Load", "UpdateDocMode", "0"},
	{"Office.Writer/Content/Update", "Link", "2"},
	{"Office.WriterWeb/Content/Update", "Link", "2"},
	{"Office.Calc/Content/Update", "Link", "2"},
	/* Nothing is to be found again, told or asked. */
	{"Office.Common/Save/Document", "AutoSave", "false"},
	{"Office.Common/Save/Document", "CreateBackup", "false"},
	{"Office.Common/History", "PickListSize", "0"},
	{"Office.Common/Misc", "FirstRun", "false"},
	{"Office.Common/Misc", "CrashReport", "false"},
	{"Office.Recovery/RecoveryInfo", "Enabled", "false"},
	{"Office.Recovery/AutoSave", "Enabled", "false"},
	/* Formulas as the file has them: Excel's results are in it. */
	{"Office.Calc/Formula/Load", "OOXMLRecalcMode", "1"},
	{"Office.Calc/Formula/Load", "ODFRecalcMode", "1"},
	/* Each start after an update tries out the graphics for a second. */
	{"Setup/Product", "ooSetupLastVersion", "99.0"},
	/* Graphics are drawn without a card. */
	{"Office.Common/VCL", "UseOpenGL", "false"},
	{"Office.Common/VCL", "UseSkia", "false"},
	{"Office.Common/Misc", "UseOpenCL", "false"},
};

static void write_settings(struct buf *out)
{
	buf_puts(out,
	         "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	         "<oor:items xmlns:oor=\"http://openoffice.org/2001/registry\" "
	         "xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" "
	         "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n");
	for (size_t i = 0; i < ARRAY_LEN(settings); i++)
		buf_printf(out,
		           "<item oor:path=\"/org.openoffice.%s\">"
		           "<prop oor:name=\"%s\" oor:op=\"fuse\"><value>%s"
		           "</value></prop></item>\n",
		           settings[i].path, settings[i].name,
		           settings[i].value);
	buf_puts(out, "</oor:items>\n");
}

static int make_folders(const char *path, struct err *err)
{
	char *copy CLEANUP(xfree) = xstrdup(path);

	for (char *slash = strchr(copy + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0700) < 0 && errno != EEXIST)
			return err_errno(err, errno, "cannot make '%s'", copy);
		*slash = '/';
	}
	return 0;
}

static int write_file(const char *folder, const char *name, const char *data,
                      size_t len, struct err *err)
{
	int r = make_folders(folder, err);

	if (r < 0)
		return r;

	int dir CLEANUP(fs_close) = fs_open_dir(-1, folder, err);

	return dir < 0 ? dir : fs_write_file(dir, name, 0600, data, len, err);
}

int profile_make(const char *path, struct err *err)
{
	struct buf text CLEANUP(buf_fini) = {0};
	char *data CLEANUP(xfree) = xasprintf("%s/registry/data/", path);

	write_settings(&text);
	return write_file(data, "platen.xcu", text.data, text.len, err);
}

int profile_choose_fonts(const char *home, struct err *err)
{
	static const char rule[] =
		"<?xml version=\"1.0\"?>"
		"<!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">"
		"<fontconfig><selectfont><rejectfont><pattern>"
		"<patelt name=\"color\"><bool>true</bool></patelt>"
		"</pattern></rejectfont></selectfont></fontconfig>\n";
	char *folder CLEANUP(xfree) = xasprintf("%s/.config/fontconfig/", home);

	return write_file(folder, "fonts.conf", rule, sizeof rule - 1, err);
}
