/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_LIMIT_H
#define RENDER_LIMIT_H

#include <stdint.h>

/*
 * Sentences for who mailed a document that goes over a limit of its rendering:
 * which one, how much it allows, and what can be done. All return out.
 */
#define LIMIT_SENTENCE 160

/* Wall clock. */
char *limit_time(unsigned seconds, char out[LIMIT_SENTENCE]);

/* Computing time of its own. */
char *limit_computing(unsigned seconds, char out[LIMIT_SENTENCE]);

/* `what` is "it", or names the document: "the PDF". */
char *limit_memory(const char *what, uint64_t bytes, char out[LIMIT_SENTENCE]);

/* The kernel ended it, and does not say for which of them. */
char *limit_unclear(unsigned seconds, uint64_t bytes, char out[LIMIT_SENTENCE]);

/* Its reader broke, as readers do that get no memory. */
char *limit_broken(uint64_t bytes, char out[LIMIT_SENTENCE]);

/* The PDF that an engine makes of it. */
char *limit_pdf(uint64_t bytes, char out[LIMIT_SENTENCE]);

#endif
