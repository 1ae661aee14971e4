/*
 * What can be asked about a melange configuration without building it. A plain value says what the
 * flags say; texts may be NULL or "" for "not given". Nothing is owned.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <factory/builtins.h>
#include <factory/ctx.h>
#include <factory/list.h>

struct lf_compile_options {
	const char
		*config;  /* "" looks for .melange.yaml, .melange.yml, melange.yaml, melange.yml */
	const char *arch; /* any spelling */
	const struct lf_builtins *builtins;
	const char
		*pipeline_dir; /* searched before /usr/share/melange/pipelines and the built-ins */
	struct lf_strv build_options, env_files;
	const char *vars_file, *git_commit, *build_date, *signing_key, *cpu, *memory;
	int64_t timeout_ns; /* 0: as the configuration says */
};

/* `melange compile`: the configuration with everything replaced and unfolded, as one line of JSON;
 * *ret is the caller's to free. Neither network nor repositories are touched. */
LF_API bool lf_compile(const struct lf_ctx *ctx, const struct lf_compile_options *o, char **ret,
		       struct lf_err *err) LF_MUST_CHECK;

/* `melange package-version`: "NAME-VERSION-rEPOCH"; *ret is the caller's to free. */
LF_API bool lf_package_version(const struct lf_ctx *ctx, const char *config, char **ret,
			       struct lf_err *err) LF_MUST_CHECK;

/* `melange query`: what a template (Go's text/template) makes of the loaded recipe. *ret (of *ret_n
 * bytes) is the caller's to free, also after a failure: then it is what was made up to there. */
LF_API bool lf_query(const struct lf_ctx *ctx, const char *config, const char *template, char **ret,
		     size_t *ret_n, struct lf_err *err) LF_MUST_CHECK;
