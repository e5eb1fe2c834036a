/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/prctl.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "render/office/child.h"
#include "render/office/kit.h"
#include "render/office/profile.h"
#include "render/office/scratch.h"
#include "render/office/threads.h"
#include "render/office/warm.h"
#include "render/protocol.h"

/*
 * platen-office PROGRAM-FOLDER: Office files to PDF, one after another, each in
 * a process of its own. Runs inside platen-box only.
 *
 * stdin   document=TYPE serial=N size=N seconds=N max=N pages=N
 *                                                   then `size` bytes of it
 * stdout  ready=1                                   LibreOffice is loaded
 *         converted=SERIAL size=N                   then N bytes of PDF
 *         unconverted=SERIAL reason=WORD            see `reasons`
 *         remark=TEXT                               for the log
 *         failed=TEXT                               the last word
 *
 * This process forks, counts bytes and names files; it looks at none of them.
 */
/*
 * Apart from the scratch folder: a document may not touch the settings of the
 * next one. LibreOffice looks for them in the user's folder while it loads,
 * before it takes note of the profile that it is given.
 */
#define HOME        "/dev/shm"
#define PROFILE     HOME "/.config/libreoffice/4"
#define SECONDS_MAX 3600
#define ALONE_MS    2000 /* that LibreOffice's threads may take to end */

enum {
	IN,
	OUT,
};

struct request {
	char type[8];
	unsigned long long serial, size, seconds, max, pages;
};

struct office {
	struct request request; /* being answered */
	int fds[2];             /* IN, OUT */
	const char *folder;     /* of LibreOffice's programs */
	bool is_warm, has_remarked;
	struct scratch scratch;
	struct child child;
};

static const struct {
	int end;
	const char *word;
} reasons[] = {
	{KIT_NOT_STARTED, "not-started"}, {KIT_PASSWORD, "password"},
	{KIT_UNREADABLE, "unreadable"},   {KIT_UNWRITABLE, "unwritable"},
	{CHILD_BROKE, "broke"},           {CHILD_TOO_LONG, "too-long"},
};

static int say(struct office *office, const char *key, const char *value)
{
	struct buf line CLEANUP(buf_fini) = {0};

	protocol_put(&line, key, value);
	protocol_end(&line);
	return fs_write_all(office->fds[OUT], line.data, line.len, NULL);
}

static int refuse(struct office *office, const char *reason)
{
	struct buf line CLEANUP(buf_fini) = {0};

	protocol_put_number(&line, "unconverted", office->request.serial);
	protocol_put(&line, "reason", reason);
	protocol_end(&line);
	return fs_write_all(office->fds[OUT], line.data, line.len, NULL);
}

