/*
 * Values that shapes describe → YAML and JSON, in the order of the shape. A field is left out when
 * it is empty, unless the shape says always. CALL and IGNORE fields are not printed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "config/config.h"
#include "config/decode.h"

/* Nothing in it but absent, zero and empty fields, whatever `always` says. */
bool lf_shape_is_empty(const struct lf_shape *shape, const void *value);

/* One value: a mapping, or {}. */
void lf_shape_yaml(struct lf_yaml_out *y, const struct lf_shape *shape, const void *value);
/* Only the keys, inside a mapping that the caller began. */
void lf_shape_yaml_fields(struct lf_yaml_out *y, const struct lf_shape *shape, const void *value);
/* One object, compact. */
void lf_shape_json(struct lf_buf *out, const struct lf_shape *shape, const void *value);

/* One value each: [] or {} when empty; maps in the order of Go's YAML writer. */
void lf_yaml_strv(struct lf_yaml_out *y, const struct lf_strv *v);
void lf_yaml_pairs(struct lf_yaml_out *y, const struct lf_pairs *p);

/* The text with the password of a URL in it ("https://u:p@host/", also behind "@tag ") as "xxxxx".
 */
void lf_redact(struct lf_buf *out, const char *text);
