/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/recovery.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/job_table.h"
#include "spool/dispatch.h"
#include "spool/job_change.h"
#include "spool/resolving.h"

/* ---- jobs --------------------------------------------------------------- */

static void look_again(int status, const struct job_set *set, void *arg)
{
	struct spool_printer *p = arg;

	if (status == 0 && !p->is_closing)
		dispatch_look(p);
}

struct to_resolve {
	struct spool_printer *printer; /* borrowed */
	int64_t id;
};

static void on_resolve(int status, const struct job_set *set, void *arg)
{
	struct to_resolve *t = arg;
	struct spool_printer *p = t->printer;
	struct job_row job;
	struct err err = {0};

	if (status == 0 && !p->is_closing && !p->resolving &&
	    (job_read(p->spool->db, t->id, &job, &err) < 0 ||
	     resolving_start(p, &job, false, &err) < 0))
		log_error("job=%lld cannot be resolved: %s", (long long)t->id,
		          err.text);
	free(t);
}

static int on_job_in_hand(const struct job_row *job, void *arg)
{
	struct spool *spool = arg;
	struct spool_printer *p = dispatch_printer(spool, job->printer_id);
	enum job_state state = job_row_state(job);
	struct to_resolve *t;

	if (!p) {
		log_error("job=%lld its printer '%s' is gone",
		          (long long)job->id, job->printer_name);
		return 0;
	}
	if (state == JOB_RENDERING) {
		job_change_start(job_change_new(spool, job->id, state,
		                                JOB_ACCEPTED, ""),
		                 look_again, p);
		return 0;
	}
	t = xcalloc(1, sizeof *t);
	t->printer = p;
	t->id = job->id;
	job_change_start(
		job_change_new(spool, job->id, state, JOB_RESOLVE,
	                       "the server was restarted while it was sent"),
		on_resolve, t);
	return 0;
}

/* ---- files -------------------------------------------------------------- */

typedef int is_known_fn(struct db *db, const char *file, bool *known,
                        struct err *err);

static void clean_one(struct spool *spool, int dir, const char *name,
                      is_known_fn *is_known)
{
	struct err err = {0};
	bool known = true;

	if (is_known(spool->db, name, &known, &err) < 0) {
		log_error("recovery: %s", err.text);
		return;
	}
	if (known)
		return;
	log_info("recovery: deleting '%s', which no job needs", name);
	if (fs_unlink(dir, name, &err) < 0)
		log_error("recovery: %s", err.text);
}

static void clean_folder(struct spool *spool, int dir, is_known_fn *is_known)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!folder) {
		log_error("recovery: cannot read the spool's folder: %s",
		          strerror(errno));
		fs_close(fd);
		return;
	}
	while ((entry = readdir(folder))) {
		if (entry->d_name[0] != '.')
			clean_one(spool, dir, entry->d_name, is_known);
	}
	closedir(folder);
}

void recovery_run(struct spool *spool)
{
	struct err err = {0};

	clean_folder(spool, spool->messages_dir, message_file_is_known);
	clean_folder(spool, spool->pages_dir, print_file_is_known);
	if (job_in_hand(spool->db, on_job_in_hand, spool, &err) < 0)
		log_error("recovery: %s", err.text);
}
