/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "attributes.h"

#include <cups/cups.h>

#include "base/mem.h"
#include "sim.h"

static const struct condition_report {
	const char *reason;
	int media_level;
	int toner_level;
} reports[] = {
	[CONDITION_NORMAL] = {"none", 200, 80},
	[CONDITION_MEDIA_LOW] = {"media-low-warning", 10, 80},
	[CONDITION_MEDIA_EMPTY] = {"media-empty-error", 0, 80},
	[CONDITION_TONER_EMPTY] = {"toner-empty-error", 200, 0},
	[CONDITION_JAM] = {"media-jam-error", 200, 80},
	[CONDITION_COVER_OPEN] = {"cover-open-error", 200, 80},
	[CONDITION_STOPPED] = {"paused", 200, 80},
	[CONDITION_NOT_ACCEPTING] = {"none", 200, 80},
};

static void add_strings(ipp_t *ipp, ipp_tag_t tag, const char *name,
                        const char *list)
{
	char *text CLEANUP(xfree) = xstrdup(list);
	char *rest = text;
	ipp_attribute_t *attr = NULL;

	while (rest) {
		const char *word = strsep(&rest, ",");
		if (!attr)
			attr = ippAddString(ipp, IPP_TAG_PRINTER, tag, name,
			                    NULL, word);
		else
			ippSetString(ipp, &attr, ippGetCount(attr), word);
	}
}

static void add_keywords(ipp_t *ipp, const char *name, const char *list)
{
	add_strings(ipp, IPP_TAG_KEYWORD, name, list);
}

static void add_resolutions(ipp_t *ipp, const char *name)
{
	static const int dpi[] = {300, 600};

	ippAddResolutions(ipp, IPP_TAG_PRINTER, name, 2, IPP_RES_PER_INCH, dpi,
	                  dpi);
}

static void add_media(ipp_t *ipp)
{
	static const int margin[] = {423};
	static const char *const sides[] = {"top", "bottom", "left", "right"};
	const char *sizes = "iso_a4_210x297mm,na_letter_8.5x11in";

	add_keywords(ipp, "media-supported", sizes);
	add_keywords(ipp, "media-ready", sizes);
	add_keywords(ipp, "media-default", "iso_a4_210x297mm");
	add_keywords(ipp, "media-type-supported", "stationery");
	for (size_t i = 0; i < ARRAY_LEN(sides); i++) {
		char *name CLEANUP(xfree) =
			xasprintf("media-%s-margin-supported", sides[i]);
		ippAddIntegers(ipp, IPP_TAG_PRINTER, IPP_TAG_INTEGER, name, 1,
		               margin);
	}
}

static void add_formats(ipp_t *ipp, const char *formats)
{
	add_strings(ipp, IPP_TAG_MIMETYPE, "document-format-supported",
	            formats);
	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_MIMETYPE,
	             "document-format-default", NULL,
	             "application/octet-stream");
	add_keywords(ipp, "pwg-raster-document-type-supported",
	             "sgray_8,srgb_8");
	add_resolutions(ipp, "pwg-raster-document-resolution-supported");
	add_keywords(ipp, "pwg-raster-document-sheet-back", "normal");
	add_keywords(ipp, "urf-supported",
	             "V1.4,CP1,W8,SRGB24,RS300-600,DM1,IS1,MT1,PQ4");
	add_keywords(ipp, "compression-supported", "none");
}

static void add_features(ipp_t *ipp)
{
	add_resolutions(ipp, "printer-resolution-supported");
	ippAddResolution(ipp, IPP_TAG_PRINTER, "printer-resolution-default",
	                 IPP_RES_PER_INCH, 300, 300);
	add_keywords(ipp, "sides-supported",
	             "one-sided,two-sided-long-edge,two-sided-short-edge");
	add_keywords(ipp, "sides-default", "one-sided");
	ippAddBoolean(ipp, IPP_TAG_PRINTER, "color-supported", 1);
	add_keywords(ipp, "print-color-mode-supported",
	             "auto,color,monochrome");
	add_keywords(ipp, "print-color-mode-default", "auto");
	add_keywords(ipp, "ipp-versions-supported", "1.1,2.0");
	add_keywords(ipp, "uri-security-supported", "none");
	add_keywords(ipp, "uri-authentication-supported", "none");
	add_keywords(ipp, "which-jobs-supported",
	             "completed,not-completed,all");
	add_keywords(ipp, "job-creation-attributes-supported",
	             "copies,job-name,media,media-col,print-color-mode,"
	             "printer-resolution,sides");
	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_CHARSET, "charset-supported",
	             NULL, "utf-8");
	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_LANGUAGE,
	             "natural-language-configured", NULL, "en");
	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_TEXT,
	             "printer-make-and-model", NULL, "Simulated printer");
}

