/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/mail_policy.h"

#include <errno.h>
#include <stdio.h>
#include <strings.h>

#include "base/mem.h"
#include "server/smtp/address.h"
#include "spool/intake.h"

struct mail_policy {
	struct spool *spool; /* borrowed */
	struct mail_policy_options options;
};

/*
 * From MAIL to the answer; the session's user pointer.
 *
 *   mail      made
 *   rcpt      recipients go to the intake
 *   body      bytes go to the intake
 *   end       the intake is committed; on_committed() answers and frees
 *   abort     frees; an intake that is being committed goes on by itself
 */
struct mail_transaction {
	struct smtp_session
		*session; /* borrowed; abort() comes before its end */
	struct intake *intake;
	bool is_committing;
	int64_t size; /* declared, or -1 */
	char sender[SMTP_ADDRESS_SIZE];
};

struct mail_policy *mail_policy_new(struct spool *spool,
                                    const struct mail_policy_options *options)
{
	struct mail_policy *policy = xcalloc(1, sizeof *policy);

	policy->spool = spool;
	policy->options = *options;
	return policy;
}

void mail_policy_free(struct mail_policy *policy)
{
	free(policy);
}

/* ASCII only, so that no locale and no dotless i has a say. */
static void fold(char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] >= 'A' && s[i] <= 'Z')
			s[i] = (char)(s[i] + 'a' - 'A');
}

/* What the spool said, as an answer that makes the peer keep or return it. */
static int refuse(struct smtp_reply *reply, int r, const struct err *err)
{
	switch (r) {
	case -ENOENT: return smtp_reply_set(reply, 550, "5.1.1 %s", err->text);
	case -EACCES: return smtp_reply_set(reply, 550, "5.7.1 %s", err->text);
	case -EFBIG: return smtp_reply_set(reply, 552, "5.3.4 %s", err->text);
	case -ENOSPC:
		return smtp_reply_set(reply, 452,
		                      "4.3.1 no space left, try again later");
	}
	return smtp_reply_set(
		reply, 451,
		"4.3.0 cannot store the message now, try again later");
}

static int ask_space(const struct mail_policy *policy, int64_t size,
                     struct smtp_reply *reply)
{
	struct err err = {0};
	int r = intake_may_come(policy->spool, size, &err);

	return r < 0 ? refuse(reply, r, &err) : 0;
}

static int on_mail(void *arg, struct smtp_session *session,
                   const struct smtp_mail *mail, struct smtp_reply *reply)
{
	const struct mail_policy *policy = arg;
	struct mail_transaction *t;
	int r;

	if (!trust_matches(policy->options.trust,
	                   smtp_session_peer_addr(session)))
		return smtp_reply_set(
			reply, 550,
			"5.7.1 mail from this network is not accepted: the administrator can list it in [smtp] trust");
	if (!mail->address[0])
		return smtp_reply_set(reply, 550,
		                      "5.7.1 a bounce cannot be printed");
	r = ask_space(policy, mail->size, reply);
	if (r != 0)
		return r;

	t = xcalloc(1, sizeof *t);
	t->session = session;
	t->size = mail->size;
	snprintf(t->sender, sizeof t->sender, "%s", mail->address);
	if (policy->options.fold_local)
		fold(t->sender, strlen(t->sender));
	t->intake = intake_new(policy->spool, t->sender);
	smtp_session_set_user(session, t);
	return 0;
}

/*
 * The local part of an address of our domain to out; "postmaster" may come
 * alone (RFC 5321 4.5.1). False for another domain.
 */
static bool take_local(const struct mail_policy_options *options,
                       const char *address, char out[SMTP_ADDRESS_SIZE])
{
	const char *at = strrchr(address, '@');
	size_t len = at ? (size_t)(at - address) : strlen(address);

	if (at && strcasecmp(at + 1, options->domain) != 0)
		return false;
	snprintf(out, SMTP_ADDRESS_SIZE, "%.*s", (int)len, address);
	if (options->fold_local)
		fold(out, len);
	return true;
}

