/*
 * apko login: keeps user and password for a registry.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/registry.h>

#include <stdio.h>
#include <string.h>

#include "apko/commands.h"
#include "base/banned.h"

#define MAX_PASSWORD 65536

struct args {
	const char *user, *password;
	bool from_stdin;
};

static const struct lf_opt opts[] = {
	LF_OPT_STRING('p', "password", struct args, password, NULL, "password of that user",
		      .dir = "-"),
	LF_OPT_BOOL(0, "password-stdin", struct args, from_stdin, false,
		    "read it from standard input"),
	LF_OPT_STRING('u', "username", struct args, user, NULL, "name of a user of the registry",
		      .dir = "-"),
	LF_OPT_END,
};

/* All of standard input less the end of its last line. */
static bool read_password(struct lf_cli *cli, const char **ret, struct lf_err *err)
{
	char *text = lf_arena_alloc(&cli->arena, MAX_PASSWORD + 1, 1);
	size_t n = fread(text, 1, MAX_PASSWORD + 1, stdin);

	if (ferror(stdin))
		return lf_fail_errno(err, "reading the password");
	if (n > MAX_PASSWORD || memchr(text, '\0', n))
		return lf_fail_new(err, LF_E_LIMIT, "reading the password: this cannot be one");
	if (n && text[n - 1] == '\n')
		n--;
	if (n && text[n - 1] == '\r')
		n--;
	text[n] = '\0';
	*ret = text;
	return true;
}

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct args *a = values;

	if (a->from_stdin && !read_password(cli, &a->password, err))
		return false;
	return lf_registry_login(&cli->ctx, cli->args[0], a->user, a->password, err);
}

const struct lf_cmd apko_cmd_login = {
	.name = "login",
	.use = "login [OPTIONS] [SERVER]",
	.about = "Keep a user and password for a registry",
	.detail = "Keeps a user and password for a registry where docker keeps them.\n"
		  "\n"
		  "The registry is not asked whether they are right.",
	.example = "  apko login registry.example -u robot --password-stdin <password",
	.opts = opts,
	.size = sizeof(struct args),
	.args = {.min = 1, .max = 1},
	.run = run,
};
