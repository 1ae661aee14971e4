/*
 * JSON: jansson reads and holds values, and this prints them as Go's encoding/json does: keys in
 * the order in which they were set (callers set struct fields in declared order, and sort maps),
 * "<", ">" and "&" and U+2028/9 escaped, no blanks in compact form, the given indent otherwise, no
 * final newline.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <jansson.h>

#include "base/buf.h"

/* indent 0: compact. */
void lf_json_print(struct lf_buf *out, const json_t *value, unsigned indent);
/* One string with its quotes. Invalid UTF-8 becomes \ufffd. */
void lf_json_string(struct lf_buf *out, struct lf_str s);
/* At most 64 levels deep; the error names source:line:column. NULL on failure. */
json_t *lf_json_parse(struct lf_str text, const char *source, struct lf_err *err) LF_MUST_CHECK;

/* For building: all take over the value; a NULL, empty string, empty array or empty object is left
 * out by the _opt forms. */
void lf_json_set(json_t *object, const char *key, json_t *value);
void lf_json_set_str(json_t *object, const char *key, const char *s);
void lf_json_opt(json_t *object, const char *key, json_t *value);
void lf_json_opt_str(json_t *object, const char *key, const char *s);
/* A string that may hold invalid UTF-8: bytes that are not valid become U+FFFD. */
json_t *lf_json_text(struct lf_str s);

static inline void lf_json_decref_p(json_t **p)
{
	json_decref(*p);
}
#define lf_auto_json __attribute__((cleanup(lf_json_decref_p))) json_t
