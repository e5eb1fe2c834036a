/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/option_table.h"

#include "base/mem.h"

#define F(field) offsetof(struct options, field)
#define K        (INT64_C(1) << 10)
#define M        (INT64_C(1) << 20)
#define G        (INT64_C(1) << 30)
#define HOUR     INT64_C(3600)
#define DAY      (24 * HOUR)
#define YEAR     (365 * DAY)

/* clang-format off */
const struct option_row option_table[] = {
	{"server", "hostname", OPTION_HOST, F(hostname), "auto", 0, 0, false,
	 "how the server calls itself to its peers; auto: the machine's own name"},
	{"server", "state_dir", OPTION_PATH, F(state_dir), "/var/lib/platen", 0, 0, false,
	 "folder of the spool; made if it is missing"},
	{"server", "log_level", OPTION_LOG_LEVEL, F(log_level), "info", 0, 0, true,
	 "how much is logged: error, warn, info or debug"},

	{"smtp", "listen", OPTION_LISTEN, F(smtp_listen), "127.0.0.1:2525", 0, 0, false,
	 "addresses on which mail is taken by SMTP"},
	{"smtp", "lmtp_listen", OPTION_LISTEN, F(lmtp_listen), "", 0, 0, false,
	 "addresses on which mail is taken by LMTP"},
	{"smtp", "domain", OPTION_HOST, F(domain), NULL, 0, 0, false,
	 "the domain of the printers' addresses"},
	{"smtp", "max_message_size", OPTION_SIZE, F(max_message_size), "50M", 64 * K, 2 * G, false,
	 "largest message"},
	{"smtp", "trust", OPTION_TRUST, F(trust), "127.0.0.0/8, ::1, unix", 0, 0, false,
	 "networks from which a sender's word is taken"},
	{"smtp", "constant_address", OPTION_LOCAL, F(constant_address), "", 0, 0, false,
	 "one local part for all; the sender alone then decides the printer"},
	{"smtp", "fold_local_part", OPTION_YES_NO, F(fold_local_part), "yes", 0, 0, false,
	 "whether Lobby@ and lobby@ are the same address"},

	{"http", "listen", OPTION_LISTEN, F(http_listen), "127.0.0.1:8631", 0, 0, false,
	 "addresses on which announcements are taken"},

	{"admin", "socket", OPTION_PATH, F(admin_socket), "/run/platen/admin.sock", 0, 0, false,
	 "the Unix socket of the command line"},

	{"printing", "state_timeout", OPTION_DURATION, F(state_timeout_s), "5s", 1, 300, true,
	 "a printer that does not answer within this time counts as off"},
	{"printing", "state_fresh_for", OPTION_DURATION, F(state_fresh_s), "3s", 0, HOUR, true,
	 "a printer's state is not asked again within this time"},
	{"printing", "recovery_wait", OPTION_DURATION, F(recovery_wait_s), "5m", 1, 7 * DAY, true,
	 "how often a printer that holds jobs is asked whether it works again"},
	{"printing", "retention", OPTION_DURATION, F(retention_s), "7d", 1, YEAR, true,
	 "how long a job waits before it is destroyed"},
	{"printing", "retention_follows", OPTION_YES_NO, F(retention_follows), "yes", 0, 0, true,
	 "whether waiting jobs follow a changed retention"},
	{"printing", "workers", OPTION_COUNT, F(workers), "auto", 1, 64, false,
	 "documents rendered at a time; auto: the number of cores"},
	{"printing", "worker", OPTION_PATH, F(worker), "auto", 0, 0, false,
	 "the program platen-render; auto: beside platend, else /usr/lib/platen"},
	{"printing", "browser", OPTION_PROGRAM, F(browser), "/usr/bin/chromium-headless-shell", 0, 0, false,
	 "the program that sets HTML; off, or missing: HTML is printed as text"},
	{"printing", "office", OPTION_PROGRAM, F(office), "/usr/lib/libreoffice/program", 0, 0, false,
	 "the folder of LibreOffice's programs; off, or missing: no Office files"},
	{"printing", "warm", OPTION_YES_NO, F(warm), "no", 0, 0, false,
	 "whether browser and LibreOffice run from the start, and at all times"},
	{"printing", "postscript", OPTION_YES_NO, F(postscript), "no", 0, 0, false,
	 "whether PostScript files, which are programs, are run and printed"},
	{"printing", "render_ahead", OPTION_COUNT, F(render_ahead), "16", 0, 10000, true,
	 "jobs kept with finished pages for a printer that holds jobs"},
	{"printing", "stored_form", OPTION_STORED, F(stored_form), "auto", 0, 0, true,
	 "what a held job waits as: data (what the printer gets), pages, mail, or auto, what is small enough"},
	{"printing", "sandbox", OPTION_SANDBOX, F(sandbox_optional), "required", 0, 0, false,
	 "required: no rendering where the kernel cannot lock the worker in; optional: render all the same"},

	{"web", "enabled", OPTION_YES_NO, F(web_enabled), "yes", 0, 0, false,
	 "whether web pages are fetched and printed for mails that are nothing but links"},
	{"web", "allow", OPTION_ALLOW, F(web_allow), "", 0, 0, false,
	 "hosts and networks inside that links may lead to; the public internet is open"},
	{"web", "page_bytes", OPTION_SIZE, F(web_page_bytes), "30M", 64 * K, 60 * M, false,
	 "largest page, and all that it shows, together"},
	{"web", "timeout", OPTION_DURATION, F(web_timeout_s), "30s", 1, 300, false,
	 "for the answer of a web server, all its redirects included"},
	{"web", "links", OPTION_COUNT, F(web_links), "5", 1, 20, false,
	 "pages fetched for one mail"},

	{"limits", "connections", OPTION_COUNT, F(connections), "1000", 1, 100000, false,
	 "mail connections at a time"},
	{"limits", "connections_per_address", OPTION_COUNT, F(connections_per_address), "200", 1, 100000, false,
	 "mail connections at a time from one IPv4 address or IPv6 /64"},
	{"limits", "recipients", OPTION_COUNT, F(recipients), "100", 1, 10000, false,
	 "recipients of one message"},
	{"limits", "errors", OPTION_COUNT, F(errors), "10", 1, 1000, false,
	 "mistakes in one mail connection before it is closed"},
	{"limits", "hops", OPTION_COUNT, F(hops), "30", 1, 1000, false,
	 "Received lines of one message; more of them are a loop"},
	{"limits", "command_timeout", OPTION_DURATION, F(command_timeout_s), "5m", 1, DAY, false,
	 "for one whole SMTP command"},
	{"limits", "data_timeout", OPTION_DURATION, F(data_timeout_s), "3m", 1, DAY, false,
	 "between two pieces of a message"},
	{"limits", "session_timeout", OPTION_DURATION, F(session_timeout_s), "1h", 1, 7 * DAY, false,
	 "for one whole mail connection"},
	{"limits", "pages", OPTION_COUNT, F(pages), "500", 1, 100000, false,
	 "pages of one message"},
	{"limits", "render_time", OPTION_DURATION, F(render_time_s), "120s", 1, DAY, false,
	 "for rendering one message"},
	{"limits", "render_memory", OPTION_SIZE, F(render_memory), "1G", 512 * M, 64 * G, false,
	 "address space of one worker"},
	{"limits", "browser_documents", OPTION_COUNT, F(browser_documents), "200", 1, 100000, false,
	 "documents that one browser prints before a fresh one takes its place"},
	{"limits", "browser_memory", OPTION_SIZE, F(browser_memory), "1G", M, 64 * G, false,
	 "memory of the browser's processes; over it a fresh one, of about 150M, takes its place"},
	{"limits", "print_bytes", OPTION_SIZE, F(print_bytes), "4G", M, 1024 * G, false,
	 "print data of one message"},
	{"limits", "held_print_bytes", OPTION_SIZE, F(held_print_bytes), "32M", 0, 1024 * G, true,
	 "stored_form auto keeps pages of a held job instead of more print data than this"},
	{"limits", "held_pages_bytes", OPTION_SIZE, F(held_pages_bytes), "8M", 0, 1024 * G, true,
	 "stored_form auto keeps the mail of a held job, if it is smaller, instead of more pages than this"},
	{"limits", "parts", OPTION_COUNT, F(parts), "1000", 1, 1000, false,
	 "parts of one message"},
	{"limits", "nesting", OPTION_COUNT, F(nesting), "30", 1, 30, false,
	 "mails and groups of parts inside one another"},
	{"limits", "picture_pixels", OPTION_COUNT, F(picture_pixels), "100000000", 10000, 100000000, false,
	 "pixels of one picture"},
	{"limits", "disk_reserve", OPTION_SIZE, F(disk_reserve), "64M", 0, 1024 * G, true,
	 "no mail is taken while less than this is free on the disk"},
};
/* clang-format on */

const size_t option_table_n = ARRAY_LEN(option_table);

int option_find(const char *section, const char *name)
{
	for (size_t i = 0; i < option_table_n; i++)
		if (strcmp(option_table[i].section, section) == 0 &&
		    strcmp(option_table[i].name, name) == 0)
			return (int)i;
	return -1;
}

bool option_section_exists(const char *section)
{
	for (size_t i = 0; i < option_table_n; i++)
		if (strcmp(option_table[i].section, section) == 0)
			return true;
	return false;
}