static int on_rcpt(void *arg, struct smtp_session *session, const char *address,
                   struct smtp_reply *reply)
{
	const struct mail_policy *policy = arg;
	struct mail_transaction *t = smtp_session_user(session);
	char local[SMTP_ADDRESS_SIZE];
	struct err err = {0};
	const char *suffix;
	int64_t id;
	int r;

	if (!take_local(&policy->options, address, local))
		return smtp_reply_set(
			reply, 550,
			"5.7.1 relay denied: print addresses end in @%s",
			policy->options.domain);
	r = intake_check(policy->spool, t->sender, local, &id, &suffix, &err);
	if (r < 0)
		return refuse(reply, r, &err);
	/* Gone between the two: to be looked at once more, later. */
	r = intake_add(t->intake, id, suffix, &err);
	return r < 0 ? refuse(reply, -EAGAIN, &err) : 0;
}

static int on_data(void *arg, struct smtp_session *session,
                   struct smtp_reply *reply)
{
	struct mail_transaction *t = smtp_session_user(session);

	return ask_space(arg, t->size, reply);
}

static int on_body(void *arg, struct smtp_session *session, const char *data,
                   size_t len)
{
	struct mail_transaction *t = smtp_session_user(session);

	return intake_write(t->intake, data, len, NULL);
}

/* "accepted as jobs 12 13", or as many of them as a line holds. */
static void say_jobs(struct smtp_reply *reply,
                     const struct intake_result *results, size_t n)
{
	char list[SMTP_REPLY_TEXT - 64] = "";
	size_t used = 0, i;

	for (i = 0; i < n && used + 24 < sizeof list; i++)
		used += (size_t)snprintf(list + used, sizeof list - used,
		                         " %lld", (long long)results[i].job_id);
	smtp_reply_set(reply, 250, "2.0.0 accepted as job%s%s%s",
	               n > 1 ? "s" : "", list, i < n ? " and more" : "");
}

static void answer_each(struct smtp_session *session, int status,
                        const struct intake_result *results,
                        const struct err *err)
{
	size_t n = smtp_session_n_recipients(session);
	struct smtp_reply *replies CLEANUP(xfree) = xcalloc(n, sizeof *replies);

	for (size_t i = 0; i < n; i++) {
		if (status < 0)
			refuse(&replies[i], status, err);
		else
			say_jobs(&replies[i], &results[i], 1);
	}
	smtp_session_finish(session, replies, n);
}

static void answer_all(struct smtp_session *session, int status,
                       const struct intake_result *results, size_t n,
                       const struct err *err)
{
	struct smtp_reply reply;

	if (status < 0)
		refuse(&reply, status, err);
	else
		say_jobs(&reply, results, n);
	smtp_session_finish(session, &reply, 1);
}

/* Whatever the reason, a message that came so far is worth another try. */
static int outcome_of(int status)
{
	return status == 0 || status == -ENOSPC ? status : -EAGAIN;
}

/* The next transaction may begin inside smtp_session_finish(): free first. */
static void on_committed(int status, const struct intake_result *results,
                         size_t n, const struct err *err, void *arg)
{
	struct mail_transaction *t = arg;
	struct smtp_session *session = t->session;

	smtp_session_set_user(session, NULL);
	free(t);
	if (smtp_session_is_lmtp(session))
		answer_each(session, outcome_of(status), results, err);
	else
		answer_all(session, outcome_of(status), results, n, err);
}

static void on_end(void *arg, struct smtp_session *session)
{
	struct mail_transaction *t = smtp_session_user(session);

	t->is_committing = true;
	intake_commit(t->intake, on_committed, t);
}

static void on_abort(void *arg, struct smtp_session *session)
{
	struct mail_transaction *t = smtp_session_user(session);

	smtp_session_set_user(session, NULL);
	if (t->is_committing)
		intake_detach(t->intake);
	else
		intake_free(t->intake);
	free(t);
}

const struct smtp_policy *mail_policy_smtp(void)
{
	static const struct smtp_policy policy = {
		.mail = on_mail,
		.rcpt = on_rcpt,
		.data = on_data,
		.body = on_body,
		.end = on_end,
		.abort = on_abort,
	};

	return &policy;
}
