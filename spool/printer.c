/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/printer.h"

#include <ctype.h>
#include <errno.h>
#include <sodium.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "printers/formats.h"
#include "spool/caps_text.h"
#include "spool/dispatch.h"
#include "spool/printer_check.h"
#include "spool/printer_set.h"
#include "spool/printer_state.h"

int64_t printer_asked_at(struct spool *spool, int64_t id)
{
	struct spool_printer *p = dispatch_printer(spool, id);

	return p ? p->asked_at : 0;
}

/* ---- a command about a printer ------------------------------------------ */

/*
 * One command.
 *
 *   start         checked; wrong: told later, from the loop
 *   add           asks the printer, then the writer
 *   remove, token the writer
 *   check         waits in printer->checks for the next answer, then until
 *                 the writer has stored it
 *   tell          cb, then free when the timer is closed
 */
struct printer_command {
	struct list link; /* in checks */
	struct spool *spool;
	printer_cb *cb;
	printer_token_cb *token_cb;
	void *arg;
	int status;
	struct err err;
	uv_timer_t timer;
	char name[PRINTER_NAME_MAX];
	char uri[PRINTER_URI_MAX];
	char token[64];
	struct printer_query *query;
	union {
		struct printer_add add;
		struct printer_remove remove;
		struct printer_set_token set_token;
		struct printer_set_uri set_uri;
		struct db_op stored; /* check: nothing, after the state */
	};
};

static void on_command_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void on_tell(uv_timer_t *timer)
{
	struct printer_command *c = timer->data;
	const struct err *err = c->status < 0 ? &c->err : NULL;

	if (c->token_cb)
		c->token_cb(c->status, c->token, err, c->arg);
	else if (c->cb)
		c->cb(c->status, err, c->arg);
	sodium_memzero(c->token, sizeof c->token);
	uv_close((uv_handle_t *)timer, on_command_closed);
}

static void tell(struct printer_command *c, int status, const struct err *err)
{
	c->status = status;
	if (err && err != &c->err)
		c->err = *err;
	uv_timer_start(&c->timer, on_tell, 0, 0);
}

static struct printer_command *
command_new(struct spool *spool, const char *name, printer_cb *cb, void *arg)
{
	struct printer_command *c = xcalloc(1, sizeof *c);

	list_init(&c->link);
	c->spool = spool;
	c->cb = cb;
	c->arg = arg;
	snprintf(c->name, sizeof c->name, "%s", name);
	uv_timer_init(spool->loop, &c->timer);
	c->timer.data = c;
	return c;
}

static struct spool_printer *find(struct printer_command *c, const char *name)
{
	struct spool_printer *p = printer_by_name(c->spool, name);

	if (!p)
		tell(c,
		     err_set(&c->err, -ENOENT, "there is no printer '%.63s'",
		             name),
		     NULL);
	return p;
}

/* ---- add ---------------------------------------------------------------- */

static int check_name(const char *name, struct err *err)
{
	size_t n = strlen(name);
	bool ok = n >= 1 && n < PRINTER_NAME_MAX &&
	          (islower((unsigned char)name[0]) ||
	           isdigit((unsigned char)name[0]));

	for (size_t i = 0; ok && i < n; i++)
		ok = islower((unsigned char)name[i]) ||
		     isdigit((unsigned char)name[i]) ||
		     strchr("._-", name[i]) != NULL;
	if (ok)
		return 0;
	return err_set(
		err, -EINVAL,
		"'%.63s' cannot be a printer's name: use 1 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit",
		name);
}

static void ask(struct printer_command *c, struct spool_printer *p);

static void on_added(struct db_op *op, int status, const struct err *err)
{
	struct printer_add *add = CONTAINER_OF(op, struct printer_add, op);
	struct printer_command *c =
		CONTAINER_OF(add, struct printer_command, add);

	if (status == 0 && !c->spool->is_closing) {
		struct spool_printer *p;

		add->row.id = add->id;
		add->row.epoch = 1;
		p = printer_load(c->spool, &add->row);
		log_info("printer=%s added: %s, %s", p->name,
		         add->row.make_and_model, add->row.format);
		printer_row_fini(&add->row);
		ask(c, p); /* told when it is known how it is */
		return;
	}
	printer_row_fini(&add->row);
	tell(c, status, err);
}

