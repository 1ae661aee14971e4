/*
 * YAML by libfyaml, reduced to what configurations need: a tree of nodes with file, line and
 * column, aliases and merge keys ("<<") resolved, duplicate keys refused, the first document only.
 * Go's yaml.v3 decides what a scalar means; lf_yaml_bool and the like follow it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

enum lf_yaml_kind { LF_YAML_NULL, LF_YAML_SCALAR, LF_YAML_SEQ, LF_YAML_MAP };

struct lf_yaml {
	enum lf_yaml_kind kind;
	bool quoted;      /* in quotes, a block, or tagged !!str: a string whatever it looks like */
	const char *tag;  /* explicit tag ("!!str") or NULL */
	const char *file; /* name for messages */
	unsigned line, column; /* from 1 */
	size_t from, to;    /* bytes of the text, a byte order mark not counted: quotes and brackets
			       are    in, tag and anchor are not; 0, 0 where nothing is written */
	struct lf_str text; /* scalar value, NUL-terminated in the arena */
	size_t n;           /* children */
	struct lf_yaml **item; /* sequence items, or map values */
	struct lf_yaml **key;  /* map keys (scalars), in document order; merged ones last */
	unsigned weight,
		height; /* private: nodes and levels from here down, aliases counted as copies */
};

/* The root of the first document; *ret is NULL for an empty one. file is only a name for messages.
 * Everything lives in the arena. Limits: 16 MiB of text, 100 levels, 1,000,000 nodes after aliases.
 * Syntax errors are "FILE:LINE:COL: what". */
bool lf_yaml_parse(struct lf_str text, const char *file, struct lf_arena *arena,
		   struct lf_yaml **ret, struct lf_err *err) LF_MUST_CHECK;

/* The value under key, or NULL. */
struct lf_yaml *lf_yaml_get(const struct lf_yaml *map, const char *key);
/* What Go's resolver makes of a plain scalar. */
bool lf_yaml_is_null(const struct lf_yaml *n);
/* "!!str", "!!int", "!!bool", "!!float", "!!null", "!!seq", "!!map", "!!timestamp": for messages.
 */
const char *lf_yaml_tag(const struct lf_yaml *n);
bool lf_yaml_bool(const struct lf_yaml *n,
		  bool *ret); /* true/false and the YAML 1.1 words, unquoted */
bool lf_yaml_int(const struct lf_yaml *n,
		 int64_t *ret); /* decimal, 0x, 0o, 0b, leading-zero octal, underscores */
bool lf_yaml_uint(const struct lf_yaml *n, uint64_t *ret);

/* An error at a node: "FILE:LINE:COL: TEXT" (class LF_E_CONFIG). Returns false. */
bool lf_fail_at(struct lf_err *err, const struct lf_yaml *n, const char *fmt, ...) LF_PRINTF(3, 4);

/* Puts the place of the node in front of an error; NULL: nothing. Returns false. */
bool lf_fail_in(struct lf_err *err, const struct lf_yaml *n);

/* The name nearest to `word` among a NULL-terminated list, for "did you mean"; NULL when none is
 * near. */
const char *lf_nearest(const char *word, const char *const *names);

/* The form of a plain scalar alone, for printing: true when Go would read the text as something
 * else than a string. */
bool lf_yaml_text_is_typed(struct lf_str text);
/* One of the four forms of a date or time that Go's reader knows ("2024-1-2",
 * "2024-01-02T03:04:05Z", ...). */
bool lf_yaml_text_is_time(struct lf_str text);

/*
 * Printing, as Go's yaml.v3 encoder does (scalar styles: docs/formats/yaml.md): block style,
 * sequences indented below their key, nothing folded. The document is built by calls in order; each
 * value ends its line. Start with {.out, .indent}.
 */
#define LF_YAML_OUT_DEPTH 64
struct lf_yaml_out {
	struct lf_buf *out;
	unsigned indent; /* 2 or 4 */
	/* private */
	unsigned depth;
	unsigned column[LF_YAML_OUT_DEPTH]; /* of the open collections */
	bool after_dash, after_key;         /* what was written last */
};

void lf_yaml_key(struct lf_yaml_out *y, const char *key); /* followed by exactly one value */
void lf_yaml_str(struct lf_yaml_out *y, const char *s);   /* scalar style chosen by Go's rules */
void lf_yaml_raw(struct lf_yaml_out *y, const char *s); /* a number, true, false, null, {} or [] */
void lf_yaml_map_begin(struct lf_yaml_out *y);          /* never empty: use lf_yaml_raw "{}" */
void lf_yaml_map_end(struct lf_yaml_out *y);
void lf_yaml_seq_begin(struct lf_yaml_out *y);
void lf_yaml_seq_item(struct lf_yaml_out *y); /* before each item */
void lf_yaml_seq_end(struct lf_yaml_out *y);
/* Go's order of map keys: letters after other characters, digit runs by number. For qsort over
 * const char *. */
int lf_yaml_key_cmp(const void *a, const void *b);
