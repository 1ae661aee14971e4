/*
 * How much of the machine a sandbox may take: the texts of `package.resources` as numbers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <factory/err.h>

#include "recipe/recipe.h"

struct lf_limits {
	uint64_t memory;         /* bytes, 0: no limit */
	uint64_t millicpus;      /* thousandths of a CPU, 0: no limit */
	const char *memory_text; /* as given, for messages */
};

/* cpu: "4", "0.5", "500m" (Kubernetes' thousandths). memory: a number with K, M, G or T, also
 * written Ki, KB, KiB, k …, all powers of 1024 as upstream has them; without a unit, or with B,
 * bytes. "" is no limit. The texts outlive *ret. */
bool lf_limits_parse(const struct lf_resources *r, struct lf_limits *ret,
		     struct lf_err *err) LF_MUST_CHECK;
