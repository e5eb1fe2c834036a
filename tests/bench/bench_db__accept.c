/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <ftw.h>
#include <stdio.h>
#include <uv.h>

#include "base/mem.h"
#include "db/job_table.h"

/*
 * What accepting messages of 5 kB costs the database: message, content, job and
 * fingerprint, durable. One sender, so that each message has a commit of its
 * own, against many at once, each of whom sends its next when the last was
 * answered: what waits meanwhile is the next group. One argument: the folder to
 * work in (the disk under it decides).
 */
#define CONTENT_LEN 5000
#define N_MESSAGES  8000
#define MAX_SENDERS 200

struct slot {
	struct message_accept accept;
	struct job_new job;
};

static uv_loop_t loop;
static struct db *db;
static struct slot slots[MAX_SENDERS];
static unsigned char content[CONTENT_LEN];
static uint64_t n_sent, n_left, n_in_flight;
static char dir[256];

static void on_accepted(struct db_op *op, int status, const struct err *err);

static void send_one(struct slot *slot)
{
	/* fingerprints are hashes: they do not come in order */
	uint64_t mixed = ++n_sent * 0x9e3779b97f4a7c15u;

	memcpy(slot->job.fingerprint, &mixed, sizeof mixed);
	n_left--;
	n_in_flight++;
	db_submit(db, &slot->accept.op, message_accept_run, on_accepted);
}

static void on_accepted(struct db_op *op, int status, const struct err *err)
{
	struct slot *slot = CONTAINER_OF(op, struct slot, accept.op);

	if (status != 0 || slot->job.is_duplicate) {
		fprintf(stderr, "not accepted: %s\n", err->text);
		exit(1);
	}
	n_in_flight--;
	if (n_left > 0)
		send_one(slot);
}

static void slot_init(struct slot *slot)
{
	struct slot fresh = {
		.accept = {.received_at = 1000,
	                   .size = CONTENT_LEN,
	                   .fingerprint_expires_at = 9000,
	                   .content = content,
	                   .content_len = CONTENT_LEN,
	                   .key = content,
	                   .key_len = 72,
	                   .n_jobs = 1},
		.job = {.has_fingerprint = true,
	                .row = {.registration_id = 1,
	                        .printer_id = 1,
	                        .printer_name = "hall",
	                        .sender = "ann@example.org",
	                        .address = "print",
	                        .state = "ACCEPTED",
	                        .kind.media = "iso_a4_210x297mm",
	                        .received_at = 1000,
	                        .state_at = 1000,
	                        .expires_at = 9000}},
	};

	*slot = fresh;
	slot->accept.jobs = &slot->job;
}

static double run(unsigned n_senders, uint64_t n)
{
	uint64_t start = uv_hrtime();

	n_left = n;
	for (unsigned i = 0; i < n_senders; i++)
		send_one(&slots[i]);
	while (n_in_flight > 0)
		uv_run(&loop, UV_RUN_ONCE);
	return (double)n / ((double)(uv_hrtime() - start) / 1e9);
}

static int remove_one(const char *name, const struct stat *st, int flag,
                      struct FTW *ftw)
{
	return remove(name);
}

int main(int argc, char **argv)
{
	static const unsigned senders[] = {5, 20, 50, MAX_SENDERS};
	char path[300];
	struct err err;
	double alone;

	snprintf(dir, sizeof dir, "%s/platen-bench-XXXXXX",
	         argc > 1 ? argv[1] : "/tmp");
	if (!mkdtemp(dir) || uv_loop_init(&loop) != 0)
		return 1;
	snprintf(path, sizeof path, "%s/spool.db", dir);
	if (db_open(&loop, path, NULL, NULL, &db, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	for (int i = 0; i < MAX_SENDERS; i++)
		slot_init(&slots[i]);
	run(MAX_SENDERS, N_MESSAGES); /* warm: the log has its size */
	alone = run(1, N_MESSAGES / 8);
	printf("  1 sender  %8.0f messages/s\n", alone);
	for (size_t i = 0; i < ARRAY_LEN(senders); i++) {
		double rate = run(senders[i], N_MESSAGES);

		printf("%3u senders %8.0f messages/s, %.1f times as many\n",
		       senders[i], rate, rate / alone);
	}
	db_close(db, NULL, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return uv_loop_close(&loop) == 0 ? 0 : 1;
}
