/*
 * melange license-check: a recipe, a package or a folder comes in; what its licence files say is
 * logged, and written into the recipe when that is wanted.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/sources.h>

#include "base/fs.h"
#include "build/licenses.h"
#include "build/published.h"
#include "build/source_fetch.h"
#include "codec/yaml_edit.h"
#include "recipe/sources.h"

#include "base/banned.h"

#define MAX_RECIPE ((size_t)16 << 20)

struct checking {
	const struct lf_ctx *ctx;
	const struct lf_license_check_options *o;
	struct lf_arena arena;
	struct lf_recipe recipe; /* of a recipe or package */
	char *temp;              /* a folder to remove */
};

static void checking_fini(struct checking *c)
{
	lf_recipe_fini(&c->recipe);
	lf_arena_fini(&c->arena);
	if (c->temp)
		(void)lf_remove_all(c->temp, NULL);
	lf_free(c->temp);
}

/* ---- fix ---- */

/* What the recipe says instead of the name that was found, when that agrees: a text does not tell
 * "only" from "or later". */
static const char *name_for(const struct checking *c, const struct lf_license_hit *h)
{
	const struct lf_recipe_package *p = &c->recipe.package;

	for (size_t i = 0; i < p->copyright.n; i++)
		if (lf_license_agrees(h->name, p->copyright.v[i].license))
			return p->copyright.v[i].license;
	return h->name;
}

static void quote(struct lf_buf *out, const char *key, const char *value)
{
	lf_buf_printf(out, "%s%s: ", out->n ? "\n" : "", key);
	struct lf_yaml_out y = {.out = out, .indent = 2};

	lf_yaml_str(&y, value);
	while (out->n && out->p[out->n - 1] == '\n')
		out->p[--out->n] = '\0';
}

static const char *join(const struct lf_strv *names, struct lf_arena *arena)
{
	lf_auto_buf all = {0};

	for (size_t i = 0; i < names->n; i++)
		lf_buf_printf(&all, "%s%s", i ? " AND " : "", names->v[i]);
	return lf_arena_str(arena, lf_buf_view(&all));
}

/* The items of `copyright:`, as YAML. */
static void describe(struct checking *c, const struct lf_license_report *r, struct lf_strv *items)
{
	lf_auto_strv names = {0};

	for (size_t i = 0; i < r->n_hits; i++) {
		const struct lf_license_hit *h = &r->hit[i];
		lf_auto_buf item = {0};

		if (h->confidence < LF_LICENSE_CONFIDENT) {
			lf_info(c->ctx, "skipping unconfident license %s", h->path);
			continue;
		}
		lf_strv_add(&names, name_for(c, h));
		quote(&item, "license", name_for(c, h));
		quote(&item, "license-path", h->path);
		if (strcmp(c->o->format, "simple") != 0)
			lf_strv_add(items, lf_arena_str(&c->arena, lf_buf_view(&item)));
	}
	if (names.n && !items->n) {
		lf_auto_buf item = {0};

		lf_strv_sort(&names);
		lf_strv_uniq(&names);
		quote(&item, "license", join(&names, &c->arena));
		lf_strv_add(items, lf_arena_str(&c->arena, lf_buf_view(&item)));
	}
}

static bool edit(struct checking *c, struct lf_str text, const struct lf_strv *items,
		 struct lf_buf *ret, struct lf_err *err)
{
	struct lf_yaml_edit e = {0};
	const struct lf_yaml *package;
	struct lf_yaml *copyright = NULL;
	bool ok = lf_yaml_edit_open(&e, text, c->o->path, &c->arena, err);

	if (ok && (package = lf_yaml_need(e.root, "package", err)))
		copyright = lf_yaml_need(package, "copyright", err);
	ok = copyright &&
	     lf_yaml_edit_items(&e, copyright, 0, copyright->n, items->v, items->n, err) &&
	     lf_yaml_edit_finish(&e, ret, err);
	lf_yaml_edit_fini(&e);
	return ok;
}

