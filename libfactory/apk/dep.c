/*
 * Dependency texts: "name", "name>=1.2", "so:x.so.1=1", "name=1@tag". In: one item of a depends,
 * provides or world list; out: views of its parts. What the grammar does not know is taken whole as
 * a name, as apko does (docs/formats/version.md).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/arena.h"

#include "apk/version.h"

#include "base/banned.h"

static bool is_op(char c)
{
	return c == '=' || c == '>' || c == '<' || c == '~';
}

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static enum lf_op operator_of(struct lf_str s)
{
	static const struct {
		const char *text;
		enum lf_op op;
	} ops[] = {{"=", LF_OP_EQ},  {"<", LF_OP_LT},    {">", LF_OP_GT},    {"<=", LF_OP_LE},
		   {">=", LF_OP_GE}, {"~", LF_OP_FUZZY}, {"=~", LF_OP_FUZZY}};

	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (lf_str_is(s, ops[i].text))
			return ops[i].op;
	/* compat: every other run of operator characters ("==", "><", "~=") restricts nothing */
	return LF_OP_ANY;
}

/* "...-r<digits>" */
static bool ends_in_revision(struct lf_str s)
{
	size_t n = s.n;

	while (n && s.p[n - 1] >= '0' && s.p[n - 1] <= '9')
		n--;
	return n < s.n && n >= 2 && s.p[n - 1] == 'r' && s.p[n - 2] == '-';
}

/*
 * compat: a shared object version that is not a package version is put below all package versions
 * by "0." in front. It looks at the first "=" only, whatever operator it is part of, and at the end
 * of the whole text, tag included.
 */
static struct lf_str rewrite_so(struct lf_str text, struct lf_arena *arena)
{
	struct lf_str behind;
	ptrdiff_t eq = lf_str_find(text, '=');

	if (eq < 0 || !lf_str_starts(text, "so:"))
		return text;
	behind = lf_str_sub(text, (size_t)eq + 1, text.n);
	if (ends_in_revision(behind))
		return text;
	return lf_str(lf_arena_printf(arena, LF_STR_FMT "0." LF_STR_FMT, (int)eq + 1, text.p,
				      LF_STR_ARG(behind)));
}

static bool is_tag(struct lf_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_alnum(s.p[i]))
			return false;
	return s.n > 0;
}

/* name [operator version] [@tag]; false when the text is not of this form. */
static bool split(struct lf_str s, struct lf_dep *ret)
{
	size_t name = 0, op, version;
	struct lf_str tag = {0};

	while (name < s.n && s.p[name] != '@' && !is_op(s.p[name]))
		name++;
	for (op = name; op < s.n && is_op(s.p[op]);)
		op++;
	for (version = op; version < s.n && s.p[version] != '@';)
		version++;
	/* a version cannot be empty: the last of several operator characters is one then */
	if (op > name + 1 && version == op)
		op--;
	if (!name || (op > name && version == op) || (op == name && version > op))
		return false;
	if (version < s.n) {
		tag = lf_str_sub(s, version + 1, s.n);
		if (!is_tag(tag))
			return false;
	}
	ret->name = lf_str_sub(s, 0, name);
	ret->op = op > name ? operator_of(lf_str_sub(s, name, op)) : LF_OP_ANY;
	ret->version = lf_str_sub(s, op, version);
	ret->tag = tag;
	return true;
}

void lf_dep_parse(struct lf_str text, struct lf_arena *arena, struct lf_dep *ret)
{
	*ret = (struct lf_dep){.text = text, .op = LF_OP_ANY};
	if (!split(rewrite_so(text, arena), ret))
		ret->name = text;
}
