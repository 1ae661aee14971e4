/*
 * The order in which Go's yaml.v3 writes the keys of a map: other characters before letters, runs
 * of digits by their number.
 *
 * compat: a letter is an ASCII letter or anything beyond ASCII.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/yaml.h"

#include "base/banned.h"

static bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(unsigned char c)
{
	return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The number that the digits at s are, wrapping; *ret_n its length. `lead` stands before them. */
static uint64_t number_at(const unsigned char *s, uint64_t lead, size_t *ret_n)
{
	uint64_t v = lead;
	size_t n = 0;

	for (; is_digit(s[n]); n++)
		v = v * 10 + (s[n] - '0');
	*ret_n = n;
	return v;
}

/* A common run of digits that is not only zeros counts as a leading digit, so that a zero is not
 * taken as leading. */
static uint64_t common_lead(const unsigned char *s, size_t i)
{
	while (i-- > 0 && is_digit(s[i]))
		if (s[i] != '0')
			return 1;
	return 0;
}

static int compare_other(const unsigned char *a, const unsigned char *b, size_t i)
{
	uint64_t lead = a[i] == '0' || b[i] == '0' ? common_lead(a, i) : 0, x, y;
	size_t n, m;

	x = number_at(a + i, lead, &n);
	y = number_at(b + i, lead, &m);
	if (x != y)
		return x < y ? -1 : 1;
	if (n != m)
		return n < m ? -1 : 1;
	return a[i] < b[i] ? -1 : 1;
}

static int compare(const unsigned char *a, const unsigned char *b)
{
	bool digits = false, x, y;
	size_t i = 0;

	for (; a[i] && a[i] == b[i]; i++)
		digits = is_digit(a[i]);
	if (!a[i] || !b[i])
		return (a[i] != 0) - (b[i] != 0);
	x = is_letter(a[i]);
	y = is_letter(b[i]);
	if (x && y)
		return a[i] < b[i] ? -1 : 1;
	if (x || y)
		return (digits ? x : y) ? -1 : 1;
	return compare_other(a, b, i);
}

int lf_yaml_key_cmp(const void *a, const void *b)
{
	return compare(*(const unsigned char *const *)a, *(const unsigned char *const *)b);
}
