/*
 * Paths as text. Cleaning is lexical, as Go's path.Clean, and touches no file system. Declared in
 * fs.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/banned.h"

char *lf_path_join(const char *a, const char *b)
{
	struct lf_str left = lf_str(a), right = lf_str(b);
	struct lf_buf out = {0};

	while (left.n > 0 && left.p[left.n - 1] == '/')
		left.n--;
	if (a[0] == '\0')
		return lf_strdup(b);
	while (lf_str_skip(&right, "/"))
		continue;
	lf_buf_str(&out, left);
	lf_buf_putc(&out, '/');
	lf_buf_str(&out, right);
	return lf_buf_detach(&out);
}

/* Takes the last component off out; floor is where what must stay ends. */
static void drop_component(struct lf_buf *out, size_t floor)
{
	while (out->n > floor && out->p[out->n - 1] != '/')
		out->n--;
	if (out->n > floor)
		out->n--;
	out->p[out->n] = '\0';
}

static void add_component(struct lf_buf *out, bool rooted, struct lf_str name)
{
	if (out->n > (rooted ? 1 : 0))
		lf_buf_putc(out, '/');
	lf_buf_str(out, name);
}

char *lf_path_clean(const char *path)
{
	struct lf_str rest = lf_str(path);
	bool rooted = path[0] == '/';
	struct lf_buf out = {0};
	size_t floor = rooted ? 1 : 0;

	if (rooted)
		lf_buf_putc(&out, '/');
	while (rest.p) {
		struct lf_str name = lf_str_cut(&rest, '/');

		if (name.n == 0 || lf_str_is(name, "."))
			continue;
		if (!lf_str_is(name, "..")) {
			add_component(&out, rooted, name);
		} else if (out.n > floor) {
			drop_component(&out, floor);
		} else if (!rooted) {
			add_component(&out, rooted, name);
			floor = out.n;
		}
	}
	if (out.n == 0)
		lf_buf_putc(&out, '.');
	return lf_buf_detach(&out);
}

char *lf_path_abs(const char *path, struct lf_err *err)
{
	lf_auto_free char *cwd = NULL, *joined = NULL;

	if (path[0] == '/')
		return lf_path_clean(path);
	cwd = getcwd(NULL, 0);
	if (!cwd) {
		lf_fail_errno(err, "getwd");
		return NULL;
	}
	joined = lf_path_join(cwd, path);
	return lf_path_clean(joined);
}
