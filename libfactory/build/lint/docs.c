/*
 * Which paths are documentation: manual pages and info files where their readers look, and other
 * texts by their names.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "build/lint/lint.h"

#include "base/banned.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Without the extension of a compressor. */
static struct lf_str uncompressed(struct lf_str s)
{
	static const char *const extensions[] = {".gz", ".bz2", ".xz", ".lzma", ".Z"};

	for (size_t i = 0; i < LF_ARRAY_LEN(extensions); i++)
		if (lf_str_ends(s, extensions[i]))
			return lf_str_sub(s, 0, s.n - strlen(extensions[i]));
	return s;
}

/* NAME.SECTION, the section beginning with a digit. */
static bool is_man_page(struct lf_str name)
{
	ptrdiff_t dot;

	name = uncompressed(name);
	dot = lf_str_rfind(name, '.');
	return dot > 0 && (size_t)dot + 1 < name.n && is_digit(name.p[dot + 1]) &&
	       lf_str_find(name, '/') < 0;
}

/* Nothing, "/manN", "/PAGE" or "/manN/PAGE". */
static bool is_in_man(struct lf_str s)
{
	if (lf_str_starts(s, "/man") && s.n > 4 && is_digit(s.p[4])) {
		ptrdiff_t slash = lf_str_find(lf_str_sub(s, 1, s.n), '/');

		s = slash < 0 ? LF_STR("") : lf_str_sub(s, (size_t)slash + 1, s.n);
	}
	return !s.n || (lf_str_skip(&s, "/") && is_man_page(s));
}

/* "dir", NAME.info or NAME.info-N */
static bool is_info_file(struct lf_str name)
{
	ptrdiff_t at;
	struct lf_str tail;

	if (lf_str_is(name, "dir"))
		return true;
	if (lf_str_find(name, '/') >= 0)
		return false;
	name = uncompressed(name);
	at = lf_str_search(name, LF_STR(".info"));
	if (at < 1)
		return false;
	tail = lf_str_sub(name, (size_t)at + 5, name.n);
	if (lf_str_skip(&tail, "-") && !tail.n)
		return false;
	while (tail.n && is_digit(*tail.p))
		tail = lf_str_sub(tail, 1, tail.n);
	return !tail.n;
}

bool lf_lint_maninfo(const struct lf_node *n, const char *path)
{
	struct lf_str s = lf_str(path);

	(void)n;
	if (!lf_str_skip(&s, "usr/"))
		return false;
	if (lf_str_skip(&s, "man"))
		return is_in_man(s);
	(void)lf_str_skip(&s, "local/");
	if (lf_str_skip(&s, "share/man"))
		return is_in_man(s);
	return lf_str_skip(&s, "share/info/") && is_info_file(s);
}

bool lf_lint_documentation(const struct lf_node *n, const char *path)
{
	static const char *const endings[] = {
		"READ", "README", "READ.ME", "TODO", "CREDITS", ".md", ".doc", ".docx", ".rst",
	};
	size_t len = strlen(path);

	(void)n;
	for (size_t i = 0; i < LF_ARRAY_LEN(endings); i++)
		if (lf_ends(path, endings[i]))
			return true;
	return len >= 3 && path[len - 3] == '.' && is_digit(path[len - 2]) &&
	       path[len - 1] >= 'a' && path[len - 1] <= 'z';
}
