/*
 * melange lint: checks packages that exist.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/package.h>

#include "melange/commands.h"

#include "base/banned.h"

struct args {
	struct lf_packages_lint_options o;
	bool fail_on_warning;
};

static const struct lf_opt opts[] = {
	LF_OPT_BOOL(0, "fail-on-lint-warning", struct args, fail_on_warning, false,
		    "turns linter warnings into failures",
		    .deprecated = "use --lint-require and --lint-warn instead"),
	LF_OPT_STRINGS(0, "lint-require", struct args, o.require, MELANGE_LINT_REQUIRE,
		       "linters that must pass"),
	LF_OPT_STRINGS(0, "lint-warn", struct args, o.warn, MELANGE_LINT_WARN,
		       "linters that will generate warnings"),
	LF_OPT_STRING(0, "out-dir", struct args, o.out_dir, "packages",
		      "directory where lint results JSON files will be saved (requires "
		      "--persist-lint-results)",
		      .dir = "d"),
	LF_OPT_BOOL(0, "persist-lint-results", struct args, o.persist, false,
		    "persist lint results to JSON files in packages/{arch}/ directory"),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct args *a = values;

	a->o.files = (struct lf_strv){(const char **)cli->args, cli->n_args, cli->n_args};
	return lf_packages_lint(&cli->ctx, &a->o, err);
}

const struct lf_cmd melange_cmd_lint = {
	.name = "lint",
	.use = "lint",
	.about = "EXPERIMENTAL COMMAND - Lints an APK, checking for problems and errors",
	.detail = "Lint is an EXPERIMENTAL COMMAND - Lints an APK file, checking for problems and "
		  "errors.",
	.example = "  melange lint [--lint-require=foo,bar] [--lint-warn=baz] foo.apk",
	.opts = opts,
	.size = sizeof(struct args),
	.args = {.min = 1},
	.run = run,
};
