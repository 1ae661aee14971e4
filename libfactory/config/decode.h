/*
 * YAML nodes → C structs, by tables. A shape describes a struct: for each key its kind, where the
 *value goes, and how it is printed. One shape serves decoding, freeing, copying and printing, so a
 *key is written down once.
 *
 *	static const struct lf_field cpe_fields[] = {
 *		LF_FIELD_STR(struct lf_cpe, "vendor", vendor),
 *		{0},
 *	};
 *	static const struct lf_shape cpe = {"config.CPE", sizeof(struct lf_cpe), cpe_fields};
 *	...
 *	if (!lf_decode(&cpe, node, arena, LF_DECODE_STRICT, &value, err))
 *
 * Go's rules hold: null and empty mean absent, and null items of lists are left out; any scalar
 *fits a string and keeps its spelling; numbers and booleans must be such. Problems do not stop the
 *decoder: all of them are told, one a line, each "FILE:LINE:COL: what". Strings are "" when absent.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "codec/yaml.h"

enum lf_field_kind {
	LF_FIELD_END,
	LF_FIELD_KIND_STR,    /* const char *, in the arena */
	LF_FIELD_KIND_BOOL,   /* bool */
	LF_FIELD_KIND_INT,    /* int */
	LF_FIELD_KIND_I64,    /* int64_t */
	LF_FIELD_KIND_U32,    /* uint32_t */
	LF_FIELD_KIND_U64,    /* uint64_t */
	LF_FIELD_KIND_ID,     /* struct lf_id */
	LF_FIELD_KIND_STRV,   /* struct lf_strv */
	LF_FIELD_KIND_PAIRS,  /* struct lf_pairs */
	LF_FIELD_KIND_STRUCT, /* a struct of shape `shape` in place; its bool at `set` becomes true
				 when the key has a value */
	LF_FIELD_KIND_LIST,   /* LF_VEC(struct of shape `shape`): array on the heap */
	LF_FIELD_KIND_ARRAY,  /* pointer at `offset`, size_t count at `count`: array in the arena */
	LF_FIELD_KIND_MAP,    /* the same from a mapping: the key becomes the first member of the
				 element, a const char * that its shape does not mention; in byte
				 order */
	LF_FIELD_KIND_DURATION, /* int64_t nanoseconds, "1h30m": a number without unit is wrong */
	LF_FIELD_KIND_CALL,     /* anything else, by a function */
	LF_FIELD_KIND_IGNORE,   /* known, and thrown away */
};

struct lf_shape;
struct lf_decoder;

/* Decodes node (never null) into the field; tells problems with lf_decode_problem. */
typedef void lf_field_fn(struct lf_decoder *d, const struct lf_yaml *node, void *field);

struct lf_field {
	const char *key;
	enum lf_field_kind kind;
	size_t offset;
	const struct lf_shape *shape;
	size_t count; /* ARRAY, MAP */
	size_t set; /* STRUCT: 1 + offset of the bool in the same struct as `offset` counts from; 0:
		       none */
	lf_field_fn *call;
	/* printing (print.h) */
	bool always;          /* in YAML even when empty */
	bool always_json;     /* in JSON even when empty */
	bool redact;          /* STRV: passwords in URLs are masked in YAML */
	const char *json_key; /* when JSON has another name for it than YAML */
	const char *type;     /* STRV: name of the type for messages, "[]string" when NULL; STR, ID:
				 for templates */
	/* templates (value.h) */
	const char *go; /* Go's name of the field; NULL: the key in camel case */
	bool pointer;   /* STRUCT without `set`: nil when it is empty, unless `always` */
};

struct lf_shape {
	const char *type; /* as messages name it: "types.User" */
	size_t size;
	const struct lf_field *field; /* ends with a zeroed one */
	size_t node; /* 1 + offset of a const struct lf_yaml * that remembers where the value
			stands; 0: none */
};

