/*
 * Which files hold licences, by their names: the names that projects give them, and how sure each
 * is, as upstream weighs them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "sbom/license_detect.h"

#include "base/fs.h"

#include "base/banned.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Drops a word from the front, in any case; '?' stands for "c" or "s". */
static bool skip_word(struct lf_str *s, const char *word)
{
	size_t n = strlen(word);

	if (s->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = lower(s->p[i]);

		if (word[i] == '?' ? c != 'c' && c != 's' : c != word[i])
			return false;
	}
	*s = lf_str_sub(*s, n, s->n);
	return true;
}

/* ".md": one dot and something behind it up to the end. */
static bool is_extension(struct lf_str s)
{
	return s.n > 1 && *s.p == '.' && lf_str_find(lf_str_sub(s, 1, s.n), '.') < 0;
}

/* Whatever, without dots, and perhaps an extension. */
static bool is_rest(struct lf_str s)
{
	ptrdiff_t dot = lf_str_find(s, '.');

	return dot < 0 || is_extension(lf_str_sub(s, (size_t)dot, s.n));
}

/* LICENSE, LICENSE.md, LICENSE-MIT.txt: rest is what stands behind the word. */
static double weigh_rest(struct lf_str rest, double alone, double with_extension, double with_more)
{
	if (!rest.n)
		return alone;
	if (is_extension(rest))
		return with_extension;
	if ((*rest.p == '-' || *rest.p == '_') && is_rest(rest))
		return with_more;
	return 0;
}

static bool skip_license(struct lf_str *s)
{
	struct lf_str at = *s;

	if (skip_word(s, "licen?e"))
		return true;
	return skip_word(&at, "un") && skip_word(&at, "licen?e") ? (*s = at, true) : false;
}

static bool skip_copying(struct lf_str *s)
{
	return skip_word(s, "copying") || skip_word(s, "copyright");
}

/* MIT-LICENSE: letters, digits and underscores, then a hyphen or underscore, then the word. */
static double weigh_suffix(struct lf_str name)
{
	double best = 0;

	for (size_t i = 0; i < name.n; i++) {
		struct lf_str license = lf_str_sub(name, i + 1, name.n), copying = license;
		char c = name.p[i];

		if (i && (c == '-' || c == '_')) {
			if (skip_license(&license) && is_rest(license))
				return 0.60;
			if (skip_copying(&copying) && is_rest(copying))
				best = 0.55;
		}
		if (c != '_' && !(lower(c) >= 'a' && lower(c) <= 'z') && !(c >= '0' && c <= '9'))
			break;
	}
	return best;
}

static double weigh_name(struct lf_str name)
{
	struct lf_str license = name, copying = name, ofl = name, patents = name;
	double w = 0;

	if (skip_license(&license))
		w = weigh_rest(license, 1.00, 0.80, 0.70);
	if (!(w > 0) && skip_copying(&copying))
		w = weigh_rest(copying, 0.90, 0.75, 0.65);
	if (!(w > 0))
		w = weigh_suffix(name);
	if (!(w > 0) && skip_word(&ofl, "ofl"))
		w = weigh_rest(ofl, 0.40, 0.45, 0);
	if (!(w > 0) && skip_word(&patents, "patents"))
		w = weigh_rest(patents, 0.35, 0.30, 0);
	return w;
}

/* A part of a path without a "1.2.3-" between hyphens: "rust-1.86.0-src" has "rust-src". */
static struct lf_str cut_version(struct lf_str part, struct lf_buf *b)
{
	for (size_t i = 0; i < part.n; i++) {
		size_t k = i + 1, numbers = 0;

		if (part.p[i] != '-')
			continue;
		for (; numbers < 3; numbers++) {
			size_t from = k;

			while (k < part.n && part.p[k] >= '0' && part.p[k] <= '9')
				k++;
			if (k == from || k == part.n || part.p[k] != (numbers < 2 ? '.' : '-'))
				break;
			k++;
		}
		if (numbers < 3)
			continue;
		lf_buf_clear(b);
		lf_buf_str(b, lf_str_sub(part, 0, i + 1));
		lf_buf_str(b, lf_str_sub(part, k, part.n));
		return lf_buf_view(b);
	}
	return part;
}

static bool is_foreign(const char *path)
{
	static const char *const names[] = {".virtualenv", "env",       "node_modules",
					    "rust-src",    "rustc-src", "venv"};
	struct lf_str rest = lf_str(path);
	lf_auto_buf b = {0};

	while (rest.p) {
		struct lf_str part = cut_version(lf_str_cut(&rest, '/'), &b);

		for (size_t i = 0; i < LF_ARRAY_LEN(names); i++)
			if (lf_str_is(part, names[i]))
				return true;
	}
	return false;
}

double lf_license_file_weight(const char *path, bool all)
{
	static const char *const ignored[] = {".xml", ".go", ".gemspec", ".spdx", ".header"};
	struct lf_str name = lf_path_base(lf_str(path));

	if (!all && is_foreign(path))
		return 0;
	for (size_t i = 0; i < LF_ARRAY_LEN(ignored); i++)
		if (lf_str_ends(name, ignored[i]))
			return 0;
	return weigh_name(name);
}
