/*
 * The kernel version in the bytes of a kernel image or module. Pure.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/arena.h"

/* "" when there is none. Text in the arena. */
const char *lf_kernel_image_version(struct lf_str bytes, struct lf_arena *arena);
const char *lf_kernel_module_version(struct lf_str bytes, struct lf_arena *arena);
