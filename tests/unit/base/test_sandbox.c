/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "tests/unit/check_run.h"

/* How the canary ended: its exit status, or 128 + the signal. */
static int canary(const char *first, const char *second)
{
	char *path CLEANUP(xfree) =
		xasprintf("%s/canary", getenv("PLATEN_BIN"));
	char output[] = "/tmp/canary-XXXXXX";
	int fd = mkstemp(output), status;
	pid_t pid;

	ck_assert_int_ge(fd, 0);
	unlink(output);
	pid = fork();
	if (pid == 0) {
		dup2(fd, STDOUT_FILENO);
		execl(path, path, first, second, (char *)NULL);
		_exit(99);
	}
	close(fd);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
	                           : WEXITSTATUS(status);
}

static const char *const refused[] = {
	"read-secret",      "write-file",   "connect-loopback",
	"connect-metadata", "connect-unix", "fill-disk",
};

static const char *const killed[] = {
	"fork",          "background-child", "exec",      "ptrace-parent",
	"signal-parent", "made-code",        "namespace", "root",
};

START_TEST(test_sandbox_refuses_what_libraries_may_try)
{
	ck_assert_msg(canary(refused[_i], NULL) == 0, "%s", refused[_i]);
}
END_TEST

START_TEST(test_sandbox_kills_what_only_an_attacker_tries)
{
	ck_assert_msg(canary(killed[_i], NULL) == 128 + SIGSYS, "%s",
	              killed[_i]);
}
END_TEST

START_TEST(test_canary_can_do_it_outside)
{
	ck_assert_int_eq(canary("free", "read-secret"), 1);
	ck_assert_int_eq(canary("free", "connect-loopback"), 1);
	ck_assert_int_eq(canary("free", "connect-unix"), 1);
	ck_assert_int_eq(canary("free", "fork"), 1);
	ck_assert_int_eq(canary("free", "exec"), 1);
	ck_assert_int_eq(canary("free", "made-code"), 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sandbox");
	TCase *tcase = tcase_create("sandbox");

	tcase_add_loop_test(tcase, test_sandbox_refuses_what_libraries_may_try,
	                    0, ARRAY_LEN(refused));
	tcase_add_loop_test(tcase,
	                    test_sandbox_kills_what_only_an_attacker_tries, 0,
	                    ARRAY_LEN(killed));
	tcase_add_test(tcase, test_canary_can_do_it_outside);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
