/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/http_fault.h"

#include <errno.h>

#include "base/mem.h"

static int fault_of_http_status(CURL *easy, struct err *err)
{
	long http_status = 0;

	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &http_status);
	switch (http_status) {
	case 200: return 0;
	case 401:
	case 403:
		return err_set(err, -EACCES,
		               "the printer asks for a password (HTTP %ld)",
		               http_status);
	case 404:
		return err_set(err, -ENOENT,
		               "there is no printer at this path (HTTP 404)");
	case 426:
		return err_set(
			err, -EPROTO,
			"the printer wants encryption: use ipps (HTTP 426)");
	case 503: return err_set(err, -EBUSY, "the printer is busy (HTTP 503)");
	default:
		return err_set(err, -EPROTO,
		               "the printer answered with HTTP status %ld",
		               http_status);
	}
}

static int fault_of_connect(CURL *easy, struct err *err)
{
	long os_errno = 0;

	curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &os_errno);
	switch (os_errno) {
	case ETIMEDOUT:
		return err_set(
			err, -ETIMEDOUT,
			"the printer does not answer; it seems to be off");
	case EHOSTUNREACH:
	case ENETUNREACH:
	case EHOSTDOWN:
		return err_set(
			err, -EHOSTUNREACH,
			"the printer cannot be reached over the network");
	default:
		return err_set(err, -ECONNREFUSED,
		               "the printer refuses the connection");
	}
}

static int fault_of_timeout(bool is_connected, unsigned timeout_ms,
                            struct err *err)
{
	return err_set(
		err, -ETIMEDOUT,
		is_connected
			? "the printer took the question but did not answer within %u.%u s"
			: "the printer did not answer within %u.%u s; it seems to be off",
		timeout_ms / 1000, timeout_ms % 1000 / 100);
}

int http_fault(CURL *easy, CURLcode code, bool is_connected,
               unsigned timeout_ms, struct err *err)
{
	switch ((int)code) {
	case CURLE_OK: return fault_of_http_status(easy, err);
	case CURLE_COULDNT_RESOLVE_HOST:
		return err_set(
			err, -EADDRNOTAVAIL,
			"the printer's name was not found in the network");
	case CURLE_COULDNT_CONNECT: return fault_of_connect(easy, err);
	case CURLE_OPERATION_TIMEDOUT:
		return fault_of_timeout(is_connected, timeout_ms, err);
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
		return err_set(
			err, -EKEYREJECTED,
			"the printer's certificate has changed: its key is not the registered one");
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
	case CURLE_ABORTED_BY_CALLBACK: /* by on_begin(): see there */
	case CURLE_SEND_FAIL_REWIND:
		return err_set(err, -ECONNRESET,
		               "the printer cut the connection");
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_HTTP2:
		return err_set(err, -EBADMSG,
		               "what answers there does not speak HTTP");
	default:
		return err_set(err, -EPROTO, "cannot talk to the printer: %s",
		               curl_easy_strerror(code));
	}
}
