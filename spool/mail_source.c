/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/mail_source.h"

#include <errno.h>
#include <fcntl.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/job_table.h"

/* Made by our own worker, but of what strangers sent: no less is it boxed. */
#define PAGES_HEAD                                                             \
	"Content-Type: application/pdf\r\n"                                    \
	"Content-Transfer-Encoding: binary\r\n\r\n"

struct mail_source {
	int64_t message_id;
	const char *head; /* goes in front; NULL: nothing */
	struct content_open *open;
	struct render *render; /* borrowed; outlives us while it is fed */
	int fd;                /* -1: inline */
	void *inline_data;
	size_t inline_len;
	bool is_done;
};

void mail_source_free(struct mail_source *source)
{
	if (!source)
		return;
	content_open_free(source->open);
	fs_close(source->fd);
	free(source->inline_data);
	free(source);
}
DEFINE_CLEANUP(struct mail_source *, mail_source_free)

int mail_source_open(struct spool *spool, int64_t message_id,
                     struct mail_source **out, struct err *err)
{
	struct mail_source *source CLEANUP(mail_source_free) =
		xcalloc(1, sizeof *source);
	struct message_row row;
	struct content_key key;
	int r = message_read(spool->db, message_id, &row, err);

	source->fd = -1;
	source->message_id = message_id;
	if (r < 0)
		return r;
	r = content_key_unwrap(&spool->master, row.key, (size_t)row.key_len,
	                       &key, err);
	if (r < 0)
		return err_wrap(err, r, "the stored mail cannot be opened");
	source->open = content_open_new(&key);
	content_key_forget(&key);
	if (row.file[0] == '\0') {
		r = message_read_content(spool->db, message_id,
		                         &source->inline_data,
		                         &source->inline_len, err);
		if (r < 0)
			return r;
	} else {
		source->fd = openat(spool->messages_dir, row.file,
		                    O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
		if (source->fd < 0)
			return err_errno(err, errno,
			                 "the stored mail cannot be opened");
	}
	*out = TAKE(source);
	return 0;
}

int mail_source_open_pages(struct spool *spool, const struct job_row *job,
                           struct mail_source **out, struct err *err)
{
	struct mail_source *source CLEANUP(mail_source_free) =
		xcalloc(1, sizeof *source);
	struct content_key key;
	int r;

	source->fd = -1;
	source->message_id = job->message_id;
	source->head = PAGES_HEAD;
	r = content_key_unwrap(&spool->master, job->pages_key,
	                       (size_t)job->pages_key_len, &key, err);
	if (r < 0)
		return err_wrap(err, r, "the stored pages cannot be opened");
	source->open = content_open_new(&key);
	content_key_forget(&key);
	source->fd = openat(spool->pages_dir, job->pages_file,
	                    O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (source->fd < 0)
		return err_errno(err, errno,
		                 "the stored pages cannot be opened");
	*out = TAKE(source);
	return 0;
}

static void give_up(struct mail_source *source, const char *why)
{
	log_error("message=%lld its stored content is damaged: %s",
	          (long long)source->message_id, why);
	source->is_done = true;
	render_cancel(source->render);
}

/* The next sealed bytes: 0 at the end, -errno. */
static ssize_t next_piece(struct mail_source *source, char *room, size_t size,
                          const void **piece)
{
	ssize_t n;

	if (source->fd < 0) {
		n = (ssize_t)source->inline_len;
		*piece = source->inline_data;
		source->inline_len = 0;
		return n;
	}
	*piece = room;
	do {
		n = read(source->fd, room, size);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

void mail_source_pump(struct mail_source *source)
{
	char room[CONTENT_CHUNK];
	struct buf plain CLEANUP(buf_fini) = {0};
	struct err err = {0};
	bool has_room = true;

	while (has_room && !source->is_done) {
		const void *piece;
		ssize_t n = next_piece(source, room, sizeof room, &piece);

		if (n == 0) {
			if (!content_open_is_whole(source->open)) {
				give_up(source, "it ends early");
				return;
			}
			source->is_done = true;
			render_feed_end(source->render);
			return;
		}
		if (n < 0 || content_open_write(source->open, piece, (size_t)n,
		                                &plain, &err) < 0) {
			give_up(source, n < 0 ? strerror((int)-n) : err.text);
			return;
		}
		if (plain.len > 0)
			has_room = render_feed(source->render, plain.data,
			                       plain.len);
		buf_clear(&plain);
	}
}

void mail_source_feed(struct mail_source *source, struct render *render)
{
	source->render = render;
	if (source->head)
		render_feed(render, source->head, strlen(source->head));
	mail_source_pump(source);
}
