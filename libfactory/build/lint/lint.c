/*
 * Linting one package: the lists of linters for it, running them over its tree, the log, the
 * results file, and the error when a required one found something. Rules and texts:
 * docs/formats/lint.md. upstream: melange pkg/linter.
 *
 * compat: linters that a package disables become warnings for that package only; upstream lost them
 * for all packages behind it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/lint/lint.h"

#include <string.h>

#include "base/banned.h"

struct run {
	const struct lf_ctx *ctx;
	const struct lf_output *out;
	struct lf_arena *arena;
	json_t *findings;
	struct lf_buf failed; /* one line and more for each required linter that found something */
};

static void split_lists(const struct lf_lint_options *o, const struct lf_strv *disabled,
			struct lf_strv *require, struct lf_strv *warn)
{
	lf_strv_addv(warn, &o->warn);
	for (size_t i = 0; i < o->require.n; i++)
		if (!lf_strv_has(disabled, o->require.v[i]))
			lf_strv_add(require, o->require.v[i]);
	for (size_t i = 0; i < disabled->n; i++)
		if (!lf_strv_has(warn, disabled->v[i]))
			lf_strv_add(warn, disabled->v[i]);
}

static void check_names(const struct lf_strv *names, struct lf_buf *problems)
{
	for (size_t i = 0; i < names->n; i++)
		if (!lf_linter_find(names->v[i]))
			lf_buf_printf(problems, "%sunknown linter: \"%s\"", problems->n ? "\n" : "",
				      names->v[i]);
}

static void tell(const struct lf_lint *l)
{
	struct lf_str rest = lf_buf_view(&l->message), line;
	bool first = true;

	while (lf_str_line(&rest, &line)) {
		if (first)
			lf_warn(l->ctx, "[%s] " LF_STR_FMT, l->linter->name, LF_STR_ARG(line));
		else
			lf_warn(l->ctx, "  " LF_STR_FMT, LF_STR_ARG(line));
		first = false;
	}
	lf_warn(l->ctx, "  → %s", l->linter->explain);
	for (size_t i = 0; i < l->items.n; i++)
		lf_warn(l->ctx, "    - %s", l->items.v[i]);
}

static bool is_exempt(const struct lf_linter *linter, const char *name)
{
	for (size_t i = 0; i < LF_ARRAY_LEN(linter->exempt); i++)
		if (linter->exempt[i] && lf_ends(name, linter->exempt[i]))
			return true;
	return false;
}

static bool run_linter(struct run *r, const char *name, bool required, struct lf_err *err)
{
	struct lf_lint l = {
		.ctx = r->ctx,
		.out = r->out,
		.name = r->out->unit->name,
		.arena = r->arena,
		.linter = lf_linter_find(name),
	};
	bool ok = is_exempt(l.linter, l.name) || l.linter->run(&l, err);

	if (!ok)
		lf_fail(err, "linter \"%s\"", name);
	if (ok && l.message.n) {
		tell(&l);
		lf_lint_result_add(r->findings, &l);
		if (required)
			lf_buf_printf(&r->failed, "%slinter \"%s\" failed: %s",
				      r->failed.n ? "\n" : "", name, lf_buf_c(&l.message));
	}
	lf_buf_fini(&l.message);
	json_decref(l.details);
	lf_strv_fini(&l.items);
	return ok;
}

static bool run_all(struct run *r, const struct lf_strv *names, bool required, struct lf_err *err)
{
	for (size_t i = 0; i < names->n; i++)
		if (!lf_check_cancel(r->ctx, err) || !run_linter(r, names->v[i], required, err))
			return false;
	return true;
}

static bool finish(struct run *r, const struct lf_lint_options *o, const char *full_version,
		   const char *arch, struct lf_err *err)
{
	const char *name = r->out->unit->name;

	if (!o->persist || !json_object_size(r->findings))
		lf_info(r->ctx, "no lint findings to persist for package %s", name);
	else if (!lf_lint_result_write(r->ctx, o->out_dir, name, full_version,
				       o->recorded_version ? o->recorded_version : full_version,
				       arch, r->findings, err))
		return false;
	if (r->failed.n)
		return lf_fail_new(err, LF_E_CONFIG, "%s", lf_buf_c(&r->failed));
	return true;
}

bool lf_lint(const struct lf_ctx *ctx, const struct lf_lint_options *o, const struct lf_output *out,
	     const char *full_version, const char *arch, struct lf_arena *arena, struct lf_err *err)
{
	lf_auto_strv require = {0}, warn = {0};
	lf_auto_json *findings = json_object();
	struct run r = {ctx, out, arena, findings, {0}};
	lf_auto_buf problems = {0};
	bool ok;

	split_lists(o, &out->unit->checks_disabled, &require, &warn);
	check_names(&require, &problems);
	check_names(&warn, &problems);
	if (problems.n)
		return lf_fail_new(err, LF_E_CONFIG, "%s", lf_buf_c(&problems));
	lf_info(ctx, "linting apk: %s%s", out->unit->name, o->log_suffix ? o->log_suffix : "");
	ok = run_all(&r, &warn, false, err) && run_all(&r, &require, true, err) &&
	     finish(&r, o, full_version, arch, err);
	lf_buf_fini(&r.failed);
	return ok;
}
