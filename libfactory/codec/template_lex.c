/*
 * The tokens of a template: text comes in, an array of tokens goes out, which ends with the end of
 * the text or with an error. Blanks inside actions are tokens too, since they tell `.A .B` from
 * `.A.B`. Letters beyond ASCII are all taken for letters.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/go_text.h"
#include "codec/template_impl.h"
#include "codec/utf8.h"

#include "base/banned.h"

struct lexer {
	struct lf_str rest, whole;
	struct lf_arena *arena;
	struct lf_tokens *out;
	unsigned line, parens;
	size_t counted; /* up to where newlines are in `line` */
};

static size_t position(const struct lexer *l, const char *p)
{
	return (size_t)(p - l->whole.p);
}

static unsigned line_at(struct lexer *l, size_t pos)
{
	for (; l->counted < pos; l->counted++)
		l->line += l->whole.p[l->counted] == '\n';
	return l->line;
}

static void emit(struct lexer *l, enum lf_token_kind kind, const char *start)
{
	size_t pos = position(l, start);
	struct lf_token t = {
		.kind = kind,
		.line = line_at(l, pos),
		.pos = pos,
		.text = {start, (size_t)(l->rest.p - start)},
	};

	lf_vec_push(l->out, t);
}

static bool fail(struct lexer *l, const char *start, const char *message)
{
	emit(l, LF_TOKEN_ERROR, start);
	l->out->v[l->out->n - 1].text = lf_str(message);
	return false;
}

