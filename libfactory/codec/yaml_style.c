/*
 * Which style Go's yaml.v3 encoder gives a string: plain when it reads back as the same string,
 * double quotes when it would read as another type, a literal block for several lines, single
 * quotes where only an indicator is in the way. The facts gathered about the text are those of
 * libyaml's emitter, which yaml.v3 descends from.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/yaml_style.h"

#include "codec/utf8.h"
#include "codec/yaml.h"

#include "base/banned.h"

struct facts {
	bool indicator, special, tab, line_break;
	bool outer_blank; /* a space or break at either end */
	bool trailing_space;
	bool break_space, space_break; /* a space behind, before a line break */
};

bool lf_yaml_is_printable(uint32_t c)
{
	return c == '\n' || (c >= 0x20 && c <= 0x7e) || (c >= 0xa0 && c <= 0xfffd && c != 0xfeff);
}

static bool is_break(uint32_t c)
{
	return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static bool is_blank(uint32_t c)
{
	return c == ' ' || c == '\t';
}

static bool is_indicator(uint32_t c, bool first, bool after_blank, bool before_blank)
{
	if (first && c && c < 0x80 && strchr("#,[]{}&*!|>'\"%@`", (int)c))
		return true;
	if (first && (c == '?' || c == '-'))
		return before_blank;
	if (c == ':')
		return before_blank;
	return c == '#' && after_blank;
}

static void note(struct facts *f, uint32_t c, uint32_t before, bool first, bool last)
{
	f->tab |= c == '\t';
	f->special |= c != '\t' && !lf_yaml_is_printable(c);
	if (c == ' ') {
		f->trailing_space |= last;
		f->break_space |= !first && is_break(before);
	} else if (is_break(c)) {
		f->line_break = true;
		f->space_break |= !first && before == ' ';
	}
	if ((first || last) && (c == ' ' || is_break(c)))
		f->outer_blank = true;
}

static struct facts gather(struct lf_str s)
{
	struct facts f = {.indicator = lf_str_starts(s, "---") || lf_str_starts(s, "...")};
	uint32_t before = 0;
	bool first = true;

	while (s.n) {
		uint32_t c = 0xfffd;

		if (!lf_utf8_next(&s, &c))
			f.special = true;
		note(&f, c, before, first, !s.n);
		f.indicator |= is_indicator(c, first, first || is_blank(before) || is_break(before),
					    !s.n || is_blank((unsigned char)*s.p) || *s.p == '\n');
		before = c;
		first = false;
	}
	return f;
}

/* [-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)? */
static bool is_base_60(struct lf_str s)
{
	size_t groups = 0, n = 0;

	if (s.n && (*s.p == '-' || *s.p == '+'))
		s = lf_str_sub(s, 1, s.n);
	if (!s.n || *s.p < '0' || *s.p > '9')
		return false;
	while (n < s.n && ((s.p[n] >= '0' && s.p[n] <= '9') || s.p[n] == '_'))
		n++;
	s = lf_str_sub(s, n, s.n);
	while (lf_str_skip(&s, ":")) {
		if (s.n > 1 && s.p[0] >= '0' && s.p[0] <= '5' && s.p[1] >= '0' && s.p[1] <= '9')
			s = lf_str_sub(s, 2, s.n);
		else if (s.n && s.p[0] >= '0' && s.p[0] <= '9')
			s = lf_str_sub(s, 1, s.n);
		else
			return false;
		groups++;
	}
	if (!groups)
		return false;
	if (!s.n || !lf_str_skip(&s, "."))
		return !s.n;
	for (n = 0; n < s.n; n++)
		if ((s.p[n] < '0' || s.p[n] > '9') && s.p[n] != '_')
			return false;
	return true;
}

enum lf_yaml_style lf_yaml_style(struct lf_str text, bool key)
{
	struct facts f = gather(text);
	bool broken = f.space_break || f.special;

	if (text.n && memchr(text.p, '\n', text.n))
		return broken || f.trailing_space || key ? LF_YAML_DOUBLE : LF_YAML_LITERAL;
	if (lf_yaml_text_is_typed(text) || is_base_60(text))
		return LF_YAML_DOUBLE;
	if (broken || f.tab || f.break_space || (key && f.line_break))
		return LF_YAML_DOUBLE;
	if (f.indicator || f.outer_blank || f.line_break)
		return LF_YAML_SINGLE;
	return LF_YAML_PLAIN;
}
