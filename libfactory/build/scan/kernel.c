/*
 * Kernels and modules: an image in a boot folder provides linux:VERSION, a module needs it.
 * kernel_text.c finds the versions in the bytes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/scan/kernel_text.h"
#include "build/scan/scan.h"

#include "base/banned.h"

#define MAX_FILE (1ull << 30)

struct visitor {
	struct lf_scan *scan;
	bool warned;
};

static bool is_below_any(const char *path, const char *const *folders)
{
	for (; *folders; folders++)
		if (lf_scan_below(path, *folders))
			return true;
	return false;
}

static void warn_slow(struct visitor *v, struct lf_str bytes)
{
	if (v->warned || !lf_str_starts(bytes, "\xfd"
					       "7zXZ"))
		return;
	v->warned = true;
	lf_warn(v->scan->ctx, "decompressing modules with xz is /very/ slow, you should disable "
			      "scanning or switch compression formats if possible");
}

static bool visit(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	static const char *const boot[] = {"boot", "lib/modules", "usr/lib/modules", NULL};
	static const char *const modules[] = {"lib/modules", "usr/lib/modules", NULL};
	lf_auto_arena scratch = {0};
	lf_auto_buf bytes = {0};
	struct visitor *v = data;
	struct lf_scan *s = v->scan;
	const char *version;

	if ((n->type != LF_NODE_FILE && n->type != LF_NODE_HARDLINK) || !is_below_any(path, boot))
		return true;
	if (!lf_tree_read(s->tree, n, MAX_FILE, &bytes, err))
		return false;
	version = lf_kernel_image_version(lf_buf_view(&bytes), &scratch);
	if (*version)
		lf_scan_add(s, &s->provides, "linux:%s", version);
	if (!is_below_any(path, modules))
		return true;
	warn_slow(v, lf_buf_view(&bytes));
	version = lf_kernel_module_version(lf_buf_view(&bytes), &scratch);
	if (*version)
		lf_scan_add(s, &s->runtime, "linux:%s", version);
	return true;
}

bool lf_scan_kernel(struct lf_scan *s, struct lf_err *err)
{
	struct visitor v = {.scan = s};

	return lf_tree_walk(s->tree, visit, &v, err);
}
