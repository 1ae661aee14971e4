/*
 * Templates as Go's text/template has them, over plain values: what `melange query` and
 * `apko show-packages` print. All of the language is here but complex numbers; the words of errors
 * are Go's. A value says what Go would call its type, since errors name it.
 *
 *	template.h          values, and the two calls
 *	template_lex.c      text → tokens
 *	template_parse.c    tokens → lists of nodes; template_operand.c what stands in an action
 *	template_node.c     nodes → text, for errors
 *	template_run.c      nodes and a value → text; template_eval.c expressions;
 *	template_call.c     the functions; template_compare.c eq, lt, …; template_escape.c html, js
 *	template_print.c    values → text; template_format.c printf
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

enum lf_value_kind {
	LF_VALUE_NONE, /* no value: what a map lacks, and nil */
	LF_VALUE_BOOL,
	LF_VALUE_INT,
	LF_VALUE_UINT,
	LF_VALUE_FLOAT,
	LF_VALUE_STR,
	LF_VALUE_LIST,
	LF_VALUE_MAP, /* keys are strings */
	LF_VALUE_STRUCT,
	LF_VALUE_POINTER,
};

struct lf_value;

/* A method: gets the object, and as many strings as it says. */
struct lf_value_method {
	const char *name;
	size_t n_args;
	bool (*call)(const void *self, const struct lf_value *arg, struct lf_arena *arena,
		     struct lf_value *ret, struct lf_err *err);
};

struct lf_value_methods {
	const struct lf_value_method *v;
	size_t n;
};

/* Everything it points to outlives it. */
struct lf_value {
	enum lf_value_kind kind;
	const char *type;  /* Go's name: "[]string", "*config.Test" */
	const char *shown; /* what its String method says; NULL: it has none */
	size_t n;          /* LIST, MAP, STRUCT */
	union {
		bool b;
		int64_t i;
		uint64_t u;
		double f;
		struct lf_str s;
		const struct lf_value *item;        /* LIST */
		const struct lf_value_field *field; /* STRUCT; MAP: in byte order of the names */
		const struct lf_value *target;      /* POINTER; NULL: nil */
	};
	const struct lf_value *zero; /* MAP: what `index` gives for a key that is not there */
	const struct lf_value_methods *methods; /* NULL: none */
	const void *self;                       /* for the methods */
};

struct lf_value_field {
	const char *name;
	struct lf_value value;
};

struct lf_value lf_value_str(const char *s);
struct lf_value lf_value_int(int64_t i);
struct lf_value lf_value_bool(bool b);

struct lf_template;

/* The template and all it holds live in the arena; name is for messages. NULL with "template:
 * NAME:LINE: …". text outlives it. */
const struct lf_template *lf_template_parse(const char *name, const char *text,
					    struct lf_arena *arena,
					    struct lf_err *err) LF_MUST_CHECK;
/* Appends what the template makes of the value. On failure ("template: NAME:LINE:COL: executing …")
 * what was made up to there stays in out. What is made on the way lives in the arena. */
bool lf_template_run(const struct lf_template *t, const struct lf_value *data, struct lf_buf *out,
		     struct lf_arena *arena, struct lf_err *err) LF_MUST_CHECK;
