/*
 * Running pipelines. A compiled step is a shell script with a directory and an environment, and
 * steps below it. In: the steps of a package; out: the workspace as they leave it. Each script is
 * one run of the sandbox, so no shell state passes from one to the next. When interactive, a failed
 * step opens a shell in the guest (debug_shell.c).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/steps.h"

#include <sys/statvfs.h>
#include <time.h>

#include "base/date.h"
#include "base/fs.h"
#include "build/debug_shell.h"
#include "build/quote.h"
#include "codec/go_text.h"

#include "base/banned.h"

#define NEARLY_FULL (256u << 10) /* bytes */
#define STEP_PATH   "/usr/local/sbin:/usr/local/bin:/usr/bin:/usr/sbin:/sbin:/bin"

/* ---- time ---- */

int64_t lf_clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t lf_deadline_in(int64_t timeout_ns)
{
	return timeout_ns > 0 ? lf_clock_ns() + timeout_ns : 0;
}

static bool fail_timeout(struct lf_err *err)
{
	return lf_fail_new(err, LF_E_LIMIT, "signal: killed: build exceeded its timeout");
}

bool lf_fail_timed_out(int64_t timeout_ns, int64_t deadline_ns, struct lf_err *err)
{
	char text[LF_DATE_MAX];

	if (err->class != LF_E_LIMIT || err->child_status || lf_check_deadline(deadline_ns, NULL))
		return false;
	lf_duration_print(timeout_ns, text);
	return lf_fail(err, "timed out after %s", text);
}

bool lf_check_deadline(int64_t deadline_ns, struct lf_err *err)
{
	if (!deadline_ns || lf_clock_ns() < deadline_ns)
		return true;
	return fail_timeout(err);
}

/* ---- one step's script and environment ---- */

void lf_step_script(struct lf_buf *out, const char *directory, const char *runs, bool debug)
{
	lf_auto_free char *dir = directory[0] == '/' ? lf_path_clean(directory)
						     : lf_path_join(LF_GUEST_WORKSPACE, directory);
	lf_auto_free char *clean = lf_path_clean(dir);
	lf_auto_buf quoted = {0};

	lf_shell_quote(&quoted, clean);
	lf_buf_printf(out, "set -e%so pipefail\n[ -d %s ] || mkdir -p %s\ncd %s\n",
		      debug ? "x" : "", quoted.p, quoted.p, quoted.p);
	lf_buf_puts(out, runs);
	lf_buf_puts(out, "\nexit 0\n");
}

/* What a step inherits, and where it is. */
struct scope {
	struct lf_arena *arena;
	struct lf_pairs environment;
	const char *directory;
	const char *name; /* of the nearest step that has one; "" */
};

static const char *step_name(const struct lf_step *step)
{
	return *step->name ? step->name : step->uses;
}

static struct scope enter(const struct scope *parent, const struct lf_step *step)
{
	return (struct scope){
		.arena = parent->arena,
		.environment =
			lf_pairs_overlay(&parent->environment, &step->environment, parent->arena),
		.directory = *step->working_directory ? step->working_directory : parent->directory,
		.name = *step_name(step) ? step_name(step) : parent->name,
	};
}

static bool run_script(const struct lf_steps_run *r, const struct lf_ctx *ctx,
		       const struct lf_step *step, const struct scope *s, struct lf_err *err)
{
	struct lf_pair path = {"PATH", STEP_PATH};
	struct lf_pairs env =
		lf_pairs_overlay(&(struct lf_pairs){.v = &path, .n = 1}, &s->environment, s->arena);
	lf_auto_buf script = {0};

	lf_step_script(&script, s->directory, step->runs, r->debug);
	const char *const argv[] = {"/bin/sh", "-c", script.p, NULL};
	struct lf_sandbox_run run = {.argv = argv, .env = &env};
	if (!lf_check_deadline(r->deadline_ns, err))
		return false;
	if (r->deadline_ns)
		run.timeout = (double)(r->deadline_ns - lf_clock_ns()) / 1e9;
	if (r->runner->run(r->sandbox, ctx, &run, err))
		return true;
	bool failed = err->class == LF_E_CHILD || err->child_status; /* not: was stopped */
	if (err->class == LF_E_LIMIT && !failed)
		return fail_timeout(err);
	return r->interactive && failed && lf_debug_shell(r, &run, s->directory, step->runs, err);
}

