/*
 * Another version of a recipe: its text comes in, the same text with version, epoch, commits and
 * checksums replaced goes out. What is at the URLs is asked of the caller. The new version is put
 * in first and the recipe loaded once more, so that URLs are made of its variables.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/sources.h"

#include "codec/yaml_edit.h"

#include "base/banned.h"

struct bump {
	const struct lf_ctx *ctx;
	const struct lf_bump *o;
	const char *path, *version;
	struct lf_arena *arena;
	struct lf_yaml_edit edit;
	struct lf_recipe recipe; /* with the new version */
	struct lf_vars vars;
};

static void bump_fini(struct bump *b)
{
	lf_yaml_edit_fini(&b->edit);
	lf_vars_fini(&b->vars);
	lf_recipe_fini(&b->recipe);
}

static bool load(struct bump *b, struct lf_str text, struct lf_err *err)
{
	const struct lf_recipe_options o = {0};

	lf_recipe_fini(&b->recipe);
	return lf_recipe_parse(b->ctx, text, b->path, &o, b->arena, &b->recipe, err);
}

static bool set_version(struct bump *b, struct lf_err *err)
{
	struct lf_yaml *package = lf_yaml_need(b->edit.root, "package", err);
	struct lf_yaml *version = package ? lf_yaml_need(package, "version", err) : NULL;
	struct lf_yaml *epoch = version ? lf_yaml_need(package, "epoch", err) : NULL;
	uint64_t n = 0;

	if (!epoch)
		return false;
	if (lf_str_is(version->text, b->version)) {
		if (!lf_str_u64(epoch->text, 10, &n) || n == UINT64_MAX)
			return lf_fail_at(err, epoch, "the epoch is not a decimal number");
		n++;
	}
	const char *text = lf_arena_printf(b->arena, "%llu", (unsigned long long)n);

	return lf_yaml_edit_set(&b->edit, version, b->version, LF_YAML_EDIT_QUOTED, err) &&
	       lf_yaml_edit_set(&b->edit, epoch, text, LF_YAML_EDIT_BARE, err);
}

/* The recipe as it is with the new version, and its variables. */
static bool load_again(struct bump *b, struct lf_err *err)
{
	lf_auto_buf text = {0};

	return lf_yaml_edit_finish(&b->edit, &text, err) && load(b, lf_buf_view(&text), err) &&
	       lf_sources_vars(&b->recipe, &b->vars, err);
}

/* ---- fetch ---- */

static bool set_digest(struct bump *b, const struct lf_yaml *with, const char *key,
		       const char *digest, struct lf_err *err)
{
	struct lf_yaml *n = lf_yaml_get(with, key);

	return !n || lf_yaml_edit_set(&b->edit, n, digest, LF_YAML_EDIT_AS_WAS, err);
}

static bool bump_fetch(struct bump *b, const struct lf_yaml *step, struct lf_err *err)
{
	const struct lf_yaml *with = lf_yaml_need(step, "with", err);
	const struct lf_yaml *uri = with ? lf_yaml_need(with, "uri", err) : NULL;
	struct lf_bump_digests d;

	if (!uri)
		return false;
	lf_info(b->ctx, "processing fetch node:");
	const char *url = lf_vars_expand(&b->vars, uri->text.p, b->arena, err);

	if (!url)
		return lf_fail_at(err, uri, "%s", lf_err_text(err));
	lf_info(b->ctx, "  uri: %s", uri->text.p);
	lf_info(b->ctx, "  evaluated: %s", url);
	if (!b->o->fetch(b->o->data, url, &d, err))
		return false;
	lf_info(b->ctx, "  expected-sha256: %s", d.sha256);
	lf_info(b->ctx, "  expected-sha512: %s", d.sha512);
	return set_digest(b, with, "expected-sha256", d.sha256, err) &&
	       set_digest(b, with, "expected-sha512", d.sha512, err);
}

/* ---- git-checkout ---- */

static const char version_ref[] = "${{package.version}}";

static bool var_follows_version(const struct lf_recipe *r, struct lf_str name)
{
	for (size_t i = 0; i < r->vars.n; i++)
		if (lf_str_is(name, r->vars.v[i].key) && strstr(r->vars.v[i].value, version_ref))
			return true;
	for (size_t i = 0; i < r->var_transforms.n; i++)
		if (lf_str_is(name, r->var_transforms.v[i].to) &&
		    strstr(r->var_transforms.v[i].from, version_ref))
			return true;
	return false;
}

/* The text has the version in it, itself or by a variable. */
static bool follows_version(const struct lf_recipe *r, const char *text)
{
	if (strstr(text, version_ref))
		return true;
	for (const char *p = strstr(text, "${{vars."); p; p = strstr(p, "${{vars.")) {
		p += strlen("${{vars.");
		if (var_follows_version(r, (struct lf_str){p, strcspn(p, "}")}))
			return true;
	}
	return false;
}

static bool bump_checkout(struct bump *b, const struct lf_yaml *step, bool only, struct lf_err *err)
{
	const char *commit = b->o->expected_commit;
	const struct lf_yaml *with = lf_yaml_need(step, "with", err);
	const struct lf_yaml *tag = with ? lf_yaml_get(with, "tag") : NULL;
	struct lf_yaml *expected;

	if (!with)
		return false;
	if (!only && tag && !follows_version(&b->recipe, tag->text.p)) {
		lf_info(b->ctx,
			"Skipping git-checkout node as tag is not derived from package.version");
		return true;
	}
	lf_info(b->ctx, "processing git-checkout node");
	expected = lf_yaml_get(with, "expected-commit");
	if (!commit || !*commit || !expected || strstr(expected->text.p, "${{"))
		return true;
	lf_info(b->ctx, "  expected-commit: %s", commit);
	return lf_yaml_edit_set(&b->edit, expected, commit, LF_YAML_EDIT_AS_WAS, err);
}

static bool bump_steps(struct bump *b, struct lf_err *err)
{
	const struct lf_step_nodes fetches = lf_steps_using(b->edit.root, "fetch", b->arena);
	const struct lf_step_nodes checkouts =
		lf_steps_using(b->edit.root, "git-checkout", b->arena);

	if (!lf_yaml_get(b->edit.root, "pipeline")) {
		lf_info(b->ctx,
			"no main pipeline found, will not update expected commits or checksums");
		return true;
	}
	for (size_t i = 0; i < fetches.n; i++)
		if (!bump_fetch(b, fetches.v[i], err))
			return false;
	for (size_t i = 0; i < checkouts.n; i++)
		if (!bump_checkout(b, checkouts.v[i], checkouts.n == 1, err))
			return false;
	return true;
}

bool lf_recipe_bump(const struct lf_ctx *ctx, struct lf_str text, const char *path,
		    const struct lf_bump *o, struct lf_buf *ret, struct lf_err *err)
{
	lf_auto_arena arena = {0};
	LF_CLEANUP(bump_fini)
	struct bump b = {.ctx = ctx, .o = o, .path = path, .arena = &arena};

	b.version = lf_arena_str(&arena, lf_str_trim(lf_str(o->version)));
	if (!load(&b, text, err) || !lf_yaml_edit_open(&b.edit, text, path, &arena, err))
		return false;
	lf_info(ctx, "attempting to bump version to %s", b.version);
	return set_version(&b, err) && load_again(&b, err) && bump_steps(&b, err) &&
	       lf_yaml_edit_finish(&b.edit, ret, err);
}
