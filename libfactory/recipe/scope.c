/*
 * The variables of stage C: package, targets, triplets, architecture, options, vars. A compiled
 * recipe comes in, a scope goes out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/arch.h"
#include "recipe/compile.h"

#include "base/banned.h"

#define HOME "/home/build"
#define OUT  HOME "/melange-out"

/* compat: an architecture that nobody knows is taken at its word. */
static const char *triplet(struct lf_arena *arena, const char *arch, const char *flavor, bool rust)
{
	const struct lf_arch *a = lf_arch_find(arch);

	if (!a)
		return lf_arena_printf(arena, "%s-unknown-linux-%s", arch, flavor);
	return lf_arena_printf(arena, "%s%s%s", rust ? a->rust_triplet : a->gnu_triplet, flavor,
			       a->abi);
}

static void set_triplets(struct lf_arena *arena, const struct lf_recipe_options *o,
			 struct lf_vars *v)
{
	const char *flavor = o->libc_flavor && *o->libc_flavor ? o->libc_flavor : "gnu";

	lf_vars_set(v, "host.triplet.gnu", triplet(arena, o->arch, flavor, false));
	lf_vars_set(v, "host.triplet.rust", triplet(arena, o->arch, flavor, true));
	lf_vars_set(v, "cross.triplet.gnu.glibc", triplet(arena, o->arch, "gnu", false));
	lf_vars_set(v, "cross.triplet.gnu.musl", triplet(arena, o->arch, "musl", false));
	lf_vars_set(v, "cross.triplet.rust.glibc", triplet(arena, o->arch, "gnu", true));
	lf_vars_set(v, "cross.triplet.rust.musl", triplet(arena, o->arch, "musl", true));
	lf_vars_set(v, "build.arch", lf_arch_apk(o->arch));
	lf_vars_set(v, "build.goarch", lf_arch_oci(o->arch));
}

static void set_package(const struct lf_recipe *r, struct lf_vars *v)
{
	const struct lf_recipe_package *p = &r->package;

	lf_vars_set(v, "package.name", p->unit.name);
	lf_vars_set(v, "package.version", p->version);
	lf_vars_set(v, "package.epoch",
		    lf_arena_printf(r->arena, "%llu", (unsigned long long)p->epoch));
	lf_vars_set(v, "package.full-version", lf_recipe_full_version(r));
	lf_vars_set(v, "package.srcdir", HOME);
}

static void set_target(const struct lf_recipe *r, struct lf_vars *v, const char *name)
{
	lf_vars_set(v, lf_arena_printf(r->arena, "targets.package.%s", name),
		    lf_arena_printf(r->arena, OUT "/%s", name));
}

static void set_targets(const struct lf_recipe *r, struct lf_vars *v)
{
	const char *name = r->package.unit.name;

	lf_vars_set(v, "targets.outdir", OUT);
	lf_vars_set(v, "targets.destdir", lf_arena_printf(r->arena, OUT "/%s", name));
	set_target(r, v, name);
	for (size_t i = 0; i < r->n_subpackages; i++)
		set_target(r, v, r->subpackage[i].unit.name);
}

static void set_options(const struct lf_recipe *r, const struct lf_recipe_options *o,
			struct lf_vars *v)
{
	for (size_t i = 0; i < r->options.n; i++)
		lf_vars_set(v,
			    lf_arena_printf(r->arena, "options.%s.enabled", r->options.v[i].name),
			    "false");
	for (size_t i = 0; i < o->build_options.n; i++)
		lf_vars_set(v,
			    lf_arena_printf(r->arena, "options.%s.enabled", o->build_options.v[i]),
			    "true");
}

bool lf_scope_recipe(const struct lf_recipe *r, const struct lf_recipe_options *o,
		     struct lf_vars *ret, struct lf_err *err)
{
	set_package(r, ret);
	set_targets(r, ret);
	set_triplets(r->arena, o, ret);
	set_options(r, o, ret);
	return lf_vars_add_expanded(r, ret, err) && lf_vars_add_transforms(r, ret, err);
}

void lf_scope_unit(const struct lf_recipe *r, const struct lf_unit *u, bool sub,
		   struct lf_vars *ret)
{
	const char *dir = lf_arena_printf(r->arena, OUT "/%s", u->name);

	lf_vars_set(ret, "context.name", u->name);
	lf_vars_set(ret, "targets.contextdir", dir);
	if (sub) {
		lf_vars_set(ret, "targets.subpkgdir", dir);
		lf_vars_set(ret, "subpkg.name", u->name);
	}
}
