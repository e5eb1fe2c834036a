/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/job_state.h"

#include <assert.h>
#include <errno.h>
#include <strings.h>

#include "base/mem.h"

struct state_rule {
	const char *name;
	unsigned next;
	bool is_final;
};

static const struct state_rule rules[] = {
#define X(name, next, final) [JOB_##name] = {#name, next, final},
	JOB_STATES(X)
#undef X
};

static const struct state_rule *rule_of(enum job_state state)
{
	assert((unsigned)state < JOB_N_STATES);
	return &rules[state];
}

const char *job_state_name(enum job_state state)
{
	return rule_of(state)->name;
}

int job_state_from_name(const char *name, enum job_state *out)
{
	for (int i = 0; i < JOB_N_STATES; i++) {
		if (strcasecmp(name, rules[i].name) == 0) {
			*out = (enum job_state)i;
			return 0;
		}
	}
	return -EINVAL;
}

bool job_state_may_follow(enum job_state from, enum job_state to)
{
	return rule_of(from)->next >> to & 1;
}

bool job_state_is_over(enum job_state state)
{
	return rule_of(state)->is_final;
}
