/*
 * Memory that cannot fail: the one place of the tree that ends the process, since under Linux a
 * caller could hardly do better and every error path for it would be untested. Sizes that come from
 * input are checked against a limit by their readers before they get here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

static _Noreturn void out_of_memory(void)
{
	static const char text[] = "factory: out of memory\n";
	ssize_t ignored = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)ignored; /* nothing is left to tell it to */
	abort();
}

void *lf_alloc(size_t n)
{
	void *p = malloc(n ? n : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *lf_calloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *lf_realloc(void *p, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		out_of_memory();
	p = realloc(p, bytes ? bytes : 1);
	if (!p)
		out_of_memory();
	return p;
}

void lf_free(void *p)
{
	free(p);
}

char *lf_strdup(const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(lf_alloc(n), s, n);
}

void lf_free_p(void *pp)
{
	free(*(void **)pp);
	*(void **)pp = NULL;
}
