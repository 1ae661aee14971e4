/*
 * What a git repository's own files say (git's documentation "gitrepository-layout"), without
 * running git. Strings are the caller's to free; NULL on failure.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include <factory/err.h>

/* The git directory of a work tree: DIR/.git, or where a file of that name points (worktrees,
 * submodules). NULL when dir is none. */
char *lf_git_dir(const char *dir);
/* Where configuration and references that all worktrees share are. */
char *lf_git_common_dir(const char *git);
/* The commit id of HEAD, 40 or 64 hex digits. */
char *lf_git_commit(const char *git, struct lf_err *err) LF_MUST_CHECK;
/* The same for the repository that holds dir, or a folder above it. */
char *lf_git_head(const char *dir, struct lf_err *err) LF_MUST_CHECK;
/* git_object.c: does the repository (its common directory) have the object of this id? */
bool lf_git_has_object(const char *git, const char *hex);
