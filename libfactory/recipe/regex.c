/*
 * Replacing matches of a regular expression: pattern, text and template come in, new text in an
 * arena goes out. The walk over matches, empty ones included, and the template are those of Go's
 * ReplaceAllString.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "recipe/regex.h"

#include <pcre2.h>

#include "base/mem.h"

#include "base/banned.h"

#define MAX_TEXT (16u << 20)

struct matcher {
	pcre2_compile_context *compile;
	pcre2_match_context *context;
	pcre2_code *code;
	pcre2_match_data *match;
	struct lf_str text;
	bool utf;
};

static void matcher_fini(struct matcher *m)
{
	pcre2_match_data_free(m->match);
	pcre2_code_free(m->code);
	pcre2_match_context_free(m->context);
	pcre2_compile_context_free(m->compile);
}

/* Without a code unit that is not UTF-8 the text is matched as code points, as in Go. */
static bool is_utf8(struct lf_str s)
{
	int code;
	PCRE2_SIZE at;
	pcre2_code *any = pcre2_compile((PCRE2_SPTR) "", 0, PCRE2_UTF, &code, &at, NULL);
	pcre2_match_data *match = any ? pcre2_match_data_create_from_pattern(any, NULL) : NULL;
	bool valid = match && pcre2_match(any, (PCRE2_SPTR)s.p, s.n, 0, 0, match, NULL) >= 0;

	pcre2_match_data_free(match);
	pcre2_code_free(any);
	return valid;
}

static bool fail_compile(int code, PCRE2_SIZE at, const char *pattern, struct lf_err *err)
{
	PCRE2_UCHAR why[160] = "";

	if (code == 114) /* unclosed bracket: in RE2's words */
		return lf_fail_new(err, LF_E_CONFIG,
				   "error parsing regexp: missing closing ): `%s`", pattern);
	pcre2_get_error_message(code, why, sizeof(why));
	return lf_fail_new(err, LF_E_CONFIG, "error parsing regexp: %s at position %zu: `%s`",
			   (const char *)why, (size_t)at, pattern);
}

static bool matcher_init(struct matcher *m, const char *pattern, struct lf_str text,
			 struct lf_err *err)
{
	lf_auto_buf translated = {0};
	int code;
	PCRE2_SIZE at;

	if (!lf_regex_translate(&translated, pattern, err))
		return false;
	m->text = text;
	m->utf = is_utf8(text) && is_utf8(lf_buf_view(&translated));
	m->compile = pcre2_compile_context_create(NULL);
	m->context = pcre2_match_context_create(NULL);
	if (!m->compile || !m->context)
		return lf_fail_new(err, LF_E_LIMIT, "out of memory for a regular expression");
	pcre2_set_newline(m->compile, PCRE2_NEWLINE_LF);
	pcre2_set_parens_nest_limit(m->compile, 200);
	pcre2_set_match_limit(m->context, 1000000);
	pcre2_set_depth_limit(m->context, 20000);
	pcre2_set_heap_limit(m->context, 65536);
	m->code = pcre2_compile((PCRE2_SPTR)lf_buf_c(&translated), translated.n,
				PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C |
					(m->utf ? PCRE2_UTF : 0),
				&code, &at, m->compile);
	if (!m->code)
		return fail_compile(code, at, pattern, err);
	m->match = pcre2_match_data_create_from_pattern(m->code, NULL);
	return m->match || lf_fail_new(err, LF_E_LIMIT, "out of memory for a regular expression");
}

/* False on failure; *ret_found says whether there was a match. */
static bool find(struct matcher *m, size_t from, bool *ret_found, struct lf_err *err)
{
	int n = pcre2_match(m->code, (PCRE2_SPTR)m->text.p, m->text.n, from, 0, m->match,
			    m->context);
	PCRE2_UCHAR why[160] = "";

	if (n < 0 && n != PCRE2_ERROR_NOMATCH) {
		pcre2_get_error_message(n, why, sizeof(why));
		return lf_fail_new(err, LF_E_LIMIT, "matching a regular expression: %s",
				   (const char *)why);
	}
	*ret_found = n >= 0;
	return true;
}

