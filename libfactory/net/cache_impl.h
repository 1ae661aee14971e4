/*
 * What the files of the cache share. Not for other rooms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdatomic.h>

#include "net/cache.h"

#define LF_CACHE_OURS "factory" /* beside what upstream keeps in the same root */

struct lf_cache {
	char *root;
	_Atomic uint64_t added; /* bytes, by this process */
};
