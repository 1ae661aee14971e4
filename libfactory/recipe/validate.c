/*
 * The rules of a valid recipe, in the order in which upstream checks them: the first broken one is
 * the error, and it says where. A recipe comes in, nothing is changed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/load.h"

#include "codec/go_text.h"

#include "base/banned.h"

#define NAME_RULE "\"^[a-zA-Z\\\\d][a-zA-Z\\\\d+_.-]*$\""
#define CPE_RULE  "\"^[a-z\\\\d][a-z\\\\d+_.-]*$\""

/* "FILE:LINE:COL: TEXT" when the place is known. */
static bool fail_rule(struct lf_err *err, const struct lf_yaml *node, const char *text)
{
	return node ? lf_fail_at(err, node, "%s", text) : lf_fail_new(err, LF_E_CONFIG, "%s", text);
}

static bool is_word(const char *s, bool upper)
{
	for (const char *p = s; *p; p++) {
		bool letter = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') ||
			      (upper && *p >= 'A' && *p <= 'Z');

		if (!letter && (p == s || !strchr("+_.-", *p)))
			return false;
	}
	return *s;
}

static bool check_priority(const char *s)
{
	int64_t value;

	return !*s || lf_str_i64(lf_str(s), &value);
}

static bool check_priorities(const struct lf_unit *u, struct lf_err *err)
{
	if (check_priority(u->dependencies.provider_priority) &&
	    check_priority(u->dependencies.replaces_priority))
		return true;
	return fail_rule(err, u->node, "priority must convert to integer");
}

/* The name of a step in messages: quoted, or its index. */
static void print_step(struct lf_buf *out, const struct lf_step *s, size_t index)
{
	if (*s->name || *s->uses)
		lf_quote(out, lf_str(*s->name ? s->name : s->uses));
	else
		lf_buf_printf(out, "[%zu]", index);
}

static bool check_step(const struct lf_ctx *ctx, const struct lf_step *s, size_t index,
		       struct lf_err *err)
{
	lf_auto_buf text = {0};

	if (s->with.n && !*s->uses)
		return fail_rule(err, s->node, "pipeline contains with but no uses");
	if (*s->uses && *s->runs) {
		lf_buf_puts(&text, "pipeline cannot contain both uses ");
		lf_quote(&text, lf_str(s->uses));
		lf_buf_puts(&text, " and runs");
		return fail_rule(err, s->node, lf_buf_c(&text));
	}
	if (*s->uses && s->n_children) {
		print_step(&text, s, index);
		lf_warn(ctx, "pipeline %s contains both uses and a pipeline", lf_buf_c(&text));
	}
	return true;
}

static bool check_steps(const struct lf_ctx *ctx, const struct lf_step *s, size_t n,
			struct lf_err *err)
{
	for (size_t i = 0; i < n; i++) {
		lf_auto_buf name = {0};

		if (!check_step(ctx, &s[i], i, err))
			return false;
		if (check_steps(ctx, s[i].child, s[i].n_children, err))
			continue;
		print_step(&name, &s[i], i);
		return lf_fail(err, "validating pipeline %s children", lf_buf_c(&name));
	}
	return true;
}

static bool check_capability(struct lf_str name)
{
	static const char *const known[] = {"cap_net_bind_service", "cap_net_admin", "cap_net_raw",
					    "cap_ipc_lock", "cap_sys_admin"};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (lf_str_is(name, known[i]))
			return true;
	}
	return false;
}

static void check_setcap_names(const struct lf_setcap *c, struct lf_buf *problems)
{
	for (size_t i = 0; i < c->add.n; i++) {
		struct lf_str names = lf_str(c->add.v[i].key);

		while (names.p) {
			struct lf_str name = lf_str_cut(&names, ',');

			if (check_capability(name))
				continue;
			lf_buf_puts(problems,
				    problems->n ? "\ninvalid capability " : "invalid capability ");
			lf_quote(problems, name);
			lf_buf_puts(problems, " for path ");
			lf_quote(problems, lf_str(c->path));
		}
	}
}

static void check_setcap_reason(const struct lf_setcap *c, struct lf_buf *problems)
{
	struct lf_pairs sorted = c->add;

	if (*c->reason)
		return;
	lf_pairs_sort(&sorted);
	lf_buf_puts(problems, problems->n ? "\n" : "");
	lf_buf_puts(problems, "unjustified reason for capability map[");
	for (size_t i = 0; i < sorted.n; i++) {
		lf_buf_puts(problems, i ? " " : "");
		lf_quote(problems, lf_str(sorted.v[i].key));
		lf_buf_putc(problems, ':');
		lf_quote(problems, lf_str(sorted.v[i].value));
	}
	lf_buf_putc(problems, ']');
}