/* Byte by byte: what follows the line is not ours to read ahead. */
static int read_line(int fd, char *line, size_t size)
{
	size_t n = 0;

	while (n + 1 < size) {
		ssize_t got = read(fd, line + n, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return -EPIPE;
		if (line[n] == '\n') {
			line[n] = '\0';
			return 0;
		}
		n++;
	}
	return -EMSGSIZE;
}

/* The type becomes a file name: letters and digits only. */
static bool is_type(const char *type)
{
	size_t n = strspn(type, "abcdefghijklmnopqrstuvwxyz0123456789");

	return n > 0 && n < 8 && type[n] == '\0';
}

static int send_pdf(struct office *office, struct err *err)
{
	struct buf line CLEANUP(buf_fini) = {0};
	uint64_t size = 0;
	int fd CLEANUP(fs_close) =
		scratch_open(CHILD_PDF_PATH, office->request.max, &size, NULL);
	int r;

	if (fd < 0)
		return refuse(office,
		              fd == -EFBIG ? "too-large" : "unwritable");
	protocol_put_number(&line, "converted", office->request.serial);
	protocol_put_number(&line, "size", size);
	protocol_end(&line);
	r = fs_write_all(office->fds[OUT], line.data, line.len, err);
	return r < 0 ? r : scratch_send(fd, size, office->fds[OUT], err);
}

static int answer(struct office *office, int end, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (reasons[i].end == end)
			return refuse(office, reasons[i].word);
	return send_pdf(office, err);
}

static int take_request(struct office *office, char *line, struct err *err)
{
	struct request *request = &office->request;
	struct protocol_line words;
	const char *type;

	if (protocol_parse(line, &words, err) < 0)
		return -EINVAL;
	type = protocol_get(&words, "document");
	request->serial = protocol_number(&words, "serial", 0);
	request->size = protocol_number(&words, "size", 0);
	request->seconds = protocol_number(&words, "seconds", 60);
	request->max = protocol_number(&words, "max", UINT64_MAX);
	request->pages = protocol_number(&words, "pages", 0);
	if (!type || !is_type(type) || request->seconds < 1 ||
	    request->seconds > SECONDS_MAX || request->pages > UINT_MAX)
		return err_set(err, -EINVAL, "the request makes no sense");
	snprintf(request->type, sizeof request->type, "%s", type);
	return 0;
}

static int convert(struct office *office, struct err *err)
{
	const struct request *request = &office->request;
	char path[CHILD_PATH_SIZE];
	int r;

	child_document_path(path, request->type);
	r = scratch_fill(path, office->fds[IN], request->size, err);
	if (r == -EPIPE)
		return r;
	if (r < 0) {
		child_drop(&office->child);
		return refuse(office, "too-large");
	}
	return answer(office,
	              child_convert(&office->child, request->type,
	                            (unsigned)request->pages,
	                            (unsigned)request->seconds),
	              err);
}

/*
 * With threads around it may hang, and is then ended by its time. Without it no
 * document would be printed at all, so it is only remarked upon.
 */
static int start_child(struct office *office, struct err *err)
{
	unsigned n = threads_wait_alone(ALONE_MS);
	struct buf text CLEANUP(buf_fini) = {0};

	if (n > 0 && !office->has_remarked) {
		buf_printf(&text,
		           "LibreOffice runs %u threads of its own: documents "
		           "may take too long",
		           n);
		office->has_remarked = true;
		say(office, "remark", buf_str(&text));
	}
	return child_start(&office->child, office->fds, err);
}

/* 1: nobody asks any more. */
static int serve_one(struct office *office, struct err *err)
{
	char line[256];
	int r;

	if (!office->is_warm)
		office->is_warm = warm_up(office->fds[IN]);
	r = scratch_clear(&office->scratch, err);
	if (r == 0)
		r = start_child(office, err);
	if (r < 0)
		return r;
	r = read_line(office->fds[IN], line, sizeof line);
	if (r == -EPIPE)
		return 1;
	if (r < 0)
		return err_set(err, r, "the request makes no sense");
	r = take_request(office, line, err);
	return r == 0 ? convert(office, err) : r;
}

/* LibreOffice writes what it likes to 1 and 2. */
static int take_pipes(struct office *office, struct err *err)
{
	int null CLEANUP(fs_close) = open("/dev/null", O_RDWR | O_CLOEXEC);

	office->fds[IN] = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);
	office->fds[OUT] = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);
	if (null < 0 || office->fds[IN] < 0 || office->fds[OUT] < 0)
		return err_errno(err, errno, "cannot arrange the pipes");
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (dup2(null, fd) < 0)
			return err_errno(err, errno, "cannot close the pipes");
	return 0;
}

static _Noreturn void end(struct office *office, int r, const struct err *err)
{
	if (r < 0)
		say(office, "failed", err->text);
	_exit(0);
}

/* Within LibreOffice, which must not be ended in order while it waits for us.
 */
static void serve(void *arg)
{
	struct office *office = arg;
	struct err err = {0};
	int r = scratch_init(&office->scratch, &err);

	if (r == 0)
		r = say(office, "ready", "1");
	/* No document may look into this process, nor into its successor. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	while (r == 0)
		r = serve_one(office, &err);
	end(office, r, &err);
}

static int run(struct office *office, struct err *err)
{
	int r = profile_make(PROFILE, err);

	if (r == 0)
		r = profile_choose_fonts(HOME, err);
	setenv("HOME", HOME, 1);
	if (r == 0)
		r = kit_load(office->folder, PROFILE, err);
	if (r < 0)
		return r;
	kit_run(serve, office);
	return err_set(err, -EIO, "LibreOffice does not run");
}

/*
 * Second process of a pid namespace: on no other footing may it kill everything
 * it can reach, as it does after each document.
 */
int main(int argc, char **argv)
{
	struct office office = {0};
	struct err err = {0};

	if (argc != 2 || getpid() != 2) {
		fprintf(stderr, "usage: platen-box office -- "
		                "platen-office PROGRAM-FOLDER\n");
		return 2;
	}
	office.folder = argv[1];
	if (take_pipes(&office, &err) < 0)
		return 1;
	end(&office, run(&office, &err), &err);
}
