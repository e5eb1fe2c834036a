/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_JOB_STATE_H
#define SPOOL_JOB_STATE_H

#include <stdbool.h>

/*
 * The states of a job and what may follow.
 *
 *   ACCEPTED -> RENDERING -> READY <-> HELD
 *       \________ /  \______ |  ______/   (a held job may still be a mail)
 *                          SENDING
 *                         /   |   \
 *                   RESOLVE PRINTED  READY, HELD (nothing was printed)
 *                  /   |   \
 *             READY PRINTED UNKNOWN
 *
 * FAILED, EXPIRED and CANCELLED end any state that is not over. RENDERING may
 * go to SENDING at once: the first page leaves before the last one is made.
 *
 * RECEIVING (in memory, no row, no 250 yet) comes before ACCEPTED.
 */
#define J(state)             (1u << JOB_##state)
#define J_END                (J(FAILED) | J(EXPIRED) | J(CANCELLED))

/* clang-format off */
/*  name       may be followed by                                       final? */
#define JOB_STATES(X)                                                          \
	X(ACCEPTED,  J(RENDERING) | J(HELD) | J_END,                     false) \
	X(RENDERING, J(ACCEPTED) | J(READY) | J(HELD) | J(SENDING) | J_END, false) \
	X(READY,     J(SENDING) | J(HELD) | J(ACCEPTED) | J_END,         false) \
	X(HELD,      J(READY) | J(ACCEPTED) | J(RENDERING) | J(SENDING) | J_END, false) \
	X(SENDING,   J(READY) | J(HELD) | J(ACCEPTED) | J(RESOLVE) | J(PRINTED) | \
	             J(UNKNOWN) | J_END,                                 false) \
	X(RESOLVE,   J(READY) | J(HELD) | J(ACCEPTED) | J(SENDING) | J(PRINTED) | \
	             J(UNKNOWN) | J_END,                                 false) \
	X(UNKNOWN,   J(READY) | J(ACCEPTED) | J(PRINTED) | J_END,        false) \
	X(PRINTED,   0,                                                  true) \
	X(FAILED,    0,                                                  true) \
	X(EXPIRED,   0,                                                  true) \
	X(CANCELLED, 0,                                                  true)
/* clang-format on */

#define X(name, next, final) JOB_##name,
enum job_state {
	JOB_STATES(X) JOB_N_STATES
};
#undef X

const char *job_state_name(enum job_state state);

/* -EINVAL for a word that is no state; upper or lower case. */
int job_state_from_name(const char *name, enum job_state *out);

bool job_state_may_follow(enum job_state from, enum job_state to);
bool job_state_is_over(enum job_state state);

#endif
