/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_OFFICE_PROGRAM_H
#define RENDER_OFFICE_PROGRAM_H

#include <stdbool.h>

/*
 * LibreOffice as a program, for what it cannot do as a library. Spreadsheets
 * need a description of their input line there, which Debian's packages without
 * a user interface leave out; the program, which shows nothing, does without.
 * It starts cold: a second instead of a tenth.
 */
bool program_is_needed(const char *folder, const char *type);

/* Run it; the PDF comes to lie beside the document. Its exit status, or < 0. */
int program_convert(const char *folder, const char *document);

#endif
