/*
 * The completion scripts: each only asks the program itself, by __complete. A ~ stands for the
 * program's name.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "cli/tree.h"
#include "base/banned.h"

static const char bash[] = "# bash completion for ~\n"
			   "_~() {\n"
			   "\tlocal line directive=0\n"
			   "\tCOMPREPLY=()\n"
			   "\twhile IFS= read -r line; do\n"
			   "\t\tcase $line in\n"
			   "\t\t:*) directive=${line#:} ;;\n"
			   "\t\t*) COMPREPLY+=(\"${line%%$'\\t'*}\") ;;\n"
			   "\t\tesac\n"
			   "\tdone < <(\"${COMP_WORDS[0]}\" __complete "
			   "\"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null)\n"
			   "\tcase $directive in\n"
			   "\t0) compopt -o default ;;\n"
			   "\t16) compopt -o dirnames ;;\n"
			   "\tesac\n"
			   "}\n"
			   "complete -F _~ ~\n";

static const char zsh[] =
	"#compdef ~\n"
	"# zsh completion for ~\n"
	"_~() {\n"
	"\tlocal line directive=0\n"
	"\tlocal -a found\n"
	"\twhile IFS= read -r line; do\n"
	"\t\tcase $line in\n"
	"\t\t:*) directive=${line#:} ;;\n"
	"\t\t*) found+=(\"${${line//:/\\\\:}/$'\\t'/:}\") ;;\n"
	"\t\tesac\n"
	"\tdone < <(\"${words[1]}\" __complete \"${(@)words[2,CURRENT]}\" 2>/dev/null)\n"
	"\t(( ${#found} )) && _describe ~ found\n"
	"\tcase $directive in\n"
	"\t0) _files ;;\n"
	"\t16) _files -/ ;;\n"
	"\tesac\n"
	"}\n"
	"compdef _~ ~\n";

static const char fish[] = "# fish completion for ~\n"
			   "function __~_words\n"
			   "\tset -l words (commandline -opc) (commandline -ct)\n"
			   "\t$words[1] __complete $words[2..-1] 2>/dev/null\n"
			   "end\n"
			   "function __~_complete\n"
			   "\t__~_words | string match -v -r '^:'\n"
			   "end\n"
			   "function __~_files\n"
			   "\t__~_words | string match -q ':0'\n"
			   "end\n"
			   "complete -c ~ -e\n"
			   "complete -c ~ -n 'not __~_files' -f -a '(__~_complete)'\n"
			   "complete -c ~ -n __~_files -F -a '(__~_complete)'\n";

static const char powershell[] =
	"# powershell completion for ~\n"
	"Register-ArgumentCompleter -Native -CommandName '~' -ScriptBlock {\n"
	"    param($word, $ast, $cursor)\n"
	"    $words = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { \"$_\" })\n"
	"    if ($word -eq '') { $words += '' }\n"
	"    & '~' __complete @words 2>$null | Where-Object { -not $_.StartsWith(':') } | "
	"ForEach-Object {\n"
	"        $name, $help = $_ -split \"`t\", 2\n"
	"        if (-not $help) { $help = $name }\n"
	"        [System.Management.Automation.CompletionResult]::new($name, $name, "
	"'ParameterValue', $help)\n"
	"    }\n"
	"}\n";

struct args {
	bool bare;
};

static const struct lf_opt opts[] = {
	LF_OPT_BOOL(0, "no-descriptions", struct args, bare, false,
		    "leave the help texts out of the completion"),
	LF_OPT_END,
};

static const char command[] = "__complete ";

static void print_script(const char *script, const char *name, bool bare)
{
	for (; *script; script++) {
		if (*script == '~') {
			fputs(name, stdout);
		} else if (bare && lf_starts(script, command)) {
			fputs("__completeNoDesc ", stdout);
			script += sizeof(command) - 2;
		} else {
			putchar(*script);
		}
	}
}

#define SHELL(shell, no_flags)                                                        \
	static bool run_##shell(struct lf_cli *cli, void *values, struct lf_err *err) \
	{                                                                             \
		const struct args *a = values;                                        \
                                                                                      \
		(void)err;                                                            \
		print_script(shell, cli->program->name, a->bare);                     \
		return true;                                                          \
	}                                                                             \
	static const struct lf_cmd cmd_##shell = {                                    \
		.name = #shell,                                                       \
		.about = "Generate the autocompletion script for " #shell,            \
		.bare_use = no_flags,                                                 \
		.opts = opts,                                                         \
		.size = sizeof(struct args),                                          \
		.args = {.max = -1},                                                  \
		.run = run_##shell,                                                   \
	}

/* compat: only bash's usage leaves the flags out. */
SHELL(bash, true);
SHELL(fish, false);
SHELL(powershell, false);
SHELL(zsh, false);

static const struct lf_cmd *const shells[] = {&cmd_bash, &cmd_fish, &cmd_powershell, &cmd_zsh,
					      NULL};

const struct lf_cmd lf_cmd_completion = {
	.name = "completion",
	.about = "Generate the autocompletion script for the specified shell",
	.detail = "Prints a script that completes commands, options and their values in a shell.",
	.sub = shells,
};

static bool run_word(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct args none = {0};

	(void)values;
	for (size_t i = 0; cli->n_args && shells[i]; i++)
		if (strcmp(cli->args[0], shells[i]->name) == 0)
			return shells[i]->run(cli, &none, err);
	cli->told = true;
	lf_info(&cli->ctx, "A shell type (bash, zsh, fish, powershell) is required.");
	return lf_fail_new(err, LF_E_USAGE, "no such shell");
}

static const char *const *complete_word(size_t n)
{
	static const char *const names[] = {"bash", "zsh", "fish", "powershell", NULL};

	return n == 0 ? names : names + 4;
}

const struct lf_cmd lf_cmd_completion_word = {
	.name = "completion",
	.use = "completion [bash|zsh|fish|powershell]",
	.bare_use = true,
	.about = "Generate completion script",
	.detail = "Prints a script that completes commands, options and their values in a shell.",
	.args = {.max = 1},
	.run = run_word,
	.complete = complete_word,
};
