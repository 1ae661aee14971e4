/*
 * From the trees the steps left to packages: attributes, linters, licences and SBOM, dependency
 * scan, the .apk files, the index. In: a job whose steps have run; out: files in OUT/ARCH. Nothing
 * is written before the linters of all packages are satisfied.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <fcntl.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/stream.h"
#include "build/guest.h"
#include "build/job.h"
#include "build/licenses.h"
#include "build/outputs.h"
#include "build/setcap.h"
#include "build/steps.h"
#include "codec/json.h"

#include "base/banned.h"

/* ---- trees ---- */

static void describe_outputs(struct lf_build_job *j)
{
	struct lf_recipe *r = &j->recipe;

	j->n_outputs = 1 + r->n_subpackages;
	j->output = lf_new_n(&j->arena, struct lf_output, j->n_outputs);
	j->output[0] = (struct lf_output){.unit = &r->package.unit,
					  .is_main = true,
					  .test_pipeline = &r->test.pipeline,
					  .pipeline = &r->pipeline};
	for (size_t i = 0; i < r->n_subpackages; i++)
		j->output[1 + i] =
			(struct lf_output){.unit = &r->subpackage[i].unit,
					   .test_pipeline = &r->subpackage[i].test.pipeline,
					   .pipeline = &r->subpackage[i].pipeline};
}

static bool read_outputs(struct lf_build_job *j, struct lf_err *err)
{
	struct lf_owner_map owners = lf_owner_map_make(&j->recipe.environment);

	lf_info(&j->ctx, "retrieving workspace from builder: %s", j->workspace);
	describe_outputs(j);
	owners.faithful = j->plan->o->faithful_metadata;
	for (size_t i = 0; i < j->n_outputs; i++) {
		j->output[i].tree =
			lf_output_read(j->workspace, j->output[i].unit->name, &owners, err);
		if (!j->output[i].tree)
			return false;
	}
	/* compat: upstream forgets those of subpackages */
	for (size_t i = 0; i < j->n_outputs; i++)
		if (!lf_setcap_apply(&j->ctx, j->output[i].unit, j->output[i].tree, err))
			return false;
	return true;
}

/* ---- checks ---- */

static const char *output_dir(struct lf_build_job *j)
{
	lf_auto_free char *dir = lf_path_join(j->plan->out_dir, j->arch);

	return lf_arena_strdup(&j->arena, dir);
}

static bool lint(struct lf_build_job *j, struct lf_err *err)
{
	const struct lf_build_options *o = j->plan->o;
	const struct lf_lint_options options = {.require = o->lint_require,
						.warn = o->lint_warn,
						.persist = o->persist_lint_results,
						.out_dir = output_dir(j)};

	for (size_t i = 0; i < j->n_outputs; i++) {
		const char *name = j->output[i].unit->name;
		lf_info(&j->ctx, "running package linters for %s", name);
		if (!lf_lint(&j->ctx, &options, &j->output[i], j->full_version, j->arch, &j->arena,
			     err))
			return lf_fail(err, "unable to lint package %s", name);
	}
	return true;
}

/* What the sources' licence files say; differences are only told. */
static bool check_licenses(struct lf_build_job *j, struct lf_err *err)
{
	struct lf_license_report report;

	return lf_licenses_check(&j->ctx, j->workspace, &j->recipe, false, &j->arena, &report,
				 err) ||
	       lf_fail(err, "license check");
}

/* ---- side files ---- */

/* One line a package, appended in one write, so that jobs do not mix theirs. */
static bool append_build_log(struct lf_build_job *j, const struct lf_output *out,
			     struct lf_err *err)
{
	const char *origin =
		j->plan->o->strip_origin_name ? out->unit->name : j->output[0].unit->name;
	lf_auto_buf line = {0};

