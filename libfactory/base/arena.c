/*
 * Arena: blocks that double in size up to a megabyte; a request larger than a quarter of a block
 * gets one of its own behind the current block, so that the rest of the current one is still used.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/banned.h"

#define BLOCK_MIN ((size_t)4096)
#define BLOCK_MAX ((size_t)1 << 20)
#define ALIGN     alignof(max_align_t)

struct lf_arena_block {
	struct lf_arena_block *next;
	size_t size, used; /* of data */
	alignas(max_align_t) char data[];
};

/* Blocks come zeroed and are never reused, so what is handed out need not be cleared. */
static struct lf_arena_block *new_block(struct lf_arena *a, size_t size)
{
	struct lf_arena_block *b = lf_calloc(1, sizeof(*b) + size);

	b->size = size;
	a->total += size;
	return b;
}

static size_t next_size(const struct lf_arena *a)
{
	size_t size = a->total < BLOCK_MIN ? BLOCK_MIN : a->total;

	return size < BLOCK_MAX ? size : BLOCK_MAX;
}

static struct lf_arena_block *block_for(struct lf_arena *a, size_t bytes)
{
	struct lf_arena_block *b;
	size_t size = next_size(a);

	if (a->head && a->head->size - a->head->used >= bytes)
		return a->head;
	if (bytes > size / 4) {
		b = new_block(a, bytes);
		if (a->head) {
			b->next = a->head->next;
			a->head->next = b;
		} else {
			a->head = b;
		}
		return b;
	}
	b = new_block(a, size);
	b->next = a->head;
	a->head = b;
	return b;
}

void *lf_arena_alloc(struct lf_arena *a, size_t n, size_t size)
{
	struct lf_arena_block *b;
	size_t bytes;
	void *p;

	/* An absurd size goes to the allocator, which knows how to end the program. */
	if (__builtin_mul_overflow(n, size, &bytes) || bytes > PTRDIFF_MAX - 4096)
		bytes = PTRDIFF_MAX - 4096;
	bytes = (bytes + ALIGN - 1) / ALIGN * ALIGN;
	b = block_for(a, bytes);
	p = b->data + b->used;
	b->used += bytes;
	a->used += bytes;
	return p;
}

char *lf_arena_dup(struct lf_arena *a, const char *s, size_t n)
{
	char *p = lf_arena_alloc(a, n + 1, 1);

	if (n)
		memcpy(p, s, n);
	return p;
}

char *lf_arena_strdup(struct lf_arena *a, const char *s)
{
	return lf_arena_dup(a, s, strlen(s));
}

char *lf_arena_str(struct lf_arena *a, struct lf_str s)
{
	return lf_arena_dup(a, s.p, s.n);
}

char *lf_arena_printf(struct lf_arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char *p;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	p = lf_arena_alloc(a, n < 0 ? 1 : (size_t)n + 1, 1);
	if (n > 0)
		(void)vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return p;
}

void lf_arena_fini(struct lf_arena *a)
{
	while (a->head) {
		struct lf_arena_block *b = a->head;

		a->head = b->next;
		lf_free(b);
	}
	*a = (struct lf_arena){0};
}
