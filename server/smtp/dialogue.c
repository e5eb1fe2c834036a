/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>
#include <strings.h>

#include "base/mem.h"
#include "server/smtp/address.h"
#include "server/smtp/session_state.h"

/*
 * The commands. Each gets what follows its verb, without blanks around it. To
 * add one (STARTTLS, AUTH), write a row of the table at the end and a line of
 * greet().
 */
struct command {
	const char *verb;
	enum {
		ARG_NONE, /* 501 if there is one */
		ARG_ANY,
		ARG_NEEDED /* 501 if there is none */
	} arg;
	void (*run)(struct smtp_session *s, char *arg);
};

/* HELO's argument goes into the Received line: plain characters only. */
static bool take_name(struct smtp_session *s, const char *arg)
{
	size_t len = strlen(arg);

	if (len > SMTP_HELO_MAX || strcspn(arg, " \t()<>;\"\\") != len) {
		smtp_session_blame(s, 501, "5.5.4 bad name");
		return false;
	}
	for (size_t i = 0; i < len; i++) {
		if (arg[i] <= 0x20 || arg[i] == 0x7f) { /* 8 bit too */
			smtp_session_blame(s, 501, "5.5.4 bad name");
			return false;
		}
	}
	memcpy(s->helo, arg, len + 1);
	smtp_session_reset(s); /* RFC 5321 4.1.4 */
	return true;
}

static void greet(struct smtp_session *s, char *arg)
{
	if (!take_name(s, arg))
		return;
	s->is_extended = true;
	buf_printf(&s->out,
	           "250-%s\r\n"
	           "250-PIPELINING\r\n"
	           "250-SIZE %lld\r\n"
	           "250-8BITMIME\r\n"
	           "250-SMTPUTF8\r\n"
	           "250 ENHANCEDSTATUSCODES\r\n",
	           s->options->hostname,
	           (long long)s->options->max_message_size);
}

static void run_ehlo(struct smtp_session *s, char *arg)
{
	if (s->options->is_lmtp) /* RFC 2033 4.1 */
		smtp_session_blame(s, 500, "5.5.1 this is LMTP: say LHLO");
	else
		greet(s, arg);
}

static void run_helo(struct smtp_session *s, char *arg)
{
	if (s->options->is_lmtp) {
		smtp_session_blame(s, 500, "5.5.1 this is LMTP: say LHLO");
		return;
	}
	if (!take_name(s, arg))
		return;
	s->is_extended = false;
	smtp_session_say(s, 250, "%s", s->options->hostname);
}

static void run_lhlo(struct smtp_session *s, char *arg)
{
	if (s->options->is_lmtp)
		greet(s, arg);
	else
		smtp_session_blame(s, 500, "5.5.1 this is SMTP: say EHLO");
}

/* SIZE=n, RFC 1870: up to 20 digits. -EINVAL. */
static int parse_size(const char *value, int64_t *out)
{
	size_t n = strspn(value, "0123456789");

	if (n == 0 || n > 20 || value[n])
		return -EINVAL;

	errno = 0;
	long long size = strtoll(value, NULL, 10);

	*out = errno == ERANGE ? INT64_MAX : size;
	return 0;
}

/* One parameter of MAIL. 0, or the code of the refusal that was said. */
static int take_mail_parameter(struct smtp_session *s, struct smtp_mail *mail,
                               const char *word)
{
	if (strncasecmp(word, "SIZE=", 5) == 0) {
		if (parse_size(word + 5, &mail->size) == 0)
			return 0;
		smtp_session_blame(s, 501, "5.5.4 bad SIZE");
		return 501;
	}
	if (strcasecmp(word, "BODY=8BITMIME") == 0) {
		mail->is_8bit = true;
		return 0;
	}
	if (strcasecmp(word, "BODY=7BIT") == 0)
		return 0;
	if (strcasecmp(word, "SMTPUTF8") == 0) {
		mail->is_utf8 = true;
		return 0;
	}
	smtp_session_blame(s, 555, "5.5.4 unknown parameter '%.60s'", word);
	return 555;
}

static int take_mail_parameters(struct smtp_session *s, struct smtp_mail *mail,
                                char *words)
{
	char *word;

	while ((word = strsep(&words, " "))) {
		int r = *word ? take_mail_parameter(s, mail, word) : 0;
		if (r != 0)
			return r;
	}
	return 0;
}

/*
 * "FROM:<a@b> ..." to address and the words behind it. Blanks after the colon
 * are wrong and common, so they are skipped. 0, or the code of the refusal.
 */
