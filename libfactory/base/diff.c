/*
 * Unified diffs. Texts are cut into lines; the lines that occur once in each text and stand in the
 * same order in both (a longest such sequence) are anchors; each anchor grows as far as its
 * neighbours agree, and what lies between is removed and added. Near-linear in the number of lines.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/diff.h"

#include "base/map.h"
#include "base/vec.h"

#include "base/banned.h"

#define CONTEXT 3

struct lines {
	struct lf_str *v;
	size_t n, cap;
};

/* A line of the old text and one of the new. */
struct place {
	size_t a, b; /* in the old text, in the new one */
};

struct places {
	struct place *v;
	size_t n, cap;
};

/* How often a line occurs in each text, and where last. */
struct occurrence {
	size_t n_old, n_new;
	struct place at;
};

struct diff {
	struct lf_buf *out;
	struct lines old, new;
	struct lf_buf chunk;
	struct place start, count; /* of the chunk */
};

static void split(struct lf_str text, struct lines *ret)
{
	struct lf_str line;

	while (lf_str_line(&text, &line))
		lf_vec_push(ret, line);
}

/* A last line without its newline differs from the same line with it. */
static bool same(const struct diff *d, size_t old, size_t new)
{
	return lf_str_eq(d->old.v[old], d->new.v[new]);
}

static struct occurrence *find(struct lf_map *seen, struct lf_str line)
{
	void **at = lf_map_at(seen, line);

	if (!*at)
		*at = lf_calloc(1, sizeof(struct occurrence));
	return *at;
}

static void count_lines(const struct diff *d, struct lf_map *seen)
{
	for (size_t i = 0; i < d->old.n; i++) {
		struct occurrence *o = find(seen, d->old.v[i]);
		o->n_old++;
		o->at.a = i;
	}
	for (size_t i = 0; i < d->new.n; i++) {
		struct occurrence *o = find(seen, d->new.v[i]);
		o->n_new++;
		o->at.b = i;
	}
}

/* Lines that are unique in both texts, in the order of the new one. */
static void list_unique(const struct diff *d, struct places *ret)
{
	lf_auto_map seen = {0};

	count_lines(d, &seen);
	for (size_t i = 0; i < d->new.n; i++) {
		const struct occurrence *o = lf_map_get(&seen, d->new.v[i]);
		if (o->n_old == 1 && o->n_new == 1)
			lf_vec_push(ret, o->at);
	}
	for (size_t i = 0; i < seen.n; i++)
		lf_free(seen.entry[i].value);
}

/* The first of the n tails whose old line is not below `old`. */
static size_t find_tail(const struct places *all, const size_t *tail, size_t n, size_t old)
{
	size_t low = 0;

	while (low < n) {
		size_t middle = low + (n - low) / 2;
		if (all->v[tail[middle]].a < old)
			low = middle + 1;
		else
			n = middle;
	}
	return low;
}

/* A longest sequence that rises in both texts, by patience: tail[k] ends the best one of k + 1. */
static void keep_rising(struct places *all)
{
	size_t n = 0, *tail = lf_calloc(all->n + 1, sizeof(*tail)),
	       *before = lf_calloc(all->n + 1, sizeof(*before));
	struct place *kept = lf_calloc(all->n + 1, sizeof(*kept));

	for (size_t i = 0; i < all->n; i++) {
		size_t k = find_tail(all, tail, n, all->v[i].a);
		before[i] = k ? tail[k - 1] : 0;
		tail[k] = i;
		n += k == n;
	}
	for (size_t k = n, i = n ? tail[n - 1] : 0; k-- > 0; i = before[i])
		kept[k] = all->v[i];
	if (n)
		memcpy(all->v, kept, n * sizeof(*kept));
	all->n = n;
	lf_free(kept);
	lf_free(before);
	lf_free(tail);
}

