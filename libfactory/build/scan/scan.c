/*
 * The dependency scan: runs the generators over the tree of one package and leaves the final
 * relations. Rules and order: docs/formats/scan.md. upstream: melange pkg/sca.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/scan/scan.h"

#include <string.h>

#include "base/banned.h"

void lf_scan_add(struct lf_scan *s, struct lf_strv *list, const char *fmt, ...)
{
	lf_auto_buf text = {0};
	va_list ap;

	va_start(ap, fmt);
	lf_buf_vprintf(&text, fmt, ap);
	va_end(ap);
	lf_strv_add(list, lf_arena_str(s->arena, lf_buf_view(&text)));
}

bool lf_scan_in_dir(const char *path, const char *dir)
{
	const char *slash = strrchr(path, '/');
	size_t n = strlen(dir);

	if (n && dir[n - 1] == '/')
		n--;
	return slash && (size_t)(slash - path) == n && memcmp(path, dir, n) == 0;
}

bool lf_scan_in_dirs(const char *path, const struct lf_strv *dirs)
{
	for (size_t i = 0; i < dirs->n; i++)
		if (lf_scan_in_dir(path, dirs->v[i]))
			return true;
	return false;
}

bool lf_scan_below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return strncmp(path, dir, n) == 0 && path[n] == '/';
}

const char *lf_scan_declared(const struct lf_scan *s, const char *exact, const char *prefix)
{
	const struct lf_strv *runtime = &s->out->unit->dependencies.runtime;

	for (size_t i = 0; i < runtime->n; i++)
		if ((exact && strcmp(runtime->v[i], exact) == 0) ||
		    (prefix && lf_starts(runtime->v[i], prefix)))
			return runtime->v[i];
	return NULL;
}

static void tell(const struct lf_ctx *ctx, const char *title, const struct lf_strv *v)
{
	if (v->n)
		lf_info(ctx, "  %s:", title);
	for (size_t i = 0; i < v->n; i++)
		lf_info(ctx, "    %s", v->v[i]);
}

static bool run_generators(struct lf_scan *s, struct lf_err *err)
{
	static const struct {
		const char *what;
		bool (*run)(struct lf_scan *s, struct lf_err *err);
	} generators[] = {
		{"ld.so.conf.d files", lf_scan_ld_so_conf},
		{"shared object dependencies", lf_scan_shlib},
		{"commands", lf_scan_commands},
		{"-doc package", lf_scan_docs},
		{"pkg-config data", lf_scan_pkgconf},
		{"perl modules", lf_scan_perl},
		{"python modules", lf_scan_python},
		{"ruby gems", lf_scan_ruby},
		{"shbang deps", lf_scan_shebang},
		{"kernel dependencies", lf_scan_kernel},
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(generators); i++) {
		if (!lf_check_cancel(s->ctx, err))
			return false;
		lf_info(s->ctx, "scanning for %s...", generators[i].what);
		if (!generators[i].run(s, err))
			return lf_fail(err, "scanning for %s", generators[i].what);
	}
	return true;
}

static void scan_fini(struct lf_scan *s)
{
	lf_strv_fini(&s->lib_dirs);
	lf_strv_fini(&s->runtime);
	lf_strv_fini(&s->provides);
	lf_strv_fini(&s->vendored);
}

bool lf_scan(const struct lf_scan_input *in, size_t i, struct lf_err *err)
{
	LF_CLEANUP(scan_fini)
	struct lf_scan s = {
		.in = in,
		.ctx = in->ctx,
		.out = &in->output[i],
		.tree = in->output[i].tree,
		.arena = in->arena,
	};

	if (!run_generators(&s, err))
		return false;
	lf_scan_merge(s.out->unit, &s, &s.out->generated);
	lf_strv_fini(&s.out->vendored);
	s.out->vendored = lf_take(s.vendored);
	lf_strv_fini(&s.out->found.runtime);
	s.out->found.runtime = lf_take(s.runtime);
	lf_strv_fini(&s.out->found.provides);
	s.out->found.provides = lf_take(s.provides);
	tell(s.ctx, "runtime", &s.out->generated.runtime);
	tell(s.ctx, "provides", &s.out->generated.provides);
	return true;
}
