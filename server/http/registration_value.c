/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/http/value.h"

#include "base/mem.h"
#include "spool/registration.h"

json_t *registration_value(const struct http_service *service,
                           const struct registration_row *row,
                           const char *printer_name)
{
	json_t *object = json_pack("{s:I, s:o}", "id", (json_int_t)row->id,
	                           "printer", http_string(printer_name));

	for (size_t i = 0; registration_keys[i]; i++) {
		char text[ADDRESS_MAX + 1];

		registration_get_field(row, registration_keys[i], text,
		                       sizeof text);
		json_object_set_new(object, registration_keys[i],
		                    http_string(text));
	}
	if (service->domain) {
		char *mail_to CLEANUP(xfree) =
			xasprintf("%s@%s", row->address, service->domain);
		json_object_set_new(object, "mail_to", http_string(mail_to));
	}
	json_object_set_new(object, "added_at", http_time(row->added_at));
	return object;
}
