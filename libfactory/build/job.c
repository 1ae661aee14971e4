/*
 * One architecture's build, in upstream's order: configuration, compiled pipelines, workspace,
 * environment, sandbox, steps; then package.c. Everything that is made on the way hangs on the job,
 * so that lf_job_fini leaves nothing behind.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/job.h"

#include <stdlib.h>

#include "apk/arch.h"
#include "apk/version.h"
#include "build/materials.h"
#include "build/outputs.h"
#include "build/steps.h"
#include "build/workspace.h"
#include "image/environment.h"

#include "base/banned.h"

/* ---- prepare ---- */

static void set_recipe_options(const struct lf_build_job *j, struct lf_recipe_options *r)
{
	const struct lf_build_plan *p = j->plan;
	const struct lf_build_options *o = p->o;

	*r = (struct lf_recipe_options){
		.arch = j->arch,
		.commit = p->commit,
		.vars_file = o->vars_file ? o->vars_file : "",
		.env_files = o->env_files,
		.build_options = o->build_options,
		.libc_flavor = o->libc_flavor ? o->libc_flavor : "",
		.cpu = o->cpu ? o->cpu : "",
		.cpumodel = o->cpumodel ? o->cpumodel : "",
		.memory = o->memory ? o->memory : "",
		.disk = o->disk ? o->disk : "",
		.timeout_ns = o->timeout_ns,
		.tests_only = p->test,
		.test_package = p->package,
	};
	if (o->pipeline_dir && *o->pipeline_dir)
		lf_strv_add(&r->pipeline_dirs, o->pipeline_dir);
	lf_strv_addv(&r->pipeline_dirs, &o->pipeline_dirs);
}

static void fini_recipe_options(struct lf_recipe_options *r)
{
	lf_strv_fini(&r->pipeline_dirs);
}

/* compat: tests know an architecture by all its names, builds by apk's. */
static bool wants_arch(const struct lf_build_job *j)
{
	const struct lf_strv *archs = &j->recipe.package.target_architecture;

	if (lf_recipe_has_arch(&j->recipe, j->arch))
		return true;
	for (size_t i = 0; j->plan->test && i < archs->n; i++) {
		if (!strcmp(lf_arch_apk(archs->v[i]), j->arch))
			return true;
	}
	return false;
}

bool lf_job_prepare(struct lf_build_job *j, struct lf_err *err)
{
	LF_CLEANUP(fini_recipe_options) struct lf_recipe_options o;

	const char *text = j->plan->o->config_text, *path = j->plan->config;
	bool ok;

	set_recipe_options(j, &o);
	if (text)
		ok = lf_recipe_parse(&j->ctx, lf_str(text), path, &o, &j->arena, &j->recipe, err);
	else
		ok = lf_recipe_load(&j->ctx, path, &o, &j->arena, &j->recipe, err);
	if (!ok)
		return lf_fail(err, "failed to load configuration");
	j->skip = !wants_arch(j);
	return j->skip || j->plan->runner->usable(&j->ctx, j->arch, err);
}

/* ---- run ---- */

/* Drops subpackages whose condition is false. */
static bool drop_subpackages(struct lf_build_job *j, struct lf_err *err)
{
	bool *drop = lf_new_n(&j->arena, bool, j->recipe.n_subpackages);

	for (size_t i = 0; i < j->recipe.n_subpackages; i++) {
		const struct lf_subpackage *s = &j->recipe.subpackage[i];
		bool wanted;
		if (!lf_cond_eval(s->if_cond, &wanted, err))
			return lf_fail(err, "evaluating if-conditional \"%s\" of subpackage %s",
				       s->if_cond, s->unit.name);
		if (!wanted)
			lf_info(&j->ctx, "skipping subpackage %s because %s == false", s->unit.name,
				s->if_cond);
		drop[i] = !wanted;
	}
	lf_recipe_drop_subpackages(&j->recipe, drop);
	return true;
}

bool lf_job_compile(struct lf_build_job *j, struct lf_err *err)
{
	LF_CLEANUP(fini_recipe_options) struct lf_recipe_options o;

	j->deadline_ns = lf_deadline_in(j->recipe.package.timeout_ns);
	set_recipe_options(j, &o);
	if (!lf_recipe_compile(&j->ctx, &j->recipe, &o, j->plan->o->builtins, err))
		return lf_fail(err, "compiling %s%s", j->plan->config,
			       j->plan->test ? " tests" : "");
	j->full_version = lf_recipe_full_version(&j->recipe);
	return drop_subpackages(j, err);
}

