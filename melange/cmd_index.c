/*
 * melange index: makes or extends the index of a repository.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/index.h>

#include "melange/commands.h"

#include "base/banned.h"

static const struct lf_opt opts[] = {
	LF_OPT_STRING('a', "arch", struct lf_index_options, arch, NULL,
		      "Index only packages which match the expected architecture"),
	LF_OPT_BOOL(0, "cache", struct lf_index_options, remember, true,
		    "remember what packages say, and read only those that are new or changed"),
	LF_OPT_STRING(0, "json", struct lf_index_options, json, NULL,
		      "also write the index as JSON to FILE"),
	LF_OPT_BOOL('m', "merge", struct lf_index_options, merge, false,
		    "Merge pre-existing index entries"),
	LF_OPT_STRING('o', "output", struct lf_index_options, output, "APKINDEX.tar.gz",
		      "Output generated index to FILE"),
	LF_OPT_STRING(0, "signing-key", struct lf_index_options, signing_key, NULL,
		      "Key to use for signing the index (optional)"),
	LF_OPT_STRING('s', "source", struct lf_index_options, source, "APKINDEX.tar.gz",
		      "Source FILE to use for pre-existing index entries"),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct lf_index_options o = *(struct lf_index_options *)values;

	o.files = (struct lf_strv){(const char **)cli->args, cli->n_args, cli->n_args};
	return lf_index_update(&cli->ctx, &o, err);
}

const struct lf_cmd melange_cmd_index = {
	.name = "index",
	.use = "index",
	.about = "Creates a repository index from a list of package files",
	.detail = "Creates a repository index from a list of package files.",
	.example = "  melange index -o APKINDEX.tar.gz *.apk",
	.opts = opts,
	.size = sizeof(struct lf_index_options),
	.args = {.min = 1},
	.run = run,
};
