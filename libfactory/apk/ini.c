/*
 * INI text, as the Go library reads it that upstream uses for .PKGINFO. In: a text; out: its keys
 * with all their values. Packages in the field depend on these rules without knowing
 * (docs/formats/pkginfo.md), so they are kept to the letter.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/ini.h"

#include "base/buf.h"
#include "base/mem.h"

#include "base/banned.h"

#define MAX_EXPAND (4 << 20)
#define MAX_DEPTH  99

struct parser {
	struct lf_str rest;
	bool ended;  /* the last line taken had no newline: it was the last */
	bool ignore; /* inside a section */
	unsigned auto_keys;
	struct lf_arena *arena;
	struct lf_ini *ini;
	struct lf_map seen; /* "key=value" of every value kept */
};

/* The next line with its newline; empty at the end. */
static struct lf_str take_line(struct parser *p)
{
	ptrdiff_t nl = lf_str_find(p->rest, '\n');
	size_t n = nl < 0 ? p->rest.n : (size_t)nl + 1;
	struct lf_str line = lf_str_sub(p->rest, 0, n);

	p->ended = nl < 0;
	p->rest = lf_str_sub(p->rest, n, p->rest.n);
	return line;
}

static struct lf_str trim_left(struct lf_str s)
{
	struct lf_str t = lf_str_trim(s);

	return t.n ? (struct lf_str){t.p, (size_t)(s.p + s.n - t.p)} : (struct lf_str){s.p, 0};
}

static ptrdiff_t find_any(struct lf_str s, char a, char b)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == a || s.p[i] == b)
			return (ptrdiff_t)i;
	return -1;
}

/* The text with newlines and quotes written as Go's %q does, for messages. */
static const char *quoted(struct lf_arena *arena, struct lf_str s)
{
	lf_auto_buf b = {0};

	for (size_t i = 0; i < s.n && b.n < 4096; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '\n')
			lf_buf_puts(&b, "\\n");
		else if (c == '"' || c == '\\')
			lf_buf_printf(&b, "\\%c", c);
		else if (c < 0x20)
			lf_buf_printf(&b, "\\x%02x", c);
		else
			lf_buf_putc(&b, (char)c);
	}
	return lf_arena_str(arena, lf_buf_view(&b));
}

static bool no_delimiter(struct lf_err *err, struct lf_str line)
{
	return lf_fail_new(err, LF_E_FORMAT, "key-value delimiter not found: " LF_STR_FMT,
			   LF_STR_ARG(line));
}

/* A key in quotes: the delimiter is looked for behind the closing ones. */
static bool quoted_key(struct lf_str line, size_t width, struct lf_str *ret_name, size_t *ret_next,
		       struct lf_err *err)
{
	struct lf_str quote = {line.p, width};
	ptrdiff_t close = lf_str_search(lf_str_sub(line, width, line.n), quote), i;
	size_t pos;

	if (close < 0)
		return lf_fail_new(err, LF_E_FORMAT, "missing closing key quote: " LF_STR_FMT,
				   LF_STR_ARG(line));
	pos = (size_t)close + width;
	i = find_any(lf_str_sub(line, pos + width, line.n), '=', ':');
	if (i < 0)
		return no_delimiter(err, line);
	*ret_name = lf_str_trim(lf_str_sub(line, width, pos));
	*ret_next = pos + (size_t)i + width + 1;
	return true;
}

static bool key_name(struct lf_str line, struct lf_str *ret_name, size_t *ret_next,
		     struct lf_err *err)
{
	ptrdiff_t i;

	if (line.p[0] == '"')
		return quoted_key(line, line.n > 6 && lf_str_starts(line, "\"\"\"") ? 3 : 1,
				  ret_name, ret_next, err);
	if (line.p[0] == '`')
		return quoted_key(line, 1, ret_name, ret_next, err);
	i = find_any(line, '=', ':');
	if (i < 0)
		return no_delimiter(err, line);
	if (i == 0)
		return lf_fail_new(err, LF_E_FORMAT, "empty key name: " LF_STR_FMT,
				   LF_STR_ARG(line));
	*ret_name = lf_str_trim(lf_str_sub(line, 0, (size_t)i));
	*ret_next = (size_t)i + 1;
	return true;
}

static ptrdiff_t rsearch(struct lf_str s, struct lf_str needle)
{
	for (size_t i = s.n + 1; i-- > 0;)
		if (needle.n <= s.n - i && !memcmp(s.p + i, needle.p, needle.n))
			return (ptrdiff_t)i;
	return -1;
}

