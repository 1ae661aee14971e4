/*
 * Looking for known licences in a text. In each round every licence is laid against the text where
 * it fits best; the one of which most is there wins, and its place in the text is taken. So a
 * licence that is part of another is found only where it stands alone.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "sbom/license_detect.h"

#include "sbom/license_fit.h"

#include "base/banned.h"

static void take(struct lf_license_doc *d, const struct lf_license_fit *f)
{
	for (size_t i = f->from; i < d->n && i <= f->to + (LF_LICENSE_RUN - 1); i++)
		d->taken[i] = true;
}

/* Each once; in the order of confidence, equal ones as they stand in the text. */
static void insert(struct lf_licenses *r, size_t *place, const struct lf_license_print *l,
		   const struct lf_license_fit *f)
{
	size_t at = r->n;

	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].license == l)
			return;
	for (; at > 0; at--) {
		double before = r->v[at - 1].confidence;

		if (before > f->confidence ||
		    (!(before < f->confidence) && place[at - 1] < f->from))
			break;
		r->v[at] = r->v[at - 1];
		place[at] = place[at - 1];
	}
	r->v[at] = (struct lf_license_found){l, f->confidence};
	place[at] = f->from;
	r->n++;
}

/* The best of those that are left in `open`; others that are out of reach are dropped. */
static bool next(const struct lf_license_doc *d, bool *open, struct lf_license_scratch *s,
		 struct lf_license_fit *ret, size_t *ret_at, struct lf_license_found *nearest)
{
	bool found = false;

	for (size_t i = 0; i < lf_n_license_prints; i++) {
		if (!open[i])
			continue;
		const struct lf_license_fit f = lf_license_fit(d, &lf_license_prints[i], s);

		if (f.confidence > nearest->confidence)
			*nearest = (struct lf_license_found){&lf_license_prints[i], f.confidence};
		open[i] = f.confidence >= LF_LICENSE_PROBABLE;
		if (open[i] && (!found || f.value > ret->value)) {
			found = true;
			*ret = f;
			*ret_at = i;
		}
	}
	return found;
}

void lf_license_detect(struct lf_str text, struct lf_licenses *ret)
{
	lf_auto_license_pieces pieces = {0};
	LF_CLEANUP(lf_license_doc_fini) struct lf_license_doc d = {0};
	LF_CLEANUP(lf_license_scratch_fini) struct lf_license_scratch s = {0};
	lf_auto_free bool *open = lf_calloc(lf_n_license_prints + 1, sizeof(*open));
	size_t place[LF_LICENSE_MAX_FOUND], at = 0;
	struct lf_license_fit best = {0};

	*ret = (struct lf_licenses){0};
	lf_license_pieces(&pieces, text);
	lf_license_doc_init(&d, &pieces);
	memset(open, true, lf_n_license_prints);
	while (ret->n < LF_LICENSE_MAX_FOUND && next(&d, open, &s, &best, &at, &ret->nearest)) {
		take(&d, &best);
		insert(ret, place, &lf_license_prints[at], &best);
	}
	if (ret->n)
		ret->nearest = (struct lf_license_found){0};
}