/* What every printer says alike and for ever; made at the first question. */
static ipp_t *common(const char *formats)
{
	static ipp_t *ipp;

	if (!ipp) {
		ipp = ippNew();
		add_formats(ipp, formats);
		add_media(ipp);
		add_features(ipp);
	}
	return ipp;
}

static void add_operations(ipp_t *ipp, bool create_job)
{
	static const int all[] = {
		IPP_OP_PRINT_JOB,  IPP_OP_VALIDATE_JOB,
		IPP_OP_CANCEL_JOB, IPP_OP_GET_JOB_ATTRIBUTES,
		IPP_OP_GET_JOBS,   IPP_OP_GET_PRINTER_ATTRIBUTES,
		IPP_OP_CREATE_JOB, IPP_OP_SEND_DOCUMENT,
	};

	ippAddIntegers(ipp, IPP_TAG_PRINTER, IPP_TAG_ENUM,
	               "operations-supported",
	               (int)ARRAY_LEN(all) - (create_job ? 0 : 2), all);
}

static void add_tray(ipp_t *ipp, ipp_attribute_t **attr, const char *name,
                     int feed, int xfeed, int level)
{
	char *tray CLEANUP(xfree) = xasprintf(
		"type=sheetFeedAutoRemovableTray;mediafeed=%d;mediaxfeed=%d;maxcapacity=250;level=%d;status=0;name=%s;",
		feed, xfeed, level, name);

	if (*attr)
		ippSetOctetString(ipp, attr, ippGetCount(*attr), tray,
		                  (int)strlen(tray));
	else
		*attr = ippAddOctetString(ipp, IPP_TAG_PRINTER,
		                          "printer-input-tray", tray,
		                          (int)strlen(tray));
}

/* An empty tray is a report that leaves the others alone (PWG 5100.9). */
static void add_trays(ipp_t *ipp, const struct printer *printer,
                      const struct condition_report *report)
{
	int64_t main = printer->settings.main,
		bottom = printer->settings.bottom;
	bool is_empty = (main == 0 || bottom == 0) &&
	                strcmp(report->reason, "none") == 0;
	ipp_attribute_t *attr = NULL;

	add_keywords(ipp, "media-source-supported",
	             bottom < 0 ? "auto,main" : "auto,main,bottom");
	add_tray(ipp, &attr, "main", 29700, 21000,
	         main < 0 ? report->media_level : (int)main);
	if (bottom >= 0)
		add_tray(ipp, &attr, "bottom", 27940, 21590, (int)bottom);
	add_keywords(ipp, "printer-state-reasons",
	             is_empty ? "media-empty-report" : report->reason);
}

static void add_supplies(ipp_t *ipp, const struct condition_report *report)
{
	char *toner CLEANUP(xfree) = xasprintf(
		"index=1;class=supplyThatIsConsumed;type=toner;unit=percent;maxcapacity=100;level=%d;colorantname=black;",
		report->toner_level);

	ippAddOctetString(ipp, IPP_TAG_PRINTER, "printer-supply", toner,
	                  (int)strlen(toner));
	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_TEXT,
	             "printer-supply-description", NULL, "Black toner");
	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_NAME, "marker-names", NULL,
	             "Black toner");
	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_NAME, "marker-colors", NULL,
	             "#000000");
	add_keywords(ipp, "marker-types", "toner");
	ippAddInteger(ipp, IPP_TAG_PRINTER, IPP_TAG_INTEGER, "marker-levels",
	              report->toner_level);
}

static void add_identity(ipp_t *ipp, const struct printer *printer)
{
	char *uri CLEANUP(xfree) =
		xasprintf("ipp://127.0.0.1:%d/ipp/print/%u", printer->sim->port,
	                  printer->index);
	char *uuid CLEANUP(xfree) =
		xasprintf("urn:uuid:00000000-0000-4000-8000-%012x",
	                  printer->index);
	char *name CLEANUP(xfree) = xasprintf("sim-%u", printer->index);

	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_URI, "printer-uri-supported",
	             NULL, uri);
	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_URI, "printer-uuid", NULL,
	             uuid);
	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_NAME, "printer-name", NULL,
	             name);
	ippAddInteger(ipp, IPP_TAG_PRINTER, IPP_TAG_INTEGER, "printer-up-time",
	              (int)(uv_hrtime() / 1000000000) + 1);
}

