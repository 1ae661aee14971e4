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
	bool debug;
};

static const struct lf_opt opts[] = {
	APKO_OPT_ARCH(struct args, o.archs),
	APKO_OPT_BUILD_REPOSITORIES(struct args, o.build_repositories),
	APKO_OPT_CACHE_DIR(struct args, o.cache_dir),
	APKO_OPT_RETIRED_DEBUG(struct args, debug),
	APKO_OPT_KEYRING(struct args, o.keyring),
	APKO_OPT_OFFLINE(struct args, o.offline),
	LF_OPT_STRING('e', "registry-explorer", struct args, dot.explorer, "apk.dag.dev",
		      "host that the nodes of a picture link to"),
	APKO_OPT_REPOSITORIES(struct args, o.repositories),
	LF_OPT_BOOL('S', "spanning-tree", struct args, dot.spanning_tree, false,
		    "draw only the first edge to each package"),
	LF_OPT_BOOL(0, "web", struct args, dot.web, false, "show the picture in a browser"),
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
	.about = "Draw which package needs which",
	.detail = "Prints the packages of the first architecture and what they need, in "
		  "graphviz's language.",
	.example = "  apko dot app.yaml | dot -Tsvg > app.svg\n"
		   "  apko dot --web --spanning-tree app.yaml",
	.opts = opts,
	.size = sizeof(struct args),
	.args = {.min = 1, .max = 1},
	.run = run,
};
