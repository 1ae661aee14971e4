/*
 * A growing array of any type, and a list of strings, which is needed everywhere.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include <factory/list.h>

#include "base/mem.h"

/* A zeroed vector is empty. The array is on the heap; the elements are the owner's business. */
#define LF_VEC(T)              \
	struct {               \
		T *v;          \
		size_t n, cap; \
	}

#define lf_vec_push(vec, ...)                                                           \
	do {                                                                            \
		if ((vec)->n == (vec)->cap) {                                           \
			(vec)->cap = (vec)->cap ? 2 * (vec)->cap : 8;                   \
			(vec)->v = lf_realloc((vec)->v, (vec)->cap, sizeof(*(vec)->v)); \
		}                                                                       \
		(vec)->v[(vec)->n++] = (__VA_ARGS__);                                   \
	} while (0)
#define lf_vec_pop(vec)  ((vec)->v[--(vec)->n])
#define lf_vec_fini(vec) (lf_free((vec)->v), (vec)->v = NULL, (vec)->n = (vec)->cap = 0)
#define lf_vec_sort(vec, cmp)                                              \
	do {                                                               \
		if ((vec)->n > 1)                                          \
			qsort((vec)->v, (vec)->n, sizeof(*(vec)->v), cmp); \
	} while (0)

/* Strings whose bytes live elsewhere (an arena, literals): struct lf_strv of <factory/list.h>. */
#define lf_auto_strv __attribute__((cleanup(lf_strv_fini))) struct lf_strv

void lf_strv_add(struct lf_strv *v, const char *s);
void lf_strv_addv(struct lf_strv *v, const struct lf_strv *more);
bool lf_strv_has(const struct lf_strv *v, const char *s);
void lf_strv_sort(struct lf_strv *v); /* bytewise */
void lf_strv_uniq(struct lf_strv *v); /* drops equal neighbours */
void lf_strv_fini(struct lf_strv *v); /* the array only */