static int take_path(struct smtp_session *s, char *arg, const char *keyword,
                     unsigned flags, struct smtp_address *address, char **words)
{
	const char *status =
		flags & SMTP_ADDRESS_ALLOW_NULL ? "5.1.7" : "5.1.3";
	size_t n = strlen(keyword), used = 0;
	struct err err = {0};

	if (strncasecmp(arg, keyword, n) != 0) {
		smtp_session_blame(s, 501, "5.5.4 syntax: %s<address>",
		                   keyword);
		return 501;
	}
	arg += n;
	arg += strspn(arg, " ");
	if (smtp_address_parse_path(arg, strlen(arg), flags, address, &used,
	                            &err) < 0) {
		smtp_session_blame(s, 501, "%s %s", status, err.text);
		return 501;
	}
	if (arg[used] && arg[used] != ' ') {
		smtp_session_blame(s, 501, "5.5.4 blank missing after '>'");
		return 501;
	}
	*words = arg + used;
	return 0;
}

/* The policy said no; 421 from it also closes. */
static void refuse(struct smtp_session *s, const struct smtp_reply *reply)
{
	smtp_reply_write(reply, &s->out);
	if (reply->code == 421)
		smtp_session_close(s);
}

static void ask_mail(struct smtp_session *s, const struct smtp_mail *mail)
{
	struct smtp_reply reply;

	smtp_reply_set(&reply, 250, "2.1.0 sender ok");
	if (s->policy->mail(s->policy_arg, s, mail, &reply) != 0) {
		s->transaction = (struct smtp_transaction){0};
		refuse(s, &reply);
		return;
	}
	s->transaction.is_open = true;
	s->transaction.is_utf8 = mail->is_utf8;
	smtp_reply_write(&reply, &s->out);
}

static void run_mail(struct smtp_session *s, char *arg)
{
	struct smtp_mail mail = {.size = -1};
	struct smtp_address address;
	char *words;

	if (!s->helo[0]) {
		smtp_session_blame(s, 503, "5.5.1 say %s first",
		                   s->options->is_lmtp ? "LHLO" : "EHLO");
		return;
	}
	if (s->transaction.is_open) {
		smtp_session_blame(s, 503, "5.5.1 nested MAIL");
		return;
	}
	if (take_path(s, arg, "FROM:", SMTP_ADDRESS_ALLOW_NULL, &address,
	              &words) != 0 ||
	    take_mail_parameters(s, &mail, words) != 0)
		return;
	mail.address = address.text;
	if (address.has_utf8 && !mail.is_utf8)
		smtp_session_blame(s, 553, "5.6.7 address needs SMTPUTF8");
	else if (mail.size > s->options->max_message_size)
		smtp_session_say(s, 552, SMTP_TOO_LARGE,
		                 (long long)s->options->max_message_size);
	else
		ask_mail(s, &mail);
}

static void ask_rcpt(struct smtp_session *s, const char *address)
{
	struct smtp_reply reply;

	smtp_reply_set(&reply, 250, "2.1.5 recipient ok");
	if (s->policy->rcpt(s->policy_arg, s, address, &reply) != 0) {
		refuse(s, &reply);
		return;
	}
	s->transaction.n_recipients++;
	smtp_reply_write(&reply, &s->out);
}

static void run_rcpt(struct smtp_session *s, char *arg)
{
	struct smtp_address address;
	char *words;

	if (!s->transaction.is_open) {
		smtp_session_blame(s, 503, "5.5.1 say MAIL first");
		return;
	}
	if (take_path(s, arg, "TO:", SMTP_ADDRESS_ALLOW_POSTMASTER, &address,
	              &words) != 0)
		return;
	words += strspn(words, " ");
	if (*words)
		smtp_session_blame(s, 555, "5.5.4 unknown parameter '%.60s'",
		                   words);
	else if (address.has_utf8 && !s->transaction.is_utf8)
		smtp_session_blame(s, 553, "5.6.7 address needs SMTPUTF8");
	else if (s->transaction.n_recipients >= s->options->max_recipients)
		smtp_session_say(
			s, 452,
			"4.5.3 too many recipients: at most %zu a message, send the others another",
			s->options->max_recipients);
	else
		ask_rcpt(s, address.text);
}

/*
 * No recipient was accepted: LMTP has its own code (RFC 2033 4.2), SMTP says
 * 554 where there was MAIL, so that a pipelining client reads one answer for
 * each of its commands and never a 354 (RFC 2920 3.1).
 */