static bool check_version(const struct lf_build_job *j, struct lf_err *err)
{
	const struct lf_recipe_package *p = &j->recipe.package;
	struct lf_version v;

	return lf_version_parse(lf_str(p->version), &v, err) ||
	       lf_fail(err, "unable to parse version '%s' for %s", p->version, p->unit.name);
}

static bool fill_workspace(struct lf_build_job *j, struct lf_err *err)
{
	const struct lf_build_plan *p = j->plan;
	const char *metadata =
		lf_package_metadata(&j->recipe, j->full_version, p->namespace, j->arch, &j->arena);

	j->workspace = lf_pod_workspace(p->o->workspace_dir, j->arch, j->keeper, p->o->keep, err);
	if (!j->workspace)
		return false;
	if (!p->o->empty_workspace) {
		if (!lf_workspace_write_compiler_files(j->workspace, metadata, err))
			return false;
		if (!lf_workspace_populate(&j->ctx, j->workspace, p->source_dir, true, err))
			return lf_fail(err, "unable to populate workspace");
	}
	return lf_workspace_make_output(j->workspace, j->recipe.package.unit.name, err);
}

/* The locked environment takes the place of the configured one, also in what packages record. */
static bool lock_environment(struct lf_build_job *j, struct lf_err *err)
{
	const struct lf_build_options *o = j->plan->o;
	const struct lf_environment_input in = {
		.config = &j->recipe.environment,
		.arch = j->arch,
		.build_repositories = o->repositories,
		.keyring = o->keyring,
		.packages = o->packages,
		.ignore_signatures = o->ignore_signatures,
		.build_date = j->plan->source_date_epoch,
	};
	struct lf_image_config locked;

	if (!lf_environment_lock(&j->ctx, j->fetcher, &in, &j->arena, &locked, err))
		return lf_fail(err, "unable to lock image configuration");
	lf_image_config_fini(&j->recipe.environment);
	j->recipe.environment = locked;
	return true;
}

struct lf_pod_input lf_job_pod_input(const struct lf_build_job *j)
{
	return (struct lf_pod_input){
		.ctx = &j->ctx,
		.runner = j->plan->runner,
		.keeper = j->keeper,
		.arch = j->arch,
		.workspace = j->workspace,
		.cache_dir = j->plan->cache_dir,
		.recipe = &j->recipe,
		.limits = &j->limits,
		.keep = j->plan->o->keep,
	};
}

struct lf_steps_run lf_job_steps(const struct lf_build_job *j, const char *what)
{
	return (struct lf_steps_run){
		.ctx = &j->ctx,
		.what = what,
		.runner = j->plan->runner,
		.sandbox = j->pod.sandbox,
		.workspace = j->workspace,
		.environment = &j->environment,
		.debug = j->plan->o->debug,
		.interactive = j->plan->o->interactive,
		.tell_step = j->one_of_several,
		.deadline_ns = j->deadline_ns,
	};
}

static bool make_guest(struct lf_build_job *j, struct lf_err *err)
{
	const struct lf_environment_input in = {
		.config = &j->recipe.environment,
		.arch = j->arch,
		.ignore_signatures = j->plan->o->ignore_signatures,
		.build_date = j->plan->source_date_epoch,
	};

	j->pod_input = lf_job_pod_input(j);
	if (!lock_environment(j, err))
		return false;
	lf_auto_environment *e = lf_pod_assemble(&j->pod_input, j->fetcher, &in, err);
	if (!e)
		return false;
	if (j->plan->provenance) {
		j->environment_package =
			lf_materials_environment(e->package, e->n_packages, &j->arena);
		j->n_environment_packages = e->n_packages;
	}
	if (j->plan->versioned_libraries)
		lf_libraries_init(&j->libraries, e->repos->repo, e->repos->n,
				  &j->recipe.environment.contents.packages, &j->arena);
	return lf_pod_make_guest(&j->pod, &j->pod_input, e, err);
}

