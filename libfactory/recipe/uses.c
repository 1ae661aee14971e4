/*
 * Definitions of pipelines: a name comes in, a YAML tree goes out. The first readable file in the
 * given directories wins, then the system's, then those that are built in. Each is read once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/fs.h"
#include "recipe/compile.h"

#include "base/banned.h"

#define MAX_DEFINITION (4u << 20)
#define SYSTEM_DIR     "/usr/share/melange/pipelines"

static int compare_builtin(const void *name, const void *builtin)
{
	return strcmp(name, ((const struct lf_builtin *)builtin)->name);
}

static bool is_inside(const char *name)
{
	return name[0] != '/' && !strstr(name, "..");
}

static bool read_from(const char *dir, const char *name, struct lf_arena *arena, struct lf_buf *ret,
		      const char **ret_path)
{
	*ret_path = lf_arena_printf(arena, "%s/%s.yaml", dir, name);
	return lf_read_file(*ret_path, MAX_DEFINITION, ret, NULL);
}

static bool read_file(struct compiler *c, const char *name, struct lf_buf *ret,
		      const char **ret_path)
{
	struct lf_arena *arena = c->definitions->arena;
	const struct lf_strv *dirs = &c->options->pipeline_dirs;

	for (size_t i = 0; i < dirs->n; i++) {
		if (read_from(dirs->v[i], name, arena, ret, ret_path))
			return true;
	}
	return read_from(SYSTEM_DIR, name, arena, ret, ret_path);
}

static bool read_definition(struct compiler *c, const char *name, struct lf_yaml **ret,
			    struct lf_err *err)
{
	struct lf_arena *arena = c->definitions->arena;
	lf_auto_buf buf = {0};
	const char *path;
	struct lf_str text;

	if (read_file(c, name, &buf, &path)) {
		text = lf_buf_view(&buf);
	} else {
		const struct lf_builtin *b =
			c->builtins && c->builtins->n
				? bsearch(name, c->builtins->v, c->builtins->n,
					  sizeof(*c->builtins->v), compare_builtin)
				: NULL;

		path = lf_arena_printf(arena, "pipelines/%s.yaml", name);
		if (!b)
			return lf_fail_new(err, LF_E_NOT_FOUND,
					   "unable to load pipeline: open %s: file does not exist",
					   path);
		text = (struct lf_str){b->text, b->n};
	}
	return lf_yaml_parse(text, path, arena, ret, err) ||
	       lf_fail(err, "unable to parse pipeline");
}

bool lf_uses_find(struct compiler *c, const char *name, struct lf_yaml **ret, struct lf_err *err)
{
	struct lf_map *known = &c->definitions->map;
	struct lf_yaml *root = NULL;

	if (!is_inside(name))
		return lf_fail_new(err, LF_E_CONFIG,
				   "invalid pipeline 'uses' value \"%s\": must not contain "
				   "absolute paths or '..' sequences",
				   name);
	if (!lf_map_has(known, lf_str(name))) {
		if (!read_definition(c, name, &root, err))
			return false;
		lf_map_set(known, lf_str(lf_arena_strdup(c->definitions->arena, name)), root);
	}
	*ret = lf_map_get(known, lf_str(name));
	return true;
}
