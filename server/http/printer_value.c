/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/http/value.h"

#include "base/mem.h"
#include "spool/printer.h"

/* Kinds of jobs (media, colour) that wait for one printer: rarely over two. */
#define CLASSES_MAX 64

static int waiting(struct http_service *service, int64_t id, json_t *object,
                   struct err *err)
{
	struct job_class classes[CLASSES_MAX];
	int64_t n_waiting = 0, n_held = 0;
	size_t n = 0;
	int r = job_classes(spool_db(service->spool), id, classes, CLASSES_MAX,
	                    &n, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++) {
		n_waiting += classes[i].n;
		n_held += classes[i].n_held;
	}
	json_object_set_new(object, "waiting_jobs", json_integer(n_waiting));
	json_object_set_new(object, "held_jobs", json_integer(n_held));
	return 0;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int printer_value(struct http_service *service, const struct printer_row *row,
                  json_t **out, struct err *err)
{
	int64_t asked = later(row->checked_at,
	                      printer_asked_at(service->spool, row->id));
	json_t *o = json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"name", http_string(row->name), "uri", http_string(row->uri),
		"verdict", http_string(row->verdict), "reason",
		http_string(row->reason), "sentence",
		http_string(row->sentence), "state", http_string(row->state),
		"make_and_model", http_string(row->make_and_model), "format",
		http_string(row->format), "asked_at", http_time(asked),
		"changed_at", http_time(row->changed_at), "announced_at",
		http_time(row->announced_at), "added_at",
		http_time(row->added_at));
	int r = waiting(service, row->id, o, err);

	if (r < 0) {
		json_decref(o);
		return r;
	}
	*out = o;
	return 0;
}

/* Percent, or null with a word: see printer_tray in schema/. */
static void put_level(json_t *object, int level)
{
	const char *word = "percent";

	if (level < 0)
		word = level == -1 ? "unlimited"
		                   : (level == -3 ? "some" : "unknown");
	json_object_set_new(object, "level",
	                    level < 0 ? json_null() : json_integer(level));
	json_object_set_new(object, "level_is", json_string(word));
}

static int put_trays(struct http_service *service, int64_t id, json_t *object,
                     struct err *err)
{
	struct printer_tray_row *trays CLEANUP(xfree) = NULL;
	json_t *array = json_array();
	size_t n = 0;
	int r = printer_read_trays(spool_db(service->spool), id, &trays, &n,
	                           err);

	for (size_t i = 0; i < n; i++) {
		json_t *tray = json_pack("{s:o, s:o, s:o}", "name",
		                         http_string(trays[i].name), "media",
		                         http_string(trays[i].media), "type",
		                         http_string(trays[i].type));
		put_level(tray, trays[i].level);
		json_array_append_new(array, tray);
	}
	json_object_set_new(object, "trays", array);
	return r;
}

static int put_supplies(struct http_service *service, int64_t id,
                        json_t *object, struct err *err)
{
	struct printer_supply_row *supplies CLEANUP(xfree) = NULL;
	json_t *array = json_array();
	size_t n = 0;
	int r = printer_read_supplies(spool_db(service->spool), id, &supplies,
	                              &n, err);

	for (size_t i = 0; i < n; i++) {
		json_t *supply =
			json_pack("{s:o, s:o, s:o}", "name",
		                  http_string(supplies[i].name), "colour",
		                  http_string(supplies[i].colour), "type",
		                  http_string(supplies[i].type));
		put_level(supply, supplies[i].level);
		json_array_append_new(array, supply);
	}
	json_object_set_new(object, "supplies", array);
	return r;
}

/* key=value lines; a key that comes again adds to its text. */
static json_t *capabilities(const char *text)
{
	json_t *object = json_object();
	char *copy CLEANUP(xfree) = xstrdup(text);
	char *rest = copy, *line;

	while ((line = strsep(&rest, "\n"))) {
		char *value = strchr(line, '=');
		const char *old;

		if (!value)
			continue;
		*value++ = '\0';
		old = json_string_value(json_object_get(object, line));
		if (old) {
			char *both CLEANUP(xfree) =
				xasprintf("%s, %s", old, value);
			json_object_set_new(object, line, http_string(both));
		} else {
			json_object_set_new(object, line, http_string(value));
		}
	}
	return object;
}

int printer_value_full(struct http_service *service,
                       const struct printer_row *row, json_t **out,
                       struct err *err)
{
	json_t *o = NULL;
	int r = printer_value(service, row, &o, err);

	if (r < 0)
		return r;
	json_object_set_new(o, "media_default",
	                    http_string(row->media_default));
	json_object_set_new(o, "has_token", json_boolean(row->has_token));
	json_object_set_new(o, "learned", http_string(row->learned));
	json_object_set_new(o, "capabilities", capabilities(row->capabilities));
	r = put_trays(service, row->id, o, err);
	if (r == 0)
		r = put_supplies(service, row->id, o, err);
	if (r < 0) {
		json_decref(o);
		return r;
	}
	*out = o;
	return 0;
}
