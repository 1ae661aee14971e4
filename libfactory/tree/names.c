/*
 * Names of numeric owners, from the tree's own /etc/passwd and /etc/group: NAME:x:ID:…, later lines
 * win. Lines of another form are skipped: the accounts file of an image may be anything.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tree/tree.h"

#include "base/mem.h"
#include "base/vec.h"
#include "base/banned.h"

#define MAX_FILE (16 * 1024 * 1024)

struct name {
	uint32_t id;
	size_t line;
	const char *name;
};

struct name_list {
	struct name *v;
	size_t n, cap;
};

struct lf_names {
	struct lf_arena arena;
	struct name_list users, groups;
};

static int by_id(const void *x, const void *y)
{
	const struct name *a = x, *b = y;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return a->line < b->line ? -1 : a->line > b->line;
}

static void load(struct lf_names *names, const struct lf_tree *t, const char *path,
		 struct name_list *list)
{
	lf_auto_buf text = {0};
	struct lf_str rest, line;
	const struct lf_node *file = lf_tree_find(t, path, true);

	if (!file || !lf_tree_read(t, file, MAX_FILE, &text, NULL))
		return;
	rest = lf_buf_view(&text);
	while (lf_str_line(&rest, &line)) {
		struct lf_str name = lf_str_cut(&line, ':');
		uint64_t id;

		(void)lf_str_cut(&line, ':'); /* the password */
		if (!line.p || !lf_str_u64(lf_str_cut(&line, ':'), 10, &id) || id > UINT32_MAX)
			continue;
		lf_vec_push(list, (struct name){(uint32_t)id, list->n,
						lf_arena_str(&names->arena, name)});
	}
	lf_vec_sort(list, by_id);
}

struct lf_names *lf_names_load(const struct lf_tree *t)
{
	struct lf_names *n = lf_calloc(1, sizeof(*n));

	load(n, t, "etc/passwd", &n->users);
	load(n, t, "etc/group", &n->groups);
	return n;
}

static const char *find(const struct name_list *list, uint32_t id)
{
	size_t low = 0, high = list->n; /* the last one of this id is just before low */

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list->v[middle].id <= id)
			low = middle + 1;
		else
			high = middle;
	}
	return low && list->v[low - 1].id == id ? list->v[low - 1].name : "";
}

const char *lf_names_user(const struct lf_names *n, uint32_t uid)
{
	return n ? find(&n->users, uid) : "";
}

const char *lf_names_group(const struct lf_names *n, uint32_t gid)
{
	return n ? find(&n->groups, gid) : "";
}

void lf_names_free(struct lf_names *n)
{
	if (!n)
		return;
	lf_vec_fini(&n->users);
	lf_vec_fini(&n->groups);
	lf_arena_fini(&n->arena);
	lf_free(n);
}
