/*
 * melange query: prints what a template makes of a recipe, without a newline of its own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/recipe.h>

#include <stdio.h>

#include "melange/commands.h"

#include "base/banned.h"

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	lf_auto_free char *text = NULL;
	size_t n;

	(void)values;
	bool ok = lf_query(&cli->ctx, cli->args[0], cli->args[1], &text, &n, err);
	/* compat: what came before an error is printed too. */
	if (n)
		fwrite(text, 1, n, stdout);
	return ok;
}

const struct lf_cmd melange_cmd_query = {
	.name = "query",
	.use = "query CONFIG TEMPLATE",
	.about = "Query a YAML configuration file for information",
	.detail = "Query a YAML configuration file for information.\n\nThe template has the syntax "
		  "of Go's text/template.",
	.example = "  melange query config.yaml \"{{ .Package.Name }}-{{ .Package.Version }}-"
		   "{{ .Package.Epoch }}\"",
	.args = {.min = 2},
	.run = run,
};
