/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/cli/command.h"

/* clang-format off */
#define REGISTRATION_OPTIONS                                                   \
	{"address", "LOCAL", "the local part to mail to; default: the printer's name, or the server's constant one"}, \
	{"retention", "TIME", "how long a job may wait: 90s, 30m, 12h, 2d"},   \
	{"recovery-wait", "TIME", "ask a printer that is not normal again after this time"}, \
	{"what", "WHAT", "auto, body, attachments or all"},                    \
	{"media", "NAME", "a4, letter, a3, a5, a6, 4x6 ... or a PWG name"},          \
	{"colour", "MODE", "auto, colour or grey"},                            \
	{"sides", "MODE", "one-sided, two-sided-long-edge or two-sided-short-edge"}, \
	{"dpi", "N", "resolution; auto: chosen from the printer's list"},      \
	{"copies", "N", "copies of each job"},                                 \
	{"tray", "TRAY", "its number, or what the printer calls it"},          \
	{"pages", "RANGES", "only these: 1-5,8"},                              \
	{"number-up", "N", "pages on a side: 1, 2 or 4"},                      \
	{"scaling", "MODE", "auto, fit, fill or none"},                        \
	{"head", "yes|no", "From, To, Date and Subject above the body"},       \
	{"banner", "yes|no", "a page in front that names the job"},            \
	{"web", "MODE", "what a link becomes: url, reader or screen"},         \
	{"page-limit", "N", "most pages of a job; none: the server's limit"},  \
	{"over-limit", "WHAT", "a longer job: refuse, first (pages alone) or ask"}, \
	{"stored-form", "FORM", "what a held job waits as: auto, data, pages or mail"}, \
	{"format", "FORMAT", "what the printer gets: pwg, pdf-as-is, ...; see platen(1)"}, \
	{"remote-pictures", "yes|no", "HTML mail shows pictures that it left on the web"}

const struct cli_command cli_commands[] = {
	{"printer", "add", "NAME", "add a printer; it is asked what it can do",
	 {{"uri", "URI", "its address, like ipp://host:631/ipp/print", true}},
	 cli_printer_add},
	{"printer", "list", "", "all printers and how they are", {{0}},
	 cli_printer_list},
	{"printer", "show", "NAME", "one printer with paper, ink and capabilities",
	 {{0}}, cli_printer_show},
	{"printer", "check", "NAME", "ask the printer now", {{0}},
	 cli_printer_check},
	{"printer", "trust", "NAME",
	 "take the printer's new certificate, after it was changed", {{0}},
	 cli_printer_trust},
	{"printer", "forget", "NAME",
	 "forget what was learned from how the printer took jobs", {{0}},
	 cli_printer_forget},
	{"printer", "remove", "NAME", "remove a printer that nothing needs", {{0}},
	 cli_printer_remove},
	{"printer", "token", "NAME",
	 "make a new announcement token; the old one is void", {{0}},
	 cli_printer_token},

	{"registration", "add", "", "allow a sender to print",
	 {{"printer", "NAME", "where the pages come out", true},
	  {"from", "ADDRESS", "the sender; '*@example.org' or '*' for many", true},
	  REGISTRATION_OPTIONS},
	 cli_registration_add},
	{"registration", "list", "", "who may print where", {{0}},
	 cli_registration_list},
	{"registration", "set", "ID KEY=VALUE...",
	 "change it; keys are the options of 'registration add'", {{0}},
	 cli_registration_set},
	{"registration", "remove", "ID", "remove it; its jobs keep going", {{0}},
	 cli_registration_remove},

	{"picture", "list", "", "pictures that senders attach, and which are logos",
	 {{0}}, cli_picture_list},
	{"picture", "forget", "HASH", "print this picture again; it was no logo",
	 {{0}}, cli_picture_forget},

	{"job", "list", "", "jobs and their states",
	 {{"state", "STATE", "only these: held, printed, failed, ..."},
	  {"printer", "NAME", "only this printer's"}},
	 cli_job_list},
	{"job", "show", "ID", "one job with its parts and attempts", {{0}},
	 cli_job_show},
	{"job", "wait", "ID", "wait until the job is over, and say how it ended",
	 {{"timeout", "TIME", "wait no longer than this: 60s, 10m"}},
	 cli_job_wait},
	{"job", "cancel", "ID", "end a job and destroy its content", {{0}},
	 cli_job_cancel},
	{"job", "release", "ID",
	 "print a job that has more pages than are printed unasked",
	 {{"pages", "RANGES", "only these of its pages: 1-10"}},
	 cli_job_release},
	{"job", "retry", "ID",
	 "try a held job now, or print an unknown one again",
	 {{"pages", "RANGES", "only these of its pages: 3-5,8"}},
	 cli_job_retry},
};
/* clang-format on */
const size_t cli_n_commands = sizeof cli_commands / sizeof cli_commands[0];
