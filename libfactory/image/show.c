/*
 * What can be asked without building: the loaded configuration, and the packages that an image
 * would have.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/image.h>

#include <string.h>

#include "apk/arch.h"
#include "base/mem.h"
#include "base/vec.h"
#include "codec/template.h"
#include "image/setup.h"
#include "base/banned.h"

/* ---- show-config ---- */

static bool check_repositories(const struct lf_strv *list, struct lf_err *err)
{
	for (size_t i = 0; i < list->n; i++) {
		const char *blank = strchr(list->v[i], ' ');

		if (blank && !strchr(blank + 1, ' ') && list->v[i][0] != '@')
			return lf_fail_new(
				err, LF_E_CONFIG,
				"failed to encode YAML document: invalid tag format in repository: "
				"%.*s (expected @tag format)",
				(int)(blank - list->v[i]), list->v[i]);
		if (blank && strchr(blank + 1, ' '))
			return lf_fail_new(
				err, LF_E_CONFIG,
				"failed to encode YAML document: invalid repository format: "
				"%s (expected either 'url' or '@tag url')",
				list->v[i]);
	}
	return true;
}

/* compat: as much is set up as for a build, so missing keys are found here too. */
static bool show_config(struct lf_image_setup *s, struct lf_buf *out, struct lf_err *err)
{
	struct lf_image image = {0};
	bool ok = lf_source_date(s->flag_date, &s->run.build_date, &s->run.date_fixed, err) &&
		  lf_image_init(&image, &s->run, &s->config, lf_arch_host()->oci, err) &&
		  check_repositories(&image.config.contents.build_repositories, err) &&
		  check_repositories(&image.config.contents.repositories, err);

	if (ok)
		lf_image_config_yaml(out, &image.config);
	lf_image_fini(&image);
	return ok;
}

bool lf_image_show_config(const struct lf_ctx *ctx, const struct lf_image_options *o, char **ret,
			  struct lf_err *err)
{
	struct lf_image_setup s;
	struct lf_buf out = {0};
	bool ok = lf_setup_init(&s, ctx, o, err) && show_config(&s, &out, err);

	lf_setup_fini(&s);
	if (ok)
		*ret = lf_buf_detach(&out);
	lf_buf_fini(&out);
	return ok;
}

/* ---- show-packages ---- */

static const char *template_of(const char *format)
{
	static const struct {
		const char *name, *template;
	} known[] = {
		{"name-version", "{{.Name}} {{.Version}}"},
		{"name-version-source", "{{.Name}} {{.Version}} {{.Source}}"},
		{"name=version", "{{.Name}}={{.Version}}"},
		{"name=version-source", "{{.Name}}={{.Version}} {{.Source}}"},
		{"name-(version)", "{{.Name}} ({{.Version}})"},
		{"name-(version)-source", "{{.Name}} ({{.Version}}) {{.Source}}"},
		{"packagelock", "- {{.Name}}={{.Version}}"},
		{"packagelock-source", "- {{.Name}}={{.Version}} # {{.Source}}"},
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(known); i++)
		if (strcmp(format, known[i].name) == 0)
			return known[i].template;
	return format;
}

static bool print_package(const struct lf_template *t, const struct lf_solve_choice *c,
			  struct lf_arena *arena, struct lf_buf *out, struct lf_err *err)
{
	const struct lf_value_field field[] = {
		{"Name", lf_value_str(c->pkg->name)},
		{"Version", lf_value_str(c->pkg->version)},
		{"Source", lf_value_str(lf_package_url(c, arena))},
	};
	const struct lf_value package = {.kind = LF_VALUE_STRUCT,
					 .type = "cli.pkgInfo",
					 .n = LF_ARRAY_LEN(field),
					 .field = field};

	return lf_template_run(t, &package, out, arena, err) ||
	       lf_fail(err, "failed to execute template");
}

static bool list_packages(struct lf_image *img, const char *format, struct lf_buf *out,
			  struct lf_err *err)
{
	const struct lf_template *t = lf_template_parse("format", format, &img->arena, err);

	if (!t)
		return lf_fail(err, "failed to parse format");
	for (size_t i = 0; i < img->solution.n; i++) {
		if (!print_package(t, &img->solution.install[i], &img->arena, out, err))
			return false;
		lf_buf_putc(out, '\n');
	}
	return true;
}

static bool resolve(struct lf_image_setup *s, struct lf_err *err)
{
	if (!lf_setup_images(s, err))
		return false;
	return lf_images_resolve(s->image, s->n_images, err) ||
	       lf_fail(err, "resolving apk packages");
}

static bool show_packages(struct lf_image_setup *s, const char *format, struct lf_buf *out,
			  struct lf_err *err)
{
	lf_setup_tell_archs(s);
	if (!resolve(s, err))
		return lf_fail(err, "failed to get package list for image");
	for (size_t i = 0; i < s->n_images; i++) {
		if (s->n_images > 1)
			lf_info(s->run.ctx, "packages for %s", s->image[i].oci);
		if (!list_packages(&s->image[i], template_of(format), out, err))
			return false;
	}
	return true;
}

bool lf_image_show_packages(const struct lf_ctx *ctx, const struct lf_image_options *o,
			    const char *format, char **ret, struct lf_err *err)
{
	struct lf_image_setup s;
	struct lf_buf out = {0};
	bool ok = lf_setup_init(&s, ctx, o, err) && show_packages(&s, format, &out, err);

	lf_setup_fini(&s);
	if (ok)
		*ret = lf_buf_detach(&out);
	lf_buf_fini(&out);
	return ok;
}

/* ---- show-packages --explain ---- */

static bool explain(struct lf_image_setup *s, const char *name, struct lf_buf *out,
		    struct lf_err *err)
{
	return lf_setup_images(s, err) && lf_images_explain(s->image, s->n_images, name, out, err);
}

bool lf_image_explain(const struct lf_ctx *ctx, const struct lf_image_options *o, const char *name,
		      char **ret, struct lf_err *err)
{
	struct lf_image_setup s;
	struct lf_buf out = {0};
	bool ok = lf_setup_init(&s, ctx, o, err) && explain(&s, name, &out, err);

	lf_setup_fini(&s);
	if (ok)
		*ret = lf_buf_detach(&out);
	lf_buf_fini(&out);
	return ok;
}
