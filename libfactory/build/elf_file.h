/*
 * ELF questions about a file of a tree; for the dependency scan and the linters.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "codec/elf.h"
#include "tree/tree.h"

/* As lf_elf_read; node may be a hard link. Anything but a regular file is no ELF. */
bool lf_node_elf(const struct lf_node *node, struct lf_arena *arena, struct lf_elf *ret,
		 bool *ret_is_elf, struct lf_err *err) LF_MUST_CHECK;
