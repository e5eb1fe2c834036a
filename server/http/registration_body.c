/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/http/registration_body.h"

#include <errno.h>

#include "base/mem.h"
#include "db/printer_table.h"
#include "server/smtp/address.h"
#include "spool/registration.h"

static int canonical(const char *text, bool keeps_local_case,
                     struct smtp_address *out, struct err *err)
{
	return smtp_address_parse(text,
	                          keeps_local_case ? 0
	                                           : SMTP_ADDRESS_FOLD_LOCAL,
	                          out, err);
}

static int copy(const char *text, size_t len, char out[ADDRESS_MAX],
                struct err *err)
{
	if (len >= ADDRESS_MAX)
		return err_set(err, -EINVAL, "the address is too long");
	memcpy(out, text, len);
	out[len] = '\0';
	return 0;
}

int registration_body_sender(const char *text, bool keeps_local_case,
                             char out[ADDRESS_MAX], struct err *err)
{
	struct smtp_address address = {0};
	int r;

	if (strcmp(text, "*") == 0)
		return copy(text, 1, out, err);
	/* "*@domain" needs no care: '*' may stand in local parts. */
	r = canonical(text, keeps_local_case, &address, err);
	if (r < 0)
		return err_wrap(err, r, "from '%s'", text);
	return copy(address.text, strlen(address.text), out, err);
}

int registration_body_address(const char *text, bool keeps_local_case,
                              char out[ADDRESS_MAX], struct err *err)
{
	struct smtp_address address = {0};
	char *whole CLEANUP(xfree) =
		strchr(text, '@') ? xstrdup(text) : xasprintf("%s@x", text);
	int r = canonical(whole, keeps_local_case, &address, err);

	if (r < 0)
		return err_wrap(err, r, "address '%s'", text);
	return copy(address.text, address.local_len, out, err);
}

static int set_printer(const struct http_service *service, const char *name,
                       struct registration_row *row, struct err *err)
{
	struct printer_row printer = {0};
	int r = printer_read_by_name(spool_db(service->spool), name, &printer,
	                             err);

	if (r < 0)
		return r;
	row->printer_id = printer.id;
	printer_row_fini(&printer);
	return 0;
}

static int set_text(const struct http_service *service, const char *key,
                    const char *text, struct registration_row *row,
                    struct err *err)
{
	char canon[ADDRESS_MAX];
	int r = 0;

	if (strcmp(key, "printer") == 0)
		return set_printer(service, text, row, err);
	if (strcmp(key, "from") == 0)
		r = registration_body_sender(text, service->keeps_local_case,
		                             canon, err);
	else if (strcmp(key, "address") == 0)
		r = registration_body_address(text, service->keeps_local_case,
		                              canon, err);
	else
		return registration_set_field(row, key, text, err);
	return r < 0 ? r : registration_set_field(row, key, canon, err);
}

static int set_value(const struct http_service *service, const char *key,
                     const json_t *value, struct registration_row *row,
                     struct err *err)
{
	char number[32];

	if (json_is_string(value))
		return set_text(service, key, json_string_value(value), row,
		                err);
	if (!json_is_integer(value))
		return err_set(err, -EINVAL,
		               "'%s' must be a string or a whole number", key);
	snprintf(number, sizeof number, "%lld",
	         (long long)json_integer_value(value));
	return set_text(service, key, number, row, err);
}

int registration_body_read(const struct http_service *service,
                           const json_t *object, struct registration_row *row,
                           struct err *err)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value)
	{
		int r = set_value(service, key, value, row, err);

		if (r < 0)
			return r;
	}
	return 0;
}
