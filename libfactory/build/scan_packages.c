/*
 * melange scan: packages of a repository are scanned again by a configuration, and what a build
 * would write into their .PKGINFO is printed, or how it differs from what they say. Size, digest,
 * date, commit and architecture are taken from the packages.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/package.h>

#include "base/diff.h"
#include "build/outputs.h"
#include "build/published.h"
#include "net/url.h"

#include "base/banned.h"

struct scanning {
	const struct lf_ctx *ctx;
	const struct lf_packages_scan_options *o;
	struct lf_arena arena;
	struct lf_recipe recipe;
	const char *version;
	/* of one architecture; main first, NULL trees are packages that are not there */
	struct lf_published *package;
	struct lf_output *output;
	size_t n;
	struct lf_buf text;
	bool differs;
};

/* ---- packages ---- */

static void describe_outputs(struct scanning *s)
{
	struct lf_recipe *r = &s->recipe;

	s->n = 1 + r->n_subpackages;
	s->package = lf_new_n(&s->arena, struct lf_published, s->n);
	s->output = lf_new_n(&s->arena, struct lf_output, s->n);
	s->output[0] = (struct lf_output){.unit = &r->package.unit, .is_main = true};
	for (size_t i = 1; i < s->n; i++)
		s->output[i] = (struct lf_output){.unit = &r->subpackage[i - 1].unit};
}

static bool open_one(struct scanning *s, const char *arch, size_t i, struct lf_err *err)
{
	const char *name = s->output[i].unit->name, *repository = s->o->repository;
	const char *location =
		lf_arena_printf(&s->arena, "%s%s%s/%s-%s.apk", repository,
				lf_ends(repository, "/") ? "" : "/", arch, name, s->version);
	lf_auto_err why = {0};

	if (lf_published_open(s->ctx, location, &s->arena, &s->package[i], &why)) {
		s->output[i].tree = s->package[i].tree;
		return true;
	}
	if (i > 0 && lf_is_url(location) && why.class == LF_E_NOT_FOUND) {
		lf_warn(s->ctx, "skipping %s: %s", name, lf_err_text(&why));
		return true;
	}
	lf_err_move(err, &why);
	return false;
}

static bool open_all(struct scanning *s, const char *arch, struct lf_err *err)
{
	for (size_t i = 0; i < s->n; i++)
		if (!lf_check_cancel(s->ctx, err) || !open_one(s, arch, i, err))
			return false;
	return true;
}

/* Generators look into the trees of all packages of the build. */
static void drop_missing(struct scanning *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		if (!s->output[i].tree)
			continue;
		s->package[n] = s->package[i];
		s->output[n++] = s->output[i];
	}
	s->n = n;
}

static void close_all(struct scanning *s)
{
	for (size_t i = 0; i < s->n; i++) {
		s->output[i].tree = NULL; /* the package's */
		lf_output_fini(&s->output[i]);
		lf_published_fini(&s->package[i]);
	}
	s->n = 0;
}

/* ---- text ---- */

static void print_pkginfo(struct scanning *s, size_t i, struct lf_buf *out)
{
	const struct lf_pkg *pkg = &s->package[i].apk.pkg;
	struct lf_pkginfo info;

	lf_output_pkginfo(&s->recipe, &s->output[i], &s->arena, &info);
	info.arch = pkg->arch;
	info.commit = pkg->commit;
	info.datahash = pkg->datahash;
	info.size = pkg->installed_size;
	info.build_date = pkg->build_time;
	info.maintainer = s->o->namespace;
	lf_pkginfo_print(out, &info);
}

static void add_lines(struct lf_buf *out, struct lf_str text, bool comments)
{
	struct lf_str line;

	while (lf_str_line(&text, &line)) {
		if (!comments && lf_str_starts(line, "#"))
			continue;
		lf_buf_str(out, line);
		lf_buf_putc(out, '\n');
	}
}

static void print_result(struct scanning *s, size_t i)
{
	lf_auto_buf now = {0}, old_lines = {0}, new_lines = {0};
	const struct lf_pkg *pkg = &s->package[i].apk.pkg;
	size_t before = s->text.n;

	if (!s->o->diff) {
		print_pkginfo(s, i, &s->text);
		return;
	}
	print_pkginfo(s, i, &now);
	add_lines(&old_lines, s->package[i].apk.pkginfo, s->o->comments);
	add_lines(&new_lines, lf_buf_view(&now), s->o->comments);
	lf_diff_unified(&s->text, lf_arena_printf(&s->arena, "%s-%s.apk", pkg->name, pkg->version),
			lf_buf_view(&old_lines), s->o->config, lf_buf_view(&new_lines));
	s->differs = s->differs || s->text.n > before;
}

/* ---- the way ---- */

static bool is_wanted(const struct scanning *s, size_t i)
{
	const char *only = s->o->package;

	return !only || !*only || !strcmp(s->output[i].unit->name, only);
}

static bool scan_one(struct scanning *s, size_t i, struct lf_err *err)
{
	const struct lf_scan_input in = {.ctx = s->ctx,
					 .arena = &s->arena,
					 .output = s->output,
					 .n_outputs = s->n,
					 .full_version = s->version};

	if (!is_wanted(s, i))
		return true;
	if (!lf_scan(&in, i, err))
		return lf_fail(err, "scanning %s", s->package[i].location);
	print_result(s, i);
	return true;
}

/* Subpackages first. */
static bool scan_arch(struct scanning *s, const char *arch, struct lf_err *err)
{
	bool ok;

	describe_outputs(s);
	ok = open_all(s, arch, err);
	if (ok)
		drop_missing(s);
	for (size_t i = 1; ok && i < s->n; i++)
		ok = scan_one(s, i, err);
	ok = ok && scan_one(s, 0, err);
	close_all(s);
	return ok;
}

static bool scan(struct scanning *s, struct lf_err *err)
{
	const struct lf_recipe_options o = {.arch = "",
					    .commit = "",
					    .vars_file = "",
					    .libc_flavor = "",
					    .cpu = "",
					    .cpumodel = "",
					    .memory = "",
					    .disk = ""};

	if (!lf_recipe_load(s->ctx, s->o->config, &o, &s->arena, &s->recipe, err))
		return lf_fail(err, "failed to load configuration");
	s->version = lf_recipe_full_version(&s->recipe);
	for (size_t i = 0; i < s->o->archs.n; i++)
		if (!scan_arch(s, s->o->archs.v[i], err))
			return false;
	return true;
}

bool lf_packages_scan(const struct lf_ctx *ctx, const struct lf_packages_scan_options *o,
		      char **ret, bool *ret_differs, struct lf_err *err)
{
	struct scanning s = {.ctx = ctx, .o = o};
	bool ok = scan(&s, err);

	if (ok) {
		*ret = lf_buf_detach(&s.text);
		*ret_differs = s.differs;
	}
	lf_recipe_fini(&s.recipe);
	lf_buf_fini(&s.text);
	lf_arena_fini(&s.arena);
	return ok;
}
