/*
 * INI text as the Go reader of .PKGINFO sees it: comments anywhere in a value, quotes, continuation
 * lines, sections, keys that come several times, %(key)s. Only the keys before the first section
 * (and of a section [DEFAULT]) are kept.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include <factory/err.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"

struct lf_ini_value {
	struct lf_ini_value *next;
	struct lf_str text;
};

struct lf_ini_key {
	struct lf_str name;
	struct lf_ini_value *first, *last; /* at least one; no two are equal */
};

struct lf_ini {
	struct lf_map keys; /* name → struct lf_ini_key */
	size_t expanded;    /* bytes that %(name)s has produced so far */
};

/* Views into text, or copies in the arena. */
bool lf_ini_parse(struct lf_str text, struct lf_arena *arena, struct lf_ini *ret,
		  struct lf_err *err) LF_MUST_CHECK;
void lf_ini_fini(struct lf_ini *ini);
#define lf_auto_ini __attribute__((cleanup(lf_ini_fini))) struct lf_ini

/* NULL when there is none. */
const struct lf_ini_key *lf_ini_find(const struct lf_ini *ini, struct lf_str name);
/* Replaces every %(name)s of a value of `key` by the first value of that name; an unknown name ends
 * it. LF_E_LIMIT when all replacements of one file together grow beyond 4 MiB. */
bool lf_ini_expand(struct lf_ini *ini, const struct lf_ini_key *key, struct lf_str value,
		   struct lf_arena *arena, struct lf_str *ret, struct lf_err *err) LF_MUST_CHECK;
