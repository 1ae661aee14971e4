/*
 * Solving as the programs do it: greedily, as upstream; if that fails, by the complete search, with
 * a note in the log about what was chosen instead; if that fails too, upstream's words and below
 * them an explanation for people.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/ctx.h>

#include "apk/solve_impl.h"
#include "base/vec.h"

#include "base/banned.h"

#define MAX_TOLD 5

struct pick {
	const struct lf_pkg *pkg;
	struct lf_str name; /* that was asked for */
};

/* The greedy solver's choices on its way to the dead end. */
struct picks {
	LF_VEC(struct pick) v;
	struct lf_arena arena;
};

static void note_pick(void *data, struct lf_solver *s, const struct lf_solve_pick *pick)
{
	struct picks *picks = data;
	const struct lf_pkg *pkg = pick->best->pkg;
	struct lf_str name = pick->filter->want->dep.name;

	(void)s;
	for (size_t i = 0; i < picks->v.n; i++)
		if (picks->v.v[i].pkg == pkg)
			return;
	name = lf_str(lf_arena_str(&picks->arena, name));
	lf_vec_push(&picks->v, (struct pick){pkg, name});
}

/* ---- what was chosen instead ---- */

static bool is_in(const struct lf_solution *s, const struct lf_pkg *pkg)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->install[i].pkg == pkg)
			return true;
	return false;
}

static bool has_name(const struct lf_pkg *pkg, struct lf_str name, struct lf_arena *arena)
{
	struct lf_dep provided;

	if (lf_str_is(name, pkg->name))
		return true;
	for (size_t i = 0; i < pkg->provides.n; i++) {
		lf_dep_parse(lf_str(pkg->provides.v[i]), arena, &provided);
		if (lf_str_eq(provided.name, name))
			return true;
	}
	return false;
}

/* What stands in for a package that was picked: another of its name, or of the name asked for. */
static const struct lf_pkg *stand_in(const struct lf_solution *s, const struct pick *pick,
				     struct lf_arena *arena)
{
	for (size_t i = 0; i < s->n; i++)
		if (has_name(s->install[i].pkg, lf_str(pick->pkg->name), arena))
			return s->install[i].pkg;
	for (size_t i = 0; i < s->n; i++)
		if (has_name(s->install[i].pkg, pick->name, arena))
			return s->install[i].pkg;
	return NULL;
}

static void tell_instead(struct lf_buf *b, const struct pick *pick, const struct lf_pkg *other)
{
	lf_buf_puts(b, b->n ? ", " : "");
	if (other)
		lf_buf_printf(b, "%s-%s instead of %s-%s", other->name, other->version,
			      pick->pkg->name, pick->pkg->version);
	else
		lf_buf_printf(b, "without %s-%s", pick->pkg->name, pick->pkg->version);
}

static void tell_differences(struct lf_buf *b, const struct picks *picks,
			     const struct lf_solution *s)
{
	lf_auto_arena arena = {0};
	size_t n = 0;

	for (size_t i = 0; i < picks->v.n; i++) {
		const struct pick *pick = &picks->v.v[i];

		if (!is_in(s, pick->pkg) && n++ < MAX_TOLD)
			tell_instead(b, pick, stand_in(s, pick, &arena));
	}
	if (n > MAX_TOLD)
		lf_buf_printf(b, " and %zu more", n - MAX_TOLD);
	if (!n)
		lf_buf_puts(b, "with the same choices");
}

/* The first line of the innermost part: where upstream's solver is stuck. */
static struct lf_str innermost(const char *text)
{
	struct lf_str rest = lf_str(text), line;
	const struct lf_str mark = LF_STR(" deps:\n");

	for (ptrdiff_t at; (at = lf_str_search(rest, mark)) >= 0;)
		rest = lf_str_sub(rest, (size_t)at + mark.n, rest.n);
	return lf_str_line(&rest, &line) ? line : LF_STR("");
}

static void tell_solved(const struct lf_ctx *ctx, const struct picks *picks,
			const struct lf_solution *s, const struct lf_err *failed)
{
	lf_auto_buf b = {0};

	tell_differences(&b, picks, s);
	lf_warn(ctx,
		"the first choices do not fit together (" LF_STR_FMT
		"), a complete search found others that do: %s",
		LF_STR_ARG(innermost(lf_err_text(failed))), lf_buf_c(&b));
}

/* ---- the whole ---- */

/* False: err keeps the greedy solver's words, with more below them. */
static bool search(const struct lf_ctx *ctx, const struct lf_solve_input *in,
		   const struct picks *picks, struct lf_arena *arena, struct lf_solution *ret,
		   struct lf_err *err)
{
	lf_auto_err second = {0};

	if (!lf_solve_complete(in, arena, ret, &second))
		return lf_fail_new(err, second.class, "%s\n%s", lf_err_text(err),
				   lf_err_text(&second));
	tell_solved(ctx, picks, ret, err);
	return true;
}

bool lf_solve_world(const struct lf_ctx *ctx, const struct lf_solve_input *in,
		    struct lf_arena *arena, struct lf_solution *ret, struct lf_err *err)
{
	struct picks picks = {0};
	struct lf_solve_watch watch = {note_pick, &picks};
	lf_auto_err failed = {0};
	bool ok = lf_solve_greedily(in, &watch, arena, ret, &failed);

	if (!ok && failed.class != LF_E_LIMIT)
		ok = search(ctx, in, &picks, arena, ret, &failed);
	if (!ok && err)
		lf_err_move(err, &failed);
	lf_vec_fini(&picks.v);
	lf_arena_fini(&picks.arena);
	return ok;
}
