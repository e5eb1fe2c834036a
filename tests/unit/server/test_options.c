/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "server/option_table.h"
#include "server/options.h"
#include "tests/unit/check_run.h"

#define DOMAIN "[smtp]\ndomain = print.example\n"

static struct options *parsed(const char *text)
{
	struct buf problems CLEANUP(buf_fini) = {0};
	struct options *options = NULL;
	int r = options_parse("conf", text, strlen(text), &options, &problems);

	ck_assert_msg(r == 0, "%s", buf_str(&problems));
	return options;
}

static void assert_refused(const char *text, const char *sentence)
{
	struct buf problems CLEANUP(buf_fini) = {0};
	struct options *options CLEANUP(options_free) = NULL;
	int r = options_parse("conf", text, strlen(text), &options, &problems);

	ck_assert_int_eq(r, -EINVAL);
	ck_assert_ptr_null(options);
	ck_assert_msg(strstr(buf_str(&problems), sentence) != NULL,
	              "'%s' is not in: %s", sentence, problems.data);
}

START_TEST(test_the_domain_alone_is_enough)
{
	struct options *o CLEANUP(options_free) = parsed(DOMAIN);

	ck_assert_str_eq(o->domain, "print.example");
	ck_assert_str_ne(o->hostname, "");
	ck_assert_str_eq(o->state_dir, "/var/lib/platen");
	ck_assert_uint_eq(o->smtp_listen.n, 1);
	ck_assert_str_eq(o->smtp_listen.items[0], "127.0.0.1:2525");
	ck_assert_uint_eq(o->lmtp_listen.n, 0);
	ck_assert_int_eq(o->max_message_size, 50 << 20);
	ck_assert_int_eq(o->retention_s, 7 * 86400);
	ck_assert_int_eq(o->log_level, LOG_LEVEL_INFO);
	ck_assert_int_eq(o->sandbox_optional, 0);
	ck_assert_int_ge(o->workers, 1);
	ck_assert_uint_eq(o->trust.n, 2);
	ck_assert(o->trust.has_unix);
	ck_assert_int_eq(o->disk_reserve, 64 << 20);
}
END_TEST

START_TEST(test_every_default_is_a_value_that_may_stand_there)
{
	const struct option_row *row = &option_table[_i];
	struct options o = {0};
	struct err err = {0};

	ck_assert_str_ne(row->help, "");
	ck_assert_int_eq(option_find(row->section, row->name), _i);
	if (row->standard)
		ck_assert_msg(option_set(row, row->standard, &o, &err) == 0,
		              "%s", err.text);
	option_clear(row, &o);
}
END_TEST

START_TEST(test_sizes_times_and_lists_are_read)
{
	struct options *o CLEANUP(options_free) = parsed(
		"# a comment\n" DOMAIN "max_message_size = 100k ; small\n"
		"listen = 127.0.0.1:25, [::1]:25\n"
		"\tunix:/run/x.sock\n"
		"trust =\n"
		"[printing]\nretention = 2d\nworkers = 3\n"
		"state_fresh_for=0s\nsandbox = optional\n"
		"[limits]\nprint_bytes = 2g\ndisk_reserve = 0\n");

	ck_assert_int_eq(o->max_message_size, 100 << 10);
	ck_assert_uint_eq(o->smtp_listen.n, 3);
	ck_assert_str_eq(o->smtp_listen.items[2], "unix:/run/x.sock");
	ck_assert_uint_eq(o->trust.n, 0);
	ck_assert(!o->trust.has_unix);
	ck_assert_int_eq(o->retention_s, 2 * 86400);
	ck_assert_int_eq(o->workers, 3);
	ck_assert_int_eq(o->state_fresh_s, 0);
	ck_assert_int_eq(o->sandbox_optional, 1);
	ck_assert_int_eq(o->print_bytes, INT64_C(2) << 30);
	ck_assert_int_eq(o->disk_reserve, 0);
}
END_TEST

