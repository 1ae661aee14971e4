/*
 * Asking a recipe: a file and a template come in, what the template makes of the loaded recipe goes
 * out. Fields, methods and types have the names that upstream's structs have.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/recipe.h>

#include "config/value.h"
#include "recipe/recipe.h"
#include "recipe/shapes.h"

#include "base/banned.h"

#define MAX_OUTPUT ((size_t)64 << 20)

#define METHOD(name)                                                                           \
	static bool name(const void *self, const struct lf_value *arg, struct lf_arena *arena, \
			 struct lf_value *ret, struct lf_err *err)

static void give(struct lf_value *ret, const struct lf_buf *text, struct lf_arena *arena)
{
	*ret = lf_value_str(lf_arena_str(arena, lf_buf_view(text)));
}

/* ---- config.Configuration, config.Package ---- */

METHOD(recipe_name)
{
	const struct lf_recipe *r = self;

	(void)arg, (void)arena, (void)err;
	*ret = lf_value_str(r->package.unit.name);
	return true;
}

METHOD(full_version)
{
	const struct lf_recipe_package *p = self;

	(void)arg, (void)err;
	*ret = lf_value_str(
		lf_arena_printf(arena, "%s-r%llu", p->version, (unsigned long long)p->epoch));
	return true;
}

METHOD(license_expression)
{
	const struct lf_recipe_package *p = self;
	lf_auto_buf text = {0};

	(void)arg, (void)err;
	for (size_t i = 0; i < p->copyright.n; i++)
		lf_buf_printf(&text, "%s%s", text.n ? " AND " : "", p->copyright.v[i].license);
	give(ret, &text, arena);
	return true;
}

METHOD(full_copyright)
{
	const struct lf_recipe_package *p = self;
	lf_auto_buf text = {0};

	(void)arg, (void)err;
	for (size_t i = 0; i < p->copyright.n; i++) {
		const char *attestation = p->copyright.v[i].attestation;
		lf_buf_printf(&text, "%s%s", attestation, *attestation ? "\n" : "");
	}
	if (!text.n)
		lf_buf_puts(&text, "NOASSERTION");
	give(ret, &text, arena);
	return true;
}

static const char *or_any(const char *s)
{
	return *s ? s : "*";
}

METHOD(cpe_string)
{
	const struct lf_recipe_package *p = self;
	const struct lf_cpe *c = &p->cpe;

	(void)arg;
	if (!*c->vendor || !*c->product)
		return lf_fail_new(err, LF_E_CONFIG, "%s value must be exactly specified",
				   *c->vendor ? "product" : "vendor");
	*ret = lf_value_str(lf_arena_printf(arena, "cpe:2.3:%s:%s:%s:%s:*:%s:%s:%s:%s:%s:%s",
					    *c->part ? c->part : "a", c->vendor, c->product,
					    p->version, or_any(c->edition), or_any(c->language),
					    or_any(c->sw_edition), or_any(c->target_sw),
					    or_any(c->target_hw), or_any(c->other)));
	return true;
}

METHOD(cpe_is_zero)
{
	(void)arg, (void)arena, (void)err;
	const struct lf_cpe *c = self;
	const char *const all[] = {c->part,      c->vendor,    c->product,
				   c->edition,   c->language,  c->sw_edition,
				   c->target_sw, c->target_hw, c->other};
	bool zero = true;

	for (size_t i = 0; i < LF_ARRAY_LEN(all); i++)
		zero = zero && !*all[i];
	*ret = lf_value_bool(zero);
	return true;
}

/* ---- config.Update ---- */

METHOD(strip_prefix)
{
	(void)arg, (void)arena, (void)err;
	*ret = lf_value_str(((const struct lf_monitor *)self)->strip_prefix);
	return true;
}

METHOD(strip_suffix)
{
	(void)arg, (void)arena, (void)err;
	*ret = lf_value_str(((const struct lf_monitor *)self)->strip_suffix);
	return true;
}

