/*
 * Names that look like one that does not exist: few letters changed, or a name that goes on where
 * this one ends, or the other way round (php8, php81; nodejs-current, nodejs).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/solve_core.h"

#include "base/banned.h"

#define MAX_NAME 96
#define MIN_STEM 3

/* Single letters added, removed or changed; max + 1 when there are more than max. */
static unsigned distance(struct lf_str a, struct lf_str b, unsigned max)
{
	unsigned row[MAX_NAME + 1], least;

	for (size_t k = 0; k <= b.n; k++)
		row[k] = (unsigned)k;
	for (size_t i = 1; i <= a.n; i++) {
		unsigned diagonal = row[0];

		least = row[0] = (unsigned)i;
		for (size_t k = 1; k <= b.n; k++) {
			unsigned change = diagonal + (a.p[i - 1] != b.p[k - 1]), up = row[k];
			unsigned beside = (row[k - 1] < up ? row[k - 1] : up) + 1;

			diagonal = up;
			row[k] = change < beside ? change : beside;
			least = row[k] < least ? row[k] : least;
		}
		if (least > max)
			return max + 1;
	}
	return row[b.n];
}

static bool is_stem(struct lf_str stem, struct lf_str name)
{
	if (stem.n < MIN_STEM || stem.n >= name.n || memcmp(stem.p, name.p, stem.n) != 0)
		return false;
	return name.p[stem.n] == '-' || (name.p[stem.n] >= '0' && name.p[stem.n] <= '9');
}

/* "so:" and the like stay among themselves. */
static struct lf_str kind_of(struct lf_str name)
{
	ptrdiff_t at = lf_str_find(name, ':');

	return at < 0 ? LF_STR("") : lf_str_sub(name, 0, (size_t)at);
}

/* The smaller the nearer; more than max: not near at all. */
static unsigned farness(struct lf_str asked, struct lf_str name, unsigned max)
{
	size_t longer = asked.n > name.n ? asked.n : name.n;
	size_t shorter = asked.n > name.n ? name.n : asked.n;

	if (!lf_str_eq(kind_of(asked), kind_of(name)) || longer > MAX_NAME)
		return max + 1;
	if (is_stem(name, asked) || is_stem(asked, name))
		return longer - shorter > max ? max : (unsigned)(longer - shorter);
	return longer - shorter > max ? max + 1 : distance(asked, name, max);
}

struct near {
	struct lf_str name;
	unsigned far;
};

static bool is_nearer(const struct near *a, const struct near *b)
{
	return a->far < b->far || (a->far == b->far && lf_str_cmp(a->name, b->name) < 0);
}

static size_t insert(struct near *best, size_t n, struct near one)
{
	size_t at = n < LF_NEAR_MAX ? n : LF_NEAR_MAX - 1;

	if (n == LF_NEAR_MAX && !is_nearer(&one, &best[at]))
		return n;
	for (; at && is_nearer(&one, &best[at - 1]); at--)
		best[at] = best[at - 1];
	best[at] = one;
	return n < LF_NEAR_MAX ? n + 1 : n;
}

size_t lf_near_names(const struct lf_solver *s, struct lf_str name,
		     struct lf_str ret[static LF_NEAR_MAX])
{
	unsigned max = name.n < 4 ? 0 : name.n < 8 ? 1 : name.n < 14 ? 2 : 3;
	struct near best[LF_NEAR_MAX];
	size_t n = 0;

	for (size_t i = 0; name.n <= MAX_NAME && i < s->ids.n; i++) {
		struct near one = {.name = s->ids.entry[i].key};

		if (!s->providers[i].n)
			continue;
		one.far = farness(name, one.name, max);
		if (one.far <= max)
			n = insert(best, n, one);
	}
	for (size_t i = 0; i < n; i++)
		ret[i] = best[i].name;
	return n;
}
