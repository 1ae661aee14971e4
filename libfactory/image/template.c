/*
 * Templates: see template.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/template.h"

#include <string.h>

#include "codec/json.h"
#include "base/banned.h"

struct run {
	struct lf_buf *out;
	const char *text;
	const struct lf_template_field *field;
	size_t n_fields;
};

static bool unclosed(struct lf_err *err)
{
	return lf_fail_new(err, LF_E_USAGE,
			   "failed to parse format: template: format:1: unclosed action");
}

static bool unsupported(struct lf_str action, struct lf_err *err)
{
	return lf_fail_new(
		err, LF_E_USAGE,
		"failed to parse format: template: format:1: unsupported action {{" LF_STR_FMT "}}",
		LF_STR_ARG(action));
}

static bool field_value(const struct run *r, struct lf_str word, const char **ret,
			struct lf_err *err)
{
	size_t column = (size_t)(word.p - r->text);

	for (size_t i = 0; i < r->n_fields; i++)
		if (lf_str_is(lf_str_sub(word, 1, word.n), r->field[i].name)) {
			*ret = r->field[i].value;
			return true;
		}
	return lf_fail_new(
		err, LF_E_USAGE,
		"failed to execute template: template: format:1:%zu: executing \"format\" at "
		"<" LF_STR_FMT ">: can't evaluate field " LF_STR_FMT " in type cli.pkgInfo",
		column, LF_STR_ARG(word), LF_STR_ARG(lf_str_sub(word, 1, word.n)));
}

/* A string in double quotes with the escapes \n, \t, \\ and \", or in backquotes. */
static bool quoted(struct lf_str *in, struct lf_buf *ret)
{
	char quote = in->p[0];

	for (size_t i = 1; i < in->n; i++) {
		char c = in->p[i];

		if (c == quote) {
			*in = lf_str_sub(*in, i + 1, in->n);
			return true;
		}
		if (quote == '"' && c == '\\' && ++i < in->n) {
			c = in->p[i];
			c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
		}
		lf_buf_putc(ret, c);
	}
	return false;
}

static bool print_verb(const struct run *r, char verb, struct lf_str *args, struct lf_err *err)
{
	struct lf_str word;
	const char *value;

	if (verb == '%') {
		lf_buf_putc(r->out, '%');
		return true;
	}
	if (!strchr("svq", verb) || !lf_str_word(args, &word) || word.p[0] != '.')
		return unsupported(LF_STR("printf"), err);
	if (!field_value(r, word, &value, err))
		return false;
	if (verb == 'q')
		lf_json_string(r->out, lf_str(value));
	else
		lf_buf_puts(r->out, value);
	return true;
}

static bool print_formatted(const struct run *r, struct lf_str args, struct lf_err *err)
{
	lf_auto_buf format = {0};

	args = lf_str_trim(args);
	if (!args.n || (args.p[0] != '"' && args.p[0] != '`') || !quoted(&args, &format))
		return unsupported(LF_STR("printf"), err);
	for (const char *p = lf_buf_c(&format); *p; p++) {
		if (*p != '%' || !p[1]) {
			lf_buf_putc(r->out, *p);
			continue;
		}
		if (!print_verb(r, *++p, &args, err))
			return false;
	}
	return true;
}

static bool act(const struct run *r, struct lf_str action, struct lf_err *err)
{
	struct lf_str rest = action, word;
	const char *value;
	lf_auto_buf text = {0};

	if (lf_str_starts(action, "/*"))
		return true;
	if (action.n && (action.p[0] == '"' || action.p[0] == '`') && quoted(&rest, &text)) {
		lf_buf_str(r->out, lf_buf_view(&text));
		return true;
	}
	if (!lf_str_word(&rest, &word))
		return lf_fail_new(
			err, LF_E_USAGE,
			"failed to parse format: template: format:1: missing value for command");
	if (lf_str_is(word, "printf"))
		return print_formatted(r, rest, err);
	if (word.p[0] != '.' || word.n < 2 || lf_str_trim(rest).n)
		return unsupported(action, err);
	if (!field_value(r, word, &value, err))
		return false;
	lf_buf_puts(r->out, value);
	return true;
}

/* "- " at the front and " -" at the end of an action trim the text around it. */
static void trim_end(struct lf_buf *out, size_t from)
{
	while (out->n > from && strchr(" \t\r\n", out->p[out->n - 1]))
		out->p[--out->n] = '\0';
}

bool lf_template_print(struct lf_buf *out, const char *text, const struct lf_template_field *field,
		       size_t n_fields, struct lf_err *err)
{
	const struct run r = {out, text, field, n_fields};
	size_t start = out->n;

	for (const char *p = text;;) {
		const char *open = strstr(p, "{{"), *close = open ? strstr(open, "}}") : NULL;

		lf_buf_add(out, p, open ? (size_t)(open - p) : strlen(p));
		if (!open)
			return true;
		if (!close)
			return unclosed(err);
		struct lf_str action = {open + 2, (size_t)(close - open - 2)};

		p = close + 2;
		if (lf_str_skip(&action, "- "))
			trim_end(out, start);
		if (lf_str_ends(action, " -")) {
			action.n -= 2;
			p += strspn(p, " \t\r\n");
		}
		if (!act(&r, lf_str_trim(action), err))
			return false;
	}
}