	if (!j->plan->o->create_build_log)
		return true;
	lf_buf_printf(&line, "%s|%s|%s|%s\n", j->arch, origin, out->unit->name, j->full_version);
	lf_auto_fd fd = open("packages.log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	return (fd >= 0 || lf_fail_errno(err, "open packages.log")) &&
	       lf_write_all(fd, line.p, line.n, err);
}

static void set_list(json_t *object, const char *key, const struct lf_strv *v)
{
	json_t *list = json_array();

	for (size_t i = 0; i < v->n; i++)
		json_array_append_new(list, lf_json_text(lf_str(v->v[i])));
	lf_json_opt(object, key, list);
}

/* compat: rewritten for each package, so the last one's scan result is what remains. */
static bool write_dependency_log(struct lf_build_job *j, const struct lf_output *out,
				 struct lf_err *err)
{
	const char *path = j->plan->o->dependency_log;
	lf_auto_json *found = json_object();
	lf_auto_buf text = {0}, name = {0};

	if (!path || !*path)
		return true;
	lf_info(&j->ctx, "writing dependency log");
	set_list(found, "runtime", &out->found.runtime);
	set_list(found, "provides", &out->found.provides);
	set_list(found, "vendored", &out->vendored);
	lf_json_print(&text, found, 0);
	lf_buf_putc(&text, '\n');
	lf_buf_printf(&name, "%s.%s", path, j->arch);
	return lf_write_file(lf_buf_c(&name), text.p, text.n, 0644, err);
}

/* ---- packages ---- */

static bool emit_one(struct lf_build_job *j, const struct lf_emit_input *in, size_t i,
		     struct lf_err *err)
{
	struct lf_output *out = &j->output[i];
	const struct lf_scan_input scan = {
		.ctx = &j->ctx,
		.arena = &j->arena,
		.output = j->output,
		.n_outputs = j->n_outputs,
		.full_version = j->full_version,
		.libraries = j->plan->versioned_libraries ? &j->libraries : NULL,
	};

	if (!lf_check_cancel(&j->ctx, err) || !lf_check_deadline(j->deadline_ns, err))
		return false;
	lf_info(&j->ctx, "generating package %s-%s", out->unit->name, j->full_version);
	if (!lf_scan(&scan, i, err) || !write_dependency_log(j, out, err))
		return false;
	out->directory_size = lf_output_directory_size(out->tree);
	return lf_emit(in, out, &j->arena, err) && append_build_log(j, out, err);
}

static bool emit_all(struct lf_build_job *j, const char *yaml, struct lf_names *names,
		     struct lf_err *err)
{
	const struct lf_build_plan *p = j->plan;
	const struct lf_emit_input in = {
		.ctx = &j->ctx,
		.recipe = &j->recipe,
		.arch = j->arch,
		.namespace = p->namespace,
		.commit = p->commit,
		.melange_yaml = yaml,
		.source_date_epoch = p->source_date_epoch,
		.strip_origin_name = p->o->strip_origin_name,
		.key = p->key,
		.key_name = p->key_name,
		.out_dir = output_dir(j),
		.generate_provenance = p->provenance,
		.provenance_key = p->provenance_key,
		.environment = j->environment_package,
		.n_environment = j->n_environment_packages,
		.faithful = p->o->faithful_metadata,
		.names = names,
		.license = p->license,
		.repo_url = p->repo_url,
	};

	for (size_t i = 0; i < j->n_outputs; i++) {
		if (!lf_emit_sbom(&in, &j->output[0], &j->output[i], j->workspace, &j->arena, err))
			return lf_fail(err, "writing SBOMs");
	}
	for (size_t i = 0; i < j->n_outputs; i++) {
		if (!emit_one(j, &in, i, err))
			return lf_fail(err, "unable to emit package");
	}
	return true;
}

static bool emit(struct lf_build_job *j, struct lf_err *err)
{
	lf_auto_buf yaml = {0};

	if (!lf_mkdirs(output_dir(j), 0755, err))
		return false;
	lf_recipe_yaml(&yaml, &j->recipe);
	struct lf_names *names = lf_guest_names(j->pod.guest);
	bool ok = emit_all(j, lf_buf_c(&yaml), names, err);
	lf_names_free(names);
	return ok;
}

bool lf_job_package(struct lf_build_job *j, struct lf_err *err)
{
	return read_outputs(j, err) && lint(j, err) && check_licenses(j, err) && emit(j, err) &&
	       lf_job_index(j, output_dir(j), err);
}