static void pass(struct lexer *l, size_t n)
{
	l->rest = lf_str_sub(l->rest, n, l->rest.n);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_word(char c)
{
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static size_t count_spaces(struct lf_str s)
{
	size_t n = 0;

	while (n < s.n && is_space(s.p[n]))
		n++;
	return n;
}

/* Does the text begin with "}}", or with " -}}" (*ret_trim)? */
static bool at_right(struct lf_str s, bool *ret_trim)
{
	*ret_trim = s.n >= 4 && is_space(s.p[0]) && s.p[1] == '-' && s.p[2] == '}' && s.p[3] == '}';
	return *ret_trim || lf_str_starts(s, "}}");
}

/* "bad character U+0025 '%'" */
static bool fail_character(struct lexer *l, const char *start, const char *what)
{
	struct lf_str rest = l->rest;
	uint32_t c = 0xfffd;
	lf_auto_buf shown = {0};

	if (rest.n)
		(void)lf_utf8_next(&rest, &c);
	lf_buf_printf(&shown, "%s U+%04X", what, (unsigned)c);
	if (lf_rune_prints(c)) {
		lf_buf_puts(&shown, " '");
		lf_rune_put(&shown, c);
		lf_buf_putc(&shown, '\'');
	}
	return fail(l, start, lf_arena_str(l->arena, lf_buf_view(&shown)));
}

/* ---- inside actions ---- */

/* May a word end here? */
static bool at_word_end(const struct lexer *l)
{
	return !l->rest.n || is_space(l->rest.p[0]) || strchr(".,|:)(", l->rest.p[0]) ||
	       lf_str_starts(l->rest, "}}");
}

static enum lf_token_kind word_kind(struct lf_str word)
{
	static const struct {
		const char *word;
		enum lf_token_kind kind;
	} known[] = {
		{"block", LF_TOKEN_BLOCK},       {"break", LF_TOKEN_BREAK},
		{"continue", LF_TOKEN_CONTINUE}, {"define", LF_TOKEN_DEFINE},
		{"else", LF_TOKEN_ELSE},         {"end", LF_TOKEN_END},
		{"false", LF_TOKEN_BOOL},        {"if", LF_TOKEN_IF},
		{"nil", LF_TOKEN_NIL},           {"range", LF_TOKEN_RANGE},
		{"template", LF_TOKEN_TEMPLATE}, {"true", LF_TOKEN_BOOL},
		{"with", LF_TOKEN_WITH},
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(known); i++) {
		if (lf_str_is(word, known[i].word))
			return known[i].kind;
	}
	return LF_TOKEN_NAME;
}

/* Letters and digits; for fields and variables what is in front has been passed. */
static bool lex_word(struct lexer *l, const char *start, enum lf_token_kind kind)
{
	while (l->rest.n && is_word(l->rest.p[0]))
		pass(l, 1);
	if (!at_word_end(l))
		return fail_character(l, start, "bad character");
	struct lf_str word = {start, (size_t)(l->rest.p - start)};
	if (kind == LF_TOKEN_NAME)
		kind = word_kind(word);
	else if (kind == LF_TOKEN_FIELD && word.n == 1)
		kind = LF_TOKEN_DOT;
	emit(l, kind, start);
	return true;
}

/* Any literal with an end of its own. */
static bool lex_quoted(struct lexer *l, const char *start, char quote, enum lf_token_kind kind,
		       const char *unterminated)
{
	for (; l->rest.n; pass(l, 1)) {
		char c = l->rest.p[0];

		if (c == quote) {
			pass(l, 1);
			emit(l, kind, start);
			return true;
		}
		if (quote == '`')
			continue;
		if (c == '\\' && l->rest.n > 1)
			pass(l, 1);
		if (l->rest.p[0] == '\n')
			break;
	}
	return fail(l, start, unterminated);
}

static bool take(struct lexer *l, const char *set)
{
	if (!l->rest.n || !l->rest.p[0] || !strchr(set, l->rest.p[0]))
		return false;
	pass(l, 1);
	return true;
}

static void take_all(struct lexer *l, const char *set)
{
	while (take(l, set))
		continue;
}

/* Takes more than there are numbers; the parser looks closer. */
static bool lex_number(struct lexer *l, const char *start)
{
	const char *digits = "0123456789_";
	bool decimal = true;

	take(l, "+-");
	if (take(l, "0")) {
		decimal = false;
		if (take(l, "xX"))
			digits = "0123456789abcdefABCDEF_";
		else if (take(l, "oO"))
			digits = "01234567_";
		else if (take(l, "bB"))
			digits = "01_";
		else
			decimal = true;
	}
	take_all(l, digits);
	if (take(l, "."))
		take_all(l, digits);
	if (take(l, decimal ? "eE" : "pP")) {
		take(l, "+-");
		take_all(l, "0123456789_");
	}
	take(l, "i");
	if (!l->rest.n || (!is_word(l->rest.p[0]) && !strchr("+-", l->rest.p[0]))) {
		emit(l, LF_TOKEN_NUMBER, start);
		return true;
	}
	pass(l, 1);
	lf_auto_buf shown = {0};
	lf_quote(&shown, (struct lf_str){start, (size_t)(l->rest.p - start)});
	return fail(l, start, lf_arena_printf(l->arena, "bad number syntax: %s", lf_buf_c(&shown)));
}

static bool lex_sign(struct lexer *l, const char *start, char c)
{
	static const char signs[] = "=|()";
	static const enum lf_token_kind kinds[] = {LF_TOKEN_ASSIGN, LF_TOKEN_PIPE, LF_TOKEN_OPEN,
						   LF_TOKEN_CLOSE};
	const char *found = strchr(signs, c);

	if (c == ':') {
		if (!take(l, "="))
			return fail(l, start, "expected :=");
		emit(l, LF_TOKEN_DECLARE, start);
		return true;
	}
	if (c == ')' && !l->parens)
		return fail(l, start, "unexpected right paren");
	l->parens += (c == '(') - (c == ')');
	if (!found && (c < ' ' || c == 0x7f)) {
		l->rest = lf_str_sub(l->whole, position(l, start), l->whole.n);
		return fail_character(l, start, "unrecognized character in action:");
	}
	emit(l, found ? kinds[found - signs] : LF_TOKEN_CHAR, start);
	return true;
}

/* Blanks up to the next token or to a " -}}", whose blank is its own. */
static void lex_space(struct lexer *l)
{
	const char *start = l->rest.p;
	size_t n = count_spaces(l->rest);
	bool trim;

	if (at_right(lf_str_sub(l->rest, n - 1, l->rest.n), &trim) && trim)
		n--;
	pass(l, n);
	if (n)
		emit(l, LF_TOKEN_SPACE, start);
}

/* One token. False at the end of the action, or after an error. */
static bool lex_token(struct lexer *l)
{
	const char *start = l->rest.p;

	if (!l->rest.n)
		return fail(l, start, "unclosed action");
	char c = start[0];
	if (is_space(c)) {
		lex_space(l);
		return true;
	}
	if (c == '+' || c == '-' || (c >= '0' && c <= '9') ||
	    (c == '.' && l->rest.n > 1 && start[1] >= '0' && start[1] <= '9'))
		return lex_number(l, start);
	if (is_word(c))
		return lex_word(l, start, LF_TOKEN_NAME);
	pass(l, 1);
	if (c == '"')
		return lex_quoted(l, start, c, LF_TOKEN_STRING, "unterminated quoted string");
	if (c == '`')
		return lex_quoted(l, start, c, LF_TOKEN_STRING, "unterminated raw quoted string");
	if (c == '\'')
		return lex_quoted(l, start, c, LF_TOKEN_RUNE, "unterminated character constant");
	if (c == '$' || c == '.')
		return lex_word(l, start, c == '$' ? LF_TOKEN_VARIABLE : LF_TOKEN_FIELD);
	return lex_sign(l, start, c);
}

/* ---- actions and what is between them ---- */

static bool lex_action(struct lexer *l)
{
	bool trim = false;

	l->parens = 0;
	while (!at_right(l->rest, &trim)) {
		if (!lex_token(l))
			return false;
	}
	if (l->parens)
		return fail(l, l->rest.p, "unclosed left paren");
	pass(l, trim ? 2 : 0);
	const char *start = l->rest.p;
	pass(l, 2);
	emit(l, LF_TOKEN_RIGHT, start);
	pass(l, trim ? count_spaces(l->rest) : 0);
	return true;
}

static bool lex_comment(struct lexer *l)
{
	const char *start = l->rest.p;
	ptrdiff_t end = lf_str_search(l->rest, LF_STR("*/"));
	bool trim;

	if (end < 0)
		return fail(l, start, "unclosed comment");
	pass(l, (size_t)end + 2);
	if (!at_right(l->rest, &trim))
		return fail(l, start, "comment ends before closing delimiter");
	pass(l, trim ? 4 : 2);
	pass(l, trim ? count_spaces(l->rest) : 0);
	return true;
}

/* Text up to the next "{{"; a "{{- " takes the blanks in front of it away. */
static void lex_text(struct lexer *l, size_t n)
{
	struct lf_str after = lf_str_sub(l->rest, n + 2, l->rest.n);
	size_t kept = n;

	if (after.n >= 2 && after.p[0] == '-' && is_space(after.p[1])) {
		while (kept && is_space(l->rest.p[kept - 1]))
			kept--;
	}
	const char *start = l->rest.p;
	pass(l, kept);
	if (kept)
		emit(l, LF_TOKEN_TEXT, start);
	pass(l, n - kept);
}

/* From "{{" to what is behind "}}". */
static bool lex_braces(struct lexer *l)
{
	const char *start = l->rest.p;
	struct lf_str after = lf_str_sub(l->rest, 2, l->rest.n);
	size_t marker = after.n >= 2 && after.p[0] == '-' && is_space(after.p[1]) ? 2 : 0;

	if (lf_str_starts(lf_str_sub(after, marker, after.n), "/*")) {
		pass(l, 2 + marker + 2);
		return lex_comment(l);
	}
	pass(l, 2);
	emit(l, LF_TOKEN_LEFT, start);
	pass(l, marker);
	return lex_action(l);
}

void lf_template_lex(const char *text, struct lf_arena *arena, struct lf_tokens *ret)
{
	struct lexer l = {
		.rest = lf_str(text), .whole = lf_str(text), .arena = arena, .out = ret, .line = 1};

	while (l.rest.n) {
		ptrdiff_t open = lf_str_search(l.rest, LF_STR("{{"));

		lex_text(&l, open < 0 ? l.rest.n : (size_t)open);
		if (open >= 0 && !lex_braces(&l))
			return;
	}
	emit(&l, LF_TOKEN_EOF, l.rest.p);
	ret->v[ret->n - 1].text = LF_STR("EOF");
}

void lf_tokens_fini(struct lf_tokens *t)
{
	lf_vec_fini(t);
}
