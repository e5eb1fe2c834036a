/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <curl/curl.h>
#include <errno.h>
#include <strings.h>

#include "base/mem.h"
#include "printers/http_transport.h"

DEFINE_CLEANUP(CURLU *, curl_url_cleanup)
DEFINE_CLEANUP(char *, curl_free)

#define URI_MAX  1023 /* RFC 8011 5.1.6 */
#define IPP_PORT "631"

static const struct {
	const char *scheme;
	const char *http_scheme;
	const char *port; /* where none is given */
} schemes[] = {
	{"ipp", "http", IPP_PORT},
	{"ipps", "https", IPP_PORT},
	{"http", "http", NULL},
	{"https", "https", NULL},
};

static int has_part(CURLU *url, CURLUPart part)
{
	char *text CLEANUP(curl_free) = NULL;

	return curl_url_get(url, part, &text, 0) == CURLUE_OK;
}

/* Turn ipp into http, and say 631 where no port stands. */
static int to_http(CURLU *url, const char *uri, struct err *err)
{
	char *scheme CLEANUP(curl_free) = NULL;

	if (curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK)
		return err_set(err, -EINVAL, "no printer's address: '%.200s'",
		               uri);
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		if (strcasecmp(scheme, schemes[i].scheme) != 0)
			continue;
		curl_url_set(url, CURLUPART_SCHEME, schemes[i].http_scheme, 0);
		if (schemes[i].port && !has_part(url, CURLUPART_PORT))
			curl_url_set(url, CURLUPART_PORT, schemes[i].port, 0);
		return 0;
	}
	return err_set(
		err, -EINVAL,
		"a printer's address begins with ipp:, ipps:, http: or https:, not '%.32s:'",
		scheme);
}

int http_url_from_printer_uri(const char *uri, char **out, struct err *err)
{
	CURLU *url CLEANUP(curl_url_cleanup) = curl_url();
	char *text CLEANUP(curl_free) = NULL;
	int status;

	if (!url)
		abort();
	/* curl would take ipp:///name for a host */
	if (strlen(uri) > URI_MAX || !strstr(uri, "://") ||
	    strstr(uri, ":///") ||
	    curl_url_set(url, CURLUPART_URL, uri, CURLU_NON_SUPPORT_SCHEME) !=
	            CURLUE_OK ||
	    !has_part(url, CURLUPART_HOST))
		return err_set(err, -EINVAL, "no printer's address: '%.200s'",
		               uri);
	if (has_part(url, CURLUPART_USER) ||
	    has_part(url, CURLUPART_PASSWORD) ||
	    has_part(url, CURLUPART_FRAGMENT))
		return err_set(
			err, -EINVAL,
			"no user, password or fragment may stand in a printer's address");
	status = to_http(url, uri, err);
	if (status < 0)
		return status;
	if (curl_url_get(url, CURLUPART_URL, &text, 0) != CURLUE_OK)
		return err_set(err, -EINVAL, "no printer's address: '%.200s'",
		               uri);
	*out = xstrdup(text);
	return 0;
}
