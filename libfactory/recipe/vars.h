/*
 * Substitution of "${{name}}": plain at load (stage A: exact spelling, unknown names stay) and
 * strict at compile (stages B and C: blanks allowed, unknown names are errors). A scope maps names
 * to values and looks into its parent for the rest.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"

/* A zeroed struct is an empty scope. Keys and values must outlive it (an arena). */
struct lf_vars {
	const struct lf_vars *parent;
	struct lf_map map;
};

#define lf_auto_vars __attribute__((cleanup(lf_vars_fini))) struct lf_vars

void lf_vars_set(struct lf_vars *v, const char *name, const char *value);
/* NULL when neither this scope nor a parent has the name. */
const char *lf_vars_get(const struct lf_vars *v, struct lf_str name);
void lf_vars_fini(struct lf_vars *v);

/* Stage A. Returns text itself when nothing changes, else new text in the arena. */
const char *lf_vars_replace(const struct lf_vars *v, const char *text, struct lf_arena *arena);

/* Strict. NULL on failure: one line per problem, "variable NAME not defined", "empty variable name
 * at position N", … */
const char *lf_vars_expand(const struct lf_vars *v, const char *text, struct lf_arena *arena,
			   struct lf_err *err) LF_MUST_CHECK;
/* The same with each value put in quotes, for `if:`. */
const char *lf_vars_expand_quoted(const struct lf_vars *v, const char *text, struct lf_arena *arena,
				  struct lf_err *err) LF_MUST_CHECK;

/* Strict, where values come from a function: *ret NULL says that the name is unknown; false is a
 * failure of its own. */
typedef bool lf_vars_find_fn(void *data, struct lf_str name, const char **ret, struct lf_err *err);
const char *lf_vars_expand_with(lf_vars_find_fn *find, void *data, const char *text,
				struct lf_arena *arena, struct lf_err *err) LF_MUST_CHECK;

/* For `if:` and the strict replacer, which share it: reads the name and "}}" behind "${{". *s
 * stands behind "${{" and is moved; *ret_name is empty when there is no name. False when "}}" is
 * missing. *ret_at is where the name begins. */
bool lf_vars_scan(struct lf_str *s, struct lf_str *ret_name, const char **ret_at);

/* Names that refer to each other: expands each of n values with those of the others, in whatever
 * order that takes. outer (may be NULL) wins over prefix + key. A ring is an error that names it.
 */
struct lf_vars_item {
	const char *key, *value; /* value is replaced */
	bool failed;             /* set in the one that is wrong */
	int state;               /* private */
};
bool lf_vars_expand_each(struct lf_vars_item *item, size_t n, const char *prefix,
			 const struct lf_vars *outer, struct lf_arena *arena,
			 struct lf_err *err) LF_MUST_CHECK;
