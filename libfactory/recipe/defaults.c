/*
 * What loading adds to a recipe: the build user and group, environment variables from files and by
 * default, the values of flags, and what inline steps hand down to their children.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/load.h"

#include "base/fs.h"

#include "base/banned.h"

#define BUILD_ID     1000
#define MAX_ENV_FILE (1u << 20)

static bool has_group(const struct lf_image_config *c, const char *name)
{
	for (size_t i = 0; i < c->accounts.groups.n; i++) {
		if (!strcmp(c->accounts.groups.v[i].groupname, name))
			return true;
	}
	return false;
}

static bool has_user(const struct lf_image_config *c, const char *name)
{
	for (size_t i = 0; i < c->accounts.users.n; i++) {
		if (!strcmp(c->accounts.users.v[i].username, name))
			return true;
	}
	return false;
}

static void add_build_user(struct lf_image_config *c)
{
	if (!has_group(c, "build")) {
		struct lf_group group = {.groupname = "build", .gid = BUILD_ID};

		lf_strv_add(&group.members, "build");
		lf_vec_push(&c->accounts.groups, group);
	}
	if (!has_user(c, "build")) {
		const struct lf_user user = {.username = "build",
					     .shell = "",
					     .homedir = "",
					     .uid = BUILD_ID,
					     .gid = {.set = true, .v = BUILD_ID}};

		lf_vec_push(&c->accounts.users, user);
	}
}

static void add_build_users(struct lf_recipe *r)
{
	add_build_user(&r->environment);
	if (r->test.set)
		add_build_user(&r->test.environment);
	for (size_t i = 0; i < r->n_subpackages; i++) {
		if (r->subpackage[i].test.pipeline.n)
			add_build_user(&r->subpackage[i].test.environment);
	}
}

static bool add_env_file(struct lf_recipe *r, const char *path, struct lf_err *err)
{
	struct lf_pairs *env = &r->environment.environment;
	struct lf_pairs found = {0};
	lf_auto_buf text = {0};
	bool ok = lf_read_file(path, MAX_ENV_FILE, &text, err) &&
		  lf_env_file_parse(lf_buf_view(&text), r->arena, &found, err);

	for (size_t i = 0; ok && i < found.n; i++) {
		if (!lf_pairs_get(env, found.v[i].key))
			lf_pairs_set(env, r->arena, found.v[i].key, found.v[i].value);
	}
	lf_vec_fini(&found);
	return ok || lf_fail(err, "loading environment file");
}

/* The recipe wins over every file, and an earlier file over a later one. */
static bool add_env_files(struct lf_recipe *r, const struct lf_strv *files, struct lf_err *err)
{
	for (size_t i = 0; i < files->n; i++)
		if (!add_env_file(r, files->v[i], err))
			return false;
	return true;
}

static void add_env_defaults(struct lf_recipe *r)
{
	static const struct lf_pair defaults[] = {
		{"HOME", "/home/build"},
		{"GOPATH", "/home/build/.cache/go"},
		{"GOMODCACHE", "/var/cache/melange/gomodcache"},
		{"UV_CACHE_DIR", "/var/cache/melange/uv"},
		{"PIP_CACHE_DIR", "/var/cache/melange/pip"},
		{"COMPOSER_CACHE_DIR", "/var/cache/melange/composer"},
		{"npm_config_cache", "/var/cache/melange/npm"},
	};
	struct lf_pairs *env = &r->environment.environment;

	for (size_t i = 0; i < LF_ARRAY_LEN(defaults); i++) {
		const char *value = lf_pairs_get(env, defaults[i].key);

		if (!value || !*value)
			lf_pairs_set(env, r->arena, defaults[i].key, defaults[i].value);
	}
}

static void inherit(const struct lf_step *parent, struct lf_step *child, struct lf_arena *arena)
{
	if (!*child->working_directory)
		child->working_directory = parent->working_directory;
	for (size_t i = 0; i < parent->environment.n; i++) {
		const struct lf_pair *p = &parent->environment.v[i];

		if (!lf_pairs_get(&child->environment, p->key))
			lf_pairs_set(&child->environment, arena, p->key, p->value);
	}
}

/* The YAML reader bounds the depth. */
static void hand_down(struct lf_step *step, size_t n, struct lf_arena *arena)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < step[i].n_children; j++)
			inherit(&step[i], &step[i].child[j], arena);
		hand_down(step[i].child, step[i].n_children, arena);
	}
}

static void override(const char **value, const char *flag)
{
	if (flag && *flag)
		*value = flag;
}

static void apply_flags(struct lf_recipe_package *p, const struct lf_recipe_options *o)
{
	override(&p->resources.cpu, o->cpu);
	override(&p->resources.cpumodel, o->cpumodel);
	override(&p->resources.memory, o->memory);
	override(&p->resources.disk, o->disk);
	if (o->timeout_ns > 0)
		p->timeout_ns = o->timeout_ns;
}

static void set_commits(struct lf_recipe *r, const char *commit)
{
	if (!*r->package.unit.commit && commit)
		r->package.unit.commit = commit;
	for (size_t i = 0; i < r->n_subpackages; i++) {
		if (!*r->subpackage[i].unit.commit)
			r->subpackage[i].unit.commit = r->package.unit.commit;
	}
}

bool lf_recipe_set_defaults(struct lf_recipe *r, const struct lf_recipe_options *o,
			    struct lf_err *err)
{
	set_commits(r, o->commit);
	add_build_users(r);
	if (!add_env_files(r, &o->env_files, err))
		return false;
	add_env_defaults(r);
	hand_down(r->pipeline.v, r->pipeline.n, r->arena);
	for (size_t i = 0; i < r->n_subpackages; i++)
		hand_down(r->subpackage[i].pipeline.v, r->subpackage[i].pipeline.n, r->arena);
	apply_flags(&r->package, o);
	return true;
}
