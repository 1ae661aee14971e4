/*
 * Durations in Go's syntax: "1h30m", "1.5s", "-300ms". Refused with Go's words, since they reach
 * users through the command line. Declared in date.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "base/date.h"
#include "base/banned.h"

static const struct unit {
	const char *name;
	uint64_t ns;
} units[] = {
	{"ns", 1},           {"us", 1000},      {"\xc2\xb5s", 1000}, /* micro sign */
	{"\xce\xbcs", 1000},                                         /* Greek mu */
	{"ms", 1000000},     {"s", 1000000000}, {"m", 60000000000},  {"h", 3600000000000},
};

#define TOP ((uint64_t)1 << 63)

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool fail_invalid(const char *text, struct lf_err *err)
{
	return lf_fail_new(err, LF_E_CONFIG, "time: invalid duration \"%s\"", text);
}

static const struct unit *find_unit(struct lf_str name)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (lf_str_is(name, units[i].name))
			return &units[i];
	return NULL;
}

/* Digits before the point; false when they do not fit. */
static bool take_whole(struct lf_str *s, uint64_t *ret)
{
	uint64_t v = 0;

	for (; s->n > 0 && is_digit(s->p[0]); *s = lf_str_sub(*s, 1, s->n)) {
		if (v > TOP / 10)
			return false;
		v = v * 10 + (uint64_t)(s->p[0] - '0');
		if (v > TOP)
			return false;
	}
	*ret = v;
	return true;
}

/* Digits behind the point, as v / *scale; those beyond the precision are dropped. */
static uint64_t take_fraction(struct lf_str *s, double *scale)
{
	uint64_t v = 0;
	bool full = false;

	*scale = 1;
	for (; s->n > 0 && is_digit(s->p[0]); *s = lf_str_sub(*s, 1, s->n)) {
		uint64_t next = v * 10 + (uint64_t)(s->p[0] - '0');

		full = full || v > (TOP - 1) / 10 || next > TOP;
		if (full)
			continue;
		v = next;
		*scale *= 10;
	}
	return v;
}

/* One number with its unit, added to *sum. */
static bool take_part(const char *text, struct lf_str *s, uint64_t *sum, struct lf_err *err)
{
	const char *start = s->p;
	uint64_t v, f = 0;
	double scale = 1;
	const struct unit *unit;
	struct lf_str name;
	size_t n = 0, digits;

	if (!take_whole(s, &v))
		return fail_invalid(text, err);
	digits = (size_t)(s->p - start);
	if (lf_str_skip(s, ".")) {
		start = s->p;
		f = take_fraction(s, &scale);
		digits += (size_t)(s->p - start);
	}
	if (digits == 0)
		return fail_invalid(text, err);
	while (n < s->n && s->p[n] != '.' && !is_digit(s->p[n]))
		n++;
	name = lf_str_sub(*s, 0, n);
	*s = lf_str_sub(*s, n, s->n);
	if (n == 0)
		return lf_fail_new(err, LF_E_CONFIG, "time: missing unit in duration \"%s\"", text);
	unit = find_unit(name);
	if (!unit)
		return lf_fail_new(err, LF_E_CONFIG,
				   "time: unknown unit \"" LF_STR_FMT "\" in duration \"%s\"",
				   LF_STR_ARG(name), text);
	if (v > TOP / unit->ns)
		return fail_invalid(text, err);
	v = v * unit->ns + (uint64_t)((double)f * ((double)unit->ns / scale));
	if (v > TOP || *sum + v > TOP)
		return fail_invalid(text, err);
	*sum += v;
	return true;
}

bool lf_duration_parse(const char *text, int64_t *ret_ns, struct lf_err *err)
{
	struct lf_str s = lf_str(text);
	bool negative = lf_str_starts(s, "-");
	uint64_t sum = 0;

	if (negative || lf_str_starts(s, "+"))
		s = lf_str_sub(s, 1, s.n);
	if (s.n == 0)
		return fail_invalid(text, err);
	if (!lf_str_is(s, "0"))
		while (s.n > 0) {
			if (s.p[0] != '.' && !is_digit(s.p[0]))
				return fail_invalid(text, err);
			if (!take_part(text, &s, &sum, err))
				return false;
		}
	if (!negative && sum > TOP - 1)
		return fail_invalid(text, err);
	*ret_ns = negative ? (int64_t)(0 - sum) : (int64_t)sum;
	return true;
}

/* value / scale with its fraction, final zeros dropped. */
static size_t print_decimal(char *out, size_t size, uint64_t value, uint64_t scale)
{
	uint64_t fraction = value % scale;
	int n = snprintf(out, size, "%llu", (unsigned long long)(value / scale)), digits = 0;

	for (uint64_t s = scale; s > 1; s /= 10)
		digits++;
	if (fraction == 0)
		return (size_t)n;
	for (; fraction % 10 == 0; fraction /= 10)
		digits--;
	n += snprintf(out + n, size - (size_t)n, ".%0*llu", digits, (unsigned long long)fraction);
	return (size_t)n;
}

void lf_duration_print(int64_t ns, char out[LF_DATE_MAX])
{
	uint64_t u = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	size_t n = 0, max = LF_DATE_MAX;

	if (ns < 0)
		out[n++] = '-';
	if (u == 0) {
		(void)snprintf(out, max, "0s");
	} else if (u < 1000000000) {
		uint64_t scale = u < 1000 ? 1 : u < 1000000 ? 1000 : 1000000;

		n += print_decimal(out + n, max - n, u, scale);
		(void)snprintf(out + n, max - n, "%s",
			       scale == 1      ? "ns"
			       : scale == 1000 ? "\xc2\xb5s"
					       : "ms");
	} else {
		uint64_t minutes = u / 60000000000;

		if (minutes >= 60)
			n += (size_t)snprintf(out + n, max - n, "%lluh",
					      (unsigned long long)(minutes / 60));
		if (minutes > 0)
			n += (size_t)snprintf(out + n, max - n, "%llum",
					      (unsigned long long)(minutes % 60));
		n += print_decimal(out + n, max - n, u % 60000000000, 1000000000);
		(void)snprintf(out + n, max - n, "s");
	}
}
