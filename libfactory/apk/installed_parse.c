/*
 * The installed database read back: the records of an index, each with its paths.
 * docs/formats/installed.md.
 *
 * compat: modes, owners and checksums of paths are passed over, as upstream loses them too; a
 * record that no blank line ends is lost.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/index_fields.h"
#include "apk/installed.h"

#include "base/banned.h"

struct paths {
	struct lf_apk_path *v;
	size_t n, cap;
};

struct lists {
	struct lf_installed_paths *v;
	size_t n, cap;
};

struct reading {
	struct lf_arena *arena;
	struct paths paths; /* of the record being read */
	struct lists lists; /* of those that are kept */
	const char *dir;
};

static void add_path(struct reading *r, const char *path, char type)
{
	const struct lf_apk_path p = {
		.path = path, .type = type, .mode = type == '5' ? 0755 : 0644};

	lf_vec_push(&r->paths, p);
}

static bool take_field(void *data, struct lf_pkg *pkg, char letter, char *value, size_t n,
		       struct lf_err *err)
{
	struct reading *r = data;

	(void)err;
	if (letter == 'F') {
		r->dir = value;
		if (n)
			add_path(r, value, '5');
	} else if (letter == 'R') {
		add_path(r, *r->dir ? lf_arena_printf(r->arena, "%s/%s", r->dir, value) : value,
			 '0');
	} else if (letter == 'r') {
		lf_index_list(r->arena, value, n, &pkg->replaces);
	}
	return true;
}

static void end_record(void *data, bool kept)
{
	struct reading *r = data;

	if (kept) {
		struct lf_installed_paths list = {.n = r->paths.n};

		list.v = lf_new_n(r->arena, struct lf_apk_path, list.n + 1);
		for (size_t i = 0; i < list.n; i++)
			list.v[i] = r->paths.v[i];
		lf_vec_push(&r->lists, list);
	}
	r->paths.n = 0;
	r->dir = "";
}

bool lf_installed_parse(struct lf_str text, struct lf_arena *arena, struct lf_installed *ret,
			struct lf_err *err)
{
	struct reading r = {.arena = arena, .dir = ""};
	const struct lf_index_fields more = {take_field, end_record, &r};
	struct lf_installed db = {0};
	bool ok = lf_index_parse_fields(text, &more, arena, &db.index, err);

	lf_vec_fini(&r.paths);
	if (!ok) {
		lf_vec_fini(&r.lists);
		return false;
	}
	db.paths = r.lists.v;
	*ret = db;
	return true;
}

void lf_installed_fini(struct lf_installed *db)
{
	lf_index_fini(&db->index);
	lf_free(db->paths);
	db->paths = NULL;
}
