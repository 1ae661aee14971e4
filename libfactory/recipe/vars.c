/*
 * Substitution of "${{name}}" in text: text and a scope come in, new text in an arena goes out.
 * Nothing that was inserted is scanned again. Problems of one text are all listed. The stages are
 * described in docs/formats/melange.yaml.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/vars.h"

#include "base/mem.h"
#include "codec/go_text.h"

#include "base/banned.h"

/* Longer names are not looked up, so that hostile text cannot make the plain replacer quadratic. */
#define MAX_NAME 1024
/* Values are inserted into values: text may not grow without end. */
#define MAX_TEXT  (16u << 20)
#define MAX_VALUE (1u << 20)

void lf_vars_set(struct lf_vars *v, const char *name, const char *value)
{
	lf_map_set(&v->map, lf_str(name), (void *)(uintptr_t)value);
}

const char *lf_vars_get(const struct lf_vars *v, struct lf_str name)
{
	for (; v; v = v->parent) {
		const char *value = lf_map_get(&v->map, name);

		if (value)
			return value;
	}
	return NULL;
}

void lf_vars_fini(struct lf_vars *v)
{
	lf_map_fini(&v->map);
}

static const char *find_open(const char *p, const char *end)
{
	return memmem(p, (size_t)(end - p), "${{", 3);
}

const char *lf_vars_replace(const struct lf_vars *v, const char *text, struct lf_arena *arena)
{
	const char *end = text + strlen(text);
	const char *done = text, *close = NULL;
	lf_auto_buf out = {0};

	for (const char *p = find_open(text, end); p; p = find_open(p, end)) {
		const char *name = p + 3;

		if (!close || close < name)
			close = memmem(name, (size_t)(end - name), "}}", 2);
		if (!close)
			break;
		size_t n = (size_t)(close - name);
		const char *value = n <= MAX_NAME ? lf_vars_get(v, (struct lf_str){name, n}) : NULL;
		if (!value) {
			p++;
			continue;
		}
		lf_buf_add(&out, done, (size_t)(p - done));
		lf_buf_puts(&out, value);
		p = done = close + 2;
	}
	if (done == text)
		return text;
	lf_buf_add(&out, done, (size_t)(end - done));
	return lf_arena_str(arena, lf_buf_view(&out));
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_name(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '.' || c == '_' || c == '-';
}

bool lf_vars_scan(struct lf_str *s, struct lf_str *ret_name, const char **ret_at)
{
	const char *p = s->p, *end = s->p + s->n;

	while (p < end && is_blank(*p))
		p++;
	const char *name = p;
	while (p < end && is_name(*p))
		p++;
	*ret_name = (struct lf_str){name, (size_t)(p - name)};
	*ret_at = name;
	if (p > name) {
		while (p < end && is_blank(*p))
			p++;
	}
	bool closed = p > name && end - p >= 2 && p[0] == '}' && p[1] == '}';
	if (closed)
		p += 2;
	*s = (struct lf_str){p, (size_t)(end - p)};
	return closed;
}

struct expansion {
	lf_vars_find_fn *find;
	void *data;
	bool quoted;
	const char *text;
	struct lf_buf out, problems;
};

static void add_problem(struct expansion *e, const char *fmt, struct lf_str name, size_t at)
{
	if (e->problems.n)
		lf_buf_putc(&e->problems, '\n');
	if (fmt)
		lf_buf_printf(&e->problems, "%s \"" LF_STR_FMT "\" at position %zu", fmt,
			      LF_STR_ARG(name), at);
	else if (name.n)
		lf_buf_printf(&e->problems, "variable " LF_STR_FMT " not defined",
			      LF_STR_ARG(name));
	else
		lf_buf_printf(&e->problems, "empty variable name at position %zu", at);
}

/* One reference: *s stands behind "${{" and ends behind what was read. */
static bool expand_one(struct expansion *e, struct lf_str *s, struct lf_err *err)
{
	struct lf_str name;
	const char *at, *value = NULL;
	bool closed = lf_vars_scan(s, &name, &at);
	size_t position = (size_t)(at - e->text);

	if (!name.n) {
		add_problem(e, NULL, name, position);
		return true;
	}
	if (!closed) {
		add_problem(e, "unterminated variable reference", name, position);
		return true;
	}
	if (!e->find(e->data, name, &value, err))
		return false;
	if (!value)
		add_problem(e, NULL, name, position);
	else if (e->quoted)
		lf_quote(&e->out, lf_str(value));
	else
		lf_buf_puts(&e->out, value);
	return true;
}

static bool expand_all(struct expansion *e, struct lf_err *err)
{
	struct lf_str s = lf_str(e->text);

	while (s.n) {
		const char *open = find_open(s.p, s.p + s.n);

		if (!open) {
			lf_buf_str(&e->out, s);
			break;
		}
		lf_buf_add(&e->out, s.p, (size_t)(open - s.p));
		s = lf_str_sub(s, (size_t)(open - s.p) + 3, s.n);
		if (!expand_one(e, &s, err))
			return false;
	}
	if (e->problems.n)
		return lf_fail_new(err, LF_E_CONFIG, "%s", lf_buf_c(&e->problems));
	if (e->out.overflow)
		return lf_fail_new(err, LF_E_LIMIT, "text with variables replaced is too long");
	return true;
}

static const char *expand(lf_vars_find_fn *find, void *data, bool quoted, size_t max,
			  const char *text, struct lf_arena *arena, struct lf_err *err)
{
	struct expansion e = {
		.find = find, .data = data, .quoted = quoted, .text = text, .out = LF_BUF(max)};
	const char *result = NULL;

	if (!strstr(text, "${{"))
		return text;
	if (expand_all(&e, err))
		result = lf_arena_str(arena, lf_buf_view(&e.out));
	lf_buf_fini(&e.out);
	lf_buf_fini(&e.problems);
	return result;
}

static bool find_in_scope(void *data, struct lf_str name, const char **ret, struct lf_err *err)
{
	(void)err;
	*ret = lf_vars_get(data, name);
	return true;
}

const char *lf_vars_expand(const struct lf_vars *v, const char *text, struct lf_arena *arena,
			   struct lf_err *err)
{
	return expand(find_in_scope, (void *)(uintptr_t)v, false, MAX_TEXT, text, arena, err);
}

const char *lf_vars_expand_quoted(const struct lf_vars *v, const char *text, struct lf_arena *arena,
				  struct lf_err *err)
{
	return expand(find_in_scope, (void *)(uintptr_t)v, true, MAX_TEXT, text, arena, err);
}

const char *lf_vars_expand_with(lf_vars_find_fn *find, void *data, const char *text,
				struct lf_arena *arena, struct lf_err *err)
{
	return expand(find, data, false, MAX_VALUE, text, arena, err);
}
