/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/sending_private.h"

#include <errno.h>

#include "base/log.h"
#include "base/mem.h"
#include "db/registration_table.h"
#include "spool/caps_text.h"
#include "spool/job_plan.h"
#include "spool/learned.h"
#include "spool/printer_state.h"
#include "spool/work.h"

static int open_pages(struct sending *s, struct err *err)
{
	struct spool *spool = s->printer->spool;
	struct content_key key;
	const char *name = s->work ? work_file(s->work) : s->job.print_file;
	int r = 0;

	if (s->work)
		key = *work_key(s->work);
	else
		r = content_key_unwrap(&spool->master, s->job.print_key,
		                       (size_t)s->job.print_key_len, &key, err);
	if (r < 0)
		return r;
	r = page_source_open(spool->pages_dir, name, &key, &s->source, err);
	content_key_forget(&key);
	return r;
}

static int plan_documents(struct sending *s, const struct printer_caps *caps,
                          struct err *err)
{
	int64_t *page_ends CLEANUP(xfree) = NULL;
	size_t n = 0;
	struct documents_wish wish = {
		.format = &s->format,
		.copies = (unsigned)s->options.copies,
		.copies_max = printer_state_copies_max(s->printer, caps),
		.has_many = caps->has_many_documents &&
	                    s->printer->has_create_job &&
	                    !(s->printer->learned & LEARNED_ONE_DOCUMENT),
		.n_done = (unsigned)s->job.documents_done,
		.only_pages = s->job.only_pages,
	};
	int r = 0;

	if (!s->work)
		r = page_read(s->printer->spool->db, s->job.id, &page_ends, &n,
		              err);
	wish.page_ends = page_ends;
	wish.n_pages = (unsigned)n;
	if (r == 0)
		r = documents_plan(&wish, &s->documents, err);
	if (r < 0)
		return r;
	s->all = s->documents.n;
	s->first = s->document = wish.n_done + 1;
	s->last = s->documents.per_job == 1 ? s->first : s->all;
	return 0;
}

/*
 * Another printer may have come to this address since they were made, or the
 * same one learned something: other pixels, edges, backs of sheets.
 */
static int check_target(const struct sending *s, struct err *err)
{
	char wanted[PRINT_FORMAT_TEXT], made[PRINT_FORMAT_TEXT];

	print_format_to_text(&s->format, wanted);
	if (s->work)
		print_format_to_text(work_target(s->work), made);
	else
		snprintf(made, sizeof made, "%s", s->job.print_target);
	if (strcmp(wanted, made) == 0)
		return 0;
	log_info("job=%lld its print data are for '%s', wanted is '%s'",
	         (long long)s->job.id, made, wanted);
	return err_set(err, -ESTALE,
	               "its print data were made for another printer");
}

/* A PDF that goes out as it is may have pages of any size. */
static bool is_as_is(const struct sending *s)
{
	struct registration_row registration;

	return registration_read(s->printer->spool->db, s->job.registration_id,
	                         &registration, NULL) == 0 &&
	       strcmp(registration.format, "pdf-as-is") == 0;
}

/* The same options as the pages were made with, and so the same format. */
static int choose_format(struct sending *s, struct err *err)
{
	struct printer_caps *caps CLEANUP(xfree) = xcalloc(1, sizeof *caps);
	struct printer_row row;
	const char *format;
	int r = printer_read(s->printer->spool->db, s->printer->id, &row, err);

	if (r < 0)
		return r;
	job_options_from_text(s->job.options, &s->options);
	r = caps_from_text(row.capabilities, caps, err);
	/* what is being made is not in the job's row yet */
	format = s->work ? work_target(s->work)->mime : row.format;
	if (r == 0)
		r = job_plan_format(&s->options, &s->job, format, caps,
		                    &s->format, err);
	if (r == 0 && s->format.scaling && is_as_is(s))
		s->format.scaling = NULL;
	if (r == 0)
		r = check_target(s, err);
	if (r == 0)
		r = plan_documents(s, caps, err);
	printer_row_fini(&row);
	return r;
}

int sending_plan(struct sending *s, struct err *err)
{
	int r = choose_format(s, err);

	if (r == 0)
		r = open_pages(s, err);
	return r;
}
