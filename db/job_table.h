/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DB_JOB_TABLE_H
#define DB_JOB_TABLE_H

#include "db/db.h"
#include "db/picture_table.h"
#include "db/registration_table.h"

/*
 * Rows of message, job, part, attempt and dedupe. States are the names in the
 * table job_state; which may follow which is decided in spool/, not here.
 */

#define JOB_STATE_MAX   12
#define FINGERPRINT_LEN 32

/* What the verdict on a printer depends on: jobs of one kind go or are held
 * together. */
struct job_kind {
	char media[64];
	bool is_colour;
	char tray[32]; /* IPP media-source; "": the printer chooses */
};

bool job_kind_is_same(const struct job_kind *a, const struct job_kind *b);

struct job_row {
	int64_t id, message_id, registration_id, printer_id;
	char printer_name[64];
	char sender[ADDRESS_MAX];
	char address[ADDRESS_MAX];
	char suffix[65];   /* behind '+' of the address */
	char subject[256]; /* "" when none or erased */
	char state[JOB_STATE_MAX];
	char reason[512];
	char remarks[1024]; /* more sentences, one a line */
	char options[512];  /* key=value, as they count; "": not read yet */
	char approval[8];   /* of its number of pages: "", asked, given */
	char waits_as[8];   /* "pages", "mail"; "": as print data */
	struct job_kind kind;
	int64_t received_at, state_at, tried_at, recovery_wait_s, expires_at;
	int64_t ended_at; /* 0: not over */
	bool is_erased;
	int renders, pages;
	char print_format[64];  /* "": no pages stored */
	char print_target[192]; /* what they are made for; see formats.h */
	char print_file[64];    /* "" none */
	int64_t print_bytes;
	unsigned char print_key[96];
	int print_key_len; /* 0: none, or dropped */
	/* its pages as one PDF, to make print data of when it is time */
	char pages_file[64]; /* "" none */
	int64_t pages_bytes;
	unsigned char pages_key[96];
	int pages_key_len;
	char pages_margins[32]; /* "left,right,top,bottom", 1/100 mm */
	int documents_done;     /* printed, of several */
	char only_pages[64];    /* "3-5,8": chosen with a retry; "" all */
	int impressions;
	char confirmed[24];
	bool is_reprint;
};

/* ---- accepting ---------------------------------------------------------- */

/* One job of a message that is being accepted. */
struct job_new {
	struct job_row row; /* in: registration_id to expires_at */
	unsigned char fingerprint[FINGERPRINT_LEN];
	bool has_fingerprint;
	/* out: the new job, or the earlier one with this fingerprint */
	int64_t id;
	bool is_duplicate;
};

/*
 * A message with its jobs, all or nothing. Jobs whose fingerprint is known are
 * not made again (is_duplicate); when all are, no message is stored either and
 * message_id is 0. The fingerprint lives until fingerprint_expires_at, but does
 * not count where its job is over and all attempts at it, if any, were blank.
 */
struct message_accept {
	struct db_op op;
	int64_t received_at, size, fingerprint_expires_at;
	const char *file;    /* NULL: content is inline */
	const void *content; /* sealed bytes, when file is NULL */
	size_t content_len;
	const unsigned char *key; /* wrapped */
	size_t key_len;
	struct job_new *jobs; /* the caller's */
	size_t n_jobs;
	int64_t message_id; /* out */
};
db_run_fn message_accept_run;

struct message_row {
	int64_t id, received_at, size;
	char file[64]; /* "": inline */
	unsigned char key[96];
	int key_len; /* 0: dropped */
};
int message_read(struct db *db, int64_t id, struct message_row *out,
                 struct err *err);

/* The inline content, sealed; *out is the caller's. -ENOENT when destroyed. */
int message_read_content(struct db *db, int64_t id, void **out, size_t *len,
                         struct err *err);

/* ---- changing ----------------------------------------------------------- */

struct part_row {
	char part[64];
	char type[128];
	int64_t size;
	char name[256];
	char fate[12]; /* printed, skipped, failed */
	char why[256];
};

/* What rendering made. */
struct job_rendered {
	const char *subject; /* NULL: leave */
	const char *format, *file;
	const char *target; /* that it was made for, in words */
	int64_t bytes;
	const unsigned char *key; /* wrapped */
	size_t key_len;
	int pages;                /* 0: not known */
	const int64_t *page_ends; /* pages of them */
	const struct part_row *parts;
	size_t n_parts;
	const char *remarks, *options;
	struct job_kind kind; /* now that it has been read */
	struct pictures_seen pictures;
	bool has_pages; /* false: store what was read, but no pages */
	/* the file is the pages' PDF, not print data; its margins count */
	bool as_drawings;
	const char *margins;
	/* made of pages that were stored: parts and pictures stay */
	bool from_drawings;
};

/*
 * The one operation that changes a job's state: from -> to (both may be the
 * same), with what belongs to that step, in one transaction.
 *
 * `changed` is false, and nothing at all is written, when the job is not in
 * state `from` (somebody was faster; not an error). -EINVAL: `to` is no state,
 * or the job is over and would not be any more. -ENOENT: no such attempt.
 *
 * A final `to` (job_state.is_final) sets ended_at, drops the keys and files of
 * print data and pages and where the pages end (how many there were stays),
 * and, when it was the message's last job, the message's key and content; the
 * names of files to delete come back in dead_print, dead_pages and dead_message
 * ("" for none). To EXPIRED or CANCELLED it also erases subject and part names.
 * It brings no pages along.
 *
 * `forget_pages`: print_format, file, key are reset, so that print data are
 * made again; the file's name comes back in dead_print. How many pages there
 * were stays. Where documents of them are printed already, it becomes a
 * reprint.
 */