static void fill_row(struct printer_command *c, const struct printer_status *st,
                     const char *pin)
{
	struct printer_row *row = &c->add.row;
	const struct printer_caps *caps = &st->caps;

	snprintf(row->name, sizeof row->name, "%s", c->name);
	snprintf(row->uri, sizeof row->uri, "%s", c->uri);
	snprintf(row->pin, sizeof row->pin, "%s", pin);
	snprintf(row->make_and_model, sizeof row->make_and_model, "%s",
	         caps->make_and_model);
	snprintf(row->media_default, sizeof row->media_default, "%s",
	         caps->media_default);
	snprintf(row->verdict, sizeof row->verdict, "unknown");
	row->capabilities = caps_to_text(caps);
	row->added_at = clock_now();
}

static void on_asked(int status, const struct printer_status *st,
                     const char *pin_seen, const struct err *err, void *arg)
{
	struct printer_command *c = arg;
	struct print_wish wish = {0};
	struct print_format format;

	c->query = NULL;
	if (status < 0) {
		tell(c, status, err);
		return;
	}
	status = print_format_choose(&st->caps, &wish, &format, &c->err);
	if (status < 0) {
		tell(c, status, NULL);
		return;
	}
	fill_row(c, st, pin_seen);
	snprintf(c->add.row.format, sizeof c->add.row.format, "%s",
	         format.mime);
	db_submit(c->spool->db, &c->add.op, printer_add_run, on_added);
}

void printer_add(struct spool *spool, const char *name, const char *uri,
                 printer_cb *cb, void *arg)
{
	struct printer_command *c = command_new(spool, name, cb, arg);
	struct printer_target target = {.uri = uri};
	int r = check_name(name, &c->err);

	if (r == 0 && printer_by_name(spool, name))
		r = err_set(
			&c->err, -EEXIST,
			"there is a printer '%s' already: remove it first or choose another name",
			name);
	if (r == 0 && strlen(uri) >= sizeof c->uri)
		r = err_set(&c->err, -EINVAL,
		            "the printer's address is longer than %zu bytes",
		            sizeof c->uri - 1);
	if (r == 0) {
		snprintf(c->uri, sizeof c->uri, "%s", uri);
		r = printer_query_start(spool->transport, &target,
		                        spool->options.state_timeout_ms, true,
		                        &c->query, on_asked, c, &c->err);
	}
	if (r < 0)
		tell(c, r, NULL);
}

/* ---- remove, token ------------------------------------------------------ */

static void on_removed(struct db_op *op, int status, const struct err *err)
{
	struct printer_remove *remove =
		CONTAINER_OF(op, struct printer_remove, op);
	struct printer_command *c =
		CONTAINER_OF(remove, struct printer_command, remove);
	struct spool_printer *p = dispatch_printer(c->spool, remove->id);

	if (status == 0 && p && !p->is_closing) {
		log_info("printer=%s removed", p->name);
		printer_drop(p);
		printer_free(p);
	}
	tell(c, status, err);
}

void printer_remove(struct spool *spool, const char *name, printer_cb *cb,
                    void *arg)
{
	struct printer_command *c = command_new(spool, name, cb, arg);
	struct spool_printer *p = find(c, name);

	if (!p)
		return;
	c->remove.id = p->id;
	db_submit(spool->db, &c->remove.op, printer_remove_run, on_removed);
}

static void hash_token(const char *token, unsigned char out[32])
{
	crypto_hash_sha256(out, (const unsigned char *)token, strlen(token));
}

static void on_token_set(struct db_op *op, int status, const struct err *err)
{
	struct printer_set_token *set =
		CONTAINER_OF(op, struct printer_set_token, op);
	struct printer_command *c =
		CONTAINER_OF(set, struct printer_command, set_token);
	struct spool_printer *p = dispatch_printer(c->spool, set->id);

	if (status == 0 && p) {
		memcpy(p->token_hash, set->token_hash, sizeof p->token_hash);
		p->has_token = true;
		log_info("printer=%s has a new announcement token", p->name);
	}
	tell(c, status, err);
}

