/*
 * An existing .apk as a tree, for what looks into packages that are already made (lint, scan).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "apk/archive.h"
#include "tree/tree.h"

/* Unpacks the data section, whatever its hash, to an unnamed file that the tree refers to and
 * closes. Text of *ret_apk in the arena. */
bool lf_apk_tree_open(const char *path, struct lf_arena *arena, struct lf_apk *ret_apk,
		      struct lf_tree **ret_tree, struct lf_err *err) LF_MUST_CHECK;
/* The same from an open file; name is for messages. */
bool lf_apk_tree_read(int fd, const char *name, struct lf_arena *arena, struct lf_apk *ret_apk,
		      struct lf_tree **ret_tree, struct lf_err *err) LF_MUST_CHECK;
