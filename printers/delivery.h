/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_DELIVERY_H
#define PRINTERS_DELIVERY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "printers/caps.h"
#include "printers/query.h"

/*
 * One job at one printer.
 *
 *   delivery_start()    Create-Job; its job-name carries the owner's tag
 *   on_created          owner commits the printer's job-id, then
 *   delivery_send()     Send-Document, the owner writes while there is room
 *   on_delivered        the printer's own success answer; owner commits, then
 *   delivery_follow()   Get-Job-Attributes until the job has ended there
 *   on_end              exactly once; afterwards the delivery is gone
 *
 * Creating never prints, so no byte of the document leaves before the job-id is
 * kept; a second copy can be ruled out after any crash (RFC 8011 4.3.1, 4.2.4).
 * Of several documents each is sent after on_taken of the one before it, and
 * on_delivered comes for the last: only then is the job complete.
 * A printer without Create-Job gets Print-Job: on_created then has id 0, and
 * its id is known from on_delivered on.
 */
struct delivery;

enum delivery_kind {
	DELIVERY_PRINTED,     /* delivered, and the printer says completed */
	DELIVERY_BUSY,        /* busy: it took nothing, try again later */
	DELIVERY_UNREACHABLE, /* failed before any document byte */
	DELIVERY_REFUSED,     /* never with this document or these attributes */
	DELIVERY_CUT,         /* bytes left, no success answer: unknown */
	DELIVERY_ABORTED,   /* delivered; the printer says aborted, canceled */
	DELIVERY_LOST,      /* delivered; the printer forgot the job */
	DELIVERY_CANCELLED, /* by delivery_cancel() */
};

struct delivery_result {
	enum delivery_kind kind;
	int status;         /* -errno behind it, 0 if the printer answered */
	int printer_job_id; /* 0 unknown */
	int job_state;      /* IPP job-state (3 to 9), 0 unknown */
	int impressions;    /* -1 unknown */
	int sheets;         /* -1 unknown */
	char reason[64];    /* keyword or "" */
	char sentence[256]; /* "" when printed */
};

#define DELIVERY_ONE_DOCUMENT                                                  \
	"server-error-multiple-document-jobs-not-supported"

#define DELIVERY_NO_GZIP   "client-error-compression-not-supported"

#define DELIVERY_NO_COPIES "successful-ok-ignored-or-substituted-attributes"

struct delivery_request {
	struct printer_target target;
	const char *job_name; /* the tag first, then a title */
	const char *user;
	const char *format; /* MIME type */
	const char *media;  /* PWG name; NULL or "": not said */
	const char *source; /* IPP media-source; NULL or "": any tray */
	enum print_sides sides;
	bool colour, tells_colour; /* as struct print_format has them */
	bool is_borderless;
	const char *scaling; /* print-scaling; static, or NULL */
	/*
	 * 0 is 1. A printer that makes no copies after all, and says so when
	 * the job is made, is DELIVERY_BUSY, with the reason
	 * DELIVERY_NO_COPIES.
	 */
	unsigned copies;
	/*
	 * Of this job, 0 is 1; each begins on a sheet of its own. A printer
	 * that takes one alone, and says so before it has taken any, is
	 * DELIVERY_BUSY, with the reason DELIVERY_ONE_DOCUMENT.
	 */
	unsigned n_documents;
	/*
	 * Pack them on their way; the length is then unknown. A printer that
	 * takes no such thing after all is DELIVERY_BUSY, with the reason
	 * DELIVERY_NO_GZIP.
	 */
	bool has_gzip;
	bool has_create_job;
	unsigned timeout_ms; /* connect, and answer of the small requests */
	unsigned poll_ms;    /* first pause when following; grows to 2 s */
};

struct delivery_events {
	void (*on_created)(struct delivery *delivery, int printer_job_id,
	                   const char *job_uri, void *arg);
	void (*on_first_byte)(struct delivery *delivery, void *arg);
	void (*on_drain)(struct delivery *delivery, void *arg);
	/* The printer has this document and waits for the next. */
	void (*on_taken)(struct delivery *delivery, void *arg);
	void (*on_delivered)(struct delivery *delivery, void *arg);
	/*
	 * While following, at each change: the job's state there, impressions
	 * (-1 unknown), and the keyword of what holds it up, or "".
	 */
	void (*on_progress)(struct delivery *delivery, int job_state,
	                    int impressions, const char *reason, void *arg);
	void (*on_end)(struct delivery *delivery,
	               const struct delivery_result *result, void *arg);
};

/*
 * Strings of the request are copied; events must outlive the delivery; any of
 * them but on_created, on_delivered and on_end may be NULL, on_taken where
 * there is one document. 0: on_end comes exactly once, later. -EINVAL: not a
 * printer's address.
 */
int delivery_start(struct http_transport *transport,
                   const struct delivery_request *request,
                   const struct delivery_events *events, void *arg,
                   struct delivery **out, struct err *err);

/*
 * Only follow a job that was delivered before (state delivered, after a
 * restart). Only target, user, timeout_ms and poll_ms of the request are used.
 */
int delivery_resume(struct http_transport *transport,
                    const struct delivery_request *request, int printer_job_id,
                    const struct delivery_events *events, void *arg,
                    struct delivery **out, struct err *err);

/*
 * After on_created or on_taken: send the next document, of `length` bytes; -1
 * is unknown, chunked.
 */
void delivery_send(struct delivery *delivery, int64_t length);

/*
 * A piece of the document; copied. false: enough for now, wait for on_drain.
 * Pieces written before delivery_send() or after the end are a mistake.
 */
bool delivery_write(struct delivery *delivery, const void *data, size_t len);

/* The document is complete. */
void delivery_finish(struct delivery *delivery);

/* After on_delivered: watch the job to its end. */
void delivery_follow(struct delivery *delivery);

/*
 * Give up: close the connection, Cancel-Job if the job-id is known, then on_end
 * with DELIVERY_CANCELLED. May be called from any event but on_end.
 */
void delivery_cancel(struct delivery *delivery);

/* Forget it, at shutdown: nothing is said to the printer, no event comes. */
void delivery_drop(struct delivery *delivery);

#endif
