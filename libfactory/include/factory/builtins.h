/*
 * The built-in pipeline definitions, which the program embeds and hands to the library: `uses:
 * NAME` is looked up here after the directories.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stddef.h>

struct lf_builtin {
	const char *name; /* "autoconf/make" */
	const char *text; /* YAML */
	size_t n;
};

/* Sorted by name. */
struct lf_builtins {
	const struct lf_builtin *v;
	size_t n;
};