static ipp_t *own(const struct printer *printer)
{
	const struct condition_report *report =
		&reports[printer->settings.condition];
	ipp_t *ipp = ippNew();

	add_identity(ipp, printer);
	ippAddRange(ipp, IPP_TAG_PRINTER, "copies-supported", 1,
	            (int)printer->settings.copies);
	ippAddBoolean(ipp, IPP_TAG_PRINTER, "multiple-document-jobs-supported",
	              printer->settings.many != 0);
	ippAddInteger(ipp, IPP_TAG_PRINTER, IPP_TAG_ENUM, "printer-state",
	              (int)printer_state(printer));
	add_trays(ipp, printer, report);
	ippAddBoolean(ipp, IPP_TAG_PRINTER, "printer-is-accepting-jobs",
	              printer_is_accepting(printer));
	ippAddInteger(ipp, IPP_TAG_PRINTER, IPP_TAG_INTEGER, "queued-job-count",
	              printer_n_queued(printer));
	add_operations(ipp, printer->settings.create_job);
	add_supplies(ipp, report);
	return ipp;
}

/* 1: this one was asked for. `data` is requested-attributes, or NULL for all.
 */
static int is_requested(void *data, ipp_t *dst, ipp_attribute_t *attr)
{
	ipp_attribute_t *requested = data;

	return !requested || ippContainsString(requested, ippGetName(attr)) ||
	       ippContainsString(requested, "all") ||
	       ippContainsString(requested, ippGetGroupTag(attr) == IPP_TAG_JOB
	                                            ? "job-description"
	                                            : "printer-description");
}

static ipp_attribute_t *requested_attributes(ipp_t *request)
{
	return ippFindAttribute(request, "requested-attributes",
	                        IPP_TAG_KEYWORD);
}

void attributes_add_printer(ipp_t *response, ipp_t *request,
                            const struct printer *printer)
{
	ipp_attribute_t *requested = requested_attributes(request);
	ipp_t *mine = own(printer);

	ippCopyAttributes(response, mine, 0, is_requested, requested);
	ippCopyAttributes(response, common(printer->sim->formats), 1,
	                  is_requested, requested);
	ippDelete(mine);
}

static void job_integer(ipp_t *ipp, ipp_tag_t tag, const char *name, int value)
{
	ippAddInteger(ipp, IPP_TAG_JOB, tag, name, value);
}

void attributes_add_job(ipp_t *response, ipp_t *request, const struct job *job)
{
	const struct printer *printer = job->printer;
	char *uri CLEANUP(xfree) =
		xasprintf("ipp://127.0.0.1:%d/ipp/print/%u/%d",
	                  printer->sim->port, printer->index, job->id);
	char *uuid CLEANUP(xfree) =
		xasprintf("urn:uuid:00000001-0000-4000-8000-%06x%06x",
	                  printer->index & 0xffffff, job->id & 0xffffff);
	ipp_t *ipp = ippNew();

	job_integer(ipp, IPP_TAG_INTEGER, "job-id", job->id);
	ippAddString(ipp, IPP_TAG_JOB, IPP_TAG_URI, "job-uri", NULL, uri);
	ippAddString(ipp, IPP_TAG_JOB, IPP_TAG_URI, "job-uuid", NULL, uuid);
	ippAddString(ipp, IPP_TAG_JOB, IPP_TAG_NAME, "job-name", NULL,
	             job->name);
	job_integer(ipp, IPP_TAG_ENUM, "job-state", (int)job->state);
	ippAddString(ipp, IPP_TAG_JOB, IPP_TAG_KEYWORD, "job-state-reasons",
	             NULL, job_state_reason(job));
	job_integer(ipp, IPP_TAG_INTEGER, "number-of-documents",
	            job_n_documents(job));
	if (printer->settings.impressions)
		job_integer(ipp, IPP_TAG_INTEGER, "job-impressions-completed",
		            job->impressions);
	ippCopyAttributes(response, ipp, 0, is_requested,
	                  requested_attributes(request));
	ippDelete(ipp);
}
