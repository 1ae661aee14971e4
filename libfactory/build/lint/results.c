/*
 * The results file of one package: OUT/ARCH/lint-NAME-VERSION.json, only when something was found.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "build/lint/lint.h"

#include "base/banned.h"

void lf_lint_result_add(json_t *findings, const struct lf_lint *l)
{
	struct lf_str message = lf_buf_view(&l->message), first = lf_str_cut(&message, '\n');
	json_t *list = json_object_get(findings, l->linter->name), *finding = json_object();

	if (!list) {
		list = json_array();
		lf_json_set(findings, l->linter->name, list);
	}
	lf_json_set(finding, "message", lf_json_text(first));
	lf_json_set_str(finding, "explain", l->linter->explain);
	if (l->details)
		lf_json_set(finding, "details", json_incref(l->details));
	json_array_append_new(list, finding);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The same, its linters in order of their names. */
static json_t *sorted(const json_t *findings)
{
	json_t *in = (json_t *)findings, *out = json_object(); /* iteration is not const */
	lf_auto_strv names = {0};

	for (void *i = json_object_iter(in); i; i = json_object_iter_next(in, i))
		lf_strv_add(&names, json_object_iter_key(i));
	lf_vec_sort(&names, compare);
	for (size_t i = 0; i < names.n; i++)
		lf_json_set(out, names.v[i], json_incref(json_object_get(in, names.v[i])));
	return out;
}

static bool check_part(const char *what, const char *s, struct lf_err *err)
{
	if (!strstr(s, "..") && !strchr(s, '/'))
		return true;
	return lf_fail_new(err, LF_E_CONFIG, "invalid %s \"%s\": contains path traversal sequence",
			   what, s);
}

bool lf_lint_result_write(const struct lf_ctx *ctx, const char *out_dir, const char *name,
			  const char *full_version, const char *recorded_version, const char *arch,
			  const json_t *findings, struct lf_err *err)
{
	lf_auto_json *root = json_object();
	lf_auto_buf path = {0}, package = {0}, text = {0};

	if (!check_part("arch", arch, err) || !check_part("package name", name, err) ||
	    !check_part("version", full_version, err))
		return false;
	lf_buf_printf(&package, "%s-%s", name, recorded_version);
	lf_buf_printf(&path, "%s/lint-%s-%s.json", out_dir, name, full_version);
	lf_json_set_str(root, "package_name", lf_buf_c(&package));
	lf_json_set(root, "findings", sorted(findings));
	lf_json_print(&text, root, 2);
	lf_info(ctx, "saving 1 package lint result(s) to %s", out_dir);
	if (!lf_mkdirs(out_dir, 0755, err) ||
	    !lf_write_file(lf_buf_c(&path), text.p, text.n, 0644, err))
		return lf_fail(err, "saving lint results");
	lf_info(ctx, "saved lint results to %s", lf_buf_c(&path));
	return true;
}
