/*
 * `if:` conditions: text comes in, a truth value goes out. A condition compares literals and
 * variables with == and !=, joined by && and || of equal rank from left to right, with brackets.
 * The grammar and the words of its errors are described in docs/formats/melange.yaml.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/recipe.h"

#include "base/buf.h"
#include "codec/go_text.h"
#include "recipe/vars.h"

#include "base/banned.h"

#define MAX_DEPTH 100

struct cond {
	const char *text;
	struct lf_str rest;
	unsigned depth;
	struct lf_err *err;
};

static size_t position(const struct cond *c)
{
	return (size_t)(c->rest.p - c->text);
}

static void advance(struct cond *c, size_t n)
{
	c->rest = (struct lf_str){c->rest.p + n, c->rest.n - n};
}

static void skip_blanks(struct cond *c)
{
	while (c->rest.n && strchr(" \t\r\n", c->rest.p[0]) && c->rest.p[0])
		advance(c, 1);
}

static bool parse_literal(struct cond *c, struct lf_buf *ret)
{
	size_t from = position(c);
	char quote = c->rest.p[0];

	for (advance(c, 1); c->rest.n; advance(c, 1)) {
		char ch = c->rest.p[0];

		if (ch == quote) {
			advance(c, 1);
			return true;
		}
		if (ch == '\\' && c->rest.n > 1) {
			char next = c->rest.p[1];

			advance(c, 1);
			if (next == 'n' || next == 't')
				next = next == 'n' ? '\n' : '\t';
			else if (next != '\\' && next != '\'' && next != '"')
				lf_buf_putc(ret, '\\');
			ch = next;
		}
		lf_buf_putc(ret, ch);
	}
	return lf_fail_new(c->err, LF_E_CONFIG, "unterminated string literal at position %zu",
			   from);
}

/* compat: variables were replaced by literals when the step was compiled; one that is still there
 * (in the `if:` of a subpackage) is the empty string. */
static bool parse_variable(struct cond *c)
{
	struct lf_str name;
	const char *at;

	advance(c, 3);
	bool closed = lf_vars_scan(&c->rest, &name, &at);
	if (!name.n)
		return lf_fail_new(c->err, LF_E_CONFIG, "empty variable name at position %zu",
				   (size_t)(at - c->text));
	if (!closed)
		return lf_fail_new(c->err, LF_E_CONFIG,
				   "unterminated variable reference \"" LF_STR_FMT
				   "\" at position %zu: expected \"}}\" at position %zu",
				   LF_STR_ARG(name), (size_t)(at - c->text), position(c));
	return true;
}

static bool parse_value(struct cond *c, struct lf_buf *ret)
{
	skip_blanks(c);
	if (!c->rest.n)
		return lf_fail_new(c->err, LF_E_CONFIG, "unexpected end of input at position %zu",
				   position(c));
	if (c->rest.p[0] == '\'' || c->rest.p[0] == '"')
		return parse_literal(c, ret);
	if (lf_str_starts(c->rest, "${{"))
		return parse_variable(c);
	return lf_fail_new(c->err, LF_E_CONFIG, "unexpected character '%c' at position %zu",
			   c->rest.p[0], position(c));
}

static bool parse_operator(struct cond *c, bool *ret_equal)
{
	skip_blanks(c);
	if (c->rest.n < 2)
		return lf_fail_new(c->err, LF_E_CONFIG,
				   "expected comparison operator at position %zu", position(c));
	if (c->rest.p[1] != '=' || (c->rest.p[0] != '=' && c->rest.p[0] != '!'))
		return lf_fail_new(c->err, LF_E_CONFIG,
				   "expected '==' or '!=' at position %zu, got \"%.2s\"",
				   position(c), c->rest.p);
	*ret_equal = c->rest.p[0] == '=';
	advance(c, 2);
	return true;
}

static bool parse_comparison(struct cond *c, bool *ret)
{
	lf_auto_buf left = {0}, right = {0};
	bool equal = false;

	if (!parse_value(c, &left) || !parse_operator(c, &equal) || !parse_value(c, &right))
		return false;
	*ret = lf_str_eq(lf_buf_view(&left), lf_buf_view(&right)) == equal;
	return true;
}

static bool parse_expression(struct cond *c, bool *ret);

static bool parse_atom(struct cond *c, bool *ret)
{
	skip_blanks(c);
	if (!c->rest.n || c->rest.p[0] != '(')
		return parse_comparison(c, ret);
	if (++c->depth > MAX_DEPTH)
		return lf_fail_new(c->err, LF_E_LIMIT, "brackets nested too deep at position %zu",
				   position(c));
	advance(c, 1);
	if (!parse_expression(c, ret))
		return false;
	skip_blanks(c);
	if (!c->rest.n || c->rest.p[0] != ')')
		return lf_fail_new(c->err, LF_E_CONFIG,
				   "expected ')' at position %zu: expected \")\" at position %zu",
				   position(c), position(c));
	advance(c, 1);
	c->depth--;
	return true;
}

static bool parse_expression(struct cond *c, bool *ret)
{
	bool value = false, next = false;

	if (!parse_atom(c, &value))
		return false;
	for (;;) {
		skip_blanks(c);
		bool both = lf_str_starts(c->rest, "&&");

		if (!both && !lf_str_starts(c->rest, "||"))
			break;
		advance(c, 2);
		if (!parse_atom(c, &next))
			return false;
		value = both ? value && next : value || next;
	}
	*ret = value;
	return true;
}

bool lf_cond_eval(const char *expr, bool *ret, struct lf_err *err)
{
	struct cond c = {.text = expr, .rest = lf_str(expr), .err = err};
	lf_auto_buf quoted = {0};
	bool value = false;

	if (!*expr) {
		*ret = true;
		return true;
	}
	if (!parse_expression(&c, &value))
		return false;
	skip_blanks(&c);
	if (c.rest.n) {
		lf_quote(&quoted, c.rest);
		return lf_fail_new(err, LF_E_CONFIG,
				   "unexpected trailing input at position %zu: %s", position(&c),
				   lf_buf_c(&quoted));
	}
	*ret = value;
	return true;
}
