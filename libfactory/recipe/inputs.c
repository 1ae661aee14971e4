/*
 * The inputs of a step: `with` against what its definition declares. Values are checked as written,
 * then expanded in the scope of the parent and, for names unknown there, in each other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/compile.h"

#include "base/banned.h"

static const struct lf_input *find_input(const struct lf_inputs *inputs, const char *name)
{
	for (size_t i = 0; i < inputs->n; i++) {
		if (!strcmp(inputs->v[i].name, name))
			return &inputs->v[i];
	}
	return NULL;
}

static bool is_hex(const char *s, size_t n)
{
	return strlen(s) == n && strspn(s, "0123456789abcdefABCDEF") == n;
}

/* By name, in whatever pipeline: so that a mistyped sum fails before anything is fetched. */
static bool check_value(const char *name, const char *value, struct lf_err *err)
{
	size_t sum = !strcmp(name, "expected-sha256")   ? 64
		     : !strcmp(name, "expected-sha512") ? 128
							: 0;

	if (*value && sum && !is_hex(value, sum))
		return lf_fail_new(err, LF_E_CONFIG,
				   "checksum input \"%s\" for pipeline, invalid length", name);
	if (*value && !strcmp(name, "expected-commit") && !is_hex(value, 40))
		return lf_fail_new(err, LF_E_CONFIG,
				   "expected commit \"%s\" for pipeline contains invalid "
				   "characters or invalid sha length",
				   name);
	return true;
}

static bool check_names(const struct lf_step *s, struct lf_err *err)
{
	for (size_t i = 0; i < s->with.n; i++) {
		if (!find_input(&s->inputs, s->with.v[i].key))
			return lf_fail_new(err, LF_E_CONFIG,
					   "undefined input \"%s\" to pipeline \"%s\"",
					   s->with.v[i].key, s->uses);
	}
	return true;
}

/* compat: an empty value cannot override a default. */
static bool fill_item(const struct lf_step *s, const struct lf_input *input,
		      struct lf_vars_item *item, struct lf_err *err)
{
	const char *given = lf_pairs_get(&s->with, input->name);

	item->key = input->name;
	item->value = given && *given ? given : input->default_value;
	if (!*item->value && input->required)
		return lf_fail_new(err, LF_E_CONFIG,
				   "required input \"%s\" for pipeline is missing", input->name);
	return check_value(item->key, item->value, err);
}

/* What is declared, then what is given besides: only a definition that was loaded refuses that. */
static bool collect(const struct lf_step *s, bool loaded, struct lf_vars_item *item, size_t *ret_n,
		    struct lf_err *err)
{
	size_t n = 0;

	if (loaded && !check_names(s, err))
		return false;
	for (size_t i = 0; i < s->inputs.n; i++) {
		if (!fill_item(s, &s->inputs.v[i], &item[n++], err))
			return lf_fail(err, "unable to validate with");
	}
	for (size_t i = 0; i < s->with.n; i++) {
		const struct lf_pair *given = &s->with.v[i];

		if (!find_input(&s->inputs, given->key))
			item[n++] = (struct lf_vars_item){.key = given->key, .value = given->value};
	}
	*ret_n = n;
	return true;
}

/* compat: compared with the text of the default, so a default that is a variable shows as soon as a
 * step has any `with`; and a nested step always counts as having some. */
static void keep_given(struct compiler *c, struct lf_step *s, const struct lf_vars_item *item,
		       size_t n)
{
	struct lf_pairs kept = {0};

	for (size_t i = 0; (s->with.n || c->depth) && i < n; i++) {
		const struct lf_input *input = find_input(&s->inputs, item[i].key);

		if (strcmp(item[i].value, input ? input->default_value : "") != 0)
			lf_pairs_set(&kept, c->arena, item[i].key, item[i].value);
	}
	lf_vec_fini(&s->with);
	s->with = kept;
}

bool lf_inputs_resolve(struct compiler *c, const struct lf_vars *scope, struct lf_step *s,
		       bool loaded, struct lf_vars *ret, struct lf_err *err)
{
	size_t n = s->inputs.n + s->with.n;
	struct lf_vars_item *item = lf_new_n(c->arena, struct lf_vars_item, n);

	if (!collect(s, loaded, item, &n, err))
		return false;
	if (!lf_vars_expand_each(item, n, "inputs.", scope, c->arena, err))
		return lf_fail(err, "mutating with");
	for (size_t i = 0; i < n; i++)
		lf_vars_set(ret, lf_arena_printf(c->arena, "inputs.%s", item[i].key),
			    item[i].value);
	keep_given(c, s, item, n);
	s->inputs.n = 0;
	return true;
}