/* A value whose opening quote is not closed on its line goes on until a line that has one. */
static bool multi_line(struct parser *p, struct lf_str line, struct lf_str quote,
		       struct lf_str *ret, struct lf_err *err)
{
	lf_auto_buf b = {0};
	struct lf_str next;
	ptrdiff_t close;

	lf_buf_str(&b, lf_str_sub(line, quote.n, line.n));
	for (;;) {
		next = take_line(p);
		close = rsearch(next, quote);
		if (close >= 0)
			break;
		lf_buf_str(&b, next);
		if (p->ended)
			return lf_fail_new(err, LF_E_FORMAT,
					   "missing closing key quote from \"%s\" to \"%s\"",
					   quoted(p->arena, line), quoted(p->arena, next));
	}
	lf_buf_str(&b, lf_str_sub(next, 0, (size_t)close));
	*ret = lf_str(lf_arena_str(p->arena, lf_buf_view(&b)));
	return true;
}

/* compat: what is joined is taken as it is: no comment is cut off, no quote removed. */
static struct lf_str continued(struct parser *p, struct lf_str first)
{
	lf_auto_buf b = {0};
	struct lf_str next;

	lf_buf_str(&b, first);
	do {
		next = lf_str_trim(take_line(p));
		lf_buf_str(&b, next);
		if (!next.n || next.p[next.n - 1] != '\\')
			break;
		b.p[--b.n] = '\0';
	} while (!p->ended);
	return lf_str(lf_arena_str(p->arena, lf_buf_view(&b)));
}

/* Exactly one pair of this quote, around the whole. */
static bool is_surrounded(struct lf_str s, char quote)
{
	return s.n >= 2 && s.p[0] == quote &&
	       lf_str_find(lf_str_sub(s, 1, s.n), quote) == (ptrdiff_t)s.n - 2;
}

static bool read_value(struct parser *p, struct lf_str in, struct lf_str *ret, struct lf_err *err)
{
	struct lf_str line = trim_left(in), quote = {line.p, 0};
	ptrdiff_t i;

	*ret = lf_str("");
	if (!line.n)
		return true;
	if (line.n > 3 && lf_str_starts(line, "\"\"\""))
		quote.n = 3;
	else if (line.p[0] == '`')
		quote.n = 1;
	if (quote.n) {
		i = rsearch(lf_str_sub(line, quote.n, line.n), quote);
		if (i < 0)
			return multi_line(p, line, quote, ret, err);
		*ret = lf_str_sub(line, quote.n, quote.n + (size_t)i);
		return true;
	}
	line = lf_str_trim(line);
	if (line.p[line.n - 1] == '\\') {
		*ret = continued(p, lf_str_sub(line, 0, line.n - 1));
		return true;
	}
	i = find_any(line, '#', ';');
	if (i >= 0)
		line = lf_str_trim(lf_str_sub(line, 0, (size_t)i));
	if (is_surrounded(line, '\'') || is_surrounded(line, '"'))
		line = lf_str_sub(line, 1, line.n - 1);
	*ret = line;
	return true;
}

/* The key of this name, made when new. */
static struct lf_ini_key *key_at(struct parser *p, struct lf_str name)
{
	void **place = lf_map_at(&p->ini->keys, name);
	struct lf_ini_key *k = *place;

	if (k)
		return k;
	k = lf_new(p->arena, struct lf_ini_key);
	k->name = name;
	*place = k;
	return k;
}

/* A value that the key has already is dropped. */
static void add_value(struct parser *p, struct lf_str name, struct lf_str text)
{
	struct lf_ini_key *k = key_at(p, name);
	struct lf_ini_value *v;
	void **seen =
		lf_map_at(&p->seen, lf_str(lf_arena_printf(p->arena, LF_STR_FMT "=" LF_STR_FMT,
							   LF_STR_ARG(name), LF_STR_ARG(text))));

	if (*seen)
		return;
	*seen = v = lf_new(p->arena, struct lf_ini_value);
	v->text = text;
	*(k->last ? &k->last->next : &k->first) = v;
	k->last = v;
}

static bool read_section(struct parser *p, struct lf_str line, struct lf_err *err)
{
	ptrdiff_t close = lf_str_rfind(line, ']');
	struct lf_str name;

	if (close < 0)
		return lf_fail_new(err, LF_E_FORMAT, "unclosed section: " LF_STR_FMT,
				   LF_STR_ARG(line));
	name = lf_str_sub(line, 1, (size_t)close);
	if (!name.n)
		return lf_fail_new(err, LF_E_FORMAT, "empty section name");
	p->ignore = !lf_str_is(name, "DEFAULT");
	p->auto_keys = 1;
	return true;
}

