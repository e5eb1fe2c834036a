/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/resident.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "tests/unit/check_run.h"

#define BYTES ((size_t)16 << 20)

/* A grandchild with so much memory, which says when it has it. */
static _Noreturn void be_large(int ready_fd)
{
	char *data;

	if (fork() > 0) {
		pause();
		_exit(0);
	}
	data = xmalloc(BYTES);
	for (size_t i = 0; i < BYTES; i += 512)
		data[i] = (char)i;
	_exit(write(ready_fd, data, 1) == 1 ? pause() : 1);
}

START_TEST(test_the_memory_of_grandchildren_counts)
{
	uint64_t before = resident_below(getpid()), after;
	int ready[2];
	char byte;
	pid_t pid;

	ck_assert_int_eq(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		be_large(ready[1]);
	}
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	after = resident_below(getpid());
	ck_assert_int_eq(kill(-pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_uint_gt(before, 0);
	ck_assert_uint_ge(after, before + BYTES);
	ck_assert_uint_lt(after, before + 16 * BYTES);
}
END_TEST

START_TEST(test_a_process_that_is_gone_has_none)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_uint_eq(resident_below(pid), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("resident");
	TCase *tcase = tcase_create("resident");

	tcase_add_test(tcase, test_the_memory_of_grandchildren_counts);
	tcase_add_test(tcase, test_a_process_that_is_gone_has_none);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