static void add_group(const struct matcher *m, struct lf_str name, struct lf_buf *out)
{
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(m->match);
	char key[64];
	uint64_t number;

	if (!lf_str_u64(name, 10, &number)) {
		if (name.n >= sizeof(key))
			return;
		memcpy(key, name.p, name.n);
		key[name.n] = '\0';
		int found = pcre2_substring_number_from_name(m->code, (PCRE2_SPTR)key);
		if (found < 0)
			return;
		number = (uint64_t)found;
	}
	if (number >= pcre2_get_ovector_count(m->match) || at[2 * number] == PCRE2_UNSET)
		return;
	lf_buf_add(out, m->text.p + at[2 * number], at[2 * number + 1] - at[2 * number]);
}

static size_t name_length(struct lf_str s)
{
	size_t n = 0;

	while (n < s.n && (s.p[n] == '_' || (s.p[n] >= '0' && s.p[n] <= '9') ||
			   (s.p[n] >= 'a' && s.p[n] <= 'z') || (s.p[n] >= 'A' && s.p[n] <= 'Z') ||
			   (unsigned char)s.p[n] >= 0x80))
		n++;
	return n;
}

/* A "$" that begins no name stays. */
static void add_template(const struct matcher *m, struct lf_str template, struct lf_buf *out)
{
	while (template.n) {
		ptrdiff_t dollar = lf_str_find(template, '$');

		if (dollar < 0) {
			lf_buf_str(out, template);
			return;
		}
		lf_buf_add(out, template.p, (size_t)dollar);
		template = lf_str_sub(template, (size_t)dollar + 1, template.n);
		bool braced = template.n && template.p[0] == '{';
		struct lf_str name = lf_str_sub(template, braced, template.n);
		name.n = name_length(name);
		size_t used = name.n + (braced ? 2 : 0);
		if (template.n && template.p[0] == '$') {
			lf_buf_putc(out, '$');
			used = 1;
		} else if (!name.n ||
			   (braced && (used > template.n || template.p[used - 1] != '}'))) {
			lf_buf_putc(out, '$');
			used = 0;
		} else {
			add_group(m, name, out);
		}
		template = lf_str_sub(template, used, template.n);
	}
}

static size_t width_at(const struct matcher *m, size_t at)
{
	size_t n = 1;

	if (at >= m->text.n)
		return 0;
	while (m->utf && at + n < m->text.n && ((unsigned char)m->text.p[at + n] & 0xc0) == 0x80)
		n++;
	return n;
}

static bool replace_all(struct matcher *m, struct lf_str template, struct lf_buf *out,
			struct lf_err *err)
{
	size_t done = 0, from = 0;
	bool found;

	while (from <= m->text.n) {
		if (!find(m, from, &found, err))
			return false;
		if (!found)
			break;
		const PCRE2_SIZE *at = pcre2_get_ovector_pointer(m->match);
		size_t start = at[0], end = at[1];

		lf_buf_add(out, m->text.p + done, start - done);
		/* An empty match right behind another match does not count. */
		if (end > done || start == 0)
			add_template(m, template, out);
		done = end;
		size_t width = width_at(m, from);
		if (from + width > end)
			from += width;
		else if (from + 1 > end)
			from++;
		else
			from = end;
	}
	lf_buf_add(out, m->text.p + done, m->text.n - done);
	return !out->overflow || lf_fail_new(err, LF_E_LIMIT, "replaced text is too long");
}

const char *lf_regex_replace(const char *pattern, const char *text, const char *template,
			     struct lf_arena *arena, struct lf_err *err)
{
	struct matcher m = {0};
	struct lf_buf out = LF_BUF(MAX_TEXT);
	const char *result = NULL;

	if (matcher_init(&m, pattern, lf_str(text), err) &&
	    replace_all(&m, lf_str(template), &out, err))
		result = lf_arena_str(arena, lf_buf_view(&out));
	matcher_fini(&m);
	lf_buf_fini(&out);
	return result;
}
