/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_MAIL_POLICY_H
#define SERVER_MAIL_POLICY_H

#include <stdbool.h>

#include "base/cleanup.h"
#include "server/smtp/session.h"
#include "server/smtp/trust.h"
#include "spool/spool.h"

/*
 * Binds SMTP and LMTP sessions to the spool: who is heard, which addresses are
 * ours, who may print there, and when 250 may be said (K3, K4).
 *
 * The sentence of each refusal is for the person whose mail it is; their own
 * server puts it into the bounce.
 */
struct mail_policy_options {
	const char *domain;        /* the one that print addresses have */
	const struct trust *trust; /* peers whose word on the sender counts */
	/*
	 * Local parts count in ASCII lower case, the sender's too; then
	 * registrations have to be stored in lower case.
	 */
	bool fold_local;
};

struct mail_policy;

/* spool and what the options point to are borrowed and outlive the policy. */
struct mail_policy *mail_policy_new(struct spool *spool,
                                    const struct mail_policy_options *options);

/* The functions; their argument is the struct mail_policy. */
const struct smtp_policy *mail_policy_smtp(void);

/* After the last session has gone. NULL is fine. */
void mail_policy_free(struct mail_policy *policy);
DEFINE_CLEANUP(struct mail_policy *, mail_policy_free)

#endif
