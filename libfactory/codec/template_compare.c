/*
 * Comparing values in templates: numbers of both signs with each other, text with text, anything
 * with nil.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/template_impl.h"

#include "base/banned.h"

static bool is_basic(const struct lf_value *v)
{
	return v->kind >= LF_VALUE_BOOL && v->kind <= LF_VALUE_STR;
}

static bool is_integer(const struct lf_value *v)
{
	return v->kind == LF_VALUE_INT || v->kind == LF_VALUE_UINT;
}

static int order_numbers(double a, double b)
{
	return (a > b) - (a < b);
}

static int order_integers(const struct lf_value *a, const struct lf_value *b)
{
	bool a_minus = a->kind == LF_VALUE_INT && a->i < 0;
	bool b_minus = b->kind == LF_VALUE_INT && b->i < 0;

	if (a_minus != b_minus)
		return a_minus ? -1 : 1;
	if (a_minus)
		return (a->i > b->i) - (a->i < b->i);
	return (a->u > b->u) - (a->u < b->u);
}

/* Of two basic values that can be compared. */
static int order(const struct lf_value *a, const struct lf_value *b)
{
	if (is_integer(a))
		return order_integers(a, b);
	if (a->kind == LF_VALUE_FLOAT)
		return order_numbers(a->f, b->f);
	if (a->kind == LF_VALUE_BOOL)
		return a->b - b->b;
	return lf_str_cmp(a->s, b->s);
}

static bool fail_incompatible(const struct lf_value *a, const struct lf_value *b,
			      struct lf_err *err)
{
	return lf_fail_new(err, LF_E_USAGE, "incompatible types for comparison: %s and %s", a->type,
			   b->type);
}

static bool is_nil(const struct lf_value *v)
{
	if (v->kind == LF_VALUE_POINTER)
		return !v->target;
	return v->kind == LF_VALUE_NONE ||
	       ((v->kind == LF_VALUE_LIST || v->kind == LF_VALUE_MAP) && !v->n);
}

static bool fail_kinds(const struct lf_value *a, const struct lf_value *b, struct lf_err *err)
{
	lf_auto_buf shown_a = {0}, shown_b = {0};

	lf_value_show(&shown_a, a);
	lf_value_show(&shown_b, b);
	return lf_fail_new(err, LF_E_USAGE, "non-comparable types %s: %s, %s: %s",
			   lf_buf_c(&shown_a), a->type, b->type, lf_buf_c(&shown_b));
}

static bool equal_fields(const struct lf_value *a, const struct lf_value *b, bool *ret,
			 struct lf_err *err)
{
	bool equal = a->n == b->n;

	for (size_t i = 0; equal && i < a->n; i++) {
		if (!lf_value_equal(&a->field[i].value, &b->field[i].value, &equal, err))
			return false;
	}
	*ret = equal;
	return true;
}

/* Values that are more than one word. */
static bool equal_objects(const struct lf_value *a, const struct lf_value *b, bool *ret,
			  struct lf_err *err)
{
	lf_auto_buf shown = {0};

	if (a->kind != b->kind && a->kind != LF_VALUE_NONE && b->kind != LF_VALUE_NONE)
		return fail_kinds(a, b, err);
	if (is_nil(a) || is_nil(b)) {
		*ret = is_nil(a) == is_nil(b);
		return true;
	}
	if (a->kind == LF_VALUE_POINTER) {
		*ret = a->target == b->target;
		return true;
	}
	if (a->kind == LF_VALUE_STRUCT)
		return equal_fields(a, b, ret, err);
	lf_value_show(&shown, b);
	return lf_fail_new(err, LF_E_USAGE, "non-comparable type %s: %s", lf_buf_c(&shown),
			   b->type);
}

bool lf_value_equal(const struct lf_value *a, const struct lf_value *b, bool *ret,
		    struct lf_err *err)
{
	bool none = a->kind == LF_VALUE_NONE || b->kind == LF_VALUE_NONE;

	if ((is_basic(a) || is_basic(b)) && none) {
		*ret = false;
		return true;
	}
	if (!is_basic(a) && !is_basic(b))
		return equal_objects(a, b, ret, err);
	if (a->kind != b->kind && !(is_integer(a) && is_integer(b)))
		return fail_incompatible(a, b, err);
	*ret = order(a, b) == 0;
	return true;
}

bool lf_value_less(const struct lf_value *a, const struct lf_value *b, bool *ret,
		   struct lf_err *err)
{
	if (!is_basic(a) || !is_basic(b))
		return lf_fail_new(err, LF_E_USAGE, "invalid type for comparison");
	if (a->kind != b->kind && !(is_integer(a) && is_integer(b)))
		return fail_incompatible(a, b, err);
	if (a->kind == LF_VALUE_BOOL)
		return lf_fail_new(err, LF_E_USAGE, "invalid type for comparison");
	*ret = order(a, b) < 0;
	return true;
}
