/*
 * Challenges of a 401 reply: see challenge.h. In comes a field written by a stranger,
 *
 *	Bearer realm="https://auth.example/token",service="registry.example", Basic realm="x"
 *
 * where a comma may stand between parameters or between challenges: a word with "=" behind it is a
 * parameter, any other begins a challenge.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/challenge.h"

#include <strings.h>

#include "base/buf.h"
#include "net/url.h"
#include "base/banned.h"

#define MAX_VALUE 4096

static bool is_token_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void skip_while(struct lf_str *s, bool (*test)(char))
{
	while (s->n && test(*s->p))
		*s = lf_str_sub(*s, 1, s->n);
}

static bool is_separator(char c)
{
	return is_blank(c) || c == ',';
}

static struct lf_str take_token(struct lf_str *s)
{
	struct lf_str token = *s;

	skip_while(s, is_token_char);
	token.n -= s->n;
	return token;
}

static bool take(struct lf_str *s, char c)
{
	if (!s->n || *s->p != c)
		return false;
	*s = lf_str_sub(*s, 1, s->n);
	return true;
}

/* Behind the opening quote. A missing closing one ends with the text. */
static void take_quoted(struct lf_str *s, struct lf_buf *out)
{
	while (s->n && *s->p != '"') {
		if (*s->p == '\\' && s->n > 1)
			*s = lf_str_sub(*s, 1, s->n);
		lf_buf_putc(out, *s->p);
		*s = lf_str_sub(*s, 1, s->n);
	}
	(void)take(s, '"');
}

/* Is the name that was just taken one of a parameter? Takes the "=" then. "==" and the like belong
 * to bare words, which no challenge we can meet has. */
static bool take_equals(struct lf_str *s)
{
	struct lf_str rest = *s;

	skip_while(&rest, is_blank);
	if (!take(&rest, '='))
		return false;
	skip_while(&rest, is_blank);
	*s = rest;
	return true;
}

static bool is_named(struct lf_str name, const char *want)
{
	return name.n == strlen(want) && strncasecmp(name.p, want, name.n) == 0;
}

static bool is_printable(struct lf_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < 0x20 || s.p[i] > 0x7e)
			return false;
	return true;
}

static void set_parameter(struct lf_challenge *c, struct lf_arena *arena, struct lf_str name,
			  struct lf_str value)
{
	const char **at = is_named(name, "realm")     ? &c->realm
			  : is_named(name, "service") ? &c->service
			  : is_named(name, "scope")   ? &c->scope
						      : NULL;

	if (at && !*at && value.n <= MAX_VALUE && is_printable(value))
		*at = lf_arena_str(arena, value);
}

static enum lf_challenge_kind kind_of(struct lf_str scheme)
{
	return is_named(scheme, "Bearer")  ? LF_CHALLENGE_BEARER
	       : is_named(scheme, "Basic") ? LF_CHALLENGE_BASIC
					   : LF_CHALLENGE_NONE;
}

static bool is_usable(const struct lf_challenge *c)
{
	struct lf_url url;

	return c->kind != LF_CHALLENGE_BEARER ||
	       (c->realm && !strchr(c->realm, ' ') && lf_url_parse(c->realm, &url));
}

static void keep_better(struct lf_challenge *best, const struct lf_challenge *c)
{
	if (c->kind > best->kind && is_usable(c))
		*best = *c;
}

bool lf_challenge_parse(struct lf_str s, struct lf_arena *arena, struct lf_challenge *ret)
{
	struct lf_challenge best = {0}, c = {0};
	lf_auto_buf value = {0};

	for (skip_while(&s, is_separator); s.n; skip_while(&s, is_separator)) {
		struct lf_str name = take_token(&s);

		if (!name.n) { /* not of this grammar: pass over it */
			s = lf_str_sub(s, 1, s.n);
		} else if (!take_equals(&s)) {
			keep_better(&best, &c);
			c = (struct lf_challenge){.kind = kind_of(name)};
		} else {
			lf_buf_clear(&value);
			if (take(&s, '"'))
				take_quoted(&s, &value);
			else
				lf_buf_str(&value, take_token(&s));
			set_parameter(&c, arena, name, lf_buf_view(&value));
		}
	}
	keep_better(&best, &c);
	if (best.kind == LF_CHALLENGE_NONE)
		return false;
	*ret = best;
	return true;
}

bool lf_challenge_find(struct lf_str fields, struct lf_arena *arena, struct lf_challenge *ret)
{
	static const char name[] = "WWW-Authenticate:";
	struct lf_challenge best = {0}, c;
	struct lf_str line;

	while (lf_str_line(&fields, &line)) {
		if (line.n < strlen(name) || strncasecmp(line.p, name, strlen(name)) != 0)
			continue;
		line = lf_str_trim(lf_str_sub(line, strlen(name), line.n));
		if (lf_challenge_parse(line, arena, &c))
			keep_better(&best, &c);
	}
	if (best.kind == LF_CHALLENGE_NONE)
		return false;
	*ret = best;
	return true;
}
