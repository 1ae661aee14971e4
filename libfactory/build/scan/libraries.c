/*
 * Who provides a shared library, and in which version a package that was built against it needs
 * that. In: indexes, the locked environment, a soname; out: a version or none.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/libraries.h"

#include <string.h>

#include "apk/version.h"

#include "base/banned.h"

/* A package that has a library; in a list. */
struct provider {
	const struct lf_pkg *pkg;
	struct provider *next;
};

struct providers {
	struct provider *first, **end;
};

/* ---- tables ---- */

static void add_provider(struct lf_libraries *l, const struct lf_pkg *pkg, const char *provides,
			 struct lf_arena *arena)
{
	struct provider *p = lf_new(arena, struct provider);
	struct providers *list;
	struct lf_dep dep;
	void **at;

	p->pkg = pkg;
	lf_dep_parse(lf_str(provides), arena, &dep);
	at = lf_map_at(&l->provider, dep.name);
	list = *at;
	if (!list) {
		*at = list = lf_new(arena, struct providers);
		list->end = &list->first;
	}
	*list->end = p;
	list->end = &p->next;
}

static void add_index(struct lf_libraries *l, const struct lf_index *index, struct lf_arena *arena)
{
	for (size_t i = 0; i < index->n; i++) {
		const struct lf_pkg *pkg = &index->pkg[i];

		for (size_t k = 0; k < pkg->provides.n; k++)
			if (lf_starts(pkg->provides.v[k], "so:"))
				add_provider(l, pkg, pkg->provides.v[k], arena);
	}
}

void lf_libraries_init(struct lf_libraries *l, const struct lf_solve_repo *repo, size_t n_repos,
		       const struct lf_strv *locked, struct lf_arena *arena)
{
	*l = (struct lf_libraries){0};
	for (size_t i = 0; i < n_repos; i++)
		add_index(l, repo[i].index, arena);
	for (size_t i = 0; i < locked->n; i++) {
		struct lf_str version = lf_str(lf_arena_strdup(arena, locked->v[i]));
		struct lf_str name = lf_str_cut(&version, '=');

		lf_map_set(&l->installed, name, lf_arena_str(arena, version));
	}
}

void lf_libraries_fini(struct lf_libraries *l)
{
	lf_map_fini(&l->provider);
	lf_map_fini(&l->installed);
}

/* ---- a library ---- */

/* The loader's version would bind every program to that of the C library. */
static bool is_loader(const char *soname)
{
	return lf_starts(soname, "ld-linux-x86-64.so") || lf_starts(soname, "ld-linux-aarch64.so");
}

static bool is_output(const struct lf_scan_input *in, const struct lf_pkg *pkg)
{
	for (size_t i = 0; i < in->n_outputs; i++)
		if (strcmp(in->output[i].unit->name, pkg->name) == 0)
			return true;
	return false;
}

/* Built later; at the same time: the newer version. */
static bool is_newer(const struct lf_pkg *a, const struct lf_pkg *b)
{
	struct lf_version va, vb;

	if (a->build_time != b->build_time)
		return a->build_time > b->build_time;
	return strcmp(a->name, b->name) == 0 && lf_version_parse(lf_str(a->version), &va, NULL) &&
	       lf_version_parse(lf_str(b->version), &vb, NULL) && lf_version_cmp(&va, &vb) > 0;
}

/* The newest of them that the build makes or has in its environment; NULL: none. */
static const struct lf_pkg *find_used(const struct lf_scan_input *in, const struct provider *p)
{
	const struct lf_pkg *best = NULL;

	for (; p; p = p->next) {
		if (!is_output(in, p->pkg) &&
		    !lf_map_has(&in->libraries->installed, lf_str(p->pkg->name)))
			continue;
		if (!best || is_newer(p->pkg, best))
			best = p->pkg;
	}
	return best;
}

/* compat: upstream tests the wrong way round, so that only an offer of something that is no version
 * counts. */
static bool offers_version(const struct lf_pkg *pkg, const char *soname)
{
	for (size_t i = 0; i < pkg->provides.n; i++) {
		struct lf_str version = lf_str(pkg->provides.v[i]);
		struct lf_str name = lf_str_cut(&version, '=');
		struct lf_version parsed;

		if (lf_str_skip(&name, "so-ver:") && lf_str_is(name, soname) && version.p &&
		    !lf_version_parse(version, &parsed, NULL))
			return true;
	}
	return false;
}

static bool check_age(const struct lf_pkg *pkg, const char *installed, const char *soname,
		      struct lf_err *err)
{
	struct lf_version offered, used;

	if (!lf_version_parse(lf_str(pkg->version), &offered, err) ||
	    !lf_version_parse(lf_str(installed), &used, err))
		return false;
	return lf_version_cmp(&offered, &used) >= 0 ||
	       lf_fail_new(err, LF_E_SOLVE,
			   "could not find suitable package providing library so-ver:%s>=%s (found "
			   "so-ver:%s=%s instead)",
			   soname, installed, soname, pkg->version);
}

bool lf_libraries_version(const struct lf_scan_input *in, const char *soname, const char **ret,
			  struct lf_err *err)
{
	lf_auto_arena scratch = {0};
	const struct lf_libraries *l = in->libraries;
	const struct providers *list =
		lf_map_get(&l->provider, lf_str(lf_arena_printf(&scratch, "so:%s", soname)));
	const struct lf_pkg *pkg;
	const char *installed;

	*ret = NULL;
	if (is_loader(soname))
		return true;
	pkg = list ? find_used(in, list->first) : NULL;
	if (!list || (pkg && is_output(in, pkg))) {
		*ret = in->full_version; /* the build makes it */
		return true;
	}
	if (!pkg)
		return true;
	installed = lf_map_get(&l->installed, lf_str(pkg->name));
	if (!check_age(pkg, installed, soname, err))
		return false;
	if (offers_version(pkg, soname))
		*ret = installed;
	return true;
}