void printer_token(struct spool *spool, const char *name, printer_token_cb *cb,
                   void *arg)
{
	struct printer_command *c = command_new(spool, name, NULL, arg);
	struct spool_printer *p;
	unsigned char secret[32];

	c->token_cb = cb;
	p = find(c, name);
	if (!p)
		return;
	randombytes_buf(secret, sizeof secret);
	sodium_bin2base64(c->token, sizeof c->token, secret, sizeof secret,
	                  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(secret, sizeof secret);
	c->set_token.id = p->id;
	hash_token(c->token, c->set_token.token_hash);
	db_submit(spool->db, &c->set_token.op, printer_set_token_run,
	          on_token_set);
}

/* ---- check, announce ---------------------------------------------------- */

static int run_nothing(struct db_conn *conn, struct db_op *op, struct err *err)
{
	return 0;
}

static void on_stored(struct db_op *op, int status, const struct err *err)
{
	tell(CONTAINER_OF(op, struct printer_command, stored), status, err);
}

/* What was answered is on its way to the writer: told when that is durable. */
void printer_check_answered(struct spool_printer *p)
{
	list_for_each (link, &p->checks) {
		struct printer_command *c =
			LIST_ENTRY(link, struct printer_command, link);

		list_remove(link);
		db_submit(c->spool->db, &c->stored, run_nothing, on_stored);
	}
}

static void ask(struct printer_command *c, struct spool_printer *p)
{
	list_append(&p->checks, &c->link);
	p->wants_ask = p->query != NULL; /* what is asked now may be old */
	printer_state_ask(p);
}

static void ask_all(struct printer_command *c, struct spool_printer *p)
{
	p->wants_caps = true;
	ask(c, p);
}

void printer_check(struct spool *spool, const char *name, printer_cb *cb,
                   void *arg)
{
	struct printer_command *c = command_new(spool, name, cb, arg);
	struct spool_printer *p = find(c, name);

	if (p)
		ask_all(c, p);
}

void printer_trust(struct spool *spool, const char *name, printer_cb *cb,
                   void *arg)
{
	struct printer_command *c = command_new(spool, name, cb, arg);
	struct spool_printer *p = find(c, name);

	if (!p)
		return;
	p->pin[0] = '\0';
	ask_all(c, p);
}

void printer_forget(struct spool *spool, const char *name, printer_cb *cb,
                    void *arg)
{
	struct printer_command *c = command_new(spool, name, cb, arg);
	struct spool_printer *p = find(c, name);

	if (!p)
		return;
	log_info("printer=%s what was learned of it is forgotten", p->name);
	p->learned = 0;
	ask_all(c, p);
}

static const char *event_word(enum announce_event event)
{
	switch (event) {
	case ANNOUNCE_POWER_ON: return "power-on";
	case ANNOUNCE_RECOVERED: return "recovered";
	case ANNOUNCE_ABNORMAL: return "abnormal";
	case ANNOUNCE_PERIODIC: break;
	}
	return "periodic";
}

/* The printer has moved, and its token says that it is the one (K12). */
static void on_uri_set(struct db_op *op, int status, const struct err *err)
{
	struct printer_set_uri *set =
		CONTAINER_OF(op, struct printer_set_uri, op);
	struct printer_command *c =
		CONTAINER_OF(set, struct printer_command, set_uri);
	struct spool_printer *p = dispatch_printer(c->spool, set->id);

	if (status == 0 && p && !p->is_closing) {
		log_info("printer=%s is at %s now", p->name, set->uri);
		free(p->uri);
		p->uri = xstrdup(set->uri);
		dispatch_ask(p);
	}
	tell(c, status, err);
}

void printer_announce(struct spool *spool, const char *name, const char *token,
                      const struct announcement *announcement, printer_cb *cb,
                      void *arg)
{
	static const unsigned char nobody[32];
	struct printer_command *c = command_new(spool, name, cb, arg);
	struct spool_printer *p = printer_by_name(spool, name);
	unsigned char hash[32];
	bool is_right;

	/* The same work for an unknown printer as for a wrong token. */
	hash_token(token, hash);
	is_right = sodium_memcmp(hash, p ? p->token_hash : nobody,
	                         sizeof hash) == 0 &&
	           p && p->has_token;
	if (!is_right) {
		tell(c,
		     err_set(&c->err, -EACCES,
		             "no printer has this name and token: make a token with 'platen printer token NAME'"),
		     NULL);
		return;
	}
	if (!announce_gate_allow(&p->gate, clock_mono_ms())) {
		tell(c,
		     err_set(&c->err, -EAGAIN,
		             "too many announcements: wait a second"),
		     NULL);
		return;
	}
	log_info("printer=%s announces %s", name,
	         event_word(announcement->event));
	p->announced_at = clock_now();
	p->saved_ms = 0; /* the answer is stored with it */
	if (announcement->uri[0] && strcmp(announcement->uri, p->uri) != 0) {
		c->set_uri.id = p->id;
		snprintf(c->set_uri.uri, sizeof c->set_uri.uri, "%s",
		         announcement->uri);
		db_submit(spool->db, &c->set_uri.op, printer_set_uri_run,
		          on_uri_set);
		return;
	}
	dispatch_ask(p);
	tell(c, 0, NULL);
}