static const struct {
	const char *text;
	const char *sentence;
} refusals[] = {
	{"", "conf: 'domain' in section [smtp] is missing"},
	{"\n[smpt]\ndomain = a.b\n",
         "conf:3: there is no section [smpt]; there are [server], [smtp], "
         "[http], [admin], [printing], [web], [limits]"},
	{DOMAIN "lissen = x\n", "conf:3: [smtp] has no option 'lissen'"},
	{"domain = a.b\n", "conf:1: 'domain' stands before any [section]"},
	{DOMAIN "domain = b.c\n", "conf:3: 'domain' was given in line 2"},
	{DOMAIN "listen = nowhere\n", "conf:3: listen: 'nowhere'"},
	{DOMAIN "listen = 1.2.3.4:5 6\n", "conf:3: listen: '6'"},
	{DOMAIN "max_message_size = 5T\n", "'5T' is not a size from 64k to 2G"},
	{DOMAIN "max_message_size = 1k\n", "'1k' is not a size from 64k"},
	{DOMAIN "max_message_size = 99999999999G\n", "is not a size"},
	{DOMAIN "max_message_size = 9999999999999999999999\n", "not a size"},
	{DOMAIN "max_message_size = -1\n", "'-1' is not a size"},
	{DOMAIN "trust = 10.1.2.3/8\n", "conf:3: trust: "},
	{DOMAIN "fold_local_part = maybe\n", "'maybe' is not yes or no"},
	{DOMAIN "constant_address = a@b\n", "'a@b' is not the part"},
	{DOMAIN "[printing]\nworkers = 0\n",
         "'0' is not a whole number from 1"},
	{DOMAIN "[printing]\nworkers =\n", "'' is not a whole number"},
	{DOMAIN "[printing]\nretention = 2w\n", "'2w' is not a duration"},
	{DOMAIN "[printing]\nretention = 0s\n", "not a time from 1s to 365d"},
	{DOMAIN "[printing]\nsandbox = no\n", "is not required or optional"},
	{DOMAIN "[server]\nstate_dir = spool\n", "'spool' is not a full path"},
	{DOMAIN "[server]\nlog_level = loud\n", "is not error, warn, info"},
	{"[smtp]\ndomain = -x-\n", "conf:2: domain: '-x-' is not a host name"},
	{"[smtp]\ndomain = auto\n[smtp\n", "conf:3: this is neither"},
	{DOMAIN "just words\n", "conf:3: this is neither"},
	{DOMAIN "state_dir \x1b= x\n", "conf:3: the line holds a control"},
};

START_TEST(test_what_is_wrong_is_said_with_its_line)
{
	assert_refused(refusals[_i].text, refusals[_i].sentence);
}
END_TEST

START_TEST(test_every_mistake_is_told_not_only_the_first)
{
	struct buf problems CLEANUP(buf_fini) = {0};
	struct options *options CLEANUP(options_free) = NULL;
	const char *text = "[smtp]\nlisten = x\ntrust = y\n";

	ck_assert_int_eq(options_parse("conf", text, strlen(text), &options,
	                               &problems),
	                 -EINVAL);
	buf_str(&problems);
	ck_assert_ptr_nonnull(strstr(problems.data, "conf:2: "));
	ck_assert_ptr_nonnull(strstr(problems.data, "conf:3: "));
	ck_assert_ptr_nonnull(strstr(problems.data, "'domain'"));
}
END_TEST

START_TEST(test_a_line_that_would_be_cut_is_refused)
{
	struct buf text CLEANUP(buf_fini) = {0};

	buf_puts(&text, DOMAIN "trust = ");
	for (int i = 0; i < 30; i++)
		buf_puts(&text, "10.0.0.0/8 ");
	assert_refused(buf_str(&text), "conf:3: the line is longer than");
}
END_TEST

START_TEST(test_a_missing_file_is_named)
{
	struct buf problems CLEANUP(buf_fini) = {0};
	struct options *options CLEANUP(options_free) = NULL;

	ck_assert_int_eq(options_load("/nonexistent/p.conf", &options,
	                              &problems),
	                 -ENOENT);
	ck_assert_ptr_nonnull(
		strstr(buf_str(&problems), "/nonexistent/p.conf"));
}
END_TEST

static int n_waits;
static char last_wait[64];

static void on_wait(const char *section, const char *name)
{
	n_waits++;
	snprintf(last_wait, sizeof last_wait, "%s.%s", section, name);
}

START_TEST(test_only_live_options_change_while_running)
{
	struct options *running CLEANUP(options_free) = parsed(DOMAIN);
	struct options *fresh CLEANUP(options_free) =
		parsed(DOMAIN "listen = 127.0.0.1:26\n"
	                      "[printing]\nretention = 1h\n");

	options_adopt(running, fresh, on_wait);
	ck_assert_int_eq(running->retention_s, 3600);
	ck_assert_str_eq(running->smtp_listen.items[0], "127.0.0.1:2525");
	ck_assert_int_eq(n_waits, 1);
	ck_assert_str_eq(last_wait, "smtp.listen");
}
END_TEST

