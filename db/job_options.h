/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DB_JOB_OPTIONS_H
#define DB_JOB_OPTIONS_H

#include <stdbool.h>

/*
 * How a job is to be printed: the columns that a registration has for it, and
 * what a mail may change (spool/option_words.h). Words are IPP's where IPP has
 * them.
 */
struct job_options {
	char what[16];   /* auto, body, attachments, all */
	char media[64];  /* PWG name; "" the printer's own */
	char colour[8];  /* auto, colour, grey */
	char sides[24];  /* one-sided, two-sided-long-edge, ...-short-edge */
	char tray[32];   /* IPP media-source; "": the printer chooses */
	char pages[64];  /* "1-5,8"; "" all */
	char scaling[8]; /* IPP print-scaling: auto, fit, fill, none */
	char web[8];     /* what a link becomes: "", url, reader, screen */
	int dpi;         /* 0: chosen from the printer's list */
	int copies;      /* 1.. */
	int number_up;   /* 1, 2, 4 */
	bool head;       /* From, To, Date, Subject above the body */
	bool banner;     /* a page in front that names the job */
};

#endif
