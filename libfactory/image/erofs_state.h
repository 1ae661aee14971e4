/*
 * What `apko erofs mount` did below a directory, kept there for `apko erofs umount`.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include <factory/err.h>
#include <factory/list.h>

#include "base/arena.h"

struct lf_erofs_state {
	const char *dest; /* absolute */
	const char *source;
	bool fuse, writable;
	struct lf_strv mounts; /* below dest ("layers/00", "merged"), in the order of mounting */
};

bool lf_erofs_state_exists(const char *dest);
bool lf_erofs_state_write(const struct lf_erofs_state *s, struct lf_err *err) LF_MUST_CHECK;
/* Nothing but directories that mounting makes is accepted. Texts in the arena. */
bool lf_erofs_state_read(const char *dest, struct lf_arena *arena, struct lf_erofs_state *ret,
			 struct lf_err *err) LF_MUST_CHECK;
bool lf_erofs_state_remove(const char *dest, struct lf_err *err) LF_MUST_CHECK;
