/*
 * Values that shapes describe, as templates see them: with the names and types of upstream's Go
 * structs, which users write in their templates.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "codec/template.h"
#include "config/decode.h"

/* What a type has beside the fields of its shape. */
struct lf_shape_extra {
	const char *type; /* of the shape, "config.Package" */
	struct lf_value_methods methods;
	const struct lf_value_field *field; /* behind the others */
	size_t n_fields;
};

/* Everything is made in the arena; texts stay where they are. extra ends with a zeroed one. */
struct lf_value lf_shape_value(const struct lf_shape *shape, const void *object,
			       const struct lf_shape_extra *extra, struct lf_arena *arena);
/* A pointer to a value, "*TYPE". */
struct lf_value lf_value_pointer(const struct lf_value *target, struct lf_arena *arena);
