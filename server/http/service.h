/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_HTTP_SERVICE_H
#define SERVER_HTTP_SERVICE_H

#include <stdbool.h>

#include "spool/spool.h"

struct job_waits;

/* What the answers are made from; the listener's, lives as long as it. */
struct http_service {
	struct spool *spool; /* borrowed; outlives the service */
	char *domain;
	char *constant_address; /* "" none */
	bool keeps_local_case;
	struct job_waits *waits;
};

#endif
