/*
 * Memory: allocation that cannot fail (out of memory ends the process in one place), sizes checked
 * for overflow, and the cleanup attribute. Use an arena (arena.h) for anything that lives as long
 * as a document or a phase.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stddef.h>

void *lf_alloc(size_t n) __attribute__((malloc, returns_nonnull));
void *lf_calloc(size_t n, size_t size) __attribute__((malloc, returns_nonnull));
void *lf_realloc(void *p, size_t n, size_t size) __attribute__((returns_nonnull));
void lf_free(void *p);
char *lf_strdup(const char *s) __attribute__((malloc, returns_nonnull));

/* Empties a variable and returns what it held: ownership moves on visibly. */
#define lf_take(var)                                    \
	({                                              \
		__typeof__(var) *lf_take_p = &(var);    \
		__typeof__(var) lf_take_v = *lf_take_p; \
		*lf_take_p = (__typeof__(var)){0};      \
		lf_take_v;                              \
	})

void lf_free_p(void *pp); /* for the cleanup attribute: frees *(void **)pp */
#define lf_auto_free __attribute__((cleanup(lf_free_p)))

#define LF_ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define LF_CLEANUP(fn)  __attribute__((cleanup(fn)))
