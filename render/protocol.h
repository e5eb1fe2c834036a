/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_PROTOCOL_H
#define RENDER_PROTOCOL_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * What the daemon and a worker say to each other.
 *
 * A line is words separated by one blank, ended by LF; a word is key=value.
 * Bytes of a value that are blank, '%', control characters or DEL are written
 * as %XX; the rest is UTF-8. A value has at most PROTOCOL_VALUE_MAX bytes, a
 * line PROTOCOL_LINE_MAX: longer values are cut by the writer, longer lines are
 * refused by the reader.
 *
 * platen-render takes its limits as command line words, before anything is
 * said:
 *
 *     memory=BYTES cpu=SECONDS output=BYTES parts=N nesting=N pixels=N
 *     unsandboxed=allow postscript=allow
 *
 * stdin carries the message until its end, stdout the print data, and
 *
 * fd 3, from the worker:
 *     ready=1 sandbox=TEXT          fonts are loaded, rights are gone
 *     header.NAME=VALUE             one of the headers that matter, decoded
 *     part=ID type= detected= size= name= disposition= cid= referenced=0|1
 *         encrypted=0|1 attached=0|1 (to this mail, with the one it is
 *         of) printable=0|1 note= alternative=GROUP:BRANCH,...
 *         hash= width= height=      of pictures and texts: SHA-256 in hex of
 *                                   the decoded bytes; of pictures, pixels
 *     link=N url=TEXT bare=0|1      an address in the body, piece by piece;
 *                                   bare: the body is nothing but links
 *     ledger-end=1                  now it waits for request and plan
 *     part-begin=ID
 *     page=N end=OFFSET part=ID     page N (from 1) ends there in the output
 *     part-failed=ID reason=TEXT    the other parts go on
 *     part-note=ID note=TEXT        it is printed; here is more to say
 *     convert=ID engine=html|office|postscript size=N name=EXT resources=K
 *         fit=0|1 pages=N           make a PDF of N bytes, which follow on fd
 *                                   5; fit=1: HTML that has to be looked at;
 *                                   pages: more of a document are no use
 *     resource=CID-OR-NAME location= type= size=N
 *                                   K lines; bytes follow in this order
 *     done=1 pages=N bytes=N counted=N
 *                                   the last word; counted: pages that the
 *                                   documents have, asked for or not; or
 *     failed=TEXT                   the last word; exit status 0 all the same,
 *                                   78 when no sandbox can be had
 *
 * fd 4, to the worker, after ledger-end: pages that were fetched from behind
 * its links, each ended by an empty line and answered by "part" and
 * "ledger-end" again; the N bytes come on fd 5; mode "reader": its article
 *     attach=ID size=N type= name= mode=page|reader
 *
 * and then what the pages are for depends on
 * the subject, which only the worker can read. Two blocks of lines:
 *     format= dpi= colour=0|1 ink=8|black_1|sgray_1|srgb_8
 *     strip_height= repeat_across= repeat_along= (each pixel so often)
 *     media= media_width= media_height= margin_left= margin_right=
 *     margin_top= margin_bottom= sides= sheet_back= pages= bytes=
 *     pixels=N (of a picture) page_ranges=1-5,8 number_up=1|2|4
 *     print_scaling=auto|fit|fill|none head=0|1
 *     side_ranges=3-4               of the sides that all this makes, these
 *     banner=0|1 job=N              a page in front that names job N
 *     drawings=0|1                  whatever the format: a PDF of drawings, of
 *                                   which print data can be made at any time
 *     pass=0|1                      format=application/pdf: a PDF that is all
 *                                   there is to print stays as it is
 *     password=TEXT                 opens a document; is never logged
 *     engines=LIST                  what may be asked for: "html,office",
 *                                   "postscript"
 *     nice=N                        nobody waits: become so much nicer
 *     cover=TEXT                    one word a line or all on one, then
 *     an empty line                 TEXT becomes a page in front, of part
 *                                   "cover"
 *     print=ID                      any number, in the order of printing
 *     go=1
 *
 * and for each "convert", before the worker goes on, one of
 *     converted=ID size=N           N bytes of PDF follow on fd 5
 *     unconverted=ID reason=TEXT
 *
 * fd 5, a socket: documents one way, their PDFs the other.
 *
 * Without fd 4 the request is taken from the command line and every part that
 * a reader would call the message's content is printed:
 *     platen-render format=image/pwg-raster dpi=300 colour=1
 *         media=iso_a4_210x297mm <mail.eml >out.pwg 3>&2
 */
#define PROTOCOL_VALUE_MAX   1024
#define PROTOCOL_LINE_MAX    16384
#define PROTOCOL_WORDS_MAX   32

/* Bytes of a document with its resources, and of its PDF. */
#define PROTOCOL_CONVERT_MAX (UINT64_C(96) << 20)

struct protocol_line {
	size_t n_words;
	struct {
		const char *key;
		const char *value;
	} words[PROTOCOL_WORDS_MAX]; /* point into the parsed text */
};

/*
 * Split text (one line, without LF, changed in place) into decoded words.
 * -EINVAL with a sentence for a word without '=', a bad %XX, a decoded NUL, or
 * too many words.
 */
int protocol_parse(char *text, struct protocol_line *out, struct err *err);

/* The value of key, or NULL. */
const char *protocol_get(const struct protocol_line *line, const char *key);

/* The value of key, or `otherwise`. */
const char *protocol_get_or(const struct protocol_line *line, const char *key,
                            const char *otherwise);

/* The value as a number; `otherwise` when missing or not all digits. */
unsigned long long protocol_number(const struct protocol_line *line,
                                   const char *key,
                                   unsigned long long otherwise);

/* Copy, cut between characters where it does not fit; always terminated. */
void protocol_cut(char *out, size_t size, const char *value);

/*
 * Append key=value to a line being made; a blank goes between. What is not
 * UTF-8 in the value becomes '?'.
 */
void protocol_put(struct buf *line, const char *key, const char *value);
void protocol_put_number(struct buf *line, const char *key,
                         unsigned long long value);
void protocol_end(struct buf *line);

#endif
