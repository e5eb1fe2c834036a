/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "db/job_row.h"

#include <string.h>

bool job_kind_is_same(const struct job_kind *a, const struct job_kind *b)
{
	return a->is_colour == b->is_colour &&
	       strcmp(a->media, b->media) == 0 && strcmp(a->tray, b->tray) == 0;
}

void job_kind_from_row(struct sql *sql, struct job_kind *out)
{
	GET_TEXT(sql, out->media);
	out->is_colour = sql_get_int(sql);
	GET_TEXT(sql, out->tray);
}

void job_kind_bind(struct sql *sql, const struct job_kind *kind)
{
	sql_text(sql, kind->media);
	sql_int(sql, kind->is_colour);
	sql_text(sql, kind->tray);
}

void job_from_row(struct sql *sql, struct job_row *out)
{
	out->id = sql_get_int(sql);
	out->message_id = sql_get_int(sql);
	out->registration_id = sql_get_int(sql);
	out->printer_id = sql_get_int(sql);
	GET_TEXT(sql, out->printer_name);
	GET_TEXT(sql, out->sender);
	GET_TEXT(sql, out->address);
	GET_TEXT(sql, out->suffix);
	GET_TEXT(sql, out->subject);
	GET_TEXT(sql, out->state);
	GET_TEXT(sql, out->reason);
	GET_TEXT(sql, out->remarks);
	GET_TEXT(sql, out->options);
	GET_TEXT(sql, out->approval);
	GET_TEXT(sql, out->waits_as);
	job_kind_from_row(sql, &out->kind);
	out->received_at = sql_get_int(sql);
	out->state_at = sql_get_int(sql);
	out->tried_at = sql_get_int(sql);
	out->recovery_wait_s = sql_get_int(sql);
	out->expires_at = sql_get_int(sql);
	out->ended_at = sql_get_int(sql);
	out->is_erased = sql_get_int(sql);
	out->renders = (int)sql_get_int(sql);
	out->pages = (int)sql_get_int(sql);
	GET_TEXT(sql, out->print_format);
	GET_TEXT(sql, out->print_target);
	GET_TEXT(sql, out->print_file);
	out->print_bytes = sql_get_int(sql);
	out->print_key_len =
		sql_get_blob(sql, out->print_key, sizeof out->print_key);
	GET_TEXT(sql, out->pages_file);
	out->pages_bytes = sql_get_int(sql);
	out->pages_key_len =
		sql_get_blob(sql, out->pages_key, sizeof out->pages_key);
	GET_TEXT(sql, out->pages_margins);
	out->documents_done = (int)sql_get_int(sql);
	GET_TEXT(sql, out->only_pages);
	out->impressions = (int)sql_get_int(sql);
	GET_TEXT(sql, out->confirmed);
	out->is_reprint = sql_get_int(sql);
}
