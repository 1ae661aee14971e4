/*
 * Is a list of packages a sound installation? Judged from the texts of the records alone, with
 * nothing of the solver's but the reading of a dependency and the order of versions: every item of
 * the world and every dependency is met, nothing excludes or clashes with anything, every tag is
 * one that the world names, every package is there for all architectures.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "apk/solve.h"
#include "apk/version.h"

static inline bool sound_fits(struct lf_str version, const struct lf_dep *dep)
{
	struct lf_version actual, required;

	return dep->op == LF_OP_ANY || (lf_version_parse(version, &actual, NULL) &&
					lf_version_parse(dep->version, &required, NULL) &&
					lf_version_satisfies(&actual, dep->op, &required));
}

static inline bool sound_has(struct lf_arena *a, const struct lf_pkg *p, const struct lf_dep *dep)
{
	struct lf_dep provided;

	if (lf_str_is(dep->name, p->name) && sound_fits(lf_str(p->version), dep))
		return true;
	for (size_t i = 0; i < p->provides.n; i++) {
		lf_dep_parse(lf_str(p->provides.v[i]), a, &provided);
		if (lf_str_eq(provided.name, dep->name) && sound_fits(provided.version, dep))
			return true;
	}
	return false;
}

static inline struct lf_dep sound_dep(struct lf_arena *a, const char *text)
{
	struct lf_str rest = lf_str(text);
	bool conflict = lf_str_skip(&rest, "!");
	struct lf_dep dep;

	lf_dep_parse(rest, a, &dep);
	dep.conflict = conflict;
	return dep;
}

static inline bool sound_says(struct lf_buf *why, const struct lf_pkg *p, const char *what,
			      const char *with)
{
	lf_buf_printf(why, "%s-%s: %s %s\n", p->name, p->version, what, with);
	return false;
}

static inline bool sound_depends(struct lf_arena *a, const struct lf_solve_choice *c, size_t n,
				 const struct lf_pkg *p, struct lf_buf *why)
{
	for (size_t i = 0; i < p->depends.n; i++) {
		struct lf_dep dep = sound_dep(a, p->depends.v[i]);
		bool met = false;

		for (size_t k = 0; k < n; k++) {
			bool has = sound_has(a, c[k].pkg, &dep);

			met = met || has;
			if (dep.conflict && has && c[k].pkg != p)
				return sound_says(why, p, "excludes", c[k].pkg->name);
		}
		if (!dep.conflict && !met)
			return sound_says(why, p, "lacks", p->depends.v[i]);
	}
	return true;
}

/* The names of a package: its own, then those that it provides. */
static inline struct lf_dep sound_name(struct lf_arena *a, const struct lf_pkg *p, size_t i)
{
	struct lf_dep dep;

	if (i)
		lf_dep_parse(lf_str(p->provides.v[i - 1]), a, &dep);
	else
		dep = (struct lf_dep){.name = lf_str(p->name), .version = lf_str(p->version)};
	return dep;
}

/* compat: an empty version of an own name counts as one. */
static inline bool sound_clash(struct lf_arena *a, const struct lf_pkg *p, const struct lf_pkg *q)
{
	for (size_t i = 0; i <= p->provides.n; i++) {
		struct lf_dep x = sound_name(a, p, i);

		for (size_t k = 0; k <= q->provides.n; k++) {
			struct lf_dep y = sound_name(a, q, k);

			if (lf_str_eq(x.name, y.name) && (!i || !k || x.version.n || y.version.n))
				return true;
		}
	}
	return false;
}

static inline bool sound_world(struct lf_arena *a, const struct lf_solve_input *in,
			       const struct lf_solve_choice *c, size_t n, struct lf_buf *why)
{
	for (size_t i = 0; i < in->world.n; i++) {
		struct lf_dep dep;
		bool met = false;

		lf_dep_parse(lf_str(in->world.v[i]), a, &dep);
		for (size_t k = 0; k < n; k++)
			met = met || (sound_has(a, c[k].pkg, &dep) &&
				      (!*c[k].repo->tag || lf_str_is(dep.tag, c[k].repo->tag)));
		if (!met) {
			lf_buf_printf(why, "the world lacks %s\n", in->world.v[i]);
			return false;
		}
	}
	return true;
}

static inline bool sound_tag(struct lf_arena *a, const struct lf_solve_input *in, const char *tag)
{
	bool named = !*tag;

	for (size_t i = 0; i < in->world.n; i++) {
		struct lf_dep dep;

		lf_dep_parse(lf_str(in->world.v[i]), a, &dep);
		named = named || lf_str_is(dep.tag, tag);
	}
	return named;
}

static inline bool sound_arch(const struct lf_solve_other *other, const struct lf_pkg *p)
{
	for (size_t i = 0; i < other->n_repos; i++)
		for (size_t k = 0; k < other->repo[i].index->n; k++)
			if (!strcmp(other->repo[i].index->pkg[k].name, p->name) &&
			    !strcmp(other->repo[i].index->pkg[k].version, p->version))
				return true;
	return false;
}

static inline bool sound(const struct lf_solve_input *in, const struct lf_solve_choice *c, size_t n,
			 struct lf_buf *why)
{
	lf_auto_arena a = {0};

	if (!sound_world(&a, in, c, n, why))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!sound_depends(&a, c, n, c[i].pkg, why))
			return false;
		if (!sound_tag(&a, in, c[i].repo->tag))
			return sound_says(why, c[i].pkg, "is of tag", c[i].repo->tag);
		for (size_t k = 0; k < i; k++)
			if (sound_clash(&a, c[i].pkg, c[k].pkg))
				return sound_says(why, c[i].pkg, "clashes with", c[k].pkg->name);
		for (size_t k = 0; k < in->n_others; k++)
			if (!sound_arch(&in->other[k], c[i].pkg))
				return sound_says(why, c[i].pkg, "is not there for",
						  in->other[k].arch);
	}
	return true;
}
