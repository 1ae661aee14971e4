/*
 * Where the shared test data lies: $FACTORY_SOURCE/../shared/golden. Tests that need it skip when
 * it is not there.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"

#define GOLDEN_MAX (64 << 20)

static inline const char *golden_path(struct lf_arena *a, const char *name)
{
	const char *source = getenv("FACTORY_SOURCE");

	return lf_arena_printf(a, "%s/../shared/golden/%s", source ? source : ".", name);
}

/* The whole file; false when it is not there. */
static inline bool golden_find(struct lf_arena *a, const char *name, struct lf_str *ret)
{
	lf_auto_buf b = LF_BUF(GOLDEN_MAX);
	FILE *f = fopen(golden_path(a, name), "rb");
	char chunk[65536];
	size_t n;

	if (!f)
		return false;
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		lf_buf_add(&b, chunk, n);
	(void)fclose(f);
	*ret = (struct lf_str){lf_arena_dup(a, lf_buf_c(&b), b.n), b.n};
	return true;
}

/* The same; skips the running test when the file is not there. */
static inline struct lf_str golden(struct lf_arena *a, const char *name)
{
	struct lf_str s;

	if (!golden_find(a, name, &s)) {
		print_message("no test data: %s\n", golden_path(a, name));
		skip();
	}
	return s;
}

/* The columns of a line, separated by tabs; absent ones are empty. */
static inline void columns(struct lf_str line, struct lf_str *col, size_t n)
{
	for (size_t i = 0; i < n; i++)
		col[i] = line.p ? lf_str_cut(&line, '\t') : lf_str("");
}
