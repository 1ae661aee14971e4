/*
 * An image configuration from files: the file itself, its chain of includes merged under it, and
 * the rules that need the whole.
 *
 * compat: unlike upstream a ring of includes is an error, not an endless loop.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/fs.h"
#include "config/config.h"

#include "base/banned.h"

#define MAX_FILE     (16u << 20)
#define MAX_INCLUDES 16

struct loader {
	const struct lf_ctx *ctx;
	const struct lf_strv *search;
	struct lf_arena *arena;
	struct lf_buf *bytes; /* or NULL */
};

/* The path as given if it is there, otherwise below one of the directories; NULL when nowhere. */
static const char *find_file(const struct loader *l, const char *path)
{
	if (lf_exists(path))
		return path;
	for (size_t i = 0; l->search && *path != '/' && i < l->search->n; i++) {
		lf_auto_free char *below = lf_path_join(l->search->v[i], path);

		if (lf_exists(below))
			return lf_arena_strdup(l->arena, below);
	}
	return NULL;
}

static bool read_config(const struct loader *l, const char *path, struct lf_buf *text,
			struct lf_err *err)
{
	const char *found = find_file(l, path);

	if (!found)
		return lf_fail_new(err, LF_E_NOT_FOUND, "file does not exist");
	if (!lf_read_file(found, MAX_FILE, text, err))
		return false;
	if (l->bytes)
		lf_buf_str(l->bytes, lf_buf_view(text));
	return true;
}

static bool parse_config(const struct loader *l, const char *path, struct lf_str text,
			 struct lf_image_config *ret, struct lf_err *err)
{
	struct lf_yaml *root;

	if (!lf_yaml_parse(text, path, l->arena, &root, err))
		return lf_fail(err, "failed to parse image configuration");
	if (!root) {
		lf_fail_new(err, LF_E_CONFIG, "EOF");
		return lf_fail(err, "failed to parse image configuration");
	}
	if (!lf_image_config_decode(root, l->arena, ret, err))
		return lf_fail(err, "failed to parse image configuration");
	return true;
}

static void trim_slashes(struct lf_strv *v, struct lf_arena *arena)
{
	for (size_t i = 0; i < v->n; i++) {
		size_t n = strlen(v->v[i]);

		while (n && v->v[i][n - 1] == '/')
			n--;
		v->v[i] = lf_arena_dup(arena, v->v[i], n);
	}
}

static bool load(const struct loader *l, const char *path, unsigned depth,
		 struct lf_image_config *ret, struct lf_err *err)
{
	lf_auto_buf text = {0};
	struct lf_image_config base;

	if (!read_config(l, path, &text, err) ||
	    !parse_config(l, path, lf_buf_view(&text), ret, err))
		return false;
	if (!*ret->include)
		return true;
	lf_info(l->ctx, "including %s for configuration", ret->include);
	if (depth == MAX_INCLUDES) {
		lf_fail_new(err, LF_E_LIMIT, "%s: includes are nested too deeply", path);
	} else if (load(l, ret->include, depth + 1, &base, err)) {
		lf_image_config_merge(ret, &base, l->arena);
		lf_image_config_fini(&base);
		return true;
	} else if (!depth || !err || err->class != LF_E_LIMIT) { /* a ring tells it once */
		lf_fail(err, "failed to read include file");
	}
	lf_image_config_fini(ret);
	return false;
}

/* With a base image only contents, archs and includes may be given. */
static bool check_baseimage(const struct lf_image_config *c, struct lf_err *err)
{
	bool ok;

	if (!c->contents.has_baseimage)
		return true;
	ok = !*c->entrypoint.type && !*c->entrypoint.command && !*c->entrypoint.shell_fragment &&
	     !c->entrypoint.services.n && !*c->cmd && !*c->stop_signal && !*c->work_dir &&
	     !*c->accounts.run_as && !c->accounts.users.n && !c->accounts.groups.n &&
	     !c->environment.n && !c->paths.n && !c->annotations.n;
	return ok || lf_fail_new(err, LF_E_CONFIG,
				 "when using base image, the only supported image specification "
				 "are: contents, archs and includes");
}

bool lf_image_config_load(const struct lf_ctx *ctx, const char *path, const struct lf_strv *search,
			  struct lf_arena *arena, struct lf_image_config *ret, struct lf_buf *bytes,
			  struct lf_err *err)
{
	struct loader l = {ctx, search, arena, bytes};

	if (!load(&l, path, 0, ret, err))
		return lf_fail(err, "failed to load image configuration");
	if (!check_baseimage(ret, err)) {
		lf_image_config_fini(ret);
		return lf_fail(err, "failed to load image configuration");
	}
	trim_slashes(&ret->contents.build_repositories, arena);
	trim_slashes(&ret->contents.runtime_repositories, arena);
	trim_slashes(&ret->contents.repositories, arena);
	return true;
}
