/*
 * The linter for copies: regular files of one base name and one content in several folders. Only
 * files that share name and size are read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "build/lint/lint.h"
#include "sbom/license_detect.h"
#include "trust/digest.h"

#include "base/banned.h"

#define LEAST_SIZE 1024

struct candidate {
	const char *path;
	const struct lf_node *file;
	uint8_t digest[LF_SHA256_LEN];
};

/* Files of one base name and size, later of one content. */
struct set {
	const char *name;
	uint64_t size, wasted;
	LF_VEC(struct candidate) files;
};

struct sets {
	struct set *v;
	size_t n, cap;
};

struct walker {
	struct lf_lint *lint;
	struct lf_map by_name; /* "NAME\nSIZE" → index + 1 in sets */
	struct sets sets;
};

const char *lf_lint_size(struct lf_arena *arena, uint64_t bytes)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
	double v = (double)bytes;
	size_t unit = 0;

	if (bytes < 10)
		return lf_arena_printf(arena, "%" PRIu64 " B", bytes);
	while (v >= 1000 && unit + 1 < LF_ARRAY_LEN(units)) {
		v /= 1000;
		unit++;
	}
	v = (double)(uint64_t)(v * 10 + 0.5) / 10;
	return lf_arena_printf(arena, v < 10 ? "%.1f %s" : "%.0f %s", v, units[unit]);
}

static bool gather(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	struct walker *w = data;
	const struct lf_node *file = lf_node_content(n);
	const char *key;
	void **index;

	(void)err;
	if (!lf_lint_is_file(n) || file->size < LEAST_SIZE ||
	    lf_license_file_weight(n->name, true) > 0) /* licence texts are copied on purpose */
		return true;
	key = lf_arena_printf(w->lint->arena, "%s\n%" PRIu64, n->name, file->size);
	index = lf_map_at(&w->by_name, lf_str(key));
	if (!*index) {
		struct set set = {.name = n->name, .size = file->size};

		lf_vec_push(&w->sets, set);
		*index = (void *)(uintptr_t)w->sets.n;
	}
	struct candidate c = {.path = lf_arena_strdup(w->lint->arena, path), .file = file};

	lf_vec_push(&w->sets.v[(uintptr_t)*index - 1].files, c);
	return true;
}

static bool digest(struct candidate *c, struct lf_err *err)
{
	struct lf_digest_writer w;
	bool ok;

	lf_digest_writer_init(&w, LF_SHA256, NULL);
	ok = lf_blob_copy(c->file->blob, c->file->offset, c->file->size, &w.w, err);
	if (ok)
		lf_digest_final(w.digest, c->digest);
	lf_digest_writer_fini(&w);
	return ok;
}

static int by_digest(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int d = memcmp(x->digest, y->digest, sizeof(x->digest));

	return d ? d : strcmp(x->path, y->path);
}

/* Cuts a set into those of one content, at least two files each. */
static bool split(const struct set *set, struct sets *ret, struct lf_err *err)
{
	if (set->files.n < 2)
		return true;
	for (size_t i = 0; i < set->files.n; i++)
		if (!digest(&set->files.v[i], err))
			return false;
	qsort(set->files.v, set->files.n, sizeof(*set->files.v), by_digest);
	for (size_t i = 0, j; i < set->files.n; i = j) {
		struct set same = {.name = set->name, .size = set->size};

		for (j = i; j < set->files.n && memcmp(set->files.v[j].digest,
						       set->files.v[i].digest, LF_SHA256_LEN) == 0;
		     j++)
			;
		if (j - i < 2)
			continue;
		for (size_t k = i; k < j; k++)
			lf_vec_push(&same.files, set->files.v[k]);
		same.wasted = (j - i - 1) * set->size;
		lf_vec_push(ret, same);
	}
	return true;
}

static int by_waste(const void *a, const void *b)
{
	const struct set *x = a, *y = b;

	if (x->wasted != y->wasted)
		return x->wasted > y->wasted ? -1 : 1;
	return strcmp(x->files.v[0].path, y->files.v[0].path);
}

static json_t *describe(struct lf_lint *l, const struct set *set)
{
	const char *size = lf_lint_size(l->arena, set->size);
	const char *wasted = lf_lint_size(l->arena, set->wasted);
	json_t *o = json_object(), *paths = json_array();

	lf_buf_printf(&l->message, "\n  %zu copies of '%s' (%s each, wasting %s):", set->files.n,
		      set->name, size, wasted);
	for (size_t i = 0; i < set->files.n; i++) {
		lf_buf_printf(&l->message, "\n    %s", set->files.v[i].path);
		json_array_append_new(paths, lf_json_text(lf_str(set->files.v[i].path)));
	}
	lf_json_set_str(o, "basename", set->name);
	lf_json_set(o, "count", json_integer((json_int_t)set->files.n));
	lf_json_set(o, "size_bytes", json_integer((json_int_t)set->size));
	lf_json_set_str(o, "size", size);
	lf_json_set(o, "wasted_bytes", json_integer((json_int_t)set->wasted));
	lf_json_set_str(o, "wasted_size", wasted);
	lf_json_set(o, "paths", paths);
	lf_lint_item(l, "%s (%zu copies, %s wasted)", set->name, set->files.n, wasted);
	return o;
}

static void report(struct lf_lint *l, struct sets *sets)
{
	json_t *list = json_array();
	uint64_t total = 0;
	const char *size;

	lf_vec_sort(sets, by_waste);
	for (size_t i = 0; i < sets->n; i++)
		total += sets->v[i].wasted;
	size = lf_lint_size(l->arena, total);
	lf_buf_printf(&l->message,
		      "%s contains %zu duplicate file(s) with same name in different directories "
		      "(wasting %s total):",
		      l->name, sets->n, size);
	for (size_t i = 0; i < sets->n; i++)
		json_array_append_new(list, describe(l, &sets->v[i]));
	l->details = json_object();
	lf_json_set(l->details, "total_duplicate_sets", json_integer((json_int_t)sets->n));
	lf_json_set(l->details, "total_wasted_bytes", json_integer((json_int_t)total));
	lf_json_set_str(l->details, "total_wasted_size", size);
	lf_json_set(l->details, "duplicates", list);
}

static void sets_fini(struct sets *sets)
{
	for (size_t i = 0; i < sets->n; i++)
		lf_vec_fini(&sets->v[i].files);
	lf_vec_fini(sets);
}

bool lf_lint_duplicate(struct lf_lint *l, struct lf_err *err)
{
	LF_CLEANUP(sets_fini) struct sets same = {0};
	struct walker w = {.lint = l};
	bool ok = lf_tree_walk(l->out->tree, gather, &w, err);

	for (size_t i = 0; ok && i < w.sets.n; i++)
		ok = split(&w.sets.v[i], &same, err);
	if (ok && same.n)
		report(l, &same);
	sets_fini(&w.sets);
	lf_map_fini(&w.by_name);
	return ok;
}
