/*
 * melange rebuild: packages in, each origin built once more by the configuration, date, commit and
 * names that its packages carry, and what comes out compared with what was given.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/rebuild.h"

#include <factory/build.h>
#include <factory/package.h>

#include "base/map.h"

#include "base/banned.h"

struct rebuilding {
	const struct lf_ctx *ctx;
	const struct lf_packages_rebuild_options *o;
	struct lf_arena arena;
	struct lf_map built; /* "ARCH/ORIGIN-VERSION" */
	struct lf_buf text;
	bool differs;
};

static bool build(struct rebuilding *r, const struct lf_published *p, struct lf_err *err)
{
	const struct lf_packages_rebuild_options *o = r->o;
	const char *arch = p->apk.pkg.arch;
	struct lf_origin origin;

	if (!lf_origin_read(r->ctx, p, &r->arena, &origin, err))
		return false;
	const struct lf_build_options build = {
		.config = origin.config,
		.config_text = origin.config_text,
		.builtins = o->builtins,
		.archs = {.v = &arch, .n = 1},
		.build_date = origin.date,
		.fixed_date = true,
		.git_commit = origin.commit,
		.git_repo_url = origin.repo_url,
		.license = origin.license,
		.namespace = origin.namespace,
		.runner = o->runner,
		.source_dir = o->source_dir,
		.out_dir = o->out_dir,
		.signing_key = o->signing_key,
		.faithful_metadata = o->faithful_metadata,
		.strip_origin_name = origin.strip_origin_name,
	};
	return lf_build(r->ctx, &build, err) || lf_fail(err, "rebuilding %s", p->location);
}

/* What a signature does not cover is the whole difference there may be between equal contents. */
static void tell_identical(struct rebuilding *r, const struct lf_published *p,
			   const struct lf_published *q)
{
	bool same = !memcmp(p->apk.control_sha256, q->apk.control_sha256, LF_SHA256_LEN);

	lf_buf_printf(&r->text, "%s-%s: identical%s\n", p->apk.pkg.name, p->apk.pkg.version,
		      same ? "" : " (compressed by another program)");
}

static bool compare(struct rebuilding *r, const struct lf_published *p, struct lf_err *err)
{
	const struct lf_pkg *pkg = &p->apk.pkg;
	const char *path = lf_arena_printf(&r->arena, "%s/%s/%s-%s.apk", r->o->out_dir, pkg->arch,
					   pkg->name, pkg->version);
	lf_auto_published q = {0};
	lf_auto_buf found = {0};

	if (!lf_published_open(r->ctx, path, &r->arena, &q, err) ||
	    !lf_published_compare(p, &q, &found, err))
		return false;
	if (!found.n) {
		tell_identical(r, p, &q);
		return true;
	}
	r->differs = true;
	lf_buf_printf(&r->text, "%s-%s: differs\n%s", pkg->name, pkg->version, lf_buf_c(&found));
	return true;
}

static bool rebuild(struct rebuilding *r, const char *file, struct lf_err *err)
{
	lf_auto_published p = {0};
	const char *key;

	if (!lf_published_open(r->ctx, file, &r->arena, &p, err))
		return false;
	key = lf_arena_printf(&r->arena, "%s/%s-%s", p.apk.pkg.arch, p.apk.pkg.origin,
			      p.apk.pkg.version);
	if (!lf_map_has(&r->built, lf_str(key)) && !build(r, &p, err))
		return false;
	lf_map_set(&r->built, lf_str(key), r);
	return !r->o->diff || compare(r, &p, err);
}

bool lf_packages_rebuild(const struct lf_ctx *ctx, const struct lf_packages_rebuild_options *o,
			 char **ret, bool *ret_differs, struct lf_err *err)
{
	struct rebuilding r = {.ctx = ctx, .o = o};
	bool ok = true;

	for (size_t i = 0; ok && i < o->files.n; i++)
		ok = lf_check_cancel(ctx, err) && rebuild(&r, o->files.v[i], err);
	if (ok) {
		*ret = lf_buf_detach(&r.text);
		*ret_differs = r.differs;
	}
	lf_buf_fini(&r.text);
	lf_map_fini(&r.built);
	lf_arena_fini(&r.arena);
	return ok;
}