static bool read_key(struct parser *p, struct lf_str line, struct lf_err *err)
{
	struct lf_str name, value;
	size_t next;

	if (!key_name(line, &name, &next, err) ||
	    !read_value(p, lf_str_sub(line, next, line.n), &value, err))
		return false;
	if (lf_str_is(name, "-"))
		name = lf_str(lf_arena_printf(p->arena, "#%u", p->auto_keys++));
	if (!name.n)
		return lf_fail_new(err, LF_E_FORMAT, "error creating new key: empty key name");
	if (!p->ignore)
		add_value(p, name, value);
	return true;
}

static bool read_lines(struct parser *p, struct lf_err *err)
{
	struct lf_str line;

	while (!p->ended) {
		line = trim_left(take_line(p));
		if (!line.n || line.p[0] == '#' || line.p[0] == ';')
			continue;
		if (line.p[0] == '[' ? !read_section(p, line, err) : !read_key(p, line, err))
			return false;
	}
	return true;
}

bool lf_ini_parse(struct lf_str text, struct lf_arena *arena, struct lf_ini *ret,
		  struct lf_err *err)
{
	lf_auto_ini ini = {.expanded = 0};
	struct parser p = {.rest = text, .auto_keys = 1, .arena = arena, .ini = &ini};
	bool ok;

	if (text.n && memchr(text.p, '\0', text.n))
		return lf_fail_new(err, LF_E_FORMAT, "text holds a NUL byte");
	(void)lf_str_skip(&p.rest, "\xef\xbb\xbf");
	ok = read_lines(&p, err);
	lf_map_fini(&p.seen);
	if (!ok)
		return false;
	*ret = lf_take(ini);
	return true;
}

void lf_ini_fini(struct lf_ini *ini)
{
	lf_map_fini(&ini->keys);
}

const struct lf_ini_key *lf_ini_find(const struct lf_ini *ini, struct lf_str name)
{
	return lf_map_get(&ini->keys, name);
}

/* The first "%(name)s"; false when there is none. */
static bool find_reference(struct lf_str s, struct lf_str *ret_whole, struct lf_str *ret_name)
{
	for (size_t i = 0; i + 1 < s.n; i++) {
		struct lf_str rest = lf_str_sub(s, i + 2, s.n);
		ptrdiff_t close;

		if (s.p[i] != '%' || s.p[i + 1] != '(')
			continue;
		close = lf_str_find(rest, ')');
		if (close < 0)
			return false;
		if ((size_t)close + 1 >= rest.n || rest.p[close + 1] != 's') {
			i += (size_t)close + 2; /* no reference ends at this ")" */
		} else if (close > 0) {
			*ret_name = lf_str_sub(rest, 0, (size_t)close);
			*ret_whole = lf_str_sub(s, i, i + (size_t)close + 4);
			return true;
		}
	}
	return false;
}

static void replace_all(struct lf_buf *out, struct lf_str s, struct lf_str what, struct lf_str by)
{
	ptrdiff_t i;

	while ((i = lf_str_search(s, what)) >= 0) {
		lf_buf_str(out, lf_str_sub(s, 0, (size_t)i));
		lf_buf_str(out, by);
		s = lf_str_sub(s, (size_t)i + what.n, s.n);
	}
	lf_buf_str(out, s);
}

bool lf_ini_expand(struct lf_ini *ini, const struct lf_ini_key *key, struct lf_str value,
		   struct lf_arena *arena, struct lf_str *ret, struct lf_err *err)
{
	struct lf_str whole, name;
	const struct lf_ini_key *other;

	/* a key that names itself is put in again and again: the depth ends it */
	for (int depth = 0; depth < MAX_DEPTH && find_reference(value, &whole, &name); depth++) {
		lf_auto_buf b = LF_BUF(MAX_EXPAND);

		other = lf_ini_find(ini, name);
		if (!other || lf_str_eq(other->first->text, whole))
			break;
		replace_all(&b, value, whole, other->first->text);
		ini->expanded += b.n;
		if (b.overflow || ini->expanded > MAX_EXPAND)
			return lf_fail_new(err, LF_E_LIMIT,
					   "references in " LF_STR_FMT " grow beyond %d bytes",
					   LF_STR_ARG(key->name), MAX_EXPAND);
		value = lf_str(lf_arena_str(arena, lf_buf_view(&b)));
	}
	*ret = value;
	return true;
}
