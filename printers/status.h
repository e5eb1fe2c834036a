/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_STATUS_H
#define PRINTERS_STATUS_H

#include <cups/ipp.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "printers/caps.h"

/*
 * How a printer is, as it said itself. Decoded from Get-Printer-Attributes
 * (RFC 8011 4.2.5, PWG 5100.9, 5100.13); plain values of fixed size, so that
 * it can be copied and kept. Texts are UTF-8 without control characters.
 */
#define PRINTER_REASONS_MAX  32
#define PRINTER_TRAYS_MAX    16
#define PRINTER_SUPPLIES_MAX 32
#define PRINTER_READY_MAX    16

/* Levels below zero, as in RFC 3805: */
enum printer_level {
	PRINTER_LEVEL_ANY = -1,     /* no limit, or not said */
	PRINTER_LEVEL_UNKNOWN = -2, /* there, how much is unknown */
	PRINTER_LEVEL_SOME = -3,    /* at least one sheet */
};

struct printer_tray {
	char name[64];  /* media-source keyword: "main", "" unknown */
	char media[64]; /* PWG size name or "" */
	char type[64];  /* "stationery" or "" */
	int level;      /* percent 0..100 or enum printer_level */
};

struct printer_supply {
	char name[128];
	char colour[32];    /* "black", "cyan", ...; "" unknown */
	char type[32];      /* "toner", "ink", "waste-toner", ... */
	int level_percent;  /* 0..100 or enum printer_level */
	bool is_receptacle; /* waste: 100 is full */
};

enum printer_state {
	PRINTER_STATE_UNKNOWN = 0,
	PRINTER_STATE_IDLE = 3,
	PRINTER_STATE_PROCESSING = 4,
	PRINTER_STATE_STOPPED = 5,
};

struct printer_status {
	bool reachable;
	bool accepting;
	enum printer_state state;
	char reasons[PRINTER_REASONS_MAX][64]; /* keywords; "none" left out */
	unsigned n_reasons;
	char message[256];
	int queued_job_count; /* -1 unknown */
	int64_t up_time;      /* seconds, -1 unknown */
	struct printer_tray trays[PRINTER_TRAYS_MAX];
	unsigned n_trays;
	struct printer_supply supplies[PRINTER_SUPPLIES_MAX];
	unsigned n_supplies;
	char media_ready[PRINTER_READY_MAX][64];
	unsigned n_media_ready;
	struct printer_caps caps; /* zero unless asked for */
};

/*
 * Read an answer. Values of a wrong type, group, length or range are left out,
 * never guessed; what is too many is dropped. -EBADMSG with a sentence when the
 * answer does not even tell printer-state.
 */
int printer_status_from_ipp(ipp_t *ipp, struct printer_status *out,
                            struct err *err);

/* A printer that cannot be asked: unreachable, everything unknown. */
void printer_status_init_off(struct printer_status *out);

#endif
