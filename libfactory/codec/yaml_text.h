/*
 * Raw YAML text, inside the reader: which is taken at all, and what stands between single quotes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <factory/err.h>

#include "base/arena.h"
#include "codec/yaml.h"

bool lf_yaml_check_text(struct lf_str text, const char *file, struct lf_err *err) LF_MUST_CHECK;

/* Refuses what the node cannot hold (a NUL character), or what is not what its tag
 * says
 * (!!int x). */
bool lf_yaml_check_scalar(const struct lf_yaml *n, struct lf_err *err) LF_MUST_CHECK;

/* Reads the tree of text that has passed the checks. *ret_block is set, and false returned, where
 * libfyaml has taken lines that are not indented more than a key as its block: the end of the key.
 * Otherwise it stays. */
bool lf_yaml_read(struct lf_str text, const char *file, struct lf_arena *arena,
		  struct lf_yaml **ret, size_t *ret_block, struct lf_err *err) LF_MUST_CHECK;

/* raw is what stands between the outer quotes. Quotes are doubled in it; a line break is a blank,
 * several are one less. */
struct lf_str lf_yaml_unquote(struct lf_str raw, struct lf_arena *arena);
