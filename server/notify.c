/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/notify.h"

#include <errno.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"

void notify_supervisor(const char *lines)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t len = path ? strlen(path) : 0;

	if (len < 2 || len >= sizeof to.sun_path ||
	    (path[0] != '/' && path[0] != '@'))
		return;
	memcpy(to.sun_path, path, len);
	if (path[0] == '@') /* the abstract namespace, unix(7) */
		to.sun_path[0] = '\0';

	int fd CLEANUP(fs_close) =
		socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	socklen_t to_len =
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);

	if (fd < 0 || sendto(fd, lines, strlen(lines), MSG_NOSIGNAL,
	                     (struct sockaddr *)&to, to_len) < 0)
		log_warn("supervisor: cannot be told '%s': %s", lines,
		         strerror(errno));
}
