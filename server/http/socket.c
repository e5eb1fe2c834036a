/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/http/socket.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/mem.h"
#include "server/smtp/endpoint.h"

#define BACKLOG 128

static int socket_new(int family, const char *name, struct err *err)
{
	int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	return fd < 0 ? smtp_endpoint_refused(name, errno, err) : fd;
}

static int socket_listen(int fd, const struct smtp_endpoint *at,
                         socklen_t at_len, const char *name, struct err *err)
{
	if (bind(fd, &at->address.any, at_len) < 0 || listen(fd, BACKLOG) < 0)
		return smtp_endpoint_refused(name, errno, err);
	return 0;
}

int http_socket_tcp(const char *address, struct err *err)
{
	struct smtp_endpoint at = {0};
	int fd CLEANUP(fs_close) = -1;
	int on = 1, off = 0;
	int r = smtp_endpoint_parse(address, &at, err);

	if (r < 0)
		return r;
	if (at.address.any.sa_family == AF_UNIX)
		return err_set(err, -EINVAL, "'%s' is no TCP address", address);
	fd = socket_new(at.address.any.sa_family, address, err);
	if (fd < 0)
		return fd;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (at.address.any.sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY,
		           address[0] == '*' ? &off : &on, sizeof on);
	r = socket_listen(fd, &at,
	                  at.address.any.sa_family == AF_INET6
	                          ? sizeof at.address.in6
	                          : sizeof at.address.in,
	                  address, err);
	if (r < 0)
		return r;
	r = fd;
	fd = -1;
	return r;
}

/* Only a socket file, and only if nobody answers there. */
static int remove_dead(const struct smtp_endpoint *at, struct err *err)
{
	const char *path = at->address.un.sun_path;
	struct stat st;
	int fd CLEANUP(fs_close) = -1;

	if (lstat(path, &st) < 0 || !S_ISSOCK(st.st_mode))
		return 0; /* bind() says what is wrong */
	fd = socket_new(AF_UNIX, path, err);
	if (fd < 0)
		return fd;
	if (connect(fd, &at->address.any, sizeof at->address.un) == 0)
		return smtp_endpoint_refused(path, EADDRINUSE, err);
	if (errno == ECONNREFUSED)
		unlink(path);
	return 0;
}

int http_socket_unix(const char *path, struct err *err)
{
	struct smtp_endpoint at = {0};
	int fd CLEANUP(fs_close) = -1;
	char *name CLEANUP(xfree) = xasprintf("unix:%s", path);
	int r = smtp_endpoint_parse(name, &at, err);

	if (r == 0)
		r = remove_dead(&at, err);
	if (r < 0)
		return r;
	fd = socket_new(AF_UNIX, path, err);
	if (fd < 0)
		return fd;
	/* Linux: the file gets the mode of the socket, so it is never wider. */
	if (fchmod(fd, 0660) < 0)
		return err_errno(err, errno, "cannot protect '%s'", path);
	r = socket_listen(fd, &at, sizeof at.address.un, path, err);
	if (r < 0)
		return r;
	if (chmod(path, 0660) < 0)
		return err_errno(err, errno, "cannot protect '%s'", path);
	r = fd;
	fd = -1;
	return r;
}

int http_socket_port(int fd)
{
	struct smtp_endpoint at = {0};
	socklen_t len = sizeof at.address;

	if (getsockname(fd, &at.address.any, &len) < 0)
		return -errno;
	if (at.address.any.sa_family == AF_INET)
		return ntohs(at.address.in.sin_port);
	if (at.address.any.sa_family == AF_INET6)
		return ntohs(at.address.in6.sin6_port);
	return -EINVAL;
}

bool http_socket_is_admin(int fd)
{
	struct ucred peer = {0};
	socklen_t len = sizeof peer;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0 ||
	    peer.pid == 0)
		return false; /* a TCP socket answers with nobody */
	return peer.uid == 0 || peer.uid == geteuid();
}
