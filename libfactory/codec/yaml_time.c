/*
 * Does a plain scalar look like a date or time to Go's reader? Its four layouts, with digits one or
 * two long, days that exist, and any fraction of a second.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/yaml.h"

#include "base/banned.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* One or two digits off the front; -1 when there is none. */
static int take_number(struct lf_str *s)
{
	int v = -1;

	for (int i = 0; i < 2 && s->n && is_digit(*s->p); i++) {
		v = (v < 0 ? 0 : v * 10) + (*s->p - '0');
		*s = lf_str_sub(*s, 1, s->n);
	}
	return v;
}

static bool take_range(struct lf_str *s, int least, int most)
{
	int v = take_number(s);

	return v >= least && v <= most;
}

static int days_of(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

static bool take_date(struct lf_str *s)
{
	int year = 0, month;

	if (s->n < 5)
		return false;
	for (size_t i = 0; i < 4; i++) {
		if (!is_digit(s->p[i]))
			return false;
		year = year * 10 + (s->p[i] - '0');
	}
	*s = lf_str_sub(*s, 4, s->n);
	if (!lf_str_skip(s, "-"))
		return false;
	month = take_number(s);
	return month >= 1 && month <= 12 && lf_str_skip(s, "-") &&
	       take_range(s, 1, days_of(year, month));
}

static bool take_clock(struct lf_str *s)
{
	if (!take_range(s, 0, 23) || !lf_str_skip(s, ":") || !take_range(s, 0, 59) ||
	    !lf_str_skip(s, ":") || !take_range(s, 0, 59))
		return false;
	if (s->n > 1 && (*s->p == '.' || *s->p == ',') && is_digit(s->p[1])) {
		*s = lf_str_sub(*s, 1, s->n);
		while (s->n && is_digit(*s->p))
			*s = lf_str_sub(*s, 1, s->n);
	}
	return true;
}

static bool is_zone(struct lf_str s)
{
	if (lf_str_is(s, "Z"))
		return true;
	return s.n == 6 && (s.p[0] == '+' || s.p[0] == '-') && is_digit(s.p[1]) &&
	       is_digit(s.p[2]) && s.p[3] == ':' && is_digit(s.p[4]) && is_digit(s.p[5]);
}

bool lf_yaml_text_is_time(struct lf_str s)
{
	if (!take_date(&s))
		return false;
	if (!s.n)
		return true;
	if (lf_str_skip(&s, " "))
		return take_clock(&s) && !s.n;
	if (!lf_str_skip(&s, "T") && !lf_str_skip(&s, "t"))
		return false;
	return take_clock(&s) && is_zone(s);
}
