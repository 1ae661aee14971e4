/*
 * An existing package, from a file or a URL, opened to be looked into: what lint, scan, rebuild and
 * verify begin with.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <factory/ctx.h>

#include "apk/archive.h"
#include "tree/tree.h"

struct lf_published {
	const char *location;
	int fd;        /* the .apk */
	uint64_t size; /* of the file */
	struct lf_apk apk;
	struct lf_tree *tree;
};

/* Opens a file, or fetches an http(s) URL into an unnamed one. -1 on failure. */
int lf_published_fetch(const struct lf_ctx *ctx, const char *location,
		       struct lf_err *err) LF_MUST_CHECK;
/* The same for what may lie beside a package: -1 without an error when it is not there. */
int lf_published_beside(const struct lf_ctx *ctx, const char *location,
			struct lf_err *err) LF_MUST_CHECK;
/* Text in the arena. */
bool lf_published_open(const struct lf_ctx *ctx, const char *location, struct lf_arena *arena,
		       struct lf_published *ret, struct lf_err *err) LF_MUST_CHECK;
void lf_published_fini(struct lf_published *p); /* harmless on a zeroed struct */
#define lf_auto_published __attribute__((cleanup(lf_published_fini))) struct lf_published

struct lf_recipe;
/* The configuration that the package carries. LF_E_NOT_FOUND when it has none. */
bool lf_published_recipe(const struct lf_ctx *ctx, const struct lf_published *p,
			 struct lf_arena *arena, struct lf_recipe *ret,
			 struct lf_err *err) LF_MUST_CHECK;
