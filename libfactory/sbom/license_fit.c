/*
 * Laying a licence against a text: its known pieces that stand in the text, the stretch with most
 * of them, the longest chain of them in the right order, and what had to be changed along the
 * chain.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "sbom/license_fit.h"

#include "trust/digest.h"

#include "base/banned.h"

#define MAX_PIECES 1024 /* of a licence */
#define LOOK_BACK  200  /* pairs in which the one before is looked for */

/* ---- the text ---- */

static int by_piece(const void *a, const void *b)
{
	const struct lf_license_place *x = a, *y = b;

	if (x->piece != y->piece)
		return x->piece < y->piece ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

void lf_license_doc_init(struct lf_license_doc *d, const struct lf_license_pieces *p)
{
	d->n = p->n;
	d->place = lf_calloc(p->n + 1, sizeof(*d->place));
	d->taken = lf_calloc(p->n + 1, sizeof(*d->taken));
	for (size_t i = 0; i < p->n; i++)
		d->place[i] = (struct lf_license_place){p->v[i], (uint32_t)i};
	if (p->n)
		qsort(d->place, p->n, sizeof(*d->place), by_piece);
}

void lf_license_doc_fini(struct lf_license_doc *d)
{
	lf_free(d->place);
	lf_free(d->taken);
	*d = (struct lf_license_doc){0};
}

void lf_license_scratch_fini(struct lf_license_scratch *s)
{
	lf_vec_fini(&s->pairs);
	lf_vec_fini(&s->links);
}

static size_t find_first(const struct lf_license_doc *d, uint32_t piece)
{
	size_t from = 0, to = d->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (d->place[middle].piece < piece)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* ---- pairs ---- */

/* Those of one place from the last piece to the first: a chain takes one of them. */
static int by_place(const void *a, const void *b)
{
	const struct lf_license_pair *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->nth > y->nth ? -1 : x->nth < y->nth;
}

/* All pairs, by place; how many pieces the licence has. */
static size_t find_pairs(const struct lf_license_doc *d, const struct lf_license_print *l,
			 struct lf_license_scratch *s)
{
	uint8_t bytes[3 * MAX_PIECES];
	size_t n = 0;

	s->pairs.n = 0;
	if (!lf_unbase64(lf_str(l->pieces), bytes, sizeof(bytes), &n))
		return 0;
	for (size_t i = 0; i < n / 3; i++) {
		uint32_t piece = (uint32_t)bytes[3 * i] << 16 | (uint32_t)bytes[3 * i + 1] << 8 |
				 bytes[3 * i + 2];

		for (size_t k = find_first(d, piece); k < d->n && d->place[k].piece == piece; k++)
			if (!d->taken[d->place[k].at])
				lf_vec_push(&s->pairs, ((struct lf_license_pair){d->place[k].at,
										 (uint32_t)i}));
	}
	lf_vec_sort(&s->pairs, by_place);
	return n / 3;
}

/* The pairs [*ret_from, *ret_to) within so many words that have most different pieces. */
static bool densest(const struct lf_license_scratch *s, size_t within, size_t *ret_from,
		    size_t *ret_to)
{
	const struct lf_license_pair *v = s->pairs.v;
	uint32_t count[MAX_PIECES] = {0};
	size_t from = 0, different = 0, best = 0;

	for (size_t to = 0; to < s->pairs.n; to++) {
		different += count[v[to].nth]++ == 0;
		while (v[to].at - v[from].at > within)
			different -= --count[v[from++].nth] == 0;
		if (different >= best) {
			best = different;
			*ret_from = from;
			*ret_to = to + 1;
		}
	}
	return best > 0;
}

/* ---- the chain ---- */

/* Words that differ between two pairs in a row: those that stand on one side only, or what spoils
 * the pieces between; a changed word spoils as many pieces as have it. */
static double cost(const struct lf_license_pair *a, const struct lf_license_pair *b, unsigned step)
{
	double text = b->at - a->at, licence = (double)(b->nth - a->nth) * step;
	double missing = licence - step, spoilt = missing - (LF_LICENSE_RUN - 1);
	double apart = text > licence ? text - licence : licence - text;

	if (spoilt < missing / LF_LICENSE_RUN)
		spoilt = missing / LF_LICENSE_RUN;
	return apart > spoilt ? apart : spoilt;
}

/* Of all chains that end with pair i, the one that says most: a pair is worth its words, a gap
 * costs what it changes. */
static struct lf_license_link best_link(const struct lf_license_scratch *s,
					const struct lf_license_pair *v, size_t i, unsigned step)
{
	struct lf_license_link best = {.value = step, .first = (uint32_t)i};

	for (size_t k = i; k-- > 0 && i - k <= LOOK_BACK;) {
		const struct lf_license_link *l = &s->links.v[k];

		if (v[k].nth >= v[i].nth || v[k].at >= v[i].at)
			continue;
		double c = cost(&v[k], &v[i], step);

		if (l->value - c + step > best.value)
			best = (struct lf_license_link){l->value - c + step, l->cost + c, l->first};
	}
	return best;
}

struct lf_license_fit lf_license_fit(const struct lf_license_doc *d,
				     const struct lf_license_print *l, struct lf_license_scratch *s)
{
	size_t n = find_pairs(d, l, s), from = 0, to = 0, last = 0;
	struct lf_license_fit f = {0};

	if (!densest(s, l->words + l->words / 2, &from, &to))
		return f;
	const struct lf_license_pair *v = s->pairs.v + from;

	s->links.n = 0;
	for (size_t i = 0; i < to - from; i++) {
		lf_vec_push(&s->links, best_link(s, v, i, l->step));
		if (s->links.v[i].value > s->links.v[last].value)
			last = i;
	}
	const struct lf_license_link *best = &s->links.v[last];
	double words = l->words;
	double wrong = best->cost + (double)(v[best->first].nth + (n - 1 - v[last].nth)) * l->step;

	f.from = v[best->first].at;
	f.to = v[last].at;
	f.confidence = wrong >= words ? 0 : 1 - wrong / words;
	f.value = words - 2 * wrong; /* what is said alike, less what is not */
	return f;
}
