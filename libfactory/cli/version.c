/*
 * The command version: what this program was built from, as text or JSON. The keys are upstream's,
 * whose build systems read them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <sys/utsname.h>

#include "cli/tree.h"
#include "base/banned.h"

#ifndef FACTORY_VERSION
#define FACTORY_VERSION "devel"
#endif

struct args {
	bool json;
};

static const struct lf_opt opts[] = {
	LF_OPT_BOOL(0, "json", struct args, json, false, "print JSON instead of text"),
	LF_OPT_END,
};

static const char *platform(void)
{
#if defined(__x86_64__)
	return "linux/amd64";
#elif defined(__aarch64__)
	return "linux/arm64";
#elif defined(__riscv)
	return "linux/riscv64";
#else
	return "linux";
#endif
}

#ifdef __clang__
#define COMPILER "clang"
#else
#define COMPILER "gcc"
#endif

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	const struct args *a = values;
	const char *const fields[][3] = {
		{"GitVersion", "gitVersion", "v" FACTORY_VERSION},
		{"GitCommit", "gitCommit", "unknown"},
		{"GitTreeState", "gitTreeState", "unknown"},
		{"BuildDate", "buildDate", "unknown"},
		{"GoVersion", "goVersion", "none"},
		{"Compiler", "compiler", COMPILER},
		{"Platform", "platform", platform()},
	};

	(void)err;
	if (a->json)
		puts("{");
	else
		printf("%s%s\n\n", cli->program->banner ? cli->program->banner : "",
		       cli->program->name);
	for (size_t i = 0; i < LF_ARRAY_LEN(fields); i++) {
		if (a->json)
			printf("  \"%s\": \"%s\"%s\n", fields[i][1], fields[i][2],
			       i + 1 < LF_ARRAY_LEN(fields) ? "," : "");
		else
			printf("%s:%*s%s\n", fields[i][0],
			       (int)(sizeof("GitTreeState:  ") - 2 - strlen(fields[i][0])), "",
			       fields[i][2]);
	}
	puts(a->json ? "}" : "");
	return true;
}

const struct lf_cmd lf_cmd_version = {
	.name = "version",
	.about = "Prints the version",
	.opts = opts,
	.size = sizeof(struct args),
	.run = run,
};
