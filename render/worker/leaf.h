/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_LEAF_H
#define RENDER_WORKER_LEAF_H

#include <stdbool.h>

#include <gmime/gmime.h>

#include "render/worker/card.h"
#include "render/worker/ledger.h"

/*
 * The leaves of a message's tree become parts of the ledger; those that hold
 * further parts (winmail.dat, mails as files, wrapped signatures, uuencoded
 * text) are opened, and what is in them follows as parts of their own.
 *
 * A walk goes through one tree; message.c leads it.
 */
struct walk {
	struct ledger *ledger;
	const char *note;  /* for all that is below, or NULL */
	struct card *head; /* for the next readable part, which takes it */
	bool attached;     /* inside an attached message */
	char alternative[LEDGER_ALTERNATIVE]; /* see struct ledger_part */
	unsigned depth;
};

/* What all parts together may unpack to. */
#define LEAF_BYTES ((size_t)512 << 20)

void leaf_add(struct walk *walk, GMimePart *leaf, const char *id);

/* Plain text that no part of the tree holds. */
void leaf_add_text(struct walk *walk, const char *text, const char *id);

/* A part of the ledger whose content is there: opened, detected, given its
 * head.
 */
void leaf_finish(struct walk *walk, size_t at);

/* Of leaf_open.c: what the part holds follows it, if it holds parts. */
void leaf_open(struct walk *walk, size_t at);

bool leaf_type_is(const struct ledger_part *part, const char *type);
bool leaf_name_ends(const struct ledger_part *part, const char *end);

/* Decoded; appended to *out. */
void leaf_content(GMimePart *leaf, struct buf *out);

/* Any text of a header as valid UTF-8, to be freed; NULL stays NULL. */
char *leaf_text(const char *text);

/* Of message.c: an attached mail, opened by its own head. */
void walk_message(struct walk *walk, GMimeMessage *message, const char *id);

/*
 * Of message.c: what stands in these bytes, as parts below id. is_mail: with a
 * head of its own, else an entity of the mail around it. False when it cannot
 * be read within the bounds of scan.h.
 */
bool walk_bytes(struct walk *walk, const char *data, size_t len, bool is_mail,
                const char *id);

#endif
