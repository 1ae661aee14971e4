/*
 * Linters that mind entries by their path alone: what each minds, and the one function that makes a
 * finding of it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "build/lint/lint.h"

#include "base/banned.h"

bool lf_lint_below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return strncmp(path, dir, n) == 0 && path[n] == '/';
}

bool lf_lint_is_file(const struct lf_node *n)
{
	const struct lf_node *content = lf_node_content(n);

	return n->type != LF_NODE_SYMLINK && content && content->type == LF_NODE_FILE;
}

void lf_lint_item(struct lf_lint *l, const char *fmt, ...)
{
	lf_auto_buf text = {0};
	va_list ap;

	va_start(ap, fmt);
	lf_buf_vprintf(&text, fmt, ap);
	va_end(ap);
	lf_strv_add(&l->items, lf_arena_str(l->arena, lf_buf_view(&text)));
}

void lf_lint_message(struct lf_lint *l, size_t n)
{
	struct lf_str text = lf_str(l->linter->message);

	while (text.n) {
		if (lf_str_skip(&text, "{P}")) {
			lf_buf_puts(&l->message, l->name);
		} else if (lf_str_skip(&text, "{N}")) {
			lf_buf_printf(&l->message, "%zu", n);
		} else if (lf_str_skip(&text, "{s}")) {
			lf_buf_puts(&l->message, n == 1 ? "" : "s");
		} else {
			lf_buf_putc(&l->message, *text.p);
			text = lf_str_sub(text, 1, text.n);
		}
	}
}

void lf_lint_found_paths(struct lf_lint *l, const struct lf_strv *paths)
{
	json_t *list;

	if (!paths->n)
		return;
	if (!l->message.n)
		lf_lint_message(l, paths->n);
	list = json_array();
	for (size_t i = 0; i < paths->n; i++) {
		json_array_append_new(list, lf_json_text(lf_str(paths->v[i])));
		lf_lint_item(l, "%s", paths->v[i]);
	}
	l->details = json_object();
	lf_json_set(l->details, "paths", list);
}

struct collector {
	struct lf_lint *lint;
	struct lf_strv paths;
};

static bool collect(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	struct collector *c = data;

	(void)err;
	if (n->type != LF_NODE_DIR && c->lint->linter->match(n, path))
		lf_strv_add(&c->paths, lf_arena_strdup(c->lint->arena, path));
	return true;
}

bool lf_lint_paths(struct lf_lint *l, struct lf_err *err)
{
	struct collector c = {l, {0}};
	bool ok;

	ok = lf_tree_walk(l->out->tree, collect, &c, err);
	if (ok)
		lf_lint_found_paths(l, &c.paths);
	lf_strv_fini(&c.paths);
	return ok;
}

bool lf_lint_dev(const struct lf_node *n, const char *path)
{
	(void)n;
	return lf_lint_below(path, "dev");
}

bool lf_lint_infodir(const struct lf_node *n, const char *path)
{
	(void)n;
	return lf_lint_below(path, "usr/share/info/dir");
}

bool lf_lint_la(const struct lf_node *n, const char *path)
{
	(void)n;
	return lf_ends(path, ".la");
}

bool lf_lint_varempty(const struct lf_node *n, const char *path)
{
	(void)n;
	return lf_lint_below(path, "var/empty");
}

/* ".1.2.3" to the end, or nothing. */
static bool is_version_tail(const char *s)
{
	while (*s == '.') {
		size_t digits = strspn(s + 1, "0123456789");

		if (!digits)
			return false;
		s += 1 + digits;
	}
	return !*s;
}

bool lf_lint_cuda(const struct lf_node *n, const char *path)
{
	struct lf_str s = lf_str(path);

	(void)n;
	return (lf_str_skip(&s, "usr/lib/libcuda.so") ||
		lf_str_skip(&s, "usr/lib/libnvidia-ml.so")) &&
	       is_version_tail(s.p);
}

bool lf_lint_dll(const struct lf_node *n, const char *path)
{
	(void)n;
	return lf_ends(path, ".dll");
}

bool lf_lint_dylib(const struct lf_node *n, const char *path)
{
	(void)n;
	return lf_ends(path, ".dylib");
}

bool lf_lint_shared_object(const struct lf_node *n, const char *path)
{
	(void)n;
	for (const char *at = path; (at = strstr(at, ".so")); at += 3)
		if (is_version_tail(at + 3))
			return true;
	return false;
}

bool lf_lint_object(const struct lf_node *n, const char *path)
{
	(void)n;
	return lf_ends(path, ".o");
}

bool lf_lint_opt(const struct lf_node *n, const char *path)
{
	(void)n;
	return lf_lint_below(path, "opt");
}

bool lf_lint_pkgconf_file(const struct lf_node *n, const char *path)
{
	(void)n;
	return lf_lint_below(path, "usr/lib/pkgconfig") ||
	       lf_lint_below(path, "usr/share/pkgconfig");
}

bool lf_lint_sbom(const struct lf_node *n, const char *path)
{
	(void)n;
	return lf_lint_below(path, LF_LINT_SBOM_DIR) &&
	       !strchr(path + strlen(LF_LINT_SBOM_DIR "/"), '/') && !lf_ends(path, ".spdx.json");
}

bool lf_lint_srv(const struct lf_node *n, const char *path)
{
	(void)n;
	return lf_lint_below(path, "srv");
}

bool lf_lint_archive(const struct lf_node *n, const char *path)
{
	(void)n;
	return lf_ends(path, ".a");
}

bool lf_lint_usrlocal(const struct lf_node *n, const char *path)
{
	(void)n;
	return lf_lint_below(path, "usr/local");
}