#define LF_FIELD(T, key, KIND, member, ...)                                 \
	{                                                                   \
		key, LF_FIELD_KIND_##KIND, offsetof(T, member), __VA_ARGS__ \
	}
#define LF_FIELD_STR(T, key, member)           LF_FIELD(T, key, STR, member, NULL)
#define LF_FIELD_BOOL(T, key, member)          LF_FIELD(T, key, BOOL, member, NULL)
#define LF_FIELD_STRV(T, key, member)          LF_FIELD(T, key, STRV, member, NULL)
#define LF_FIELD_PAIRS(T, key, member)         LF_FIELD(T, key, PAIRS, member, NULL)
#define LF_FIELD_LIST(T, key, member, shape)   LF_FIELD(T, key, LIST, member, shape)
#define LF_FIELD_STRUCT(T, key, member, shape) LF_FIELD(T, key, STRUCT, member, shape)
/* A nested anonymous struct: its shape counts offsets from the outer struct T. */
#define LF_FIELD_NESTED(key, shape, ...)                         \
	{                                                        \
		key, LF_FIELD_KIND_STRUCT, 0, shape, __VA_ARGS__ \
	}
#define LF_FIELD_SET(T, member) .set = 1 + offsetof(T, member)
#define LF_FIELD_ARRAY(T, key, member, n, ...) \
	LF_FIELD(T, key, ARRAY, member, __VA_ARGS__, .count = offsetof(T, n))
#define LF_FIELD_MAP(T, key, member, n, shape) \
	LF_FIELD(T, key, MAP, member, shape, .count = offsetof(T, n))
#define LF_FIELD_CALL(T, key, member, fn) LF_FIELD(T, key, CALL, member, NULL, .call = fn)
#define LF_FIELD_IGNORE(key)              \
	{                                 \
		key, LF_FIELD_KIND_IGNORE \
	}

enum lf_decode_mode {
	LF_DECODE_STRICT,  /* unknown keys are problems */
	LF_DECODE_LENIENT, /* unknown keys are ignored */
};

struct lf_decoder {
	struct lf_arena *arena;
	enum lf_decode_mode mode;
	struct lf_buf problems;
};

/* A zeroed struct with every string "". */
void lf_shape_init(const struct lf_shape *shape, void *value);
/* Frees the arrays on the heap (STRV, PAIRS, LIST), all the way down; texts and ARRAYs are the
 * arena's. */
void lf_shape_fini(const struct lf_shape *shape, void *value);
/* A copy whose heap arrays are its own; texts, ARRAYs (with all in them) and what CALL made are
 * shared: of a value with ARRAYs only one of the two may be freed. */
void lf_shape_copy(const struct lf_shape *shape, void *dst, const void *src);

/* Initialises value, then decodes; node may be NULL or null: nothing more happens. On failure value
 * is freed again. */
bool lf_decode(const struct lf_shape *shape, const struct lf_yaml *node, struct lf_arena *arena,
	       enum lf_decode_mode mode, void *value, struct lf_err *err) LF_MUST_CHECK;

/* For functions of CALL fields, and for callers that decode in pieces with a decoder of their own.
 */
void lf_decode_struct(struct lf_decoder *d, const struct lf_shape *shape,
		      const struct lf_yaml *node, void *initialised);
void lf_decode_strv(struct lf_decoder *d, const struct lf_yaml *node, const char *type,
		    struct lf_strv *ret);
/* A scalar as text; "" and a problem for anything else. */
const char *lf_decode_str(struct lf_decoder *d, const struct lf_yaml *node);
void lf_decode_problem(struct lf_decoder *d, const struct lf_yaml *node, const char *fmt, ...)
	LF_PRINTF(3, 4);
/* "cannot unmarshal !!str `abc` into TYPE" */
void lf_decode_mismatch(struct lf_decoder *d, const struct lf_yaml *node, const char *type);
/* The end: false with all problems as one error. Frees the list of problems. */
bool lf_decode_finish(struct lf_decoder *d, struct lf_err *err) LF_MUST_CHECK;
