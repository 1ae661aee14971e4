/*
 * Stage A: plain replacement of "${{name}}" in the fields of a recipe that upstream touches, and in
 * no others. In place.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/load.h"

#include "base/banned.h"

struct replacer {
	const struct lf_vars *vars;
	struct lf_arena *arena;
};

static void replace_text(const struct replacer *r, const char **text)
{
	*text = lf_vars_replace(r->vars, *text, r->arena);
}

static void replace_list(const struct replacer *r, struct lf_strv *list)
{
	for (size_t i = 0; i < list->n; i++)
		replace_text(r, &list->v[i]);
}

static void replace_values(const struct replacer *r, struct lf_pairs *pairs)
{
	for (size_t i = 0; i < pairs->n; i++)
		replace_text(r, &pairs->v[i].value);
}

static void replace_steps(const struct replacer *r, struct lf_step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct lf_step *s = &steps[i];

		replace_text(r, &s->if_cond);
		replace_text(r, &s->name);
		replace_text(r, &s->runs);
		replace_text(r, &s->working_directory);
		replace_values(r, &s->with);
		replace_values(r, &s->environment);
		replace_list(r, &s->needs);
		replace_steps(r, s->child, s->n_children);
	}
}

static void replace_image(const struct replacer *r, struct lf_image_config *c)
{
	replace_list(r, &c->contents.build_repositories);
	replace_list(r, &c->contents.repositories);
	replace_list(r, &c->contents.keyring);
	replace_list(r, &c->contents.packages);
	replace_text(r, &c->entrypoint.type);
	replace_text(r, &c->entrypoint.command);
	replace_text(r, &c->entrypoint.shell_fragment);
	replace_values(r, &c->entrypoint.services);
	replace_text(r, &c->cmd);
	replace_text(r, &c->stop_signal);
	replace_text(r, &c->work_dir);
	replace_values(r, &c->environment);
	replace_text(r, &c->vcs_url);
	replace_values(r, &c->annotations);
	replace_list(r, &c->volumes);
}

static void replace_test(const struct replacer *r, struct lf_recipe_test *t)
{
	replace_image(r, &t->environment);
	replace_steps(r, t->pipeline.v, t->pipeline.n);
}

static void replace_unit(const struct replacer *r, struct lf_unit *u)
{
	struct lf_dependencies *d = &u->dependencies;
	struct lf_scriptlets *s = &u->scriptlets;

	replace_text(r, &u->name);
	replace_text(r, &u->description);
	replace_text(r, &u->url);
	replace_values(r, &u->annotations);
	replace_list(r, &d->runtime);
	replace_list(r, &d->provides);
	replace_list(r, &d->replaces);
	replace_text(r, &d->provider_priority);
	replace_text(r, &d->replaces_priority);
	replace_text(r, &s->trigger_script);
	replace_list(r, &s->trigger_paths);
	replace_text(r, &s->pre_install);
	replace_text(r, &s->post_install);
	replace_text(r, &s->pre_deinstall);
	replace_text(r, &s->post_deinstall);
	replace_text(r, &s->pre_upgrade);
	replace_text(r, &s->post_upgrade);
}

void lf_subpackage_replace(struct lf_subpackage *s, const struct lf_vars *v, struct lf_arena *arena)
{
	const struct replacer r = {.vars = v, .arena = arena};

	replace_unit(&r, &s->unit);
	replace_text(&r, &s->if_cond);
	replace_steps(&r, s->pipeline.v, s->pipeline.n);
	replace_test(&r, &s->test);
}

static void replace_update(const struct replacer *r, struct lf_update *u)
{
	replace_text(r, &u->release_monitor.filter_prefix);
	replace_text(r, &u->release_monitor.filter_contains);
	replace_text(r, &u->github.identifier);
	replace_text(r, &u->github.tag_filter);
	replace_text(r, &u->github.filter_prefix);
	replace_text(r, &u->github.filter_contains);
	replace_text(r, &u->git.filter_prefix);
	replace_text(r, &u->git.filter_contains);
}

void lf_recipe_replace(struct lf_recipe *recipe, const struct lf_vars *v)
{
	const struct replacer r = {.vars = v, .arena = recipe->arena};
	struct lf_recipe_package *p = &recipe->package;

	replace_unit(&r, &p->unit);
	replace_text(&r, &p->version);
	replace_list(&r, &p->target_architecture);
	for (size_t i = 0; i < p->copyright.n; i++) {
		replace_list(&r, &p->copyright.v[i].paths);
		replace_text(&r, &p->copyright.v[i].license);
		replace_text(&r, &p->copyright.v[i].license_path);
	}
	replace_steps(&r, recipe->pipeline.v, recipe->pipeline.n);
	replace_image(&r, &recipe->environment);
	replace_test(&r, &recipe->test);
	replace_update(&r, &recipe->update);
}