static bool check_setcaps(const struct lf_unit *u, struct lf_err *err)
{
	lf_auto_buf problems = {0};

	for (size_t i = 0; i < u->setcap.n; i++) {
		check_setcap_names(&u->setcap.v[i], &problems);
		check_setcap_reason(&u->setcap.v[i], &problems);
	}
	return !problems.n || fail_rule(err, u->node, lf_buf_c(&problems));
}

static bool check_subpackage_name(const struct lf_recipe *r, struct lf_map *seen, size_t i,
				  struct lf_err *err)
{
	const struct lf_unit *u = &r->subpackage[i].unit;
	lf_auto_buf text = {0};

	if (!strcmp(u->name, r->package.unit.name))
		lf_buf_printf(&text, "subpackage[%zu] has same name as main package: \"%s\"", i,
			      u->name);
	else if (lf_map_has(seen, lf_str(u->name)))
		lf_buf_printf(
			&text,
			"saw duplicate subpackage name \"%s\" (subpackages index: %zu and %zu)",
			u->name, (size_t)(uintptr_t)lf_map_get(seen, lf_str(u->name)), i);
	else if (!is_word(u->name, true))
		lf_buf_printf(&text,
			      "subpackage name \"%s\" (subpackages index: %zu) must match "
			      "regex " NAME_RULE,
			      u->name, i);
	lf_map_set(seen, lf_str(u->name), (void *)(uintptr_t)i);
	return !text.n || fail_rule(err, u->node, lf_buf_c(&text));
}

static bool check_subpackages(const struct lf_ctx *ctx, const struct lf_recipe *r,
			      struct lf_err *err)
{
	lf_auto_map seen = {0};

	for (size_t i = 0; i < r->n_subpackages; i++) {
		const struct lf_subpackage *s = &r->subpackage[i];

		if (!check_subpackage_name(r, &seen, i, err) || !check_priorities(&s->unit, err) ||
		    !check_setcaps(&s->unit, err) ||
		    !check_steps(ctx, s->pipeline.v, s->pipeline.n, err))
			return false;
	}
	return true;
}

static bool check_cpe_names(const struct lf_cpe *c, struct lf_buf *text)
{
	if (*c->part && strcmp(c->part, "a") && strcmp(c->part, "o"))
		lf_buf_printf(text,
			      "invalid CPE part (must be one of a, o, if specified. most "
			      "applications should be 'a'): \"%s\"",
			      c->part);
	else if (!*c->vendor != !*c->product)
		lf_buf_puts(text, "vendor and product must each be set if the other is set");
	else if (!strcmp(c->vendor, "*"))
		lf_buf_puts(text, "invalid CPE vendor: \"*\"");
	else if (!strcmp(c->product, "*"))
		lf_buf_puts(text, "invalid CPE product: \"*\"");
	return !text->n;
}

static bool check_cpe(const struct lf_recipe_package *p, struct lf_err *err)
{
	const struct lf_cpe *c = &p->cpe;
	const struct {
		const char *name, *value;
	} field[] = {
		{"vendor", c->vendor},
		{"product", c->product},
		{"edition", c->edition},
		{"language", c->language},
		{"software edition", c->sw_edition},
		{"target software", c->target_sw},
		{"target hardware", c->target_hw},
		{"other field", c->other},
	};
	lf_auto_buf text = {0};

	check_cpe_names(c, &text);
	for (size_t i = 0; !text.n && i < LF_ARRAY_LEN(field); i++) {
		if (*field[i].value && !is_word(field[i].value, false))
			lf_buf_printf(&text,
				      "invalid %s: invalid CPE field value \"%s\", must match "
				      "regex " CPE_RULE,
				      field[i].name, field[i].value);
	}
	if (!text.n)
		return true;
	fail_rule(err, p->unit.node, lf_buf_c(&text));
	return lf_fail(err, "CPE validation");
}

static bool check_package(const struct lf_recipe_package *p, struct lf_err *err)
{
	if (!is_word(p->unit.name, true))
		return fail_rule(err, p->unit.node, "package name must match regex " NAME_RULE);
	if (!*p->version)
		return fail_rule(err, p->unit.node, "package version must not be empty");
	return check_priorities(&p->unit, err);
}

bool lf_recipe_validate(const struct lf_ctx *ctx, const struct lf_recipe *r, struct lf_err *err)
{
	if (check_package(&r->package, err) &&
	    check_steps(ctx, r->pipeline.v, r->pipeline.n, err) &&
	    check_setcaps(&r->package.unit, err) && check_subpackages(ctx, r, err) &&
	    check_cpe(&r->package, err))
		return true;
	lf_fail(err, "build configuration is invalid");
	return lf_fail(err, "validating configuration \"%s\"", r->package.unit.name);
}
