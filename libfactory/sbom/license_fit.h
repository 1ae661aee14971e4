/*
 * How well a known licence fits into a text. Private to this room.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/vec.h"
#include "sbom/license_detect.h"
#include "sbom/license_text.h"

struct lf_license_place {
	uint32_t piece, at;
};

/* A text, ready to be asked where its pieces stand. */
struct lf_license_doc {
	struct lf_license_place *place; /* by piece, then place */
	size_t n;
	bool *taken; /* by place: belongs to a licence that was found */
};

struct lf_license_fit {
	double confidence;
	double value;    /* for choosing among licences that fit the same place */
	size_t from, to; /* places of the first and the last piece */
};

/* A piece of the licence at a place of the text. */
struct lf_license_pair {
	uint32_t at, nth;
};

/* The best chain that ends with a pair. */
struct lf_license_link {
	double value, cost; /* in words; cost: how many differ along the chain */
	uint32_t first;     /* its first pair */
};

/* Memory that many fits share; zeroed it is empty. */
struct lf_license_scratch {
	LF_VEC(struct lf_license_pair) pairs;
	LF_VEC(struct lf_license_link) links; /* by pair */
};

void lf_license_doc_init(struct lf_license_doc *d, const struct lf_license_pieces *p);
void lf_license_doc_fini(struct lf_license_doc *d);
void lf_license_scratch_fini(struct lf_license_scratch *s);

/* The best fit outside of what is taken; confidence 0: none of it is there. */
struct lf_license_fit lf_license_fit(const struct lf_license_doc *d,
				     const struct lf_license_print *l,
				     struct lf_license_scratch *s);
