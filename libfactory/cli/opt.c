/*
 * Options as pflag reads them: no abbreviations, flags and positionals in any order, letters in
 * bundles, "--" ends it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/opt.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/banned.h"

void lf_optset_add(struct lf_optset *set, const struct lf_opt *opts, void *base, bool global)
{
	for (; opts && opts->kind != LF_OPT_KIND_END; opts++)
		lf_vec_push(set, (struct lf_optref){opts, base, global, false});
}

struct lf_optref *lf_optset_find(const struct lf_optset *set, struct lf_str name)
{
	for (size_t i = 0; i < set->n; i++)
		if (lf_str_is(name, set->v[i].opt->name))
			return &set->v[i];
	return NULL;
}

struct lf_optref *lf_optset_find_letter(const struct lf_optset *set, char letter)
{
	for (size_t i = 0; i < set->n; i++)
		if (letter && set->v[i].opt->letter == letter)
			return &set->v[i];
	return NULL;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct lf_optref *)a)->opt->name,
		      ((const struct lf_optref *)b)->opt->name);
}

void lf_optset_sort(struct lf_optset *set)
{
	lf_vec_sort(set, compare);
}

void lf_optset_init(struct lf_optset *set, struct lf_arena *arena)
{
	for (size_t i = 0; i < set->n; i++)
		lf_value_init(&set->v[i], arena);
}

void lf_optset_fini(struct lf_optset *set)
{
	for (size_t i = 0; i < set->n; i++)
		lf_value_fini(&set->v[i]);
	lf_vec_fini(set);
}

struct parse {
	struct lf_optset *set;
	struct lf_arena *arena;
	const char *const *word; /* the next one */
	struct lf_err *err;
};

static bool set_value(struct parse *p, struct lf_optref *ref, const char *text)
{
	const struct lf_opt *o = ref->opt;

	if (!lf_value_set(ref, p->arena, text, p->err)) {
		const char *name =
			o->letter ? lf_arena_printf(p->arena, "-%c, --%s", o->letter, o->name)
				  : lf_arena_printf(p->arena, "--%s", o->name);

		if (p->err)
			p->err->class = LF_E_USAGE;
		return lf_fail(p->err, "invalid argument %s for %s flag", lf_quoted(p->arena, text),
			       lf_quoted(p->arena, name));
	}
	ref->given = true;
	if (o->deprecated)
		fprintf(stderr, "Flag --%s has been deprecated, %s\n", o->name, o->deprecated);
	return true;
}

static bool parse_long(struct parse *p, const char *word)
{
	struct lf_str rest = lf_str(word + 2), name;
	struct lf_optref *ref;

	if (rest.n == 0 || rest.p[0] == '-' || rest.p[0] == '=')
		return lf_fail_new(p->err, LF_E_USAGE, "bad flag syntax: %s", word);
	name = lf_str_cut(&rest, '=');
	ref = lf_optset_find(p->set, name);
	if (!ref)
		return lf_fail_new(p->err, LF_E_USAGE, "unknown flag: --" LF_STR_FMT,
				   LF_STR_ARG(name));
	if (rest.p)
		return set_value(p, ref, rest.p);
	if (ref->opt->kind == LF_OPT_KIND_BOOL)
		return set_value(p, ref, "true");
	if (!*p->word)
		return lf_fail_new(p->err, LF_E_USAGE, "flag needs an argument: --" LF_STR_FMT,
				   LF_STR_ARG(name));
	return set_value(p, ref, *p->word++);
}

/* compat: "-k=v" is the value v, but "-k=" is the value "=". */
static bool parse_letters(struct parse *p, const char *word)
{
	const char *letters = word + 1;

	for (; *letters; letters++) {
		struct lf_optref *ref = lf_optset_find_letter(p->set, *letters);

		if (!ref)
			return lf_fail_new(p->err, LF_E_USAGE,
					   "unknown shorthand flag: '%c' in -%s", *letters,
					   letters);
		if (letters[1] == '=' && letters[2])
			return set_value(p, ref, letters + 2);
		if (ref->opt->kind != LF_OPT_KIND_BOOL) {
			if (letters[1])
				return set_value(p, ref, letters + 1);
			if (*p->word)
				return set_value(p, ref, *p->word++);
			return lf_fail_new(p->err, LF_E_USAGE,
					   "flag needs an argument: '%c' in -%s", *letters,
					   letters);
		}
		if (!set_value(p, ref, "true"))
			return false;
	}
	return true;
}

bool lf_optset_parse(struct lf_optset *set, struct lf_arena *arena, const char *const *words,
		     struct lf_strv *ret_args, struct lf_err *err)
{
	struct parse p = {set, arena, words, err};

	while (*p.word) {
		const char *word = *p.word++;

		if (word[0] != '-' || !word[1])
			lf_strv_add(ret_args, word);
		else if (strcmp(word, "--") == 0)
			break;
		else if (!(word[1] == '-' ? parse_long(&p, word) : parse_letters(&p, word)))
			return false;
	}
	while (*p.word)
		lf_strv_add(ret_args, *p.word++);
	return true;
}

bool lf_optset_check_required(const struct lf_optset *set, struct lf_err *err)
{
	lf_auto_buf missing = {0};

	for (size_t i = 0; i < set->n; i++)
		if (set->v[i].opt->required && !set->v[i].given)
			lf_buf_printf(&missing, "%s\"%s\"", missing.n ? ", " : "",
				      set->v[i].opt->name);
	if (missing.n)
		return lf_fail_new(err, LF_E_USAGE, "required flag(s) %s not set",
				   lf_buf_c(&missing));
	return true;
}
