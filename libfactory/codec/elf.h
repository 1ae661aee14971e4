/*
 * ELF, read only, by libelf: what the dependency scan, the linters and the ld cache want to know.
 * Any class, any byte order. A file that is no ELF is no error; a broken one is treated as none.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/vec.h"

struct lf_elf {
	uint16_t type;      /* ET_* */
	uint16_t machine;   /* EM_* */
	uint8_t class;      /* ELFCLASS32, ELFCLASS64 */
	const char *interp; /* NULL when none */
	struct lf_strv needed, soname;
	struct lf_strv sections;    /* names */
	struct lf_str go_buildinfo; /* content of .go.buildinfo's module text (settings), empty when
				       none */
};

/* From a file image in memory or a descriptor. *ret_is_elf false: not an ELF. Text in the arena;
 * the vectors' arrays too. */
bool lf_elf_read(int fd, struct lf_arena *arena, struct lf_elf *ret, bool *ret_is_elf,
		 struct lf_err *err) LF_MUST_CHECK;
bool lf_elf_read_mem(const void *p, size_t n, struct lf_arena *arena, struct lf_elf *ret,
		     bool *ret_is_elf, struct lf_err *err) LF_MUST_CHECK;