/* What every command of the guest sees. */
static void set_environment(struct lf_build_job *j)
{
	const struct lf_pairs *own = &j->recipe.environment.environment;
	struct lf_pairs *env = &j->environment;

	env->v = lf_new_n(&j->arena, struct lf_pair, own->n + 1);
	if (!lf_pairs_get(own, "SOURCE_DATE_EPOCH"))
		env->v[env->n++] = (struct lf_pair){
			"SOURCE_DATE_EPOCH",
			lf_arena_printf(&j->arena, "%lld", (long long)j->plan->source_date_epoch)};
	for (size_t i = 0; i < own->n; i++)
		env->v[env->n++] = own->v[i];
	lf_pairs_sort(env);
}

static bool run_subpackage(struct lf_build_job *j, const struct lf_steps_run *run,
			   const struct lf_subpackage *s, struct lf_err *err)
{
	const char *name = s->unit.name;
	struct lf_ctx ctx = j->ctx;
	struct lf_steps_run r = *run;

	lf_info(&j->ctx, "running pipeline for subpackage %s", name);
	ctx.log_attrs = lf_arena_printf(&j->arena, "%s subpackage=%s",
					j->ctx.log_attrs ? j->ctx.log_attrs : "", name);
	r.ctx = &ctx;
	r.what = lf_arena_printf(&j->arena, "package %s", name);
	return lf_workspace_make_output(j->workspace, name, err) &&
	       (lf_steps_run(&r, &s->pipeline, err) ||
		lf_fail(err, "unable to run subpackage %s pipeline", name));
}

static bool run_steps(struct lf_build_job *j, struct lf_err *err)
{
	const char *name = j->recipe.package.unit.name;
	const struct lf_steps_run run =
		lf_job_steps(j, lf_arena_printf(&j->arena, "package %s", name));

	if (!lf_steps_run(&run, &j->recipe.pipeline, err))
		return lf_fail(err, "unable to run package %s pipeline", name);
	for (size_t i = 0; i < j->recipe.n_subpackages; i++) {
		if (!run_subpackage(j, &run, &j->recipe.subpackage[i], err))
			return false;
	}
	return true;
}

static bool run(struct lf_build_job *j, struct lf_err *err)
{
	lf_info(&j->ctx, "melange with runner %s is building:", j->plan->runner->name);
	if (!check_version(j, err) ||
	    !lf_limits_parse(&j->recipe.package.resources, &j->limits, err) ||
	    !lf_job_compile(j, err) || !fill_workspace(j, err))
		return false;
	if (!make_guest(j, err))
		return lf_fail(err, "unable to build guest");
	set_environment(j);
	if (!lf_check_cancel(&j->ctx, err) || !lf_check_deadline(j->deadline_ns, err))
		return false;
	if (!lf_pod_start(&j->pod, &j->recipe.environment, &j->environment, err))
		return lf_fail(err, "unable to start pod");
	return run_steps(j, err) && lf_job_package(j, err);
}

/* What came out, and how long it took. */
static void summarise(const struct lf_build_job *j, int64_t ns)
{
	lf_auto_buf names = {0};

	for (size_t i = 0; i < j->n_outputs; i++)
		lf_buf_printf(&names, "%s%s-%s", i ? ", " : "", j->output[i].unit->name,
			      j->full_version);
	lf_info(&j->ctx, "built %zu package%s for %s in %.1fs: %s", j->n_outputs,
		j->n_outputs == 1 ? "" : "s", j->arch, (double)ns / 1e9, lf_buf_c(&names));
}

bool lf_job_build(struct lf_build_job *j, struct lf_err *err)
{
	const int64_t start = lf_clock_ns();

	if (run(j, err)) {
		summarise(j, lf_clock_ns() - start);
		return true;
	}
	return lf_fail_timed_out(j->recipe.package.timeout_ns, j->deadline_ns, err);
}

/* ---- the end ---- */

void lf_job_fini(struct lf_build_job *j)
{
	if (!j->plan)
		return;
	for (size_t i = 0; i < j->n_outputs; i++)
		lf_output_fini(&j->output[i]);
	lf_pod_discard(&j->ctx, &j->workspace, j->plan->o->keep, "workspace dir");
	lf_pod_stop(&j->pod);
	lf_libraries_fini(&j->libraries);
	lf_recipe_fini(&j->recipe);
	lf_arena_fini(&j->arena);
	*j = (struct lf_build_job){0};
}
