/*
 * What a build is going to do: which configuration, architectures, date, commit, key and runner.
 * In: options, environment variables, the git repository around the configuration; out: a plan that
 * all architectures share.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/plan.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "apk/arch.h"
#include "base/date.h"
#include "base/fs.h"
#include "image/git.h"

#include "base/banned.h"

static const char *text(const char *s)
{
	return s ? s : "";
}

/* ---- architectures ---- */

static int compare_oci(const void *a, const void *b)
{
	return strcmp(lf_arch_oci(*(const char *const *)a), lf_arch_oci(*(const char *const *)b));
}

static bool wants_all(const struct lf_strv *given)
{
	return given->n == 0 || lf_strv_has(given, "all");
}

void lf_plan_archs(const struct lf_strv *given, struct lf_strv *ret)
{
	if (wants_all(given)) {
		for (size_t i = 0; i < lf_n_archs; i++)
			lf_strv_add(ret, lf_archs[i].apk);
		return;
	}
	for (size_t i = 0; i < given->n; i++) {
		const char *arch = !strcmp(given->v[i], "host") ? lf_arch_host()->apk
								: lf_arch_apk(given->v[i]);
		if (!lf_strv_has(ret, arch))
			lf_strv_add(ret, arch);
	}
	lf_vec_sort(ret, compare_oci);
}

/* ---- environment variables ---- */

static bool fail_epoch(const char *variable, bool range, struct lf_err *err)
{
	return lf_fail_new(
		err, LF_E_USAGE,
		"failed to parse SOURCE_DATE_EPOCH: strconv.ParseInt: parsing \"%s\": %s", variable,
		range ? "value out of range" : "invalid syntax");
}

static bool all_digits(struct lf_str s)
{
	for (size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	}
	return s.n > 0;
}

bool lf_plan_date(const struct lf_ctx *ctx, const char *variable, const char *build_date,
		  int64_t *ret, struct lf_err *err)
{
	int64_t date = 0;
	char shown[LF_DATE_MAX];

	if (*text(build_date) && !lf_date_parse(build_date, &date, err))
		return false;
	struct lf_str value = lf_str_trim(lf_str(variable));
	if (value.n && !lf_str_i64(value, &date)) {
		lf_auto_free char *copy = lf_calloc(value.n + 1, 1);
		memcpy(copy, value.p, value.n);
		return fail_epoch(copy, all_digits(value), err);
	}
	if (variable && !value.n) {
		lf_date_print(date, shown);
		lf_warn(ctx, "SOURCE_DATE_EPOCH is specified but empty, setting it to %s", shown);
	}
	*ret = date;
	return true;
}

bool lf_plan_check_http_auth(const char *value, struct lf_err *err)
{
	struct lf_str rest = lf_str(value), first = {0};
	int n = 0;

	if (!value || !*value)
		return true;
	for (; rest.p && n < 4; n++) { /* a password may hold colons */
		struct lf_str part = lf_str_cut(&rest, ':');
		first = n ? first : part;
	}
	if (n < 4)
		return lf_fail_new(err, LF_E_USAGE,
				   "HTTP_AUTH must be in the form 'basic:REALM:USERNAME:PASSWORD' "
				   "(got %d parts)",
				   n);
	if (!lf_str_is(first, "basic"))
		return lf_fail_new(err, LF_E_USAGE,
				   "HTTP_AUTH must be in the form 'basic:REALM:USERNAME:PASSWORD' "
				   "(got \"" LF_STR_FMT "\" for first part)",
				   LF_STR_ARG(first));
	return true;
}

/* ---- the pieces of a plan ---- */

const char *lf_plan_config(const struct lf_ctx *ctx, const char *given, struct lf_err *err)
{
	static const char *const names[] = {".melange.yaml", ".melange.yml", "melange.yaml",
					    "melange.yml"};

	if (*text(given))
		return given;
	for (size_t i = 0; i < LF_ARRAY_LEN(names); i++) {
		if (!lf_exists(names[i]))
			continue;
		lf_info(ctx, "no configuration file provided -- using %s", names[i]);
		return names[i];
	}
	lf_fail_new(err, LF_E_NOT_FOUND, "melange.yaml is missing");
	return NULL;
}

const char *lf_plan_commit(const struct lf_ctx *ctx, const char *given, const char *config,
			   struct lf_arena *arena)
{
	lf_auto_err why = {0};

	if (*text(given))
		return given;
	const char *dir = lf_arena_str(arena, lf_path_dir(lf_str(config)));
	lf_auto_free char *head = lf_git_head(dir, &why);
	if (!head)
		lf_warn(ctx, "unable to detect commit for build config file: %s",
			lf_err_text(&why));
	return head ? lf_arena_strdup(arena, head) : "unknown";
}

static void find_repository(const struct lf_ctx *ctx, struct lf_build_plan *p)
{
	p->repo_url = text(p->o->git_repo_url);
	if (*p->repo_url)
		return;
	lf_warn(ctx, "git repository URL for build config not provided");
	p->repo_url = "https://unknown/unknown/unknown";
}