METHOD(filter_prefix)
{
	(void)arg, (void)arena, (void)err;
	*ret = lf_value_str(((const struct lf_monitor *)self)->filter_prefix);
	return true;
}

METHOD(filter_contains)
{
	(void)arg, (void)arena, (void)err;
	*ret = lf_value_str(((const struct lf_monitor *)self)->filter_contains);
	return true;
}

METHOD(schedule_message)
{
	const char *period = ((const struct lf_update *)self)->schedule.period;

	(void)arg;
	if (strcmp(period, "daily") && strcmp(period, "weekly") && strcmp(period, "monthly"))
		return lf_fail_new(err, LF_E_CONFIG, "unsupported period: %s", period);
	*ret = lf_value_str(lf_arena_printf(arena, "Scheduled %s update check", period));
	return true;
}

/* ---- the types ---- */

static const struct lf_value_method recipe_methods[] = {{"Name", 0, recipe_name}};
static const struct lf_value_method package_methods[] = {
	{"CPEString", 0, cpe_string},
	{"FullCopyright", 0, full_copyright},
	{"FullVersion", 0, full_version},
	{"LicenseExpression", 0, license_expression},
};
static const struct lf_value_method cpe_methods[] = {{"IsZero", 0, cpe_is_zero}};
static const struct lf_value_method monitor_methods[] = {
	{"GetFilterContains", 0, filter_contains},
	{"GetFilterPrefix", 0, filter_prefix},
	{"GetStripPrefix", 0, strip_prefix},
	{"GetStripSuffix", 0, strip_suffix},
};
static const struct lf_value_method schedule_methods[] = {
	{"GetScheduleMessage", 0, schedule_message}};

/* Filled by the dependency scan, so always empty here. */
static const struct lf_value_field dependencies_extra[] = {
	{"Vendored", {.kind = LF_VALUE_LIST, .type = "[]string"}}};

#define METHODS(table)                     \
	{                                  \
		table, LF_ARRAY_LEN(table) \
	}

static const struct lf_shape_extra extra[] = {
	{"config.Configuration", METHODS(recipe_methods), NULL, 0},
	{"config.Package", METHODS(package_methods), NULL, 0},
	{"config.CPE", METHODS(cpe_methods), NULL, 0},
	{"config.ReleaseMonitor", METHODS(monitor_methods), NULL, 0},
	{"config.GitHubMonitor", METHODS(monitor_methods), NULL, 0},
	{"config.GitMonitor", METHODS(monitor_methods), NULL, 0},
	{"config.OCIMonitor", METHODS(monitor_methods), NULL, 0},
	{"config.Schedule", METHODS(schedule_methods), NULL, 0},
	{"config.Dependencies", {0}, dependencies_extra, LF_ARRAY_LEN(dependencies_extra)},
	{0},
};

static bool query(const struct lf_recipe *r, const char *text, struct lf_buf *out,
		  struct lf_arena *arena, struct lf_err *err)
{
	const struct lf_template *t = lf_template_parse("query", text, arena, err);

	if (!t)
		return lf_fail(err, "invalid template");
	struct lf_value value = lf_shape_value(&lf_shape_recipe, r, extra, arena);
	struct lf_value top = lf_value_pointer(&value, arena);
	return lf_template_run(t, &top, out, arena, err) ||
	       lf_fail(err, "error executing template");
}

bool lf_query(const struct lf_ctx *ctx, const char *config, const char *template, char **ret,
	      size_t *ret_n, struct lf_err *err)
{
	const struct lf_recipe_options o = {0};
	lf_auto_arena arena = {0};
	lf_auto_buf out = LF_BUF(MAX_OUTPUT);
	struct lf_recipe r;

	*ret = NULL;
	*ret_n = 0;
	if (!lf_recipe_load(ctx, config, &o, &arena, &r, err))
		return false;
	bool ok = query(&r, template, &out, &arena, err);
	*ret_n = out.n;
	*ret = lf_buf_detach(&out);
	lf_recipe_fini(&r);
	return ok;
}
