/*
 * The build information that Go leaves in programs; inside the ELF reader.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <libelf.h>

#include "base/arena.h"

/* The module text ("path…\nmod…\nbuild\tKEY=VALUE\n…") that the section .go.buildinfo leads to;
 * empty when there is none. */
struct lf_str lf_elf_go_settings(Elf *elf, Elf_Scn *buildinfo, struct lf_arena *arena);
