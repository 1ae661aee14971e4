/*
 * A growing byte buffer: never NULL after the first add, always NUL-terminated, length known, and
 * made with a maximum: adding beyond it sets `overflow` and drops the bytes, which the owner checks
 * once at the end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <factory/err.h>

#include "base/str.h"

/* A zeroed struct is an empty buffer without a maximum. */
struct lf_buf {
	char *p;
	size_t n, cap;
	size_t max; /* 0: none */
	bool overflow;
};

#define LF_BUF(maximum) ((struct lf_buf){.max = (maximum)})
#define lf_auto_buf     __attribute__((cleanup(lf_buf_fini))) struct lf_buf

void lf_buf_add(struct lf_buf *b, const void *p, size_t n);
void lf_buf_puts(struct lf_buf *b, const char *s);
void lf_buf_str(struct lf_buf *b, struct lf_str s);
void lf_buf_putc(struct lf_buf *b, char c);
void lf_buf_fill(struct lf_buf *b, char c, size_t n);
void lf_buf_printf(struct lf_buf *b, const char *fmt, ...) LF_PRINTF(2, 3);
void lf_buf_vprintf(struct lf_buf *b, const char *fmt, va_list ap) LF_PRINTF(2, 0);
/* Room for n more bytes at b->p + b->n; the caller writes and advances b->n. */
void lf_buf_reserve(struct lf_buf *b, size_t n);
void lf_buf_clear(struct lf_buf *b); /* length 0, memory kept */
void lf_buf_fini(struct lf_buf *b);
/* The text, owned by the caller; the buffer is empty afterwards. Never NULL. */
char *lf_buf_detach(struct lf_buf *b);
/* Never NULL. */
const char *lf_buf_c(const struct lf_buf *b);
struct lf_str lf_buf_view(const struct lf_buf *b);
