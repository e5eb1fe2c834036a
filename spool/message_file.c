/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/message_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"

void message_file_init(struct message_file *f, int dir)
{
	*f = (struct message_file){.dir = dir, .fd = -1};
}

void message_file_fini(struct message_file *f)
{
	fs_close(f->fd);
	content_seal_free(f->seal);
	buf_fini(&f->sealed);
}

int message_file_create(struct message_file *f, const struct content_key *key,
                        struct err *err)
{
	unsigned char random[(MESSAGE_FILE_NAME - 1) / 2];

	randombytes_buf(random, sizeof random);
	sodium_bin2hex(f->name, sizeof f->name, random, sizeof random);
	snprintf(f->tmp_name, sizeof f->tmp_name, "%s.tmp", f->name);
	f->fd = openat(f->dir, f->tmp_name,
	               O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (f->fd < 0)
		return err_errno(err, errno, "cannot make '%s'", f->tmp_name);
	f->seal = content_seal_new(key, &f->sealed);
	return 0;
}

static int write_sealed(struct message_file *f, struct err *err)
{
	int r = fs_write_all(f->fd, f->sealed.data, f->sealed.len, err);

	buf_clear(&f->sealed);
	return r < 0 ? err_wrap(err, r, "'%s'", f->tmp_name) : 0;
}

int message_file_write(struct message_file *f, const void *data, size_t len,
                       struct err *err)
{
	content_seal_write(f->seal, data, len, &f->sealed);
	return f->sealed.len ? write_sealed(f, err) : 0;
}

int message_file_end(struct message_file *f, struct err *err)
{
	content_seal_end(f->seal, &f->sealed);
	return write_sealed(f, err);
}

int message_file_publish(struct message_file *f, struct err *err)
{
	int r = fs_publish(f->dir, f->fd, f->tmp_name, f->name, err);

	f->is_published = r == 0;
	return r;
}

/*
 * A publication that failed may have renamed the file before: both names go.
 * What cannot be deleted now is named by no row, and goes at the next start.
 */
void message_file_discard(struct message_file *f)
{
	struct err err;

	if (f->fd < 0)
		return;
	if ((!f->is_published && fs_unlink(f->dir, f->tmp_name, &err) < 0) ||
	    fs_unlink(f->dir, f->name, &err) < 0)
		log_warn("message %s", err.text);
}
