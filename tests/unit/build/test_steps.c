/*
 * Scripts of steps, and the order in which trees of steps run, with a runner that only notes what
 * it is asked to run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "build/steps.h"

#include "base/banned.h"

static const struct {
	const char *directory, *runs, *want;
	bool debug;
} scripts[] = {
	{"", "make\n",
	 "set -eo pipefail\n[ -d /home/build ] || mkdir -p /home/build\ncd "
	 "/home/build\nmake\n\nexit 0\n",
	 false},
	{"sub", "",
	 "set -exo pipefail\n[ -d /home/build/sub ] || mkdir -p /home/build/sub\ncd "
	 "/home/build/sub\n\nexit 0\n",
	 true},
	{"/opt/a dir", "x",
	 "set -eo pipefail\n[ -d '/opt/a dir' ] || mkdir -p '/opt/a dir'\ncd '/opt/a dir'\nx\nexit "
	 "0\n",
	 false},
	{"it's", "x",
	 "set -eo pipefail\n[ -d '/home/build/it'\"'\"'s' ] || mkdir -p '/home/build/it'\"'\"'s'\n"
	 "cd '/home/build/it'\"'\"'s'\nx\nexit 0\n",
	 false},
};

static void writes_the_script(void **state)
{
	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(scripts); i++) {
		lf_auto_buf out = {0};

		lf_step_script(&out, scripts[i].directory, scripts[i].runs, scripts[i].debug);
		assert_string_equal(out.p, scripts[i].want);
	}
}

struct lf_sandbox {
	struct lf_buf log;
};

/* Notes environment, directory and last line of the script; "fail" fails. */
static bool note(struct lf_sandbox *s, const struct lf_ctx *ctx, const struct lf_sandbox_run *run,
		 struct lf_err *err)
{
	struct lf_str rest = lf_str(run->argv[2]), line, cd = {0}, text = {0};

	(void)ctx;
	for (int i = 0; lf_str_line(&rest, &line); i++) {
		cd = i == 2 ? line : cd;
		text = i == 3 ? line : text;
	}
	lf_buf_printf(&s->log, LF_STR_FMT "|" LF_STR_FMT "|", LF_STR_ARG(cd), LF_STR_ARG(text));
	for (size_t i = 0; i < run->env->n; i++) {
		if (strcmp(run->env->v[i].key, "PATH") || strlen(run->env->v[i].value) < 20)
			lf_buf_printf(&s->log, "%s=%s,", run->env->v[i].key, run->env->v[i].value);
	}
	lf_buf_putc(&s->log, '\n');
	return !lf_str_is(text, "fail") || lf_fail_new(err, LF_E_CHILD, "exit status 7");
}

static const struct lf_runner noter = {.name = "noter", .run = note};

#define STEP .if_cond = "", .name = "", .uses = "", .label = ""

static void runs_trees_of_steps(void **state)
{
	struct lf_pair outer_env[] = {{"A", "1"}, {"B", "1"}},
		       inner_env[] = {{"B", "2"}, {"PATH", "/p"}};
	struct lf_step inner[] = {
		{STEP, .runs = "one", .working_directory = "",
		 .environment = {.v = inner_env, .n = 2}},
		{STEP, .runs = "two", .working_directory = "/abs"},
		{.if_cond = "'a' == 'b'",
		 .name = "",
		 .uses = "",
		 .runs = "never",
		 .working_directory = ""},
	};
	struct lf_step outer[] = {
		{STEP, .runs = "zero", .working_directory = "w",
		 .environment = {.v = outer_env, .n = 2}, .child = inner, .n_children = 3,
		 .has_assertions = true, .required_steps = 2},
		{STEP, .runs = "", .working_directory = ""},
	};
	const struct lf_steps steps = {outer, 2};
	struct lf_sandbox s = {0};
	const struct lf_ctx ctx = {0};
	const struct lf_steps_run run = {.ctx = &ctx, .runner = &noter, .sandbox = &s};
	lf_auto_err err = {0};

	(void)state;
	assert_true(lf_steps_run(&run, &steps, &err));
	assert_string_equal(s.log.p, "cd /home/build/w|zero|A=1,B=1,\n"
				     "cd /home/build/w|one|A=1,B=2,PATH=/p,\n"
				     "cd /abs|two|A=1,B=1,\n"
				     "cd /home/build||\n");
	lf_buf_fini(&s.log);
}

static void names_what_failed(void **state)
{
	struct lf_step fail = {STEP, .runs = "fail", .working_directory = ""};
	struct lf_step parent = {STEP, .runs = "", .working_directory = "", .child = &fail,
				 .n_children = 1};
	struct lf_step asserts = {STEP, .runs = "", .working_directory = "", .has_assertions = true,
				  .required_steps = 1};
	struct lf_step cond = {
		.if_cond = "x", .name = "", .uses = "", .runs = "", .working_directory = ""};
	const struct {
		struct lf_step *step;
		const char *text;
	} cases[] = {
		{&fail, "unable to run pipeline: exit status 7"},
		{&parent, "unable to run pipeline: unable to run pipeline: exit status 7"},
		{&asserts,
		 "unable to run pipeline: pipeline did not run the required 1 steps, only 0"},
		{&cond, "unable to run pipeline: evaluating if-conditional \"x\": unexpected "
			"character 'x' at position 0"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		const struct lf_steps steps = {cases[i].step, 1};
		struct lf_sandbox s = {0};
		const struct lf_ctx ctx = {0};
		const struct lf_steps_run run = {.ctx = &ctx, .runner = &noter, .sandbox = &s};
		lf_auto_err err = {0};

		assert_false(lf_steps_run(&run, &steps, &err));
		assert_string_equal(lf_err_text(&err), cases[i].text);
		lf_buf_fini(&s.log);
	}
}

static void stops_at_the_deadline(void **state)
{
	struct lf_step step = {STEP, .runs = "x", .working_directory = ""};
	const struct lf_steps steps = {&step, 1};
	struct lf_sandbox s = {0};
	const struct lf_ctx ctx = {0};
	const struct lf_steps_run run = {
		.ctx = &ctx, .runner = &noter, .sandbox = &s, .deadline_ns = 1};
	lf_auto_err err = {0};

	(void)state;
	assert_false(lf_steps_run(&run, &steps, &err));
	assert_int_equal(err.class, LF_E_LIMIT);
	assert_non_null(strstr(lf_err_text(&err), "unable to run pipeline: signal: killed"));
	lf_buf_fini(&s.log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_the_script),
		cmocka_unit_test(runs_trees_of_steps),
		cmocka_unit_test(names_what_failed),
		cmocka_unit_test(stops_at_the_deadline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
