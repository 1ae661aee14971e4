/*
 * Values that refer to each other, as `vars:` and the inputs of a step do. Upstream expands vars in
 * the random order of a Go map; here each is expanded after those that it mentions, so the result
 * never depends on luck, and a ring is an error.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/vars.h"

#include "base/banned.h"

/* A chain of that many references is no honest one, and the stack has an end. */
#define MAX_CHAIN 200

enum { WAITING, BUSY, DONE };

struct each {
	struct lf_vars_item *item;
	size_t n;
	const char *prefix;
	const struct lf_vars *outer;
	struct lf_arena *arena;
	struct lf_map index; /* key → item */
	const struct lf_vars_item *chain[MAX_CHAIN];
	size_t depth;
	bool failed;
};

static bool fail_ring(const struct each *e, const struct lf_vars_item *item, struct lf_err *err)
{
	lf_auto_buf ring = {0};
	size_t from = 0;

	while (from < e->depth && e->chain[from] != item)
		from++;
	for (size_t i = from; i < e->depth; i++)
		lf_buf_printf(&ring, "%s%s -> ", e->prefix, e->chain[i]->key);
	return lf_fail_new(err, LF_E_CONFIG, "variables refer to each other in a ring: %s%s%s",
			   lf_buf_c(&ring), e->prefix, item->key);
}

static bool expand_item(struct each *e, struct lf_vars_item *item, struct lf_err *err);

static bool find_each(void *data, struct lf_str name, const char **ret, struct lf_err *err)
{
	struct each *e = data;
	struct lf_str key = name;

	*ret = e->outer ? lf_vars_get(e->outer, name) : NULL;
	if (*ret || !lf_str_skip(&key, e->prefix))
		return true;
	struct lf_vars_item *item = lf_map_get(&e->index, key);
	if (!item)
		return true;
	if (item->state == BUSY)
		return fail_ring(e, item, err);
	if (item->state == WAITING && !expand_item(e, item, err))
		return false;
	*ret = item->value;
	return true;
}

static bool expand_item(struct each *e, struct lf_vars_item *item, struct lf_err *err)
{
	if (e->depth == MAX_CHAIN)
		return lf_fail_new(err, LF_E_LIMIT,
				   "variable %s%s: chain of references is too long", e->prefix,
				   item->key);
	item->state = BUSY;
	e->chain[e->depth++] = item;
	const char *value = lf_vars_expand_with(find_each, e, item->value, e->arena, err);
	e->depth--;
	if (!value) {
		item->failed = !e->failed;
		e->failed = true;
		return false;
	}
	item->value = value;
	item->state = DONE;
	return true;
}

bool lf_vars_expand_each(struct lf_vars_item *item, size_t n, const char *prefix,
			 const struct lf_vars *outer, struct lf_arena *arena, struct lf_err *err)
{
	struct each e = {.item = item, .n = n, .prefix = prefix, .outer = outer, .arena = arena};
	bool ok = true;

	for (size_t i = 0; i < n; i++) {
		item[i].state = WAITING;
		lf_map_set(&e.index, lf_str(item[i].key), &item[i]);
	}
	for (size_t i = 0; ok && i < n; i++)
		ok = item[i].state == DONE || expand_item(&e, &item[i], err);
	lf_map_fini(&e.index);
	return ok;
}
