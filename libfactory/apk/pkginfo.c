/*
 * .PKGINFO: the text that melange writes, and the way apko and melange read one. Reading is that of
 * a general INI file (ini.c holds the syntax), so descriptions are cut at "#" and lists are split
 * at ",". docs/formats/pkginfo.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/ini.h"
#include "apk/package.h"

#include "base/banned.h"

/* ---- reading ---- */

static bool digit_of(char c, unsigned base, uint64_t *ret)
{
	unsigned d;

	if (c >= '0' && c <= '9')
		d = (unsigned)(c - '0');
	else if (c >= 'a' && c <= 'f')
		d = (unsigned)(c - 'a') + 10;
	else if (c >= 'A' && c <= 'F')
		d = (unsigned)(c - 'A') + 10;
	else
		return false;
	*ret = d;
	return d < base;
}

static unsigned take_base(struct lf_str *s)
{
	if (lf_str_skip(s, "0x") || lf_str_skip(s, "0X"))
		return 16;
	if (lf_str_skip(s, "0b") || lf_str_skip(s, "0B"))
		return 2;
	if (lf_str_skip(s, "0o") || lf_str_skip(s, "0O"))
		return 8;
	/* compat: a leading zero means octal here */
	return s->n > 1 && lf_str_skip(s, "0") ? 8 : 10;
}

/* Anything that is no number counts as 0. */
static uint64_t unsigned_value(struct lf_str s)
{
	unsigned base = take_base(&s);
	uint64_t v = 0, d;

	for (size_t i = 0; i < s.n; i++) {
		if (!digit_of(s.p[i], base, &d) || __builtin_mul_overflow(v, base, &v) ||
		    __builtin_add_overflow(v, d, &v))
			return 0;
	}
	return v;
}

static int64_t signed_value(struct lf_str s)
{
	bool minus = lf_str_skip(&s, "-");
	uint64_t v;

	if (!minus)
		(void)lf_str_skip(&s, "+");
	v = unsigned_value(s);
	if (v > (uint64_t)INT64_MAX)
		return 0;
	return minus ? -(int64_t)v : (int64_t)v;
}

static size_t count_items(const struct lf_ini_key *key)
{
	size_t n = 0;

	for (const struct lf_ini_value *v = key->first; v; v = v->next) {
		n++;
		for (size_t i = 0; i < v->text.n; i++)
			n += v->text.p[i] == ',';
	}
	return n;
}

static bool list_value(struct lf_ini *ini, const char *name, struct lf_arena *arena,
		       struct lf_strv *ret, struct lf_err *err)
{
	const struct lf_ini_key *key = lf_ini_find(ini, lf_str(name));
	struct lf_str rest, item;

	*ret = (struct lf_strv){0};
	if (!key)
		return true;
	ret->cap = count_items(key);
	ret->v = lf_new_n(arena, const char *, ret->cap);
	for (const struct lf_ini_value *v = key->first; v; v = v->next) {
		for (rest = v->text; rest.p;) {
			item = lf_str_trim(lf_str_cut(&rest, ','));
			if (!lf_ini_expand(ini, key, item, arena, &item, err))
				return false;
			if (item.n)
				ret->v[ret->n++] = lf_arena_str(arena, item);
		}
	}
	return true;
}

static bool text_value(struct lf_ini *ini, const char *name, struct lf_arena *arena,
		       const char **ret, struct lf_err *err)
{
	const struct lf_ini_key *key = lf_ini_find(ini, lf_str(name));
	struct lf_str s;

	*ret = "";
	if (!key)
		return true;
	if (!lf_ini_expand(ini, key, key->first->text, arena, &s, err))
		return false;
	*ret = lf_arena_str(arena, s);
	return true;
}

static bool fill_texts(struct lf_ini *ini, struct lf_arena *arena, struct lf_pkg *pkg,
		       struct lf_err *err)
{
	return text_value(ini, "pkgname", arena, &pkg->name, err) &&
	       text_value(ini, "pkgver", arena, &pkg->version, err) &&
	       text_value(ini, "arch", arena, &pkg->arch, err) &&
	       text_value(ini, "pkgdesc", arena, &pkg->description, err) &&
	       text_value(ini, "url", arena, &pkg->url, err) &&
	       text_value(ini, "license", arena, &pkg->license, err) &&
	       text_value(ini, "origin", arena, &pkg->origin, err) &&
	       text_value(ini, "maintainer", arena, &pkg->maintainer, err) &&
	       text_value(ini, "commit", arena, &pkg->commit, err) &&
	       text_value(ini, "datahash", arena, &pkg->datahash, err);
}

