/*
 * Opening below a root where the kernel has no openat2. Private to base.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* As open(2), for a path below root; -1 with errno set. With links, they are followed inside root;
 * without, each is ELOOP and
 * ".." above the root is EXDEV. */
int lf_resolve_open(int root, const char *path, int flags, mode_t mode, bool links);