static bool load_key(struct lf_build_plan *p, struct lf_arena *arena, struct lf_err *err)
{
	const char *path = text(p->o->signing_key);
	struct stat st;

	if (!*path)
		return true;
	if (stat(path, &st))
		return lf_fail_errno(err, "could not open signing key: stat %s", path);
	p->key = lf_key_load_private(path, err);
	p->key_name = lf_arena_str(arena, lf_path_base(lf_str(path)));
	return p->key != NULL;
}

/* A key for it means that provenance is wanted. */
static bool load_provenance_key(struct lf_build_plan *p, struct lf_err *err)
{
	const char *path = text(p->o->provenance_key);

	p->provenance = p->o->generate_provenance || *path;
	if (!*path)
		return true;
	p->provenance_key = lf_ed25519_load(path, err);
	return p->provenance_key || lf_fail(err, "loading the key for provenance");
}

static void find_cache(struct lf_build_plan *p, struct lf_arena *arena)
{
	char *real = *text(p->o->cache_dir) ? realpath(p->o->cache_dir, NULL) : NULL;

	if (real && lf_is_dir(real))
		p->cache_dir = lf_arena_strdup(arena, real);
	free(real);
}

static void announce(const struct lf_ctx *ctx, const struct lf_build_plan *p)
{
	lf_auto_buf archs = {0}, args = {0};

	for (size_t i = 0; i < p->archs.n; i++)
		lf_buf_printf(&archs, "%s%s", i ? " " : "", lf_arch_oci(p->archs.v[i]));
	for (size_t i = 0; i < p->o->n_args; i++)
		lf_buf_printf(&args, "%s%s", i ? " " : "", p->o->args[i]);
	/* compat: no version; the two blanks are upstream's */
	lf_info(ctx, "melange version  with runner %s building [%s] at commit %s for arches [%s]",
		p->runner->name, lf_buf_c(&args), p->commit, lf_buf_c(&archs));
}

static void set_texts(struct lf_build_plan *p, const char *config_dir)
{
	const struct lf_build_options *o = p->o;

	p->source_dir = *text(o->source_dir) ? o->source_dir : config_dir;
	p->out_dir = *text(o->out_dir) ? o->out_dir : "./packages/";
	p->namespace = *text(o->namespace) ? o->namespace : "unknown";
	p->license = *text(o->license) ? o->license : "NOASSERTION";
	p->key_name = "";
}

bool lf_build_plan_make(const struct lf_ctx *ctx, const struct lf_build_options *o,
			struct lf_arena *arena, struct lf_build_plan *ret, struct lf_err *err)
{
	struct lf_build_plan p = {.o = o};

	p.runner = lf_runner_find(o->runner, err);
	if (!p.runner)
		return lf_fail(err, "getting build options from flags: failed to get runner");
	if (!lf_plan_date(ctx, NULL, o->build_date, &p.source_date_epoch, err) ||
	    !lf_plan_check_http_auth(getenv("HTTP_AUTH"), err) ||
	    !(p.config = lf_plan_config(ctx, o->config, err)))
		return false;
	const char *config_dir = lf_arena_str(arena, lf_path_dir(lf_str(p.config)));
	set_texts(&p, config_dir);
	p.commit = lf_plan_commit(ctx, o->git_commit, p.config, arena);
	find_repository(ctx, &p);
	find_cache(&p, arena);
	lf_plan_archs(&o->archs, &p.archs);
	announce(ctx, &p);
	p.versioned_libraries = *text(getenv("MELANGE_VERSIONED_SHLIB_DEPENDS"));
	const char *epoch = o->fixed_date ? NULL : getenv("SOURCE_DATE_EPOCH");
	if (!lf_plan_date(ctx, epoch, o->build_date, &p.source_date_epoch, err) ||
	    !load_key(&p, arena, err) || !load_provenance_key(&p, err)) {
		lf_build_plan_fini(&p);
		return false;
	}
	*ret = p;
	return true;
}

bool lf_test_plan_make(const struct lf_ctx *ctx, const struct lf_build_options *o,
		       const char *package, struct lf_arena *arena, struct lf_build_plan *ret,
		       struct lf_err *err)
{
	struct lf_build_plan p = {.o = o, .test = true, .package = text(package)};

	p.runner = lf_runner_find(o->runner, err);
	if (!p.runner || !lf_plan_check_http_auth(getenv("HTTP_AUTH"), err))
		return lf_fail(err, "getting test options from flags");
	if (!(p.config = lf_plan_config(ctx, o->config, err)))
		return false;
	set_texts(&p, "");
	p.commit = "unknown";
	p.repo_url = "";
	find_cache(&p, arena);
	lf_plan_archs(&o->archs, &p.archs);
	*ret = p;
	return true;
}

void lf_build_plan_fini(struct lf_build_plan *p)
{
	lf_key_free(p->key);
	lf_ed25519_free(p->provenance_key);
	lf_strv_fini(&p->archs);
	*p = (struct lf_build_plan){0};
}
