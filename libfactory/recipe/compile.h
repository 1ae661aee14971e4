/*
 * What the files of the compiler share. compile.c goes through a recipe, compile_step.c through a
 * step, inputs.c through the inputs of a step; uses.c finds definitions; scope.c knows the
 * variables.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "recipe/load.h"

struct compiler {
	const struct lf_ctx *ctx;
	struct lf_recipe *recipe;
	const struct lf_recipe_options *options;
	const struct lf_builtins *builtins;
	struct lf_arena *arena;
	struct lf_definitions *definitions;
	size_t n_steps;
	unsigned depth; /* of the step at hand: 0 stands in a `pipeline:` itself */
};

/* The definitions that are being unfolded, innermost first. */
struct use {
	const char *name;
	const struct use *outer;
};

/* scope.c: variables of stage C: those of the whole recipe, and those of one package. */
bool lf_scope_recipe(const struct lf_recipe *r, const struct lf_recipe_options *o,
		     struct lf_vars *ret, struct lf_err *err) LF_MUST_CHECK;
void lf_scope_unit(const struct lf_recipe *r, const struct lf_unit *u, bool sub,
		   struct lf_vars *ret);

/* uses.c: the root of the definition; *ret is NULL for an empty file. */
bool lf_uses_find(struct compiler *c, const char *name, struct lf_yaml **ret,
		  struct lf_err *err) LF_MUST_CHECK;

/* inputs.c: checks the `with` of a step, expands it in the scope of its parent and sets
 * "inputs.NAME" in ret. step->with keeps what differs from the defaults. loaded: step->inputs are
 * those of the definition. */
bool lf_inputs_resolve(struct compiler *c, const struct lf_vars *scope, struct lf_step *step,
		       bool loaded, struct lf_vars *ret, struct lf_err *err) LF_MUST_CHECK;

/* compile_step.c */
bool lf_steps_compile(struct compiler *c, const struct lf_vars *scope, struct lf_step *step,
		      size_t n, const struct use *inside, struct lf_err *err) LF_MUST_CHECK;
/* Says where the step stands, unless one inside it did. Returns false. */
bool lf_step_fail(const struct lf_step *step, struct lf_err *err);
/* Adds the packages that a step and its children need, unless their `if` is false. */
bool lf_step_needs(const struct lf_step *step, struct lf_strv *ret,
		   struct lf_err *err) LF_MUST_CHECK;
