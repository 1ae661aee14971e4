/*
 * References of images: [REGISTRY/]REPOSITORY[:TAG], completed as docker does.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"

struct lf_reference {
	const char *registry;   /* "index.docker.io" when none is given */
	const char *repository; /* with "library/" where docker adds it */
	const char *tag;        /* "latest" when none is given */
};

/* False with upstream's words. Texts in the arena. */
bool lf_reference_parse(const char *text, struct lf_arena *arena, struct lf_reference *ret,
			struct lf_err *err) LF_MUST_CHECK;
