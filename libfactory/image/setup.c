/*
 * The start of a run: see setup.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/setup.h"

#include <stdlib.h>
#include <string.h>

#include "apk/arch.h"
#include "base/mem.h"
#include "base/vec.h"
#include "base/banned.h"

/* ---- annotations ---- */

static bool is_annotation_key(struct lf_str key)
{
	for (size_t i = 0; i < key.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-.", key.p[i]))
			return false;
	return key.n > 0;
}

static bool add_annotation(struct lf_image_setup *s, struct lf_pairs *given, const char *text,
			   struct lf_err *err)
{
	struct lf_str value = lf_str(text), key = lf_str_cut(&value, ':');

	if (!value.p)
		return lf_fail_new(err, LF_E_USAGE, "unable to parse annotation: %s", text);
	const char *name = lf_arena_str(&s->arena, key);

	if (!is_annotation_key(key))
		return lf_fail_new(err, LF_E_USAGE, "annotation key malformed: %s", name);
	if (value.n == 0)
		return lf_fail_new(err, LF_E_USAGE, "annotation %s value is empty", name);
	if (lf_pairs_get(given, name))
		return lf_fail_new(err, LF_E_USAGE, "annotation %s defined more than once", name);
	lf_pairs_set(given, &s->arena, name, lf_arena_str(&s->arena, value));
	return true;
}

static bool parse_annotations(struct lf_image_setup *s, const struct lf_strv *list,
			      struct lf_pairs *given, struct lf_err *err)
{
	for (size_t i = 0; i < list->n; i++)
		if (!add_annotation(s, given, list->v[i], err))
			return lf_fail(err, "parsing annotations from command line");
	return true;
}

static void apply_annotations(struct lf_image_setup *s, const struct lf_pairs *given)
{
	for (size_t i = 0; i < given->n; i++)
		lf_pairs_set(&s->config.annotations, &s->arena, given->v[i].key, given->v[i].value);
}

/* ---- architectures ---- */

static void add_all(struct lf_strv *archs)
{
	for (size_t i = 0; i < lf_n_archs; i++)
		lf_strv_add(archs, lf_archs[i].oci);
}

static void decide_archs(struct lf_image_setup *s, const struct lf_strv *given)
{
	if (given->n == 0 && s->config.archs.n) {
		lf_strv_addv(&s->archs, &s->config.archs);
	} else if (given->n == 0 || (given->n == 1 && strcmp(given->v[0], "all") == 0)) {
		add_all(&s->archs);
	} else if (given->n == 1 && strcmp(given->v[0], "host") == 0) {
		lf_strv_add(&s->archs, lf_arch_host()->oci);
	} else {
		for (size_t i = 0; i < given->n; i++)
			lf_strv_add(&s->archs, lf_arch_oci(given->v[i]));
		lf_strv_sort(&s->archs);
		lf_strv_uniq(&s->archs);
	}
}

/* ---- dates ---- */

bool lf_source_date(struct lf_moment flag_date, struct lf_moment *ret, bool *ret_fixed,
		    struct lf_err *err)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	struct lf_str blank = lf_str_trim(lf_str(text));

	int64_t seconds;

	*ret = flag_date;
	*ret_fixed = text != NULL;
	if (blank.n == 0)
		return true;
	if (lf_str_i64(lf_str(text), &seconds)) {
		*ret = lf_moment_utc(seconds);
		return true;
	}
	return lf_fail_new(
		err, LF_E_USAGE,
		"failed to parse SOURCE_DATE_EPOCH: strconv.ParseInt: parsing \"%s\": invalid "
		"syntax",
		text);
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

/* ---- all of it ---- */

static bool check_format(struct lf_image_setup *s, const char *format, struct lf_err *err)
{
	if (*format && strcmp(format, "tar") != 0 && strcmp(format, "erofs") != 0)
		return lf_fail_new(err, LF_E_USAGE,
				   "invalid --format \"%s\" (must be \"tar\" or \"erofs\")",
				   format);
	if (*format)
		s->config.format = format;
	return true;
}

/* Upstream writes nothing for a name that it does not know, and says nothing either. */
static bool check_sbom_formats(const struct lf_strv *formats, struct lf_err *err)
{
	for (size_t i = 0; i < formats->n; i++) {
		if (strcmp(formats->v[i], "spdx") != 0)
			return lf_fail_new(err, LF_E_USAGE,
					   "invalid --sbom-formats \"%s\" (must be \"spdx\")",
					   formats->v[i]);
	}
	return true;
}

static void set_run(struct lf_image_setup *s, const struct lf_ctx *ctx,
		    const struct lf_image_options *o)
{
	s->run.ctx = ctx;
	s->run.repositories = o->repositories;
	s->run.build_repositories = o->build_repositories;
	s->run.keyring = o->keyring;
	s->run.packages = o->packages;
	s->run.include_paths = o->include_paths;
}

static bool open_fetcher(struct lf_image_setup *s, const struct lf_image_options *o,
			 struct lf_err *err)
{
	const struct lf_repo_options r = {
		.cache_dir = or_empty(o->cache_dir),
		.offline = o->offline,
		.ignore_signatures = o->ignore_signatures,
		.verify_packages = o->verify_packages,
		.limits = {o->max_index, o->max_control, o->max_data, o->max_response},
	};

	s->run.fetcher = lf_fetcher_new(s->run.ctx, &r, err);
	return s->run.fetcher != NULL;
}

static void set_vcs_url(struct lf_image_setup *s, const struct lf_image_options *o)
{
	const char *url;

	if (!o->probe_vcs || !o->config || *s->config.vcs_url)
		return;
	url = lf_vcs_probe(s->run.ctx, o->config, &s->arena);
	if (url)
		s->config.vcs_url = url;
}

bool lf_setup_init(struct lf_image_setup *s, const struct lf_ctx *ctx,
		   const struct lf_image_options *o, struct lf_err *err)
{
	struct lf_pairs given = {0};
	bool ok;

	*s = (struct lf_image_setup){0};
	lf_image_config_init(&s->config);
	set_run(s, ctx, o);
	ok = check_format(s, or_empty(o->format), err) &&
	     check_sbom_formats(&o->sbom_formats, err) &&
	     parse_annotations(s, &o->annotations, &given, err) &&
	     (!*or_empty(o->build_date) || lf_moment_parse(o->build_date, &s->flag_date, err)) &&
	     (!o->config || lf_image_config_load(ctx, o->config, &o->include_paths, &s->arena,
						 &s->config, &s->bytes, err)) &&
	     check_format(s, or_empty(o->format), err);
	if (ok) {
		apply_annotations(s, &given);
		decide_archs(s, &o->archs);
		set_vcs_url(s, o);
	}
	lf_vec_fini(&given);
	return ok && open_fetcher(s, o, err);
}

/* Images are built in the order of the index. */
bool lf_setup_images(struct lf_image_setup *s, struct lf_err *err)
{
	lf_auto_strv archs = lf_strv_union(&s->archs, NULL);

	if (!lf_source_date(s->flag_date, &s->run.build_date, &s->run.date_fixed, err))
		return false;
	s->image = lf_new_n(&s->arena, struct lf_image, archs.n);
	for (size_t i = 0; i < archs.n; i++) {
		s->n_images = i + 1;
		if (!lf_image_init(&s->image[i], &s->run, &s->config, archs.v[i], err))
			return false;
	}
	return true;
}

void lf_setup_tell_archs(const struct lf_image_setup *s)
{
	lf_auto_buf list = {0};

	for (size_t i = 0; i < s->archs.n; i++)
		lf_buf_printf(&list, "%s%s", i ? " " : "", s->archs.v[i]);
	lf_info(s->run.ctx, "Determining packages for %zu architectures: [%s]", s->archs.n,
		lf_buf_c(&list));
}

void lf_setup_fini(struct lf_image_setup *s)
{
	for (size_t i = 0; i < s->n_images; i++)
		lf_image_fini(&s->image[i]);
	lf_fetcher_free(s->run.fetcher);
	lf_strv_fini(&s->archs);
	lf_image_config_fini(&s->config);
	lf_buf_fini(&s->bytes);
	lf_arena_fini(&s->arena);
	*s = (struct lf_image_setup){0};
}
