/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

/* Their declarations come first: afterwards the words are errors. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Macros of glibc's under clang with _FORTIFY_SOURCE. */
#undef sprintf
#undef vsprintf

/*
 * Calls that have no place here: unbounded, locale-bound, not reentrant, or a
 * way into a shell. Included last by base/mem.h, hence by every source.
 */
#pragma GCC poison strcpy strcat sprintf vsprintf strtok gets atoi atol atof
#pragma GCC poison localtime gmtime ctime asctime system popen tmpnam mktemp

#endif