struct job_set {
	struct db_op op;
	int64_t job_id;
	char from[JOB_STATE_MAX], to[JOB_STATE_MAX];
	char reason[512];
	int64_t now;
	bool set_tried;    /* tried_at = now */
	bool keeps_reason; /* `reason` is for the log alone */
	bool count_render; /* renders = renders + 1 */
	bool forget_pages;
	bool set_reprint;    /* is_reprint = 1 */
	char waits_as[8];    /* "": leave */
	char approval[8];    /* "": leave */
	bool set_only_pages; /* to this, from the first on: */
	char only_pages[64];
	int documents_done;                  /* -1: leave */
	int impressions;                     /* -1: leave */
	char confirmed[24];                  /* "": leave */
	const struct job_rendered *rendered; /* NULL: nothing; the caller's */

	/* the attempt: begin (attempt_id comes out), step, or end */
	enum {
		ATTEMPT_LEAVE,
		ATTEMPT_BEGIN,
		ATTEMPT_CREATED,
		ATTEMPT_DELIVERED,
		ATTEMPT_OVER,
	} attempt;
	int64_t attempt_id;        /* out for BEGIN, else in */
	char tag[64];              /* BEGIN */
	int64_t printer_id, epoch; /* BEGIN */
	int first_document, last_document, n_documents; /* BEGIN */
	int printer_job_id;                             /* CREATED */
	char outcome[256];                              /* OVER */
	bool is_blank; /* OVER: nothing of it was printed, for certain */

	/* out */
	bool changed;
	char dead_print[64], dead_pages[64], dead_message[64];
};
db_run_fn job_set_run;

/*
 * Hold or release many at once: jobs of printer_id that are of this kind.
 * hold: ACCEPTED and READY become HELD with `reason`, jobs already HELD get the
 * new reason. release: HELD becomes READY when pages are stored, else ACCEPTED.
 * Jobs that wait for an approval stay as they are.
 * With set_tried, tried_at = now for the jobs that stay or become HELD.
 */
struct jobs_move {
	struct db_op op;
	int64_t printer_id, now;
	struct job_kind kind;
	bool hold; /* else release */
	bool set_tried;
	char reason[512];
	int n_moved; /* out: jobs whose state changed */
};
db_run_fn jobs_move_run;

/* Erase subject and part names of jobs that are over; n ids. */
struct jobs_erase {
	struct db_op op;
	const int64_t *ids; /* the caller's */
	size_t n;
};
db_run_fn jobs_erase_run;

/* Forget fingerprints older than now, and pictures not seen for long. */
struct dedupe_expire {
	struct db_op op;
	int64_t now;
};
db_run_fn dedupe_expire_run;

/* ---- reading, on the loop thread ---------------------------------------- */

int job_read(struct db *db, int64_t id, struct job_row *out, struct err *err);

struct job_filter {
	const char *state;  /* NULL: any; lower case is fine */
	int64_t printer_id; /* 0: any */
	bool live_only;
	int64_t after_id; /* for paging */
	int limit;
};
int job_each(struct db *db, const struct job_filter *filter,
             int (*each)(const struct job_row *row, void *arg), void *arg,
             struct err *err);

/*
 * Per kind of job the oldest that waits for this printer in
 * ACCEPTED, READY or HELD, and how many wait; at most max rows, by id. Jobs
 * that wait for an approval do not wait for the printer.
 */
struct job_class {
	struct job_kind kind;
	int64_t oldest_id;
	char oldest_state[JOB_STATE_MAX];
	int64_t n;
	int64_t n_held;
	int64_t min_recovery_wait_s; /* of all that wait */
};
int job_classes(struct db *db, int64_t printer_id, struct job_class *out,
                size_t max, size_t *n, struct err *err);

/* The oldest job of this printer in `state` whose pages can be made ahead; *id
 * 0 when there is none. */
int job_oldest_without_pages(struct db *db, int64_t printer_id,
                             const char *state, int64_t *id, struct err *err);

/* How many jobs of the printer that are not over have pages stored. */
int job_count_rendered(struct db *db, int64_t printer_id, int64_t *n,
                       struct err *err);

/* Printers that have jobs which are not over. */
int job_printers(struct db *db, int (*each)(int64_t printer_id, void *arg),
                 void *arg, struct err *err);

/* Jobs in RENDERING, SENDING, RESOLVE: what a start finds in hand. */
int job_in_hand(struct db *db,
                int (*each)(const struct job_row *row, void *arg), void *arg,
                struct err *err);

/* Jobs with expires_at <= now that are not erased yet, at most max. */
struct job_due {
	int64_t id;
	char state[JOB_STATE_MAX];
	bool is_over;
};
int job_due(struct db *db, int64_t now, struct job_due *out, size_t max,
            size_t *n, struct err *err);

/* Arrays are the caller's to free(). */
int part_read(struct db *db, int64_t job_id, struct part_row **out, size_t *n,
              struct err *err);
int page_read(struct db *db, int64_t job_id, int64_t **out, size_t *n,
              struct err *err);

struct attempt_row {
	int64_t id, job_id, printer_id, epoch;
	char tag[64];
	char step[12];
	int printer_job_id;
	int first_document, last_document, n_documents;
	int64_t started_at, ended_at;
	char outcome[256];
};
int attempt_read(struct db *db, int64_t job_id, struct attempt_row **out,
                 size_t *n, struct err *err);

/* Is this file named by a row? For the cleaning of the folders at start. */
int message_file_is_known(struct db *db, const char *file, bool *known,
                          struct err *err);
int print_file_is_known(struct db *db, const char *file, bool *known,
                        struct err *err);

/* Jobs that are not over, in all and HELD: for health and metrics. */
int job_counts(struct db *db, int64_t *live, int64_t *held, struct err *err);

#endif
