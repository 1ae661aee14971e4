/*
 * Declared and generated relations → the final lists. Pure.
 *
 * compat: the comparisons are upstream's: a vendored entry satisfies a dependency by name alone; a
 * provide removes a dependency only when the dependency's whole text is the provide's name, so
 * "other>=1.0" stays beside a provided "other".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/scan/scan.h"

#include <string.h>

#include "base/map.h"

#include "base/banned.h"

static void sort_unique(struct lf_strv *v)
{
	lf_strv_sort(v);
	lf_strv_uniq(v);
}

/* Keeps the entries for which `drop` says no. */
static void filter(struct lf_strv *v, bool (*drop)(const char *entry, const void *data),
		   const void *data)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++)
		if (!drop(v->v[i], data))
			v->v[n++] = v->v[i];
	v->n = n;
}

static bool is_command(const char *entry, const void *data)
{
	(void)data;
	return lf_starts(entry, "cmd:");
}

static void apply_options(const struct lf_package_options *o, struct lf_scan *s)
{
	if (o->no_commands) {
		filter(&s->runtime, is_command, NULL);
		filter(&s->provides, is_command, NULL);
	}
	if (o->no_depends)
		s->runtime.n = 0;
	if (o->no_provides)
		s->provides.n = 0;
}

/* The names (text before "=") of the entries. */
static void index_names(struct lf_map *names, const struct lf_strv *v)
{
	for (size_t i = 0; i < v->n; i++) {
		struct lf_str entry = lf_str(v->v[i]), name = lf_str_cut(&entry, '=');

		lf_map_set(names, name, (void *)v->v[i]);
	}
}

/* "so-ver:X>=1" counts as "so-ver:X". */
static struct lf_str bare_name(const char *entry)
{
	struct lf_str s = lf_str(entry);
	ptrdiff_t at = lf_str_search(s, LF_STR(">="));

	return lf_starts(entry, "so-ver:") && at >= 0 ? lf_str_sub(s, 0, (size_t)at) : s;
}

static bool is_named(const char *entry, const void *names)
{
	return lf_map_has(names, bare_name(entry));
}

static void drop_named(struct lf_strv *v, const struct lf_strv *by)
{
	lf_auto_map names = {0};

	index_names(&names, by);
	filter(v, is_named, &names);
}

static void join(struct lf_strv *ret, const struct lf_strv *a, const struct lf_strv *b)
{
	struct lf_strv joined = {0};

	lf_strv_addv(&joined, a);
	lf_strv_addv(&joined, b);
	sort_unique(&joined);
	lf_strv_fini(ret);
	*ret = joined;
}

void lf_scan_merge(const struct lf_unit *unit, struct lf_scan *s, struct lf_dependencies *ret)
{
	sort_unique(&s->runtime);
	sort_unique(&s->provides);
	sort_unique(&s->vendored);
	apply_options(&unit->options, s);
	drop_named(&s->runtime, &s->vendored);
	join(&ret->runtime, &unit->dependencies.runtime, &s->runtime);
	join(&ret->provides, &unit->dependencies.provides, &s->provides);
	drop_named(&ret->runtime, &ret->provides);
	for (size_t i = 0; i < ret->runtime.n; i++) {
		struct lf_str name = bare_name(ret->runtime.v[i]);

		if (ret->runtime.v[i][name.n])
			ret->runtime.v[i] = lf_arena_str(s->arena, name);
	}
}
