/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_BOX_FILTER_H
#define RENDER_BOX_FILTER_H

#include "base/err.h"

/*
 * Refuse, with EPERM, the system calls that no program in the box needs and
 * that open the kernel to whoever has taken it over; sockets other than
 * AF_UNIX with EAFNOSUPPORT: with user namespaces at hand, netlink would offer
 * packet filters and routing. A list of what is refused, for a browser needs
 * hundreds of calls and makes stricter filters for its own parts.
 * -errno with a sentence, also where the kernel has no seccomp.
 */
int box_filter_apply(struct err *err);

#endif
