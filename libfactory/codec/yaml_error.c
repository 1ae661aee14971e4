/*
 * Errors at a node, and the nearest known word to a misspelt one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/buf.h"
#include "base/mem.h"
#include "codec/yaml.h"

#include "base/banned.h"

#define LONGEST_WORD 64

bool lf_fail_at(struct lf_err *err, const struct lf_yaml *n, const char *fmt, ...)
{
	lf_auto_buf what = {0};
	va_list ap;

	va_start(ap, fmt);
	lf_buf_vprintf(&what, fmt, ap);
	va_end(ap);
	return lf_fail_new(err, LF_E_CONFIG, "%s:%u:%u: %s", n->file, n->line, n->column,
			   lf_buf_c(&what));
}

bool lf_fail_in(struct lf_err *err, const struct lf_yaml *n)
{
	return n ? lf_fail(err, "%s:%u:%u", n->file, n->line, n->column) : false;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Edits (change, insert, drop, swap of neighbours) from a to b. Both at most LONGEST_WORD long. */
static unsigned distance(const char *a, const char *b)
{
	unsigned rows[3][LONGEST_WORD + 1], *before = rows[0], *last = rows[1], *now = rows[2];
	size_t n = strlen(b);

	for (size_t j = 0; j <= n; j++)
		last[j] = (unsigned)j;
	memcpy(before, last, (n + 1) * sizeof(*last));
	for (size_t i = 1; a[i - 1]; i++) {
		unsigned *spare = before;

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= n; j++) {
			now[j] = least(least(last[j], now[j - 1]) + 1,
				       last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
		}
		before = last;
		last = now;
		now = spare;
	}
	return last[n];
}

const char *lf_nearest(const char *word, const char *const *names)
{
	const char *best = NULL;
	unsigned best_distance = 0;
	size_t n = strlen(word);

	if (!n || n > LONGEST_WORD)
		return NULL;
	for (; *names; names++) {
		unsigned d;

		if (strlen(*names) > LONGEST_WORD)
			continue;
		d = distance(word, *names);
		if (d > 3 || d * 3 > n + 2 || (best && d >= best_distance))
			continue;
		best = *names;
		best_distance = d;
	}
	return best;
}