static void run_data(struct smtp_session *s, char *arg)
{
	struct smtp_reply reply;

	if (!s->transaction.is_open) {
		smtp_session_blame(s, 503, "5.5.1 say MAIL first");
		return;
	}
	if (s->transaction.n_recipients == 0) {
		smtp_session_say(s, s->options->is_lmtp ? 503 : 554,
		                 "5.5.1 no valid recipients");
		return;
	}
	smtp_reply_set(&reply, 451, "4.3.0 try again later");
	if (s->policy->data(s->policy_arg, s, &reply) != 0) {
		smtp_session_reset(s);
		refuse(s, &reply);
		return;
	}
	smtp_session_say(s, 354, "end with <CR><LF>.<CR><LF>");
	smtp_session_begin_data(s);
}

static void run_rset(struct smtp_session *s, char *arg)
{
	smtp_session_reset(s);
	smtp_session_say(s, 250, "2.0.0 ok");
}

static void run_noop(struct smtp_session *s, char *arg)
{
	smtp_session_say(s, 250, "2.0.0 ok");
}

/* RFC 5321 7.3: neither a yes nor a no. */
static void run_vrfy(struct smtp_session *s, char *arg)
{
	smtp_session_say(s, 252, "2.5.0 send a mail to find out");
}

static void run_help(struct smtp_session *s, char *arg)
{
	smtp_session_say(s, 214, "2.0.0 mail a document to a printer");
}

static void run_quit(struct smtp_session *s, char *arg)
{
	smtp_session_say(s, 221, "2.0.0 bye");
	s->did_quit = true;
	smtp_session_close(s);
}

static void run_unimplemented(struct smtp_session *s, char *arg)
{
	smtp_session_blame(s, 502, "5.5.1 not offered here");
}

/* A browser that was tricked into posting mail: hear no more of it. */
static void run_http(struct smtp_session *s, char *arg)
{
	smtp_session_say(s, 554, "5.5.0 this is a mail server");
	smtp_session_close(s);
}

static const struct command commands[] = {
	{"MAIL", ARG_NEEDED, run_mail},
	{"RCPT", ARG_NEEDED, run_rcpt},
	{"DATA", ARG_NONE, run_data},
	{"EHLO", ARG_NEEDED, run_ehlo},
	{"HELO", ARG_NEEDED, run_helo},
	{"LHLO", ARG_NEEDED, run_lhlo},
	{"QUIT", ARG_NONE, run_quit},
	{"RSET", ARG_NONE, run_rset},
	{"NOOP", ARG_ANY, run_noop},
	{"VRFY", ARG_NEEDED, run_vrfy},
	{"HELP", ARG_ANY, run_help},
	{"EXPN", ARG_ANY, run_unimplemented},
	{"STARTTLS", ARG_ANY, run_unimplemented},
	{"AUTH", ARG_ANY, run_unimplemented},
	{"BDAT", ARG_ANY, run_unimplemented},
	{"GET", ARG_ANY, run_http},
	{"HEAD", ARG_ANY, run_http},
	{"POST", ARG_ANY, run_http},
	{"PUT", ARG_ANY, run_http},
	{"PATCH", ARG_ANY, run_http},
	{"DELETE", ARG_ANY, run_http},
	{"OPTIONS", ARG_ANY, run_http},
	{"CONNECT", ARG_ANY, run_http},
	{"TRACE", ARG_ANY, run_http},
};

static const struct command *find_command(const char *verb)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (strcasecmp(commands[i].verb, verb) == 0)
			return &commands[i];
	return NULL;
}

void smtp_dialogue_command(struct smtp_session *s, char *line)
{
	char *end = line + strlen(line);

	while (end > line && (end[-1] == ' ' || end[-1] == '\t'))
		*--end = '\0'; /* RFC 5321 4.1.1: tolerate trailing blanks */

	char *verb = strsep(&line, " \t");
	char *arg = line ? line + strspn(line, " \t") : end;
	const struct command *command = find_command(verb);

	if (!command)
		smtp_session_blame(s, 500, "5.5.2 unknown command");
	else if (command->arg == ARG_NONE && *arg)
		smtp_session_blame(s, 501, "5.5.4 %s takes no argument",
		                   command->verb);
	else if (command->arg == ARG_NEEDED && !*arg)
		smtp_session_blame(s, 501, "5.5.4 %s needs an argument",
		                   command->verb);
	else
		command->run(s, arg);
}
