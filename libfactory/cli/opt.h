/*
 * Parsing the options of a command. Private to cli.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "cli/value.h"

/* All options that a command understands: its own, the program's, and --help. */
struct lf_optset {
	struct lf_optref *v;
	size_t n, cap;
};

void lf_optset_add(struct lf_optset *set, const struct lf_opt *opts, void *base, bool global);
struct lf_optref *lf_optset_find(const struct lf_optset *set, struct lf_str name);
struct lf_optref *lf_optset_find_letter(const struct lf_optset *set, char letter);
/* Bytewise by name, as help and errors list them. */
void lf_optset_sort(struct lf_optset *set);
/* Fills in the defaults. */
void lf_optset_init(struct lf_optset *set, struct lf_arena *arena);
/* Takes options out of the words (NULL-terminated); the rest are added to *ret_args. */
bool lf_optset_parse(struct lf_optset *set, struct lf_arena *arena, const char *const *words,
		     struct lf_strv *ret_args, struct lf_err *err) LF_MUST_CHECK;
bool lf_optset_check_required(const struct lf_optset *set, struct lf_err *err) LF_MUST_CHECK;
void lf_optset_fini(struct lf_optset *set);
