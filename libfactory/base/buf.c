/*
 * The growing buffer: doubles, keeps a NUL behind the text, and drops everything from the first add
 * that would pass its maximum.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/banned.h"

/* True when n more bytes may be added; marks the overflow otherwise. */
static bool fits(struct lf_buf *b, size_t n)
{
	if (b->overflow)
		return false;
	if (b->max && (n > b->max || b->n > b->max - n)) {
		b->overflow = true;
		return false;
	}
	return true;
}

void lf_buf_reserve(struct lf_buf *b, size_t n)
{
	size_t need, cap;

	if (__builtin_add_overflow(b->n, n, &need) || need >= SIZE_MAX / 2)
		need = SIZE_MAX / 2; /* the allocator refuses it */
	need++;
	if (need <= b->cap)
		return;
	cap = b->cap ? b->cap : 64;
	while (cap < need)
		cap *= 2;
	b->p = lf_realloc(b->p, cap, 1);
	b->cap = cap;
	b->p[b->n] = '\0';
}

void lf_buf_add(struct lf_buf *b, const void *p, size_t n)
{
	if (!fits(b, n))
		return;
	lf_buf_reserve(b, n);
	if (n)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void lf_buf_puts(struct lf_buf *b, const char *s)
{
	lf_buf_add(b, s, strlen(s));
}

void lf_buf_str(struct lf_buf *b, struct lf_str s)
{
	lf_buf_add(b, s.p, s.n);
}

void lf_buf_putc(struct lf_buf *b, char c)
{
	lf_buf_add(b, &c, 1);
}

void lf_buf_fill(struct lf_buf *b, char c, size_t n)
{
	if (!fits(b, n))
		return;
	lf_buf_reserve(b, n);
	memset(b->p + b->n, c, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void lf_buf_printf(struct lf_buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	lf_buf_vprintf(b, fmt, ap);
	va_end(ap);
}

void lf_buf_vprintf(struct lf_buf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	lf_buf_reserve(b, 80);
	n = vsnprintf(b->p + b->n, b->cap - b->n, fmt, ap);
	b->p[b->n] = '\0'; /* until the length is known to fit */
	if (n >= 0 && fits(b, (size_t)n)) {
		lf_buf_reserve(b, (size_t)n);
		(void)vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

void lf_buf_clear(struct lf_buf *b)
{
	b->n = 0;
	b->overflow = false;
	if (b->p)
		b->p[0] = '\0';
}

void lf_buf_fini(struct lf_buf *b)
{
	lf_free(b->p);
	*b = (struct lf_buf){.max = b->max};
}

char *lf_buf_detach(struct lf_buf *b)
{
	char *p = b->p ? b->p : lf_strdup("");

	*b = (struct lf_buf){.max = b->max};
	return p;
}

const char *lf_buf_c(const struct lf_buf *b)
{
	return b->p ? b->p : "";
}

struct lf_str lf_buf_view(const struct lf_buf *b)
{
	return (struct lf_str){lf_buf_c(b), b->n};
}
