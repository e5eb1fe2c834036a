/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/office/kit.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

#include "base/mem.h"

/*
 * What we use of LibreOfficeKit's interface. It is made of structs that only
 * grow at their end, so their beginnings are all that has to be known here;
 * Debian's package of the header would draw in GTK.
 */
struct kit;
struct document;

typedef void kit_event_fn(int event, const char *text, void *data);

struct kit_class {
	size_t size;
	void (*destroy)(struct kit *kit);
	struct document *(*load)(struct kit *kit, const char *url);
	char *(*get_error)(struct kit *kit);
	struct document *(*load_with_options)(struct kit *kit, const char *url,
	                                      const char *options);
	void (*free_error)(char *error);
	void (*register_callback)(struct kit *kit, kit_event_fn *event,
	                          void *data);
	char *(*get_filter_types)(struct kit *kit);
	void (*set_optional_features)(struct kit *kit,
	                              unsigned long long features);
	void (*set_password)(struct kit *kit, const char *url,
	                     const char *password);
	char *(*get_version)(struct kit *kit);
	int (*run_macro)(struct kit *kit, const char *url);
	bool (*sign_document)(struct kit *kit, const char *url,
	                      const unsigned char *certificate, int size,
	                      const unsigned char *key, int key_size);
	void (*run_loop)(struct kit *kit, int (*poll)(void *data, int wait_us),
	                 void (*wake)(void *data), void *data);
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

struct text; /* LibreOffice's own kind of string */

/* What is called by its name in the library (C, and stable). */
typedef int preload_fn(const char *program, const char *profile);
typedef struct kit *start_fn(const char *program, const char *profile);
typedef void new_text_fn(struct text **out, const char *ascii);
typedef void set_variable_fn(struct text *name, struct text *value);

struct entries {
	preload_fn *preload;
	start_fn *start;
	new_text_fn *new_text;
	set_variable_fn *set_variable;
};

/* A process has one LibreOffice, whose own state is global, too. */
static struct {
	struct kit *kit;
	kit_work_fn *work; /* NULL: it works */
	void *arg;
	bool wants_password;
} loaded;

/*
 * Nothing asks. The language is that of LibreOffice itself where none is set;
 * as a library it would be in none, and write amounts as nobody does.
 */
#define OPTIONS "Batch=true,Language=en-US"

/* From LibreOfficeKitEnums.h. */
enum {
	EVENT_PASSWORD = 20,
	FEATURE_PASSWORD = 1,
};

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

/* As a number: C knows no way from a pointer to a function. */
static uintptr_t entry(void *library, const char *name)
{
	return (uintptr_t)dlsym(library, name);
}

static int find_entries(struct entries *entries, void *library, struct err *err)
{
	*entries = (struct entries){
		.preload = (preload_fn *)entry(library, "lok_preinit"),
		.start = (start_fn *)entry(library, "libreofficekit_hook_2"),
		.new_text = (new_text_fn *)entry(library,
	                                         "rtl_uString_newFromAscii"),
		.set_variable =
			(set_variable_fn *)entry(library, "rtl_bootstrap_set"),
	};
	return entries->preload && entries->start && entries->new_text &&
	                       entries->set_variable
	               ? 0
	               : err_set(err, -EIO, "this LibreOffice is too old");
}

/*
 * The profile is one more layer to be read, as LibreOffice's own are. In a
 * layer of type "user", which its own list ends with, a thread would write
 * every change down a second later: a fork must not come in between, and no
 * document is to leave its mark.
 */
static void set_layers(const struct entries *entries, const char *program,
                       const char *profile)
{
	char *layers CLEANUP(xfree) =
		xasprintf("xcsxcu:file://%s/../share/registry "
	                  "res:file://%s/../share/registry "
	                  "xcsxcu:file://%s/registry",
	                  program, program, profile);
	struct text *name = NULL, *value = NULL;

	entries->new_text(&name, "CONFIGURATION_LAYERS");
	entries->new_text(&value, layers);
	entries->set_variable(name, value);
}

int kit_load(const char *program, const char *profile, struct err *err)
{
	char *url CLEANUP(xfree) = xasprintf("file://%s", profile);
	void *library = open_library(program, err);
	struct entries entries;
	int r;

	if (!library)
		return -ENOENT;
	r = find_entries(&entries, library, err);
	if (r < 0)
		return r;
	setenv("SAL_LOK_OPTIONS", "unipoll", 1); /* no thread of its own */
	set_layers(&entries, program, profile);
	if (entries.preload(program, url) == 0)
		loaded.kit = entries.start(program, url);
	return loaded.kit ? 0
	                  : err_set(err, -EIO, "LibreOffice does not start");
}

/* Within a document, too: some of them let the loop run while they load. */
static int on_poll(void *data, int wait_us)
{
	kit_work_fn *work = loaded.work;

	loaded.work = NULL;
	if (work)
		work(loaded.arg);
	else if (wait_us != 0)
		usleep(1000); /* nobody wakes it */
	return 0;
}

static void on_wake(void *data)
{
}

/* A document that asks for its password is told that there is none. */
static void on_event(int event, const char *url, void *data)
{
	if (event != EVENT_PASSWORD)
		return;
	loaded.wants_password = true;
	loaded.kit->class->set_password(loaded.kit, url, NULL);
}

void kit_run(kit_work_fn *work, void *arg)
{
	loaded.work = work;
	loaded.arg = arg;
	loaded.kit->class->set_optional_features(loaded.kit, FEATURE_PASSWORD);
	loaded.kit->class->register_callback(loaded.kit, on_event, NULL);
	loaded.kit->class->run_loop(loaded.kit, on_poll, on_wake, &loaded);
}

/* Options of the PDF filter, as its own JSON; NULL: none. */
static char *options_for(unsigned max_pages)
{
	return max_pages == 0 ? NULL
	                      : xasprintf("{\"PageRange\":{\"type\":\"string\","
	                                  "\"value\":\"1-%u\"}}",
	                                  max_pages);
}

int kit_convert(const char *url, const char *pdf, unsigned max_pages)
{
	char *options CLEANUP(xfree) = options_for(max_pages);
	struct document *document;
	int saved;

	document =
		loaded.kit->class->load_with_options(loaded.kit, url, OPTIONS);
	if (!document)
		return loaded.wants_password ? KIT_PASSWORD : KIT_UNREADABLE;
	saved = document->class->save_as(document, pdf, "pdf", options);
	document->class->destroy(document);
	return saved ? 0 : KIT_UNWRITABLE;
}
