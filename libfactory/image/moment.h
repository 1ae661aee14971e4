/*
 * A time with the zone it was given in, which upstream keeps when it prints it again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"

struct lf_moment {
	int64_t seconds;
	int zone; /* minutes east of UTC */
};

/* RFC 3339, with Go's words on failure. */
bool lf_moment_parse(const char *text, struct lf_moment *ret, struct lf_err *err) LF_MUST_CHECK;
void lf_moment_print(struct lf_moment m, char out[LF_DATE_MAX]);

static inline struct lf_moment lf_moment_utc(int64_t seconds)
{
	return (struct lf_moment){.seconds = seconds};
}

/* The later one; a when they are equal. */
static inline struct lf_moment lf_moment_max(struct lf_moment a, struct lf_moment b)
{
	return b.seconds > a.seconds ? b : a;
}
