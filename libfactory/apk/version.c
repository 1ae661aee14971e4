/*
 * Versions: text to value, order, and the test of an operator. In: the version text of a package or
 * constraint; out: a plain value that compares without looking at text again. The grammar and the
 * order are apko's, which differ from apk-tools in a few places (docs/formats/version.md).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/version.h"

#include <stdio.h>

#include "base/mem.h"

#include "base/banned.h"

struct suffix {
	const char *text;
	uint8_t rank;
};

/* Rank of "no pre suffix": behind all of them. */
#define PRE_NONE 5

/* "_pre" stands before "_p" of the other table by being looked for first. */
static const struct suffix pre_suffixes[] = {{"_alpha", 1}, {"_beta", 2}, {"_pre", 3}, {"_rc", 4}};
static const struct suffix post_suffixes[] = {
	{"_cvs", 1}, {"_svn", 2}, {"_git", 3}, {"_hg", 4}, {"_p", 5}};

/* The pieces of a version text, before any number is read: the grammar is checked first, so that an
 * overflow is only reported for what is otherwise well formed. */
struct pieces {
	struct lf_str part[LF_VERSION_PARTS];
	struct lf_str pre_number, post_number, revision;
	const struct suffix *pre, *post;
	uint8_t n_parts;
	char letter;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct lf_str take_digits(struct lf_str *s)
{
	struct lf_str d = {s->p, 0};

	while (d.n < s->n && is_digit(s->p[d.n]))
		d.n++;
	s->p += d.n;
	s->n -= d.n;
	return d;
}

static const struct suffix *take_suffix(struct lf_str *s, const struct suffix *table, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (lf_str_skip(s, table[i].text))
			return &table[i];
	return NULL;
}

static bool take_parts(struct lf_str *s, struct pieces *ret)
{
	do {
		struct lf_str d = take_digits(s);

		if (!d.n || ret->n_parts == LF_VERSION_PARTS)
			return false;
		ret->part[ret->n_parts++] = d;
	} while (lf_str_skip(s, "."));
	return true;
}

static bool split(struct lf_str s, struct pieces *ret)
{
	if (!take_parts(&s, ret))
		return false;
	if (s.n && s.p[0] >= 'a' && s.p[0] <= 'z') {
		ret->letter = s.p[0];
		s = lf_str_sub(s, 1, s.n);
	}
	ret->pre = take_suffix(&s, pre_suffixes, LF_ARRAY_LEN(pre_suffixes));
	if (ret->pre)
		ret->pre_number = take_digits(&s);
	ret->post = take_suffix(&s, post_suffixes, LF_ARRAY_LEN(post_suffixes));
	if (ret->post)
		ret->post_number = take_digits(&s);
	if (lf_str_skip(&s, "-r")) {
		ret->revision = take_digits(&s);
		if (!ret->revision.n)
			return false;
	}
	return !s.n;
}

/* Absent digits are 0. */
static bool number(struct lf_str digits, int64_t *ret)
{
	*ret = 0;
	return !digits.n || lf_str_i64(digits, ret);
}

static bool overflow(struct lf_err *err, struct lf_str text, const char *what, struct lf_str digits)
{
	return lf_fail_new(err, LF_E_FORMAT,
			   "invalid version " LF_STR_FMT
			   ", %s is not number: strconv.Atoi: parsing "
			   "\"" LF_STR_FMT "\": value out of range",
			   LF_STR_ARG(text), what, LF_STR_ARG(digits));
}

static bool part_overflow(struct lf_err *err, struct lf_str text, unsigned i, struct lf_str digits)
{
	char what[32] = "first part";

	if (i > 0)
		(void)snprintf(what, sizeof(what), "part %u", i);
	return overflow(err, text, what, digits);
}

static bool suffix_overflow(struct lf_err *err, struct lf_str text, const char *kind,
			    const struct suffix *suffix, struct lf_str digits)
{
	return lf_fail_new(
		err, LF_E_FORMAT,
		"invalid version " LF_STR_FMT ", %s %s number " LF_STR_FMT
		" is not number: strconv.Atoi: parsing \"" LF_STR_FMT "\": value out of range",
		LF_STR_ARG(text), kind, suffix->text, LF_STR_ARG(digits), LF_STR_ARG(digits));
}

static bool revision_overflow(struct lf_err *err, struct lf_str text, struct lf_str digits)
{
	return lf_fail_new(err, LF_E_FORMAT,
			   "invalid version " LF_STR_FMT ", revision " LF_STR_FMT
			   " is not number: strconv.Atoi: parsing \"" LF_STR_FMT
			   "\": value out of range",
			   LF_STR_ARG(text), LF_STR_ARG(digits), LF_STR_ARG(digits));
}

static bool numbers(struct lf_str text, const struct pieces *p, struct lf_version *v,
		    struct lf_err *err)
{
	for (unsigned i = 0; i < p->n_parts; i++)
		if (!number(p->part[i], &v->part[i]))
			return part_overflow(err, text, i, p->part[i]);
	if (!number(p->pre_number, &v->pre_number))
		return suffix_overflow(err, text, "suffix", p->pre, p->pre_number);
	if (!number(p->post_number, &v->post_number))
		return suffix_overflow(err, text, "post-suffix", p->post, p->post_number);
	if (!number(p->revision, &v->revision))
		return revision_overflow(err, text, p->revision);
	return true;
}

bool lf_version_parse(struct lf_str text, struct lf_version *ret, struct lf_err *err)
{
	struct pieces p = {.n_parts = 0};
	struct lf_version v = {.n_parts = 0};

	if (!split(text, &p))
		return lf_fail_new(err, LF_E_FORMAT,
				   "invalid version " LF_STR_FMT ", could not parse",
				   LF_STR_ARG(text));
	v.n_parts = p.n_parts;
	v.letter = p.letter;
	v.pre = p.pre ? p.pre->rank : 0;
	v.post = p.post ? p.post->rank : 0;
	if (!numbers(text, &p, &v, err))
		return false;
	*ret = v;
	return true;
}

static int order(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

int lf_version_cmp(const struct lf_version *a, const struct lf_version *b)
{
	int c = 0;

	for (unsigned i = 0; !c && i < a->n_parts && i < b->n_parts; i++)
		c = order(a->part[i], b->part[i]);
	c = c ? c : order(a->n_parts, b->n_parts);
	c = c ? c : order(a->letter, b->letter);
	c = c ? c : order(a->pre ? a->pre : PRE_NONE, b->pre ? b->pre : PRE_NONE);
	c = c ? c : order(a->pre_number, b->pre_number);
	c = c ? c : order(a->post, b->post);
	c = c ? c : order(a->post_number, b->post_number);
	return c ? c : order(a->revision, b->revision);
}

/* compat: zero counts as "not asked for", and nothing behind the numbers is looked at once actual
 * has more of them. */
static bool fuzzy(const struct lf_version *actual, const struct lf_version *required)
{
	if (required->n_parts > actual->n_parts)
		return false;
	for (unsigned i = 0; i < required->n_parts; i++)
		if (actual->part[i] != required->part[i])
			return false;
	if (actual->n_parts > required->n_parts)
		return true;
	return (!required->letter || required->letter == actual->letter) &&
	       (!required->pre || required->pre == actual->pre) &&
	       (!required->pre_number || required->pre_number == actual->pre_number) &&
	       (!required->post || required->post == actual->post) &&
	       (!required->post_number || required->post_number == actual->post_number) &&
	       (!required->revision || required->revision == actual->revision);
}

bool lf_version_satisfies(const struct lf_version *actual, enum lf_op op,
			  const struct lf_version *required)
{
	switch (op) {
	case LF_OP_ANY:
		return true;
	case LF_OP_EQ:
		return lf_version_cmp(actual, required) == 0;
	case LF_OP_LT:
		return lf_version_cmp(actual, required) < 0;
	case LF_OP_GT:
		return lf_version_cmp(actual, required) > 0;
	case LF_OP_LE:
		return lf_version_cmp(actual, required) <= 0;
	case LF_OP_GE:
		return lf_version_cmp(actual, required) >= 0;
	case LF_OP_FUZZY:
		return fuzzy(actual, required);
	}
	return false;
}
