/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/office/kit.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"

/*
 * What we use of LibreOfficeKit's interface. It is made of structs that only
 * grow at their end, so their beginnings are all that has to be known here;
 * Debian's package of the header would draw in GTK.
 */
struct kit;
struct document;

struct kit_class {
	size_t size;
	void (*destroy)(struct kit *kit);
	struct document *(*load)(struct kit *kit, const char *url);
	char *(*get_error)(struct kit *kit);
	struct document *(*load_with_options)(struct kit *kit, const char *url,
	                                      const char *options);
	void (*free_error)(char *error);
	void (*register_callback)(struct kit *kit, void *callback, void *data);
	char *(*get_filter_types)(struct kit *kit);
	void (*set_optional_features)(struct kit *kit,
	                              unsigned long long features);
	void (*set_password)(struct kit *kit, const char *url,
	                     const char *password);
};

struct kit {
	struct kit_class *class;
};

struct document_class {
	size_t size;
	void (*destroy)(struct document *document);
	int (*save_as)(struct document *document, const char *url,
	               const char *format, const char *options);
};

struct document {
	struct document_class *class;
};

typedef int preload_fn(const char *program, const char *profile);
typedef struct kit *start_fn(const char *program, const char *profile);

/* A process has one LibreOffice, whose own state is global, too. */
static struct {
	start_fn *start;
	const char *program;
	const char *profile;
	struct kit *kit;
} loaded;

static void *open_library(const char *program, struct err *err)
{
	static const char *const names[] = {"libsofficeapp.so",
	                                    "libmergedlo.so"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *path CLEANUP(xfree) =
			xasprintf("%s/%s", program, names[i]);
		void *library = dlopen(path, RTLD_LAZY | RTLD_GLOBAL);

		if (library)
			return library;
	}
	err_set(err, -ENOENT, "cannot load LibreOffice from '%s'", program);
	return NULL;
}

int kit_preload(const char *program, const char *profile, struct err *err)
{
	void *library = open_library(program, err);
	preload_fn *preload;

	if (!library)
		return -ENOENT;
	preload = (preload_fn *)(uintptr_t)dlsym(library, "lok_preinit");
	loaded.start =
		(start_fn *)(uintptr_t)dlsym(library, "libreofficekit_hook_2");
	if (!preload || !loaded.start)
		return err_set(err, -EIO, "this LibreOffice is too old");
	loaded.program = program;
	loaded.profile = profile;
	if (preload(program, profile) != 0)
		return err_set(err, -EIO, "LibreOffice does not start");
	return 0;
}

int kit_start(void)
{
	loaded.kit = loaded.start(loaded.program, loaded.profile);
	return loaded.kit ? 0 : KIT_NOT_STARTED;
}

/*
 * A document with a password asks for it; no answer counts as a wrong one, and
 * then the error names it.
 */
static int outcome_of(struct kit *kit)
{
	char *error = kit->class->get_error(kit);
	bool password = error && strcasestr(error, "password");

	return password ? KIT_PASSWORD : KIT_UNREADABLE;
}

int kit_convert(const char *url, const char *pdf)
{
	struct document *document;
	int saved;

	document = loaded.kit->class->load_with_options(loaded.kit, url,
	                                                "Batch=true");
	if (!document)
		return outcome_of(loaded.kit);
	saved = document->class->save_as(document, pdf, "pdf", NULL);
	document->class->destroy(document);
	return saved ? 0 : KIT_UNWRITABLE;
}