static bool fix(struct checking *c, const struct lf_license_report *r, struct lf_err *err)
{
	lf_auto_strv items = {0};
	lf_auto_buf old = {0}, new = {0};
	lf_auto_out out = {0};
	bool any = false;

	lf_info(c->ctx, "attempting to update copyright");
	for (size_t i = 0; i < r->n_hits; i++)
		any = any || r->hit[i].confidence >= LF_LICENSE_CONFIDENT;
	if (!any) {
		lf_info(c->ctx, "no confident licenses found to update");
		return true;
	}
	if (!r->n_diffs) {
		lf_info(c->ctx, "no actionable license differences detected");
		return true;
	}
	describe(c, r, &items);
	return lf_read_file(c->o->path, MAX_RECIPE, &old, err) &&
	       edit(c, lf_buf_view(&old), &items, &new, err) &&
	       lf_out_replace(&out, c->o->path, err) && lf_write_all(out.fd, new.p, new.n, err) &&
	       lf_out_commit(&out, err);
}

/* ---- where the sources are ---- */

static bool load_package(struct checking *c, struct lf_err *err)
{
	lf_auto_published p = {0};

	return lf_published_open(c->ctx, c->o->path, &c->arena, &p, err) &&
	       lf_published_recipe(c->ctx, &p, &c->arena, &c->recipe, err);
}

/* The folder that has the name of the recipe without its extension. */
static const char *own_files(struct checking *c)
{
	struct lf_str path = lf_str(c->o->path);

	return lf_arena_str(&c->arena, lf_str_sub(path, 0, (size_t)lf_str_rfind(path, '.')));
}

static bool fetch(struct checking *c, const char *dir, bool package, struct lf_err *err)
{
	const struct lf_recipe_options none = {0};
	const struct lf_source_fetch f = {.ctx = c->ctx,
					  .recipe = &c->recipe,
					  .files = package ? NULL : own_files(c),
					  .dest = dir};

	if (package && !load_package(c, err))
		return lf_fail(err, "failed to extract melange yaml from apk package");
	if (!package && !lf_recipe_load(c->ctx, c->o->path, &none, &c->arena, &c->recipe, err))
		return lf_fail(err, "failed to parse melange config");
	return lf_source_fetch(&f, err);
}

static const char *work_dir(struct checking *c, struct lf_err *err)
{
	lf_auto_free char *given = NULL;

	if (c->o->workdir && *c->o->workdir) {
		given = lf_path_abs(c->o->workdir, err);
		return given ? lf_arena_strdup(&c->arena, given) : NULL;
	}
	c->temp = lf_temp_dir("melange-license-check", err);
	return c->temp;
}

static bool check(struct checking *c, struct lf_err *err)
{
	const char *path = c->o->path, *dir = path;
	bool package = lf_ends(path, ".apk"), recipe = lf_ends(path, ".yaml");
	struct lf_license_report report;

	if (c->o->fix && !recipe)
		return lf_fail_new(err, LF_E_USAGE,
				   "--fix needs a configuration, a .yaml file: %s is none", path);
	if (package || recipe) {
		dir = work_dir(c, err);
		if (!dir || !fetch(c, dir, package, err))
			return false;
	}
	return lf_licenses_check(c->ctx, dir, package || recipe ? &c->recipe : NULL,
				 !strcmp(c->o->scan_type, "deep"), &c->arena, &report, err) &&
	       (!c->o->fix || fix(c, &report, err));
}

bool lf_license_check(const struct lf_ctx *ctx, const struct lf_license_check_options *o,
		      struct lf_err *err)
{
	LF_CLEANUP(checking_fini) struct checking c = {.ctx = ctx, .o = o};

	if (strcmp(o->scan_type, "shallow") != 0 && strcmp(o->scan_type, "deep") != 0)
		return lf_fail_new(err, LF_E_USAGE,
				   "invalid scan-type: %s (must be 'shallow' or 'deep')",
				   o->scan_type);
	return check(&c, err);
}
