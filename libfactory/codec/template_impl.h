/*
 * What the files of the template engine share: tokens, nodes, the state of a run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/vec.h"
#include "codec/template.h"

/* Go has no limits but that of its stack. */
#define LF_TEMPLATE_DEPTH  500 /* of nested blocks, parentheses and calls of templates */
#define LF_TEMPLATE_ROUNDS 10000000
#define LF_TEMPLATE_TEXT   ((size_t)16 << 20)  /* of one function's result */
#define LF_TEMPLATE_MEMORY ((size_t)256 << 20) /* of a run */

/* ---- template_lex.c ---- */

enum lf_token_kind {
	LF_TOKEN_ERROR, /* text is the message; nothing follows */
	LF_TOKEN_EOF,
	LF_TOKEN_TEXT, /* outside of actions */
	LF_TOKEN_LEFT, /* {{ */
	LF_TOKEN_RIGHT,
	LF_TOKEN_SPACE,
	LF_TOKEN_BOOL,
	LF_TOKEN_CHAR,     /* any other printing character */
	LF_TOKEN_RUNE,     /* 'x' */
	LF_TOKEN_STRING,   /* "x" or `x` */
	LF_TOKEN_NUMBER,   /* without regard to whether it makes sense */
	LF_TOKEN_FIELD,    /* .Name */
	LF_TOKEN_NAME,     /* of a function */
	LF_TOKEN_VARIABLE, /* $ or $name */
	LF_TOKEN_DECLARE,  /* := */
	LF_TOKEN_ASSIGN,   /* = */
	LF_TOKEN_PIPE,
	LF_TOKEN_OPEN, /* ( */
	LF_TOKEN_CLOSE,
	LF_TOKEN_KEYWORD, /* those from here on are words with a meaning */
	LF_TOKEN_DOT,
	LF_TOKEN_NIL,
	LF_TOKEN_BLOCK,
	LF_TOKEN_BREAK,
	LF_TOKEN_CONTINUE,
	LF_TOKEN_DEFINE,
	LF_TOKEN_ELSE,
	LF_TOKEN_END,
	LF_TOKEN_IF,
	LF_TOKEN_RANGE,
	LF_TOKEN_TEMPLATE,
	LF_TOKEN_WITH,
};

struct lf_token {
	enum lf_token_kind kind;
	unsigned line;
	size_t pos;
	struct lf_str text;
};

struct lf_tokens {
	struct lf_token *v;
	size_t n, cap;
};
#define lf_auto_tokens __attribute__((cleanup(lf_tokens_fini))) struct lf_tokens

/* The last one is EOF or ERROR. Messages are in the arena. */
void lf_template_lex(const char *text, struct lf_arena *arena, struct lf_tokens *ret);
void lf_tokens_fini(struct lf_tokens *t);

/* ---- template_node.c ---- */

enum lf_node_kind {
	LF_NODE_LIST,     /* child */
	LF_NODE_TEXT,     /* text */
	LF_NODE_ACTION,   /* pipe */
	LF_NODE_IF,       /* pipe, list, otherwise */
	LF_NODE_RANGE,    /* as IF */
	LF_NODE_WITH,     /* as IF */
	LF_NODE_TEMPLATE, /* value: its name; pipe, or NULL */
	LF_NODE_BREAK,
	LF_NODE_CONTINUE,
	LF_NODE_PIPE,     /* child: commands; decl */
	LF_NODE_COMMAND,  /* child: the operands */
	LF_NODE_FIELD,    /* name: .A.B */
	LF_NODE_CHAIN,    /* pipe: any operand; name: the fields behind it */
	LF_NODE_FUNCTION, /* text */
	LF_NODE_VARIABLE, /* name: the variable and the fields behind it */
	LF_NODE_DOT,
	LF_NODE_NIL,
	LF_NODE_BOOL,
	LF_NODE_NUMBER, /* text as written */
	LF_NODE_STRING, /* text as written, value */
};

struct lf_node {
	enum lf_node_kind kind;
	size_t pos; /* in the text of the template */
	struct lf_str text, value;
	struct lf_str *name;
	size_t n_names;
	struct lf_node **child;
	size_t n_children;
	struct lf_node **decl; /* variables that a pipe declares, or sets */
	size_t n_decls;
	bool assign;
	struct lf_node *pipe, *list, *otherwise;
	/* NUMBER: every kind it can stand for; BOOL: i */
	bool is_int, is_uint, is_float;
	int64_t i;
	uint64_t u;
	double f;
};

/* As Go writes it: near enough to what was typed. */
void lf_node_print(struct lf_buf *out, const struct lf_node *n);

/* ---- template_parse.c, template_operand.c ---- */

/* One template of those that a text defines: the text itself, and its {{define}}s. */
struct lf_definition {
	struct lf_str name;
	struct lf_node *list;
	struct lf_definition *next;
};

struct lf_template {
	const char *name, *text;
	struct lf_definition *first;
};

struct lf_template_parser {
	const char *name;
	struct lf_arena *arena;
	const struct lf_token *token;
	size_t at;
	unsigned action_line; /* of the action at hand; 0: none */
	unsigned depth, range_depth;
	LF_VEC(struct lf_str) vars;
	struct lf_template *ret;
	struct lf_err *err;
};

