/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_IPP_H
#define PRINTERS_IPP_H

#include <cups/ipp.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/err.h"

/*
 * IPP messages (RFC 8010) in memory, by libcups' encoder and decoder; never its
 * HTTP client, which blocks, trusts any certificate and hangs on printers that
 * stand still. The getters below leave out whatever has not the expected group,
 * type and range.
 */
DEFINE_CLEANUP(ipp_t *, ippDelete)

#define IPP_DEPTH_MAX  8     /* collections in collections */
#define IPP_VALUES_MAX 20000 /* values in one message */

/*
 * A request with charset, language, printer-uri (as ipp: or ipps:) and
 * requesting-user-name; version 2.0. The caller's: ippDelete().
 */
ipp_t *ipp_request_new(ipp_op_t op, const char *printer_uri, const char *user);

/* requested-attributes from a list */
void ipp_request_attributes(ipp_t *request, const char *const *names,
                            unsigned n_names);

/* Append the message's bytes. */
void ipp_encode(ipp_t *ipp, struct buf *out);

/*
 * Is this one well-formed message within our limits? libcups recurses, and
 * takes 32 kB, for each level of a collection: so look before. -EBADMSG.
 */
int ipp_scan(const void *data, size_t len, struct err *err);

/* The first message in data; *out is the caller's. -EBADMSG. */
int ipp_decode(const void *data, size_t len, ipp_t **out, struct err *err);

/*
 * Status code of an answer of which perhaps only the beginning came; -1 when
 * not even that did.
 */
int ipp_peek_status(const void *data, size_t len);

/* The attribute of that group, or NULL. */
ipp_attribute_t *ipp_find(ipp_t *ipp, ipp_tag_t group, const char *name);

/* A number (integer or enum) within min..max, else fallback. */
int ipp_int(ipp_t *ipp, ipp_tag_t group, const char *name, int min, int max,
            int fallback);

bool ipp_bool(ipp_t *ipp, ipp_tag_t group, const char *name, bool fallback);

/* Clean text or name; "" when absent or of another type. */
char *ipp_text(ipp_t *ipp, ipp_tag_t group, const char *name, char *out,
               size_t size);

/* Value i as a keyword (also of type name); false when it is none. */
bool ipp_keyword_at(ipp_attribute_t *attr, int i, char *out, size_t size);

/* Value i as clean text (text, name, keyword, uri, MIME type, octets). */
bool ipp_text_at(ipp_attribute_t *attr, int i, char *out, size_t size);

/* A number in a collection; 0 when it is not there. */
int ipp_member_int(ipp_t *collection, const char *name);

/* The first collection of that name in another one or a message, or NULL. */
ipp_t *ipp_member_collection(ipp_t *collection, const char *name);

/* Number of values; 0 for NULL. */
int ipp_count(ipp_attribute_t *attr);

/* Its keywords, comma-separated, without "none"; "" for NULL. */
char *ipp_keywords_of(ipp_attribute_t *attr, char *out, size_t size);

/*
 * Why the printer refused: "client-error-not-possible (its own text)".
 * Returns out.
 */
char *ipp_status_sentence(ipp_t *answer, char *out, size_t size);

#endif
