/*
 * Times with their zone: see moment.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/moment.h"

#include <stdio.h>

#include "base/banned.h"

/* "+02:00" at the end of a text that is known to be a date. */
static int zone_of(struct lf_str text)
{
	uint64_t hours, minutes;
	struct lf_str zone = lf_str_sub(text, text.n > 6 ? text.n - 6 : 0, text.n);

	if (zone.n != 6 || (zone.p[0] != '+' && zone.p[0] != '-') ||
	    !lf_str_u64(lf_str_sub(zone, 1, 3), 10, &hours) ||
	    !lf_str_u64(lf_str_sub(zone, 4, 6), 10, &minutes))
		return 0;
	int east = (int)(60 * hours + minutes);

	return zone.p[0] == '-' ? -east : east;
}

bool lf_moment_parse(const char *text, struct lf_moment *ret, struct lf_err *err)
{
	struct lf_moment m;

	if (!lf_date_parse(text, &m.seconds, err))
		return false;
	m.zone = zone_of(lf_str(text));
	*ret = m;
	return true;
}

void lf_moment_print(struct lf_moment m, char out[LF_DATE_MAX])
{
	int east = m.zone < 0 ? -m.zone : m.zone;

	lf_date_print(m.seconds + 60 * (int64_t)m.zone, out);
	if (m.zone == 0)
		return;
	size_t n = strlen(out) - 1; /* without the Z */

	snprintf(out + n, LF_DATE_MAX - n, "%c%02d:%02d", m.zone < 0 ? '-' : '+', east / 60 % 24,
		 east % 60);
}
