/*
 * The command line of the two programs: commands and options are table lines, and parsing, help,
 *completion and errors all come from the tables. They behave as pflag and cobra do, to the byte
 *where scripts can see it.
 *
 * A command file has a struct for its values, a table of options into it, and a run function:
 *
 *	struct args { struct lf_strv archs; const char *output; bool vcs; };
 *	static const struct lf_opt opts[] = {
 *		LF_OPT_STRINGS(0, "arch", struct args, archs, NULL, "architectures to build"),
 *		LF_OPT_STRING('o', "output", struct args, output, "out.tar", "`FILE` to write"),
 *		LF_OPT_BOOL(0, "vcs", struct args, vcs, true, "detect the version control URL"),
 *		LF_OPT_END,
 *	};
 *	static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
 *	{
 *		struct args *a = values;
 *		return lf_something(&cli->ctx, cli->args[0], a->vcs, err);
 *	}
 *	const struct lf_cmd apko_cmd_build = {
 *		.name = "build", .use = "build CONFIG TAG OUTPUT", .about = "Build an image",
 *		.opts = opts, .size = sizeof(struct args), .args = {.min = 3, .max = 3}, .run = run,
 *	};
 *
 * and one line in the table of main.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <factory/ctx.h>

#include "base/arena.h"
#include "base/vec.h"

enum lf_opt_kind {
	LF_OPT_KIND_END,
	LF_OPT_KIND_BOOL,    /* bool */
	LF_OPT_KIND_STRING,  /* const char *, never NULL */
	LF_OPT_KIND_STRINGS, /* struct lf_strv: each value is one CSV record; the first replaces the
				default */
	LF_OPT_KIND_ARRAY,   /* struct lf_strv: each value is one element as it stands */
	LF_OPT_KIND_INT,     /* int64_t */
	LF_OPT_KIND_INT64,   /* int64_t; differs in nothing a user sees but the name of the type */
	LF_OPT_KIND_DURATION, /* int64_t, nanoseconds */
	LF_OPT_KIND_LEVEL,    /* const char *: a log level */
};

struct lf_opt {
	enum lf_opt_kind kind;
	char letter;            /* 0: none */
	bool hidden;            /* not in help and completion */
	bool required;          /* `required flag(s) "arch" not set` */
	const char *name;       /* without the dashes */
	size_t at;              /* of the value in the command's struct */
	const char *def;        /* default, written as a user would; NULL: zero value */
	const char *help;       /* a word in `backquotes` names the value in the help */
	const char *deprecated; /* what to use instead; also hides the option */
	const char *dir; /* completion: "f" files (the default), "d" directories, "-" neither, else
			    words "a b c" */
};

/* Field offset that compiles only when the field has the wanted type. */
#define LF_OPT_AT(type, field, ctype)                                                            \
	(offsetof(type, field) + 0 * sizeof(char[_Generic(((type *)0)->field, ctype : 1, default \
							  : -1)]))

/* Further fields follow the help: LF_OPT_STRING(0, "arch", struct args, arch, NULL, "...",
 * .required = true) */
#define LF_OPT_BOOL(l, n, type, field, on, ...)                                  \
	{                                                                        \
		.kind = LF_OPT_KIND_BOOL, .letter = (l), .name = (n),            \
		.at = LF_OPT_AT(type, field, bool), .def = (on) ? "true" : NULL, \
		.help = __VA_ARGS__                                              \
	}
#define LF_OPT_STRING(l, n, type, field, d, ...)                                            \
	{                                                                                   \
		.kind = LF_OPT_KIND_STRING, .letter = (l), .name = (n),                     \
		.at = LF_OPT_AT(type, field, const char *), .def = (d), .help = __VA_ARGS__ \
	}
#define LF_OPT_STRINGS(l, n, type, field, d, ...)                                             \
	{                                                                                     \
		.kind = LF_OPT_KIND_STRINGS, .letter = (l), .name = (n),                      \
		.at = LF_OPT_AT(type, field, struct lf_strv), .def = (d), .help = __VA_ARGS__ \
	}
#define LF_OPT_ARRAY(l, n, type, field, d, ...)                                               \
	{                                                                                     \
		.kind = LF_OPT_KIND_ARRAY, .letter = (l), .name = (n),                        \
		.at = LF_OPT_AT(type, field, struct lf_strv), .def = (d), .help = __VA_ARGS__ \
	}
