/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_FUZZ_FUZZ_JOBS_H
#define TESTS_FUZZ_FUZZ_JOBS_H

#include <assert.h>
#include <stdint.h>

#include "base/mem.h"
#include "render/convert.h"

/*
 * Documents that are with an engine: each is told once, unless it is cancelled,
 * and gone with that, so that whoever still looks at it is found out. Whoever
 * is told may start and cancel others meanwhile.
 */
#define N_JOBS 6

enum {
	WISH_KIND = 7,            /* what it means is the target's */
	WISH_ANOTHER = 1 << 3,    /* when told, one more is started */
	WISH_CANCEL_ALL = 1 << 4, /* when told, the others are cancelled */
};

/* The target's: a document of this kind, for any engine. */
static struct convert_job *job_new(unsigned kind);

static struct convert_engine *engine;
static uint64_t jobs_max_pdf;
static struct convert_job *jobs[N_JOBS];

static void start_job(uint8_t wish);

static void forget_job(struct convert_job **slot)
{
	struct convert_job *job = *slot;

	*slot = NULL;
	convert_job_fini(job);
	free(job);
}

static void cancel_job(unsigned n)
{
	if (!jobs[n % N_JOBS])
		return;
	engine->cancel(engine, jobs[n % N_JOBS]);
	forget_job(&jobs[n % N_JOBS]);
}

static void cancel_all(void)
{
	for (unsigned i = 0; i < N_JOBS; i++)
		cancel_job(i);
}

static void on_told(struct convert_job *job, int status, struct buf *pdf,
                    const char *sentence)
{
	uint8_t wish = (uint8_t)(uintptr_t)job->arg;
	size_t i = 0;

	while (i < N_JOBS && jobs[i] != job)
		i++;
	assert(i < N_JOBS); /* started, and not told yet */
	assert(status == 0 ? pdf->len <= jobs_max_pdf : sentence[0] != '\0');
	forget_job(&jobs[i]);
	if (wish & WISH_CANCEL_ALL)
		cancel_all();
	if (wish & WISH_ANOTHER)
		start_job(wish & WISH_KIND);
}

static void start_job(uint8_t wish)
{
	for (size_t i = 0; i < N_JOBS; i++) {
		struct convert_job *job;

		if (jobs[i])
			continue;
		job = job_new(wish & WISH_KIND);
		job->done = on_told;
		job->arg = (void *)(uintptr_t)wish;
		jobs[i] = job;
		engine->start(engine, job);
		assert(jobs[i] == job); /* it is told later */
		return;
	}
}

static bool has_jobs(void)
{
	for (size_t i = 0; i < N_JOBS; i++)
		if (jobs[i])
			return true;
	return false;
}

#endif
