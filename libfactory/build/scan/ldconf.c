/*
 * Library folders: the four fixed ones, and those that files below etc/ld.so.conf.d of all sibling
 * packages name.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/scan/scan.h"

#include "base/banned.h"

#define MAX_CONF (1u << 20)

static bool read_conf(struct lf_scan *s, const struct lf_tree *tree, const struct lf_node *file,
		      struct lf_err *err)
{
	lf_auto_buf text = {0};
	struct lf_str rest, line;

	if (!lf_tree_read(tree, file, MAX_CONF, &text, err))
		return false;
	lf_info(s->ctx, "  found ld.so.conf.d file etc/ld.so.conf.d/%s", file->name);
	rest = lf_buf_view(&text);
	while (lf_str_line(&rest, &line)) {
		if (lf_str_ends(line, "\r"))
			line.n--;
		if (!lf_str_skip(&line, "/"))
			continue;
		lf_info(s->ctx, "    found extra lib path " LF_STR_FMT, LF_STR_ARG(line));
		lf_scan_add(s, &s->lib_dirs, LF_STR_FMT, LF_STR_ARG(line));
	}
	return true;
}

struct visitor {
	struct lf_scan *scan;
	const struct lf_tree *tree;
};

static bool visit(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	const struct visitor *v = data;

	if (!lf_scan_in_dir(path, "etc/ld.so.conf.d") || !lf_ends(path, ".conf"))
		return true;
	if (n->type != LF_NODE_FILE && n->type != LF_NODE_HARDLINK)
		return true;
	return read_conf(v->scan, v->tree, n, err);
}

bool lf_scan_ld_so_conf(struct lf_scan *s, struct lf_err *err)
{
	static const char *const fixed[] = {"lib", "usr/lib", "lib64", "usr/lib64"};

	for (size_t i = 0; i < LF_ARRAY_LEN(fixed); i++)
		lf_strv_add(&s->lib_dirs, fixed[i]);
	for (size_t i = 0; i < s->in->n_outputs; i++) {
		struct visitor v = {s, s->in->output[i].tree};

		if (!lf_tree_walk(s->in->output[i].tree, visit, &v, err))
			return false;
	}
	return true;
}
