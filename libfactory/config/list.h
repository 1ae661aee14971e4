/*
 * A vector of structs whose type only a shape knows; inside the room.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "config/decode.h"

/* Laid out as LF_VEC(T) for any struct T. */
struct lf_any_list {
	void *v;
	size_t n, cap;
};

static inline void *lf_any_item(const struct lf_any_list *list, const struct lf_shape *shape,
				size_t i)
{
	return (char *)list->v + i * shape->size;
}