static void add_line(struct diff *d, char sign, struct lf_str line)
{
	lf_buf_putc(&d->chunk, sign);
	lf_buf_str(&d->chunk, line);
	if (!lf_str_ends(line, "\n"))
		lf_buf_puts(&d->chunk, "\n\\ No newline at end of file\n");
	d->count.a += sign != '+';
	d->count.b += sign != '-';
}

static void add_common(struct diff *d, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		add_line(d, ' ', d->old.v[i]);
}

static void print_chunk(struct diff *d)
{
	lf_buf_printf(d->out, "@@ -%zu,%zu +%zu,%zu @@\n", d->start.a + (d->count.a > 0),
		      d->count.a, d->start.b + (d->count.b > 0), d->count.b);
	lf_buf_str(d->out, lf_buf_view(&d->chunk));
	lf_buf_clear(&d->chunk);
	d->count = (struct place){0, 0};
}

/* What lies between `done` and an anchor that has grown to [start, end), and the anchor itself.
 * Returns up to where the texts are dealt with. */
static struct place add_difference(struct diff *d, struct place done, struct place start,
				   struct place end)
{
	size_t common = end.a - start.a;
	bool at_end = end.a == d->old.n && end.b == d->new.n;

	for (size_t i = done.a; i < start.a; i++)
		add_line(d, '-', d->old.v[i]);
	for (size_t i = done.b; i < start.b; i++)
		add_line(d, '+', d->new.v[i]);
	if (!at_end && (common < CONTEXT || (d->chunk.n && common < 2 * CONTEXT))) {
		add_common(d, start.a, end.a);
		return end;
	}
	if (d->chunk.n) {
		add_common(d, start.a, start.a + (common < CONTEXT ? common : CONTEXT));
		print_chunk(d);
	}
	if (!at_end) {
		d->start = (struct place){end.a - CONTEXT, end.b - CONTEXT};
		add_common(d, d->start.a, end.a);
	}
	return end;
}

/* The beginning and the end of both texts are anchors too, of no lines. */
static struct place anchor(const struct diff *d, const struct places *anchors, size_t i)
{
	if (i == 0)
		return (struct place){0, 0};
	return i <= anchors->n ? anchors->v[i - 1] : (struct place){d->old.n, d->new.n};
}

static void print_chunks(struct diff *d, const struct places *anchors)
{
	struct place done = {0, 0};

	for (size_t i = 0; i < anchors->n + 2; i++) {
		struct place start = anchor(d, anchors, i), end = start;
		if (start.a < done.a || start.b < done.b)
			continue; /* an anchor before has grown over it */
		while (start.a > done.a && start.b > done.b && same(d, start.a - 1, start.b - 1)) {
			start.a--;
			start.b--;
		}
		while (end.a < d->old.n && end.b < d->new.n &&same(d, end.a, end.b)) {
			end.a++;
			end.b++;
		}
		done = add_difference(d, done, start, end);
	}
}

/* As split, but each line keeps its newline. */
static void keep_newlines(struct lines *l, struct lf_str text)
{
	for (size_t i = 0; i < l->n; i++)
		l->v[i].n += l->v[i].p + l->v[i].n < text.p + text.n;
}

void lf_diff_unified(struct lf_buf *out, const char *old_name, struct lf_str old,
		     const char *new_name, struct lf_str new)
{
	struct diff d = {.out = out};
	struct places anchors = {0};

	if (lf_str_eq(old, new))
		return;
	lf_buf_printf(out, "diff %s %s\n--- %s\n+++ %s\n", old_name, new_name, old_name, new_name);
	split(old, &d.old);
	split(new, &d.new);
	keep_newlines(&d.old, old);
	keep_newlines(&d.new, new);
	list_unique(&d, &anchors);
	keep_rising(&anchors);
	print_chunks(&d, &anchors);
	lf_vec_fini(&anchors);
	lf_vec_fini(&d.old);
	lf_vec_fini(&d.new);
	lf_buf_fini(&d.chunk);
}
