/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_RENDER_OUTCOME_H
#define TESTS_UNIT_RENDER_OUTCOME_H

#include <check.h>
#include <stdio.h>

#include "base/mem.h"
#include "render/convert.h"

/* A document given to an engine, and what its sender would hear of it. */
struct outcome {
	struct convert_job job;
	int n_told, status;
	char pdf[1500], sentence[128];
};

static unsigned n_open; /* not told yet */

static void on_done(struct convert_job *job, int status, struct buf *pdf,
                    const char *sentence)
{
	struct outcome *outcome = job->arg;

	outcome->n_told++;
	outcome->status = status;
	if (status == 0)
		snprintf(outcome->pdf, sizeof outcome->pdf, "%s", buf_str(pdf));
	snprintf(outcome->sentence, sizeof outcome->sentence, "%s", sentence);
	n_open--;
}

/* Start the job, which but for its callback is ready. Nothing is told yet. */
static inline void outcome_start(struct outcome *outcome,
                                 struct convert_engine *engine)
{
	outcome->job.done = on_done;
	outcome->job.arg = outcome;
	n_open++;
	engine->start(engine, &outcome->job);
	ck_assert_int_eq(outcome->n_told, 0);
}

static inline void outcome_run_all(uv_loop_t *loop)
{
	while (n_open > 0)
		uv_run(loop, UV_RUN_ONCE);
}

/* text: the PDF, or the sentence. Ends with the job. */
static inline void outcome_expect(struct outcome *outcome, int status,
                                  const char *text)
{
	ck_assert_int_eq(outcome->n_told, 1);
	ck_assert_int_eq(outcome->status, status);
	ck_assert_str_eq(status == 0 ? outcome->pdf : outcome->sentence, text);
	convert_job_fini(&outcome->job);
}

#endif
