/*
 * Testing packages on one architecture: each test of the recipe in a pod of its own, so that what
 * one test installs cannot hide what another package lacks. In: a prepared job; out: whether all
 * tests passed. All tests see the same workspace.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/job.h"
#include "build/steps.h"
#include "build/workspace.h"
#include "image/environment.h"

#include "base/banned.h"

/* ---- one test ---- */

/* compat: that of the build with the test's own over it, without a date. */
static struct lf_pairs environment_of(struct lf_build_job *j, const struct lf_recipe_test *t)
{
	struct lf_pairs env = lf_pairs_overlay(&j->recipe.environment.environment,
					       &t->environment.environment, &j->arena);

	lf_pairs_sort(&env);
	return env;
}

static const char *first_set(const char *a, const char *b, const char *c)
{
	return a && *a ? a : *b ? b : c;
}

/* Flags win over `test-resources`, these over `resources`. */
static struct lf_resources resources_of(const struct lf_build_job *j)
{
	const struct lf_build_options *o = j->plan->o;
	const struct lf_recipe_package *p = &j->recipe.package;
	struct lf_resources r = p->resources;

	if (!p->has_test_resources)
		return r;
	r.cpu = first_set(o->cpu, p->test_resources.cpu, r.cpu);
	r.memory = first_set(o->memory, p->test_resources.memory, r.memory);
	return r;
}

static bool make_guest(struct lf_build_job *j, const struct lf_recipe_test *t, struct lf_err *err)
{
	const struct lf_build_options *o = j->plan->o;
	const struct lf_environment_input in = {
		.config = &t->environment,
		.arch = j->arch,
		.build_repositories = o->repositories,
		.keyring = o->keyring,
		.packages = o->packages,
		.ignore_signatures = o->ignore_signatures,
	};

	lf_info(&j->ctx, "melange with runner %s is testing:", j->plan->runner->name);
	lf_auto_environment *e = lf_pod_assemble(&j->pod_input, j->fetcher, &in, err);
	return (e && lf_pod_make_guest(&j->pod, &j->pod_input, e, err)) ||
	       lf_fail(err, "unable to build guest");
}

static bool run_steps(struct lf_build_job *j, const char *name, const struct lf_recipe_test *t,
		      struct lf_err *err)
{
	const struct lf_steps_run run =
		lf_job_steps(j, lf_arena_printf(&j->arena, "test of %s", name));

	return lf_steps_run(&run, &t->pipeline, err) || lf_fail(err, "unable to run pipeline");
}

/* sub: of a subpackage. */
static bool run_test(struct lf_build_job *j, const char *name, bool sub,
		     const struct lf_recipe_test *t, struct lf_err *err)
{
	if (!lf_check_cancel(&j->ctx, err) || !lf_check_deadline(j->deadline_ns, err))
		return false;
	if (sub)
		lf_info(&j->ctx, "running test pipeline for subpackage %s", name);
	if (!make_guest(j, t, err))
		return false;
	j->environment = environment_of(j, t);
	if (!lf_pod_start(&j->pod, &t->environment, &j->environment, err))
		return sub ? lf_fail(err, "unable to start subpackage test pod for %s", name)
			   : lf_fail(err, "unable to start pod");
	if (!sub)
		lf_info(&j->ctx, "running the main test pipeline");
	if (!run_steps(j, name, t, err))
		return false;
	lf_pod_stop(&j->pod);
	return true;
}

/* ---- all of them ---- */

static bool fill_workspace(struct lf_build_job *j, struct lf_err *err)
{
	const struct lf_build_options *o = j->plan->o;

	j->workspace = lf_pod_workspace(o->workspace_dir, j->arch, j->keeper, o->keep, err);
	if (!j->workspace)
		return false;
	if (!o->source_dir || !*o->source_dir) {
		lf_info(&j->ctx, "No source directory specified, skipping workspace population");
		return true;
	}
	return lf_workspace_populate(&j->ctx, j->workspace, o->source_dir, false, err) ||
	       lf_fail(err, "unable to populate workspace");
}

static bool run_tests(struct lf_build_job *j, struct lf_strv *passed, struct lf_err *err)
{
	const struct lf_recipe *r = &j->recipe;
	const char *name = r->package.unit.name;

	if (r->test.pipeline.n) {
		if (*j->plan->package)
			name = j->plan->package;
		if (!run_test(j, name, false, &r->test, err))
			return false;
		lf_strv_add(passed, name);
	}
	for (size_t i = 0; i < r->n_subpackages; i++) {
		const struct lf_subpackage *s = &r->subpackage[i];
		if (!s->test.pipeline.n)
			continue;
		if (!run_test(j, s->unit.name, true, &s->test, err))
			return false;
		lf_strv_add(passed, s->unit.name);
	}
	return true;
}

static void summarise(const struct lf_build_job *j, const struct lf_strv *passed, int64_t ns)
{
	lf_auto_buf names = {0};

	for (size_t i = 0; i < passed->n; i++)
		lf_buf_printf(&names, "%s%s", i ? ", " : "", passed->v[i]);
	if (passed->n)
		lf_info(&j->ctx, "%zu test%s passed on %s in %.1fs: %s", passed->n,
			passed->n == 1 ? "" : "s", j->arch, (double)ns / 1e9, lf_buf_c(&names));
	else
		lf_info(&j->ctx, "%s has no tests", j->recipe.package.unit.name);
}

static bool test(struct lf_build_job *j, struct lf_strv *passed, struct lf_err *err)
{
	const struct lf_resources resources = resources_of(j);

	if (!lf_limits_parse(&resources, &j->limits, err) || !lf_job_compile(j, err) ||
	    !fill_workspace(j, err))
		return false;
	j->pod_input = lf_job_pod_input(j);
	return run_tests(j, passed, err);
}

bool lf_job_test(struct lf_build_job *j, struct lf_err *err)
{
	const int64_t start = lf_clock_ns();
	lf_auto_strv passed = {0};

	if (!test(j, &passed, err))
		return lf_fail_timed_out(j->recipe.package.timeout_ns, j->deadline_ns, err);
	summarise(j, &passed, lf_clock_ns() - start);
	return true;
}
