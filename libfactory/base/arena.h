/*
 * Arena: memory that dies together. One arena a document or phase; nothing in it is freed alone.
 * Text in an arena is immutable once published. Not thread-safe: one thread fills an arena.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include <factory/err.h>

#include "base/str.h"

struct lf_arena_block;

/* A zeroed struct is a valid empty arena. */
struct lf_arena {
	struct lf_arena_block *head;
	size_t used, total; /* bytes handed out, bytes taken from the heap */
};

/* Zeroed memory, aligned for any type. n may be 0. */
void *lf_arena_alloc(struct lf_arena *a, size_t n, size_t size) __attribute__((returns_nonnull));
char *lf_arena_dup(struct lf_arena *a, const char *s, size_t n) __attribute__((returns_nonnull));
char *lf_arena_strdup(struct lf_arena *a, const char *s) __attribute__((returns_nonnull));
char *lf_arena_str(struct lf_arena *a, struct lf_str s) __attribute__((returns_nonnull));
char *lf_arena_printf(struct lf_arena *a, const char *fmt, ...) LF_PRINTF(2, 3)
	__attribute__((returns_nonnull));
void lf_arena_fini(struct lf_arena *a);

#define lf_new(arena, type)      ((type *)lf_arena_alloc(arena, 1, sizeof(type)))
#define lf_new_n(arena, type, n) ((type *)lf_arena_alloc(arena, n, sizeof(type)))
#define lf_auto_arena            __attribute__((cleanup(lf_arena_fini))) struct lf_arena
