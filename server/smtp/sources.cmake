# SPDX-License-Identifier: AGPL-3.0-or-later
# Paths are relative to server/.
set(SMTP_SOURCES smtp/address.c smtp/body.c smtp/connection.c smtp/dialogue.c
	smtp/endpoint.c smtp/listener.c smtp/reply.c smtp/session.c smtp/trace.c
	smtp/trust.c)
