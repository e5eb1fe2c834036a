/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/fs.h"
#include "base/mem.h"
#include "render/box/role.h"
#include "tests/unit/check_run.h"

/* A file that anybody may read, out here. */
#define SECRET "/var/tmp/platen-box-secret"

static char *program(const char *name)
{
	return xasprintf("%s/%s", getenv("PLATEN_BIN"), name);
}

static _Noreturn void become_box(const char *role, const char *const *words)
{
	char *box = program("platen-box");
	const char *argv[16] = {box, role, "--"};

	for (size_t i = 0; words[i]; i++)
		argv[3 + i] = words[i];
	execv(box, (char **)(uintptr_t)argv);
	_exit(99);
}

/* How a program in the box ended: its exit status, or 128 + the signal. */
static int boxed(const char *role, const char *const *words)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		become_box(role, words);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
	                           : WEXITSTATUS(status);
}

#define BOXED(...) boxed("office", (const char *const[]){__VA_ARGS__, NULL})

static int canary(const char *attempt)
{
	char *path CLEANUP(xfree) = program("canary");

	return BOXED(path, "free", attempt);
}

static const char *const attempts[] = {
	"connect-loopback",
	"connect-metadata",
	"ptrace-parent",
	"root",
};

START_TEST(test_box_refuses)
{
	ck_assert_msg(canary(attempts[_i]) == 0, "%s", attempts[_i]);
}
END_TEST

START_TEST(test_file_that_all_may_read_is_not_there)
{
	int fd CLEANUP(fs_close) = open(SECRET, O_WRONLY | O_CREAT, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(BOXED("/usr/bin/test", "-e", SECRET), 1);
	ck_assert_int_eq(BOXED("/usr/bin/test", "-e", "/run"), 1);
	ck_assert_int_eq(BOXED("/usr/bin/test", "-e", "/etc/shadow"), 1);
	ck_assert_int_eq(BOXED("/usr/bin/grep", "-q", "root", "/etc/passwd"),
	                 1);
	ck_assert_int_eq(BOXED("/usr/bin/cat", "/proc/1/environ"), 1);
	ck_assert_int_eq(BOXED("/usr/bin/test", "-r", "/usr/bin/env"), 0);
	unlink(SECRET);
}
END_TEST

/* Where LibreOffice is, with or without a user interface. */
START_TEST(test_the_office_has_what_its_packages_lack)
{
	static const char *const files[] = {"scalc/ui/inputbar.ui",
	                                    "swriter/ui/annotation.ui"};
	static const char modules[] =
		"/usr/lib/libreoffice/share/config/soffice.cfg/modules";

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		char *path CLEANUP(xfree) =
			xasprintf("%s/%s", modules, files[i]);

		ck_assert_int_eq(BOXED("/usr/bin/test", "-r", path),
		                 access(modules, F_OK) < 0);
		ck_assert_int_eq(BOXED("/usr/bin/touch", path), 1);
	}
}
END_TEST

START_TEST(test_only_scratch_can_be_written)
{
	static const char *const places[] = {"/x", "/usr/x", "/etc/x", "/var/x",
	                                     "/usr/bin/env"};

	ck_assert_int_eq(BOXED("/usr/bin/touch", "/tmp/platen-box-x"), 0);
	ck_assert_int_ne(access("/tmp/platen-box-x", F_OK), 0);
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		ck_assert_msg(BOXED("/usr/bin/touch", places[i]) == 1, "%s",
		              places[i]);
}
END_TEST

START_TEST(test_scratch_is_empty_each_time_and_has_an_end)
{
	ck_assert_int_eq(BOXED("/usr/bin/rmdir", "/tmp/x"), 1);
	ck_assert_int_eq(BOXED("/usr/bin/mkdir", "/tmp/x"), 0);
	ck_assert_int_eq(BOXED("/usr/bin/rmdir", "/tmp/x"), 1);
	ck_assert_int_eq(BOXED("/usr/bin/fallocate", "-l", "200M", "/tmp/x"),
	                 0);
	ck_assert_int_ne(BOXED("/usr/bin/fallocate", "-l", "300M", "/tmp/x"),
	                 0);
}
END_TEST

START_TEST(test_box_ends_as_its_program_does)
{
	ck_assert_int_eq(BOXED("/usr/bin/true"), 0);
	ck_assert_int_eq(BOXED("/usr/bin/false"), 1);
	ck_assert_int_eq(BOXED("/no/such/program"), 127);
	ck_assert_int_eq(BOXED("/bin/sh", "-c", "kill -KILL $$"),
	                 128 + SIGKILL);
}
END_TEST

START_TEST(test_words_that_make_no_sense_are_refused)
{
	ck_assert_int_eq(boxed("nobody-knows",
	                       (const char *const[]){"/bin/true", NULL}),
	                 2);
	ck_assert_int_eq(BOXED("true"), 2);
	ck_assert_ptr_null(box_role_find(""));
}
END_TEST

/*
 * A parent runs a box whose program leaves a child behind; both hold the pipe.
 * The pipe ends when the last of them is gone.
 */
static pid_t start_parent(int out[2])
{
	static const char *const words[] =
		{"/bin/sh", "-c", "setsid sleep 1000 & echo x; sleep 1000",
	         NULL};
	pid_t parent;

	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	parent = fork();
	if (parent > 0)
		return parent;
	if (fork() == 0) {
		dup2(out[1], STDOUT_FILENO);
		become_box("office", words);
	}
	for (;;)
		pause();
}

START_TEST(test_nothing_outlives_the_parent)
{
	int out[2], status;
	pid_t parent = start_parent(out);
	char text[8];

	close(out[1]);
	ck_assert_int_eq(read(out[0], text, sizeof text), 2);
	kill(parent, SIGKILL);
	ck_assert_int_eq(waitpid(parent, &status, 0), parent);
	ck_assert_int_eq(read(out[0], text, sizeof text), 0);
	close(out[0]);
}
END_TEST

START_TEST(test_nothing_outlives_the_program)
{
	int out[2], status;
	char text[8];
	pid_t pid;

	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		dup2(out[1], STDOUT_FILENO);
		become_box("office",
		           (const char *const[]){"/bin/sh", "-c",
		                                 "setsid sleep 1000 &", NULL});
	}
	close(out[1]);
	ck_assert_int_eq(read(out[0], text, sizeof text), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	close(out[0]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("box");
	TCase *tcase = tcase_create("box");

	tcase_add_loop_test(tcase, test_box_refuses, 0, ARRAY_LEN(attempts));
	tcase_add_test(tcase, test_file_that_all_may_read_is_not_there);
	tcase_add_test(tcase, test_the_office_has_what_its_packages_lack);
	tcase_add_test(tcase, test_only_scratch_can_be_written);
	tcase_add_test(tcase, test_scratch_is_empty_each_time_and_has_an_end);
	tcase_add_test(tcase, test_box_ends_as_its_program_does);
	tcase_add_test(tcase, test_words_that_make_no_sense_are_refused);
	tcase_add_test(tcase, test_nothing_outlives_the_parent);
	tcase_add_test(tcase, test_nothing_outlives_the_program);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
