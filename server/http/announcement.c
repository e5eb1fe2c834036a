/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/http/announcement.h"

#include <errno.h>

#include "base/mem.h"

static int read_text(const json_t *object, const char *key, const char **out,
                     struct err *err)
{
	const json_t *value = json_object_get(object, key);

	if (value && !json_is_string(value))
		return err_set(err, -EINVAL, "'%s' must be a string", key);
	*out = json_string_value(value);
	return 0;
}

static int read_state(const json_t *object, const char **event, struct err *err)
{
	const char *state = NULL;
	int r = read_text(object, "state", &state, err);

	if (r < 0 || !state)
		return r;
	if (*event)
		return err_set(
			err, -EINVAL,
			"'event' and 'state' say the same: leave one out");
	if (strcmp(state, "normal") == 0)
		*event = "recovered";
	else if (strcmp(state, "abnormal") == 0)
		*event = "abnormal";
	else
		return err_set(err, -EINVAL,
		               "'state' must be 'normal' or 'abnormal'");
	return 0;
}

static int read_reasons(const json_t *object,
                        const char *reasons[ANNOUNCE_REASONS_MAX],
                        struct announce_body *body, struct err *err)
{
	const json_t *array = json_object_get(object, "reasons");
	size_t n = json_array_size(array);

	if (!array)
		return 0;
	if (!json_is_array(array))
		return err_set(err, -EINVAL, "'reasons' must be an array");
	if (n > ANNOUNCE_REASONS_MAX)
		return err_set(err, -EINVAL, "more than %d reasons",
		               ANNOUNCE_REASONS_MAX);
	for (size_t i = 0; i < n; i++) {
		reasons[i] = json_string_value(json_array_get(array, i));
		if (!reasons[i])
			return err_set(err, -EINVAL,
			               "'reasons' must hold strings");
	}
	body->reasons = reasons;
	body->n_reasons = (unsigned)n;
	return 0;
}

int announcement_from_json(const json_t *object, struct announcement *out,
                           struct err *err)
{
	const char *reasons[ANNOUNCE_REASONS_MAX];
	struct announce_body body = {0};
	int r = read_text(object, "event", &body.event, err);

	if (r == 0)
		r = read_state(object, &body.event, err);
	if (r == 0)
		r = read_text(object, "uri", &body.uri, err);
	if (r == 0)
		r = read_text(object, "mac", &body.mac, err);
	if (r == 0)
		r = read_reasons(object, reasons, &body, err);
	return r < 0 ? r : announce_parse(&body, out, err);
}
