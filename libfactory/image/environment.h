/*
 * The environment of a melange build: an image that is never written, only assembled. Two steps,
 * since the recipe that a package carries shows the locked configuration:
 *
 *   lock      configuration + extra repositories, keys, packages → the same with every package as
 * name=version, archs = this one assemble  configuration (locked or not) → a finished tree, which
 * lf_tree_to_dir turns into a directory
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <factory/ctx.h>

#include "apk/package.h"
#include "config/config.h"
#include "repo/repo.h"
#include "tree/tree.h"

struct lf_environment_input {
	const struct lf_image_config *config; /* the recipe's `environment`; not changed */
	const char *arch;                     /* any spelling */
	struct lf_strv repositories;          /* added to contents.repositories */
	struct lf_strv build_repositories; /* added to contents.build_repositories (melange's -r) */
	struct lf_strv keyring;            /* added to contents.keyring */
	struct lf_strv packages;           /* added to contents.packages */
	bool ignore_signatures;
	int64_t build_date; /* times of what apko itself makes */
};

/* The locked configuration: the extra lists are merged in, packages are sorted name=version. Texts
 * live in the arena, arrays are freed by lf_image_config_fini. Errors begin with "resolving apk
 * packages: " as upstream's do. */
bool lf_environment_lock(const struct lf_ctx *ctx, struct lf_fetcher *fetcher,
			 const struct lf_environment_input *in, struct lf_arena *arena,
			 struct lf_image_config *ret, struct lf_err *err) LF_MUST_CHECK;

/* An assembled root. */
struct lf_environment {
	struct lf_tree
		*tree; /* valid until lf_environment_free: its contents lie in the packages */
	struct lf_package *const *package; /* what was installed, in order */
	size_t n_packages;
	const struct lf_keyring *keyring;
	const struct lf_repos *repos; /* the indexes it was solved from, for later questions */
	const char *arch;             /* apk's spelling */
};

/* Solves and installs in->config as it is (give the locked one, with the extra lists left empty,
 * for a build; the recipe's own with the extra lists for a test). NULL on failure. */
struct lf_environment *lf_environment_assemble(const struct lf_ctx *ctx, struct lf_fetcher *fetcher,
					       const struct lf_environment_input *in,
					       struct lf_err *err) LF_MUST_CHECK;
void lf_environment_free(struct lf_environment *e); /* NULL is fine */
void lf_environment_free_p(struct lf_environment **e);
#define lf_auto_environment __attribute__((cleanup(lf_environment_free_p))) struct lf_environment
