/*
 * From the name of a source to the files of its layers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include <factory/err.h>
#include <factory/list.h>

#include "base/arena.h"

/* What a source says, before the layout is read. Texts in the arena. */
struct lf_erofs_source_name {
	const char *path; /* absolute */
	const char *tag;  /* of an image in a layout, "" for any */
	bool is_layout;   /* an image's layers, not a single file */
};

bool lf_erofs_parse_source(const char *source, struct lf_arena *arena,
			   struct lf_erofs_source_name *ret, struct lf_err *err) LF_MUST_CHECK;
/* The files of the layers, lowest first; texts in the arena. arch: "host" or a name of one. */
bool lf_erofs_find_layers(const struct lf_erofs_source_name *source, const char *arch,
			  struct lf_arena *arena, struct lf_strv *ret,
			  struct lf_err *err) LF_MUST_CHECK;
