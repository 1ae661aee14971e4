/*
 * apko dot: why which package is in an image, as a picture.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/image.h>

#include <stdio.h>
#include <stdlib.h>

#include "apko/commands.h"
#include "apko/options.h"
#include "base/banned.h"

struct args {
	struct lf_image_options o;
	struct lf_dot_options dot;
};

static const struct lf_opt opts[] = {
	APKO_OPT_ARCH(struct args, o.archs),
	APKO_OPT_BUILD_REPOSITORIES(struct args, o.build_repositories),
	APKO_OPT_CACHE_DIR(struct args, o.cache_dir),
	APKO_OPT_KEYRING(struct args, o.keyring),
	APKO_OPT_OFFLINE(struct args, o.offline),
	LF_OPT_STRING('e', "registry-explorer", struct args, dot.explorer, "apk.dag.dev",
		      "FQDN of the registry explorer that rendered nodes in SVG will link to."),
	APKO_OPT_REPOSITORIES(struct args, o.repositories),
	LF_OPT_BOOL('S', "spanning-tree", struct args, dot.spanning_tree, false,
		    "does something like a spanning tree to avoid a huge number of edges"),
	LF_OPT_BOOL(0, "web", struct args, dot.web, false, "launch a browser"),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct args *a = values;
	char *text;

	a->o.config = cli->args[0];
	bool ok = lf_image_dot(&cli->ctx, &a->o, &a->dot, &text, err);

	if (text) {
		(void)fputs(text, stdout);
		(void)fputc('\n', stdout);
	}
	free(text);
	return ok;
}

const struct lf_cmd apko_cmd_dot = {
	.name = "dot",
	.use = "dot",
	.about = "Output a digraph showing the resolved dependencies of an apko config",
	.detail = "Output a digraph showing the resolved dependencies of an apko config\n"
		  "\n"
		  "# Render an svg of example.yaml\n"
		  "apko dot example.yaml | dot -Tsvg > graph.svg\n"
		  "\n"
		  "# Open browser to explore example.yaml\n"
		  "apko dot --web example.yaml\n"
		  "\n"
		  "# Open browser to explore example.yaml, rendering a (almost) minimum spanning "
		  "tree\n"
		  "apko dot --web -S example.yaml",
	.example = "  apko dot <config.yaml>",
	.opts = opts,
	.size = sizeof(struct args),
	.args = {.min = 1, .max = 1},
	.run = run,
};