#define LF_OPT_INT(l, n, type, field, d, ...)                                          \
	{                                                                              \
		.kind = LF_OPT_KIND_INT, .letter = (l), .name = (n),                   \
		.at = LF_OPT_AT(type, field, int64_t), .def = (d), .help = __VA_ARGS__ \
	}
#define LF_OPT_INT64(l, n, type, field, d, ...)                                        \
	{                                                                              \
		.kind = LF_OPT_KIND_INT64, .letter = (l), .name = (n),                 \
		.at = LF_OPT_AT(type, field, int64_t), .def = (d), .help = __VA_ARGS__ \
	}
#define LF_OPT_DURATION(l, n, type, field, d, ...)                                     \
	{                                                                              \
		.kind = LF_OPT_KIND_DURATION, .letter = (l), .name = (n),              \
		.at = LF_OPT_AT(type, field, int64_t), .def = (d), .help = __VA_ARGS__ \
	}
#define LF_OPT_END                      \
	{                               \
		.kind = LF_OPT_KIND_END \
	}

/* How many positionals a command takes. All zero: any number. */
struct lf_argspec {
	int min; /* fewer: "requires at least MIN arg(s), only received N" */
	int max; /* 0: no limit, -1: none are taken; min == max: "accepts N arg(s), received M" */
	const char *text; /* own sentence for both errors, told where the run starts; NULL: the ones
			     above */
};

struct lf_cli;

struct lf_cmd {
	const char *name;
	bool bare_use;   /* the usage line does not mention flags */
	const char *use; /* the usage line without the program, "build CONFIG TAG OUTPUT"; NULL: the
			    name */
	const char *about;          /* one line, for the list of commands */
	const char *detail;         /* text for the command's own help; NULL: about */
	const char *example;        /* indented by two; NULL: none */
	const char *const *aliases; /* NULL-terminated; NULL: none */
	bool hidden;
	const char *deprecated;    /* `Command "resolve" is deprecated, TEXT` */
	const struct lf_opt *opts; /* ends with LF_OPT_END; NULL: none */
	size_t size;               /* of the struct that the options fill */
	bool shares_opts; /* the options are those of its subcommands, too, which fill the same
			     struct and have no others */
	struct lf_argspec args;
	const struct lf_cmd *const
		*sub; /* NULL-terminated; a command with subcommands needs no run */
	/* Called before parsing with the defaults filled in, for those that only the running
	 * machine knows. */
	void (*init)(void *values);
	/* The values live until it returns. Prints results to stdout; errors go up. */
	bool (*run)(struct lf_cli *cli, void *values, struct lf_err *err);
	/* Words for completing positional number n, NULL-terminated; NULL: files. */
	const char *const *(*complete)(size_t n);
};

enum lf_error_style {
	LF_ERRORS_APKO, /* "Error: TEXT", then a log line "error during command execution: TEXT" */
	LF_ERRORS_MELANGE /* one log line "ERROR TEXT" */
};

struct lf_program {
	const char *name;
	const char *about;  /* first lines of the program's help; "": none */
	const char *banner; /* above the version; NULL: none */
	const struct lf_cmd *const
		*cmds; /* NULL-terminated; help, completion and version come by themselves */
	enum lf_error_style errors;
	bool workdir; /* has -C/--workdir */
	bool gcplog;  /* has the hidden --gcplog */
};

/* What a run function gets. */
struct lf_cli {
	struct lf_ctx
		ctx; /* log, progress, cancel flag; set ctx.jobs from an option if there is one */
	const struct lf_program *program;
	const struct lf_cmd *root,
		*cmd; /* root holds the program's commands and the ones that come by themselves */
	const char *const *args; /* positionals, NULL-terminated */
	size_t n_args;
	struct lf_arena arena; /* for whatever lives as long as the run */
	bool told;             /* the failure needs no further word */
	struct lf_strv given;  /* names of the options that were given */
};

/* True when the option stood on the command line, whatever its value. */
bool lf_cli_given(const struct lf_cli *cli, const char *option);

/* The whole program: parses, runs, prints errors. Returns the exit status. */
int lf_cli_main(const struct lf_program *program, int argc, char **argv);
