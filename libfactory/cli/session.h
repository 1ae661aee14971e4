/*
 * The options of a command in the making: its own, the program's and --help, over structs for their
 * values. Private to cli.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/buf.h"
#include "cli/tree.h"

struct lf_globals {
	bool help, gcplog;
	const char *log_level, *workdir;
};

struct lf_session {
	struct lf_cmdpath path;
	struct lf_globals globals;
	struct lf_optset opts;
	void *values; /* of the command */
};

/* The options of the command at the end of path, defaults filled in. */
void lf_session_init(struct lf_session *s, const struct lf_program *program,
		     const struct lf_cmdpath *path, struct lf_arena *arena);
void lf_session_fini(struct lf_session *s);
/* The help page of the session's command. */
void lf_help_print(const struct lf_session *s, struct lf_arena *arena, struct lf_buf *out);
/* Only the part from "Usage:" on. */
void lf_usage_print(const struct lf_session *s, struct lf_arena *arena, struct lf_buf *out);
