/*
 * Amounts of memory and CPU: see limits.h. Numbers are decimal with at most six places behind the
 * point, without sign or exponent.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/limits.h"

#include "base/str.h"

#include "base/banned.h"

#define AMOUNT_MAX (UINT64_C(1) << 60)

static bool take_digits(struct lf_str *s, size_t max, struct lf_str *ret)
{
	size_t n = 0;

	while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	*ret = lf_str_sub(*s, 0, n);
	*s = lf_str_sub(*s, n, s->n);
	return n <= max;
}

/* Takes a number off the front, in units of 1/scale, rounded down. */
static bool take_number(struct lf_str *s, uint64_t scale, uint64_t *ret)
{
	struct lf_str whole, part = {0};
	uint64_t n = 0, places = 0, ten = 1;

	if (!take_digits(s, 18, &whole) || (lf_str_skip(s, ".") && !take_digits(s, 6, &part)) ||
	    whole.n + part.n == 0 || (whole.n && !lf_str_u64(whole, 10, &n)) ||
	    (part.n && !lf_str_u64(part, 10, &places)) || n > AMOUNT_MAX / scale)
		return false;
	for (size_t i = 0; i < part.n; i++)
		ten *= 10;
	*ret = n * scale + places * scale / ten;
	return true;
}

static bool parse_cpu(const char *text, uint64_t *ret)
{
	struct lf_str s = lf_str_trim(lf_str(text));
	struct lf_str milli = s;

	if (lf_str_ends(s, "m")) {
		milli.n--;
		return take_number(&milli, 1, ret) && milli.n == 0;
	}
	return take_number(&s, 1000, ret) && s.n == 0;
}

/* The power of 1024 that a unit stands for, or -1. */
static int unit_power(struct lf_str unit)
{
	static const char letters[] = "BKMGT";

	if (unit.n == 0)
		return 0;
	for (int i = 0; letters[i]; i++) {
		if ((unit.p[0] | 0x20) != (letters[i] | 0x20))
			continue;
		struct lf_str rest = lf_str_sub(unit, 1, unit.n);
		if (rest.n == 0 || (i > 0 && (lf_str_is(rest, "i") || lf_str_is(rest, "iB") ||
					      lf_str_is(rest, "B") || lf_str_is(rest, "b"))))
			return i;
	}
	return -1;
}

static bool parse_memory(const char *text, uint64_t *ret)
{
	struct lf_str s = lf_str_trim(lf_str(text)), unit;
	struct lf_str number = s;

	if (!take_number(&number, 1, ret))
		return false;
	unit = lf_str_trim(number);
	int power = unit_power(unit);
	if (power < 0)
		return false;
	number = s;
	return take_number(&number, UINT64_C(1) << (10 * power), ret);
}

bool lf_limits_parse(const struct lf_resources *r, struct lf_limits *ret, struct lf_err *err)
{
	struct lf_limits l = {.memory_text = r->memory};

	if (*r->memory && !parse_memory(r->memory, &l.memory))
		return lf_fail_new(err, LF_E_CONFIG,
				   "resources.memory \"%s\" is not an amount of memory such as "
				   "512Mi or 4Gi",
				   r->memory);
	if (*r->cpu && !parse_cpu(r->cpu, &l.millicpus))
		return lf_fail_new(err, LF_E_CONFIG,
				   "resources.cpu \"%s\" is not a number of CPUs such as 4, 1.5 or "
				   "500m",
				   r->cpu);
	*ret = l;
	return true;
}
