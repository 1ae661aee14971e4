/*
 * What went into a package: recipe, sources, environment. In: compiled pipelines and opened
 * packages; out: resource descriptors. docs/formats/provenance.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/materials.h"

#include <string.h>

#include "base/vec.h"
#include "sbom/purl.h"
#include "sbom/statement.h"

#include "base/banned.h"

/* ---- the environment ---- */

static const char *package_purl(const struct lf_pkg *pkg, struct lf_arena *arena)
{
	const struct lf_purl_qualifier arch = {"arch", pkg->arch};
	const struct lf_purl purl = {.type = "apk",
				     .name = pkg->name,
				     .version = pkg->version,
				     .qualifier = &arch,
				     .n_qualifiers = 1};
	lf_auto_buf text = {0};

	lf_purl_print(&text, &purl);
	return lf_arena_str(arena, lf_buf_view(&text));
}

static void set_digest(struct lf_resource *r, const char *algorithm, const char *value,
		       struct lf_arena *arena)
{
	if (!value || !*value)
		return;
	if (!r->digest)
		r->digest = lf_new_n(arena, struct lf_resource_digest, 2);
	r->digest[r->n_digests++] = (struct lf_resource_digest){algorithm, value};
}

struct lf_resource *lf_materials_environment(struct lf_package *const *package, size_t n,
					     struct lf_arena *arena)
{
	struct lf_resource *v = lf_new_n(arena, struct lf_resource, n);
	char hex[2 * LF_SHA256_LEN + 1];

	for (size_t i = 0; i < n; i++) {
		const struct lf_pkg *pkg = &package[i]->apk.pkg;

		v[i].name = lf_arena_strdup(arena, pkg->name);
		v[i].version = lf_arena_strdup(arena, pkg->version);
		v[i].uri = package_purl(pkg, arena);
		lf_hex(package[i]->sha256, LF_SHA256_LEN, hex);
		set_digest(&v[i], "sha256", lf_arena_strdup(arena, hex), arena);
	}
	return v;
}

/* ---- sources ---- */

struct gathering {
	const struct lf_emit_input *in;
	struct lf_arena *arena;
	json_t *list;
};

static void add(struct gathering *g, const struct lf_resource *r)
{
	json_array_append_new(g->list, lf_resource_json(r));
}

static void add_fetch(struct gathering *g, const struct lf_step *step)
{
	const char *uri = lf_pairs_get(&step->with, "uri");
	struct lf_resource r = {.uri = uri};

	if (!uri || !*uri)
		return;
	r.name = lf_arena_str(g->arena, lf_path_base(lf_str(uri)));
	set_digest(&r, "sha256", lf_pairs_get(&step->with, "expected-sha256"), g->arena);
	set_digest(&r, "sha512", lf_pairs_get(&step->with, "expected-sha512"), g->arena);
	add(g, &r);
}

static bool is_commit(const char *s)
{
	size_t n = strlen(s);

	return (n == 40 || n == 64) && strspn(s, "0123456789abcdefABCDEF") == n;
}

/* "git+https://host/path@refs/tags/v1" */
static const char *git_uri(struct gathering *g, const char *repository, const char *kind,
			   const char *ref)
{
	const char *scheme = lf_starts(repository, "git") ? "" : "git+";

	if (!ref || !*ref)
		return lf_arena_printf(g->arena, "%s%s", scheme, repository);
	return lf_arena_printf(g->arena, "%s%s@%s%s", scheme, repository, kind, ref);
}

static void add_checkout(struct gathering *g, const struct lf_step *step)
{
	const char *repository = lf_pairs_get(&step->with, "repository");
	const char *tag = lf_pairs_get(&step->with, "tag");
	const char *branch = lf_pairs_get(&step->with, "branch");
	struct lf_resource r = {0};

	if (!repository || !*repository)
		return;
	r.name = lf_arena_str(g->arena, lf_path_base(lf_str(repository)));
	r.uri = tag && *tag ? git_uri(g, repository, "refs/tags/", tag)
			    : git_uri(g, repository, "refs/heads/", branch);
	set_digest(&r, "gitCommit", lf_pairs_get(&step->with, "expected-commit"), g->arena);
	add(g, &r);
}

static void add_steps(struct gathering *g, const struct lf_step *step, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool runs;

		/* one that cannot be evaluated would have ended the build */
		if (lf_cond_eval(step[i].if_cond, &runs, NULL) && !runs)
			continue;
		if (strcmp(step[i].uses, "fetch") == 0)
			add_fetch(g, &step[i]);
		else if (strcmp(step[i].uses, "git-checkout") == 0)
			add_checkout(g, &step[i]);
		add_steps(g, step[i].child, step[i].n_children);
	}
}

/* ---- the recipe ---- */

static void add_recipe(struct gathering *g)
{
	const struct lf_emit_input *in = g->in;
	struct lf_resource r = {.name = in->recipe->path};

	if (!is_commit(in->commit))
		return;
	r.uri = git_uri(g, in->repo_url, "", in->commit);
	set_digest(&r, "gitCommit", in->commit, g->arena);
	add(g, &r);
}

json_t *lf_materials_json(const struct lf_emit_input *in, const struct lf_output *out,
			  struct lf_arena *arena)
{
	struct gathering g = {.in = in, .arena = arena, .list = json_array()};

	add_recipe(&g);
	if (!out->is_main)
		add_steps(&g, out->pipeline->v, out->pipeline->n);
	add_steps(&g, in->recipe->pipeline.v, in->recipe->pipeline.n);
	for (size_t i = 0; i < in->n_environment; i++)
		add(&g, &in->environment[i]);
	return g.list;
}
