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

static void print_script(const char *script, const char *name)
{
	for (; *script; script++) {
		if (*script == '~')
			fputs(name, stdout);
		else
			putchar(*script);
	}
}

#define SHELL(shell)                                                                  \
	static bool run_##shell(struct lf_cli *cli, void *values, struct lf_err *err) \
	{                                                                             \
		(void)values;                                                         \
		(void)err;                                                            \
		print_script(shell, cli->program->name);                              \
		return true;                                                          \
	}                                                                             \
	static const struct lf_cmd cmd_##shell = {                                    \
		.name = #shell,                                                       \
		.about = "Generate the autocompletion script for " #shell,            \
		.args = {.max = -1},                                                  \
		.run = run_##shell,                                                   \
	}

SHELL(bash);
SHELL(fish);
SHELL(powershell);
SHELL(zsh);

static const struct lf_cmd *const shells[] = {&cmd_bash, &cmd_fish, &cmd_powershell, &cmd_zsh,
					      NULL};

const struct lf_cmd lf_cmd_completion = {
	.name = "completion",
	.about = "Generate the autocompletion script for the specified shell",
	.sub = shells,
};