static bool fill_lists(struct lf_ini *ini, struct lf_arena *arena, struct lf_pkg *pkg,
		       struct lf_err *err)
{
	return list_value(ini, "depend", arena, &pkg->depends, err) &&
	       list_value(ini, "provides", arena, &pkg->provides, err) &&
	       list_value(ini, "replaces", arena, &pkg->replaces, err) &&
	       list_value(ini, "install_if", arena, &pkg->install_if, err) &&
	       list_value(ini, "triggers", arena, &pkg->triggers, err);
}

static bool fill_numbers(struct lf_ini *ini, struct lf_arena *arena, struct lf_pkg *pkg,
			 struct lf_err *err)
{
	const char *size, *priority, *date;

	if (!text_value(ini, "size", arena, &size, err) ||
	    !text_value(ini, "provider_priority", arena, &priority, err) ||
	    !text_value(ini, "builddate", arena, &date, err))
		return false;
	pkg->installed_size = unsigned_value(lf_str(size));
	pkg->provider_priority = unsigned_value(lf_str(priority));
	pkg->build_time = signed_value(lf_str(date));
	return true;
}

bool lf_pkginfo_parse(struct lf_str text, struct lf_arena *arena, struct lf_pkg *ret,
		      struct lf_err *err)
{
	lf_auto_ini ini = {.expanded = 0};
	struct lf_pkg pkg = {0};

	if (!lf_ini_parse(text, arena, &ini, err))
		return lf_fail(err, "ini.ShadowLoad()");
	if (!fill_texts(&ini, arena, &pkg, err) || !fill_lists(&ini, arena, &pkg, err) ||
	    !fill_numbers(&ini, arena, &pkg, err))
		return false;
	*ret = pkg;
	return true;
}

/* ---- printing ---- */

static void print_line(struct lf_buf *out, const char *key, const char *value)
{
	lf_buf_puts(out, key);
	lf_buf_puts(out, " = ");
	lf_buf_puts(out, value ? value : "");
	lf_buf_putc(out, '\n');
}

static void print_set(struct lf_buf *out, const char *key, const char *value)
{
	if (value && *value)
		print_line(out, key, value);
}

static void print_list(struct lf_buf *out, const char *key, const struct lf_strv *list)
{
	for (size_t i = 0; i < list->n; i++)
		print_line(out, key, list->v[i]);
}

static void print_triggers(struct lf_buf *out, const struct lf_strv *paths)
{
	if (!paths->n)
		return;
	lf_buf_puts(out, "triggers = ");
	/* compat: a space after each path, the last one too */
	for (size_t i = 0; i < paths->n; i++)
		lf_buf_printf(out, "%s ", paths->v[i]);
	lf_buf_putc(out, '\n');
}

void lf_pkginfo_print(struct lf_buf *out, const struct lf_pkginfo *p)
{
	lf_buf_puts(out, "# Generated by melange\n");
	print_line(out, "pkgname", p->name);
	print_line(out, "pkgver", p->version);
	print_line(out, "arch", p->arch);
	lf_buf_printf(out, "size = %llu\n", (unsigned long long)p->size);
	print_line(out, "origin", p->origin);
	print_line(out, "pkgdesc", p->description);
	print_line(out, "url", p->url);
	print_line(out, "commit", p->commit);
	print_set(out, "maintainer", p->maintainer);
	if (p->build_date)
		lf_buf_printf(out, "builddate = %lld\n", (long long)p->build_date);
	print_list(out, "license", &p->licenses);
	print_list(out, "depend", &p->depends);
	print_list(out, "provides", &p->provides);
	print_list(out, "replaces", &p->replaces);
	print_list(out, "# vendored", &p->vendored);
	print_set(out, "provider_priority", p->provider_priority);
	print_set(out, "replaces_priority", p->replaces_priority);
	print_triggers(out, &p->triggers);
	print_line(out, "datahash", p->datahash);
}
