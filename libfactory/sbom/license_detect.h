/*
 * Which licences a text holds. The licences known are those of license_prints.c; each is known by
 * pieces of its text at regular distances. A licence is there when most of its pieces stand close
 * together.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include "base/str.h"

/* As script/license-prints makes it. */
struct lf_license_print {
	const char *name; /* an SPDX identifier */
	const char *type; /* "notice", "restricted", ...: how much it asks of whoever passes on */
	unsigned words, step; /* of the text; every step-th piece is known */
	const char *pieces;   /* those, 3 bytes each, in base64 */
};

extern const struct lf_license_print lf_license_prints[];
extern const size_t lf_n_license_prints;

struct lf_license_found {
	const struct lf_license_print *license;
	double confidence; /* how much of the words is as it should be, from 0 to 1 */
};

#define LF_LICENSE_MAX_FOUND 32
/* Below it a licence is none. */
#define LF_LICENSE_PROBABLE 0.8
/* From it on it can be relied upon. */
#define LF_LICENSE_CONFIDENT 0.9

struct lf_licenses {
	struct lf_license_found v[LF_LICENSE_MAX_FOUND]; /* each once, the surest first */
	size_t n;
	struct lf_license_found nearest; /* when n is 0; license is NULL when nothing is alike */
};

/* The same for the same text, always. */
void lf_license_detect(struct lf_str text, struct lf_licenses *ret);

/* Is a file of this path likely to hold a licence, and how likely (higher is more)? 0: it is not.
 * all: files below folders of other people's code, too. */
double lf_license_file_weight(const char *path, bool all);
