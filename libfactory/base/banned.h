/*
 * Functions that are unsafe, locale-bound or not thread-safe become compile errors. Included last
 * in every .c file, since system headers that follow could use the names.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

/* Macros of stdlib.h, and of a fortified stdio.h under clang. */
#undef alloca
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok atoi atol atof
#pragma GCC poison gmtime localtime ctime asctime system popen gets alloca rand srand tmpnam mktemp
