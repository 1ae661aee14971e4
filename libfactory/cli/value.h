/*
 * Values of options: from text into the command's struct, and back for the help. Private to cli.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "cli/cli.h"

/* An option together with the struct that holds its value. */
struct lf_optref {
	const struct lf_opt *opt;
	void *base;
	bool global; /* of the program, not of the command */
	bool given;
};

/* Fills in the default. */
void lf_value_init(struct lf_optref *ref, struct lf_arena *arena);
/* Takes one value from the command line. Go's words on failure, without the option's name. */
bool lf_value_set(struct lf_optref *ref, struct lf_arena *arena, const char *text,
		  struct lf_err *err) LF_MUST_CHECK;
void lf_value_fini(struct lf_optref *ref);
/* The value as the help shows it behind "default", or NULL for a zero value. In the arena. */
const char *lf_value_default(const struct lf_optref *ref, struct lf_arena *arena);
/* What the help calls the value: "strings", "int"; "" for a bool. */
const char *lf_value_type(const struct lf_opt *opt);

/* The least level that is printed, as a number of Go's scale (info is 0, warn 4). */
bool lf_level_parse(const char *text, int *ret, struct lf_err *err) LF_MUST_CHECK;
/* s in double quotes with Go's escapes, in the arena. */
const char *lf_quoted(struct lf_arena *arena, const char *s);