const struct lf_token *lf_parser_peek(struct lf_template_parser *p);
const struct lf_token *lf_parser_next(struct lf_template_parser *p);
/* The same behind blanks. */
const struct lf_token *lf_parser_peek_word(struct lf_template_parser *p);
const struct lf_token *lf_parser_next_word(struct lf_template_parser *p);
/* "template: NAME:LINE: …"; both return NULL. */
void *lf_parser_fail(struct lf_template_parser *p, const char *fmt, ...) LF_PRINTF(2, 3);
void *lf_parser_unexpected(struct lf_template_parser *p, const struct lf_token *t,
			   const char *where);
struct lf_node *lf_parser_node(struct lf_template_parser *p, enum lf_node_kind kind, size_t pos);

/* A pipeline up to its end, which is passed. NULL on failure. */
struct lf_node *lf_parser_pipe(struct lf_template_parser *p, const char *where,
			       enum lf_token_kind end);
/* The value of a string literal in the arena; false when it is wrong. */
bool lf_parser_unquote(struct lf_template_parser *p, struct lf_str literal, struct lf_str *ret);

/* ---- template_run.c ---- */

struct lf_template_var {
	struct lf_str name;
	struct lf_value value;
};

enum lf_template_flow { LF_FLOW_ON, LF_FLOW_BREAK, LF_FLOW_CONTINUE, LF_FLOW_FAILED };

struct lf_run {
	const struct lf_template *t;
	const char *name;         /* of the template that runs */
	const struct lf_node *at; /* what an error is about */
	struct lf_buf *out;
	struct lf_arena *arena;
	LF_VEC(struct lf_template_var) vars;
	unsigned depth;
	unsigned *rounds; /* of all ranges so far */
	struct lf_err *err;
};

/* "template: NAME:LINE:COL: executing "NAME" at <NODE>: …"; returns false. */
bool lf_run_fail(struct lf_run *r, const char *fmt, ...) LF_PRINTF(2, 3);

/* ---- template_eval.c ---- */

bool lf_run_pipe(struct lf_run *r, const struct lf_value *dot, const struct lf_node *pipe,
		 struct lf_value *ret);
/* What an argument is to be. */
enum lf_arg_kind { LF_ARG_VALUE, LF_ARG_ANY, LF_ARG_STR };
bool lf_run_arg(struct lf_run *r, const struct lf_value *dot, const struct lf_node *n,
		enum lf_arg_kind kind, struct lf_value *ret);
/* The value of an argument that was computed before. */
bool lf_run_check_arg(struct lf_run *r, const struct lf_value *value, enum lf_arg_kind kind,
		      struct lf_value *ret);

/* Follows pointers. A nil one stays, with *ret_nil set. */
struct lf_value lf_value_follow(const struct lf_value *v, bool *ret_nil);
bool lf_value_truth(const struct lf_value *v);

/* ---- template_call.c ---- */

/* What stands in a call: operands behind the function, and the value that came through a pipe (NULL
 * when there was none). */
struct lf_call_args {
	const struct lf_value *dot;
	struct lf_node *const *node;
	size_t n_nodes;
	const struct lf_value *final;
};
struct lf_function;
const struct lf_function *lf_function_find(struct lf_str name); /* NULL: not defined */
/* command: what an error of the function itself is about. */
bool lf_run_function(struct lf_run *r, const struct lf_function *f, const struct lf_node *command,
		     const struct lf_call_args *args, struct lf_value *ret);
bool lf_run_method(struct lf_run *r, const struct lf_value *object, const struct lf_value_method *m,
		   const struct lf_node *node, const struct lf_call_args *args,
		   struct lf_value *ret);

/* ---- template_compare.c ---- */

bool lf_value_equal(const struct lf_value *a, const struct lf_value *b, bool *ret,
		    struct lf_err *err) LF_MUST_CHECK;
bool lf_value_less(const struct lf_value *a, const struct lf_value *b, bool *ret,
		   struct lf_err *err) LF_MUST_CHECK;

/* ---- template_print.c ---- */

/* One verb of printf. */
struct lf_verb {
	uint32_t verb; /* a code point */
	bool plus, minus, sharp, space, zero;
	bool plus_v, sharp_v; /* %+v and %#v, where plus and sharp mean something else */
	int width, precision; /* -1: not given */
};
#define LF_VERB_V ((struct lf_verb){.verb = 'v', .width = -1, .precision = -1})

void lf_value_print(struct lf_buf *out, const struct lf_value *v, const struct lf_verb *verb);
/* The same by %v. */
void lf_value_show(struct lf_buf *out, const struct lf_value *v);
/* fmt.Sprint: a blank between two operands when neither is a string. */
void lf_values_show(struct lf_buf *out, const struct lf_value *v, size_t n);
/* One of these letters? */
bool lf_verb_is(const struct lf_verb *verb, const char *set);
/* "%!d(string=hi)" */
void lf_value_misfit(struct lf_buf *out, const struct lf_value *v, const struct lf_verb *verb);

/* ---- template_scalar.c: false when the verb does not fit ---- */

bool lf_print_integer(struct lf_buf *out, uint64_t u, bool negative, bool is_signed,
		      const struct lf_verb *verb);
bool lf_print_float(struct lf_buf *out, double f, const struct lf_verb *verb);
bool lf_print_string(struct lf_buf *out, struct lf_str s, const struct lf_verb *verb);
void lf_print_padded(struct lf_buf *out, struct lf_str s, const struct lf_verb *verb);

/* ---- template_format.c ---- */

void lf_value_format(struct lf_buf *out, struct lf_str format, const struct lf_value *v, size_t n);

/* ---- template_escape.c ---- */

void lf_escape_html(struct lf_buf *out, struct lf_str s);
void lf_escape_js(struct lf_buf *out, struct lf_str s);
void lf_escape_query(struct lf_buf *out, struct lf_str s);