/* The file's text, from the root of the sources, where PLATEN_SOURCE is. */
static char *source_file(const char *name)
{
	char *path CLEANUP(xfree) = xasprintf("%s/%s", PLATEN_SOURCE, name);
	char *text = NULL;
	struct err err = {0};
	size_t len;

	ck_assert_msg(fs_read_file(AT_FDCWD, path, 1 << 20, &text, &len,
	                           &err) == 0,
	              "%s", err.text);
	return text;
}

/* What stands between `begin` and the next `end`; "" when it does not begin. */
static char *passage(const char *text, const char *begin, const char *end)
{
	const char *from = strstr(text, begin), *to;

	if (!from)
		return xstrdup("");
	from += strlen(begin);
	to = strstr(from, end);
	return to ? xasprintf("%.*s", (int)(to - from), from) : xstrdup(from);
}

START_TEST(test_the_manual_page_says_every_default)
{
	const struct option_row *row = &option_table[_i];
	const char *standard = row->standard;
	char *page CLEANUP(xfree) = source_file("packaging/man/platend.conf.5");
	char *head CLEANUP(xfree) = xasprintf("\n.Sh [%s]\n", row->section);
	char *name CLEANUP(xfree) = xasprintf("\n.It Cm %s No", row->name);
	char *says CLEANUP(xfree) =
		xasprintf("\nDefault: %s.",
	                  standard && *standard ? standard : "none");
	char *section CLEANUP(xfree) = passage(page, head, "\n.Sh ");
	char *item CLEANUP(xfree) = passage(section, name, "\n.It ");

	ck_assert_msg(item[0], "[%s] %s is missing", row->section, row->name);
	if (standard)
		ck_assert_msg(strstr(item, says) != NULL, "%s: not '%s'", item,
		              says);
	ck_assert_msg((strstr(item, ".Em Live") != NULL) == row->is_live,
	              "[%s] %s: live or not?", row->section, row->name);
}
END_TEST

START_TEST(test_the_example_says_every_default)
{
	const struct option_row *row = &option_table[_i];
	const char *standard = row->standard;
	char *example CLEANUP(xfree) = source_file("packaging/platend.conf");
	char *head CLEANUP(xfree) = xasprintf("\n[%s]\n", row->section);
	char *section CLEANUP(xfree) = passage(example, head, "\n[");
	char *line CLEANUP(xfree) =
		standard ? xasprintf("#%s =%s%s\n", row->name,
	                             *standard ? " " : "", standard)
			 : xasprintf("%s = ", row->name);

	ck_assert_msg(strstr(section, line) != NULL, "[%s]: no line '%s'",
	              row->section, line);
}
END_TEST

START_TEST(test_the_example_is_good)
{
	char *example CLEANUP(xfree) = source_file("packaging/platend.conf");
	struct options *o CLEANUP(options_free) = parsed(example);

	ck_assert_str_ne(o->domain, "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("options");
	TCase *tc = tcase_create("all");

	tcase_add_test(tc, test_the_domain_alone_is_enough);
	tcase_add_loop_test(tc,
	                    test_every_default_is_a_value_that_may_stand_there,
	                    0, (int)option_table_n);
	tcase_add_test(tc, test_sizes_times_and_lists_are_read);
	tcase_add_loop_test(tc, test_what_is_wrong_is_said_with_its_line, 0,
	                    ARRAY_LEN(refusals));
	tcase_add_test(tc, test_every_mistake_is_told_not_only_the_first);
	tcase_add_test(tc, test_a_line_that_would_be_cut_is_refused);
	tcase_add_test(tc, test_a_missing_file_is_named);
	tcase_add_test(tc, test_only_live_options_change_while_running);
	tcase_add_loop_test(tc, test_the_manual_page_says_every_default, 0,
	                    (int)option_table_n);
	tcase_add_loop_test(tc, test_the_example_says_every_default, 0,
	                    (int)option_table_n);
	tcase_add_test(tc, test_the_example_is_good);
	suite_add_tcase(suite, tc);

	return check_run(suite);
}
