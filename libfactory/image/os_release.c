/*
 * Who the image says it is: ID, NAME and VERSION_ID of its /etc/os-release.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/sbom.h"

#include "base/banned.h"

static const char *value(struct lf_arena *arena, struct lf_str v)
{
	v = lf_str_trim(v);
	while (v.n && v.p[0] == '"')
		v = lf_str_sub(v, 1, v.n);
	while (v.n && v.p[v.n - 1] == '"')
		v.n--;
	return lf_arena_str(arena, v);
}

static bool read_line(struct lf_str line, struct lf_arena *arena, struct lf_os_release *ret,
		      struct lf_err *err)
{
	struct lf_str rest = line, key;

	if (lf_str_trim(line).n == 0 || line.p[0] == '#')
		return true;
	key = lf_str_cut(&rest, '=');
	if (!rest.p)
		return lf_fail_new(err, LF_E_FORMAT, "invalid os-release line: \"" LF_STR_FMT "\"",
				   LF_STR_ARG(line));
	if (lf_str_is(key, "ID"))
		ret->id = value(arena, rest);
	else if (lf_str_is(key, "NAME"))
		ret->name = value(arena, rest);
	else if (lf_str_is(key, "VERSION_ID"))
		ret->version_id = value(arena, rest);
	return true;
}

bool lf_os_release_read(const struct lf_image *img, struct lf_arena *arena,
			struct lf_os_release *ret, struct lf_err *err)
{
	lf_auto_buf text = {0};
	struct lf_str rest, line;

	*ret = (struct lf_os_release){"unknown", "apko-generated image", "unknown"};
	if (!lf_root_read(img, "etc/os-release", &text))
		return true;
	*ret = (struct lf_os_release){"", "", ""};
	rest = lf_buf_view(&text);
	while (lf_str_line(&rest, &line))
		if (!read_line(line, arena, ret, err))
			return lf_fail(err, "reading release data");
	return true;
}
