/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/office/warm.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "render/office/child.h"
#include "render/office/kit.h"
#include "render/office/scratch.h"

/*
 * The pages of the document before are being drawn, and somebody waits for
 * them: our work can do without that core for so long.
 */
#define QUIET_MS 500

static bool is_ordered(int order_fd, int within_ms)
{
	struct pollfd order = {.fd = order_fd, .events = POLLIN};

	return poll(&order, 1, within_ms) != 0;
}

static void convert(const struct warm_document *document)
{
	char url[64];
	const char *path = url + strlen("file://");

	snprintf(url, sizeof url, "file://" SCRATCH_FOLDER "/warm.%s",
	         document->name);

	int fd CLEANUP(fs_close) = open(path, O_WRONLY | O_CREAT, 0600);

	if (fd >= 0 &&
	    fs_write_all(fd, document->data, document->len, NULL) == 0)
		kit_convert(url, "file://" CHILD_PDF_PATH, 0);
	unlink(path);
	unlink(CHILD_PDF_PATH);
}

bool warm_up(int order_fd)
{
	if (is_ordered(order_fd, QUIET_MS))
		return false;
	for (size_t i = 0; i < n_warm_documents; i++) {
		if (is_ordered(order_fd, 0))
			return false;
		convert(&warm_documents[i]);
	}
	return true;
}
