/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_NOTIFY_H
#define SERVER_NOTIFY_H

/*
 * Tell the supervisor how we are: lines of sd_notify(3), as "READY=1", sent to
 * the socket that NOTIFY_SOCKET names. Nothing happens where there is none.
 */
void notify_supervisor(const char *lines);

#endif
