/*
 * The list of strings. Order is that of bytes, whatever the locale.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/vec.h"

#include <string.h>

#include "base/banned.h"

void lf_strv_add(struct lf_strv *v, const char *s)
{
	lf_vec_push(v, s);
}

void lf_strv_addv(struct lf_strv *v, const struct lf_strv *more)
{
	size_t n = more->n; /* more may be v itself */

	for (size_t i = 0; i < n; i++)
		lf_strv_add(v, more->v[i]);
}

bool lf_strv_has(const struct lf_strv *v, const char *s)
{
	for (size_t i = 0; i < v->n; i++)
		if (strcmp(v->v[i], s) == 0)
			return true;
	return false;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void lf_strv_sort(struct lf_strv *v)
{
	lf_vec_sort(v, compare);
}

void lf_strv_uniq(struct lf_strv *v)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++)
		if (n == 0 || strcmp(v->v[n - 1], v->v[i]) != 0)
			v->v[n++] = v->v[i];
	v->n = n;
}

void lf_strv_fini(struct lf_strv *v)
{
	lf_vec_fini(v);
}