/* ---- trees of steps ---- */

static bool run_step(const struct lf_steps_run *r, const struct lf_step *step,
		     const struct scope *parent, bool *ret_ran, struct lf_err *err);

/* Runs the steps of one list; *ret_n counts those whose condition held. */
static bool run_list(const struct lf_steps_run *r, const struct lf_step *step, size_t n,
		     const struct scope *s, int *ret_n, struct lf_err *err)
{
	int ran_n = 0;

	for (size_t i = 0; i < n; i++) {
		bool ran = false;
		if (!run_step(r, &step[i], s, &ran, err))
			return lf_fail(err, "unable to run pipeline");
		ran_n += ran;
	}
	*ret_n = ran_n;
	return true;
}

/* Many programs fail on a full disk without saying why. */
static void warn_if_full(const struct lf_steps_run *r)
{
	struct statvfs fs;

	if (!r->workspace || statvfs(r->workspace, &fs) != 0 ||
	    (uint64_t)fs.f_bavail * fs.f_frsize >= NEARLY_FULL)
		return;
	lf_warn(r->ctx,
		"no space left on device: the file system of the workspace %s is full; make room, "
		"or choose another one by TMPDIR or --workspace-dir",
		r->workspace);
}

/* The error keeps upstream's text; the log says which step it was. */
static bool report(const struct lf_steps_run *r, const struct lf_step *step, const char *name,
		   const struct lf_err *err)
{
	lf_auto_buf place = {0};

	if (err->class == LF_E_CANCELLED)
		return false;
	warn_if_full(r);
	if (step->node)
		lf_buf_printf(&place, " (%s:%u:%u)", step->node->file, step->node->line,
			      step->node->column);
	lf_log(r->ctx, LF_LOG_ERROR, "%s: step \"%s\"%s failed: %s", r->what,
	       *name ? name : "unnamed", lf_buf_c(&place), lf_err_text(err));
	return false;
}

/* The context in which a step's script runs: its lines carry its name where they could be another
 * build's. */
static struct lf_ctx context_of(const struct lf_steps_run *r, const struct lf_step *step,
				struct lf_arena *arena)
{
	struct lf_ctx ctx = *r->ctx;
	lf_auto_buf attrs = {0};

	if (!r->tell_step || !*step_name(step))
		return ctx;
	lf_buf_printf(&attrs, "%s step=", ctx.log_attrs ? ctx.log_attrs : "");
	if (strpbrk(step_name(step), " \t\n\"="))
		lf_quote(&attrs, lf_str(step_name(step)));
	else
		lf_buf_puts(&attrs, step_name(step));
	ctx.log_attrs = lf_arena_strdup(arena, lf_buf_c(&attrs));
	return ctx;
}

static bool run_step(const struct lf_steps_run *r, const struct lf_step *step,
		     const struct scope *parent, bool *ret_ran, struct lf_err *err)
{
	const struct scope s = enter(parent, step);
	const struct lf_ctx ctx = context_of(r, step, s.arena);
	bool wanted;
	int ran = 0;

	if (!lf_cond_eval(step->if_cond, &wanted, err))
		return lf_fail(err, "evaluating if-conditional \"%s\"", step->if_cond);
	*ret_ran = wanted;
	if (!wanted)
		return true;
	if (*step_name(step))
		lf_info(r->ctx, "running step \"%s\"", step_name(step));
	if (!run_script(r, &ctx, step, &s, err))
		return report(r, step, s.name, err);
	if (!run_list(r, step->child, step->n_children, &s, &ran, err))
		return false;
	if (step->has_assertions && ran != step->required_steps)
		return lf_fail_new(err, LF_E_CONFIG,
				   "pipeline did not run the required %d steps, only %d",
				   step->required_steps, ran);
	return true;
}

bool lf_steps_run(const struct lf_steps_run *r, const struct lf_steps *steps, struct lf_err *err)
{
	lf_auto_arena arena = {0};
	const struct scope top = {.arena = &arena, .directory = "", .name = ""};
	int ran = 0;

	return run_list(r, steps->v, steps->n, &top, &ran, err);
}
