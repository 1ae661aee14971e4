/*
 * What was found in licence files, against the `copyright:` of a recipe: what differs is told, in
 * upstream's words.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/licenses.h"

#include "base/banned.h"

/* A licence that the recipe says, with AND and OR taken apart. */
struct said {
	const char *name, *path, *override;
};

struct check {
	const struct lf_ctx *ctx;
	struct lf_arena *arena;
	LF_VEC(struct said) said;
	LF_VEC(struct lf_license_diff) diffs;
};

static void check_fini(struct check *c)
{
	lf_vec_fini(&c->said);
	lf_vec_fini(&c->diffs);
}

static bool is_confident(const struct lf_license_hit *h)
{
	return h->confidence >= LF_LICENSE_CONFIDENT;
}

/* ---- the recipe ---- */

static struct lf_str without_parens(struct lf_str s)
{
	while (lf_str_skip(&s, "("))
		;
	while (lf_str_ends(s, ")"))
		s.n--;
	return s;
}

static void add_said(struct check *c, const struct lf_buf *name, const struct lf_copyright *l)
{
	struct lf_str s = without_parens(lf_buf_view(name));

	lf_vec_push(&c->said, ((struct said){lf_arena_str(c->arena, s), l->license_path,
					     l->detection_override}));
}

/* "(MIT OR Apache-2.0) AND X WITH y" says MIT, Apache-2.0 and X WITH y. */
static void gather_said(struct check *c, const struct lf_copyright *l)
{
	struct lf_str rest = lf_str(l->license), word;
	lf_auto_buf name = {0};

	while (lf_str_word(&rest, &word)) {
		if (name.n && (lf_str_is(word, "AND") || lf_str_is(word, "OR"))) {
			add_said(c, &name, l);
			lf_buf_clear(&name);
			continue;
		}
		if (name.n)
			lf_buf_putc(&name, ' ');
		lf_buf_str(&name, word);
	}
	add_said(c, &name, l);
}

bool lf_license_agrees(const char *found, const char *said)
{
	struct lf_str rest = lf_str(said);

	if (!strcmp(found, said))
		return true;
	if (!strstr(found, "GPL-") && !lf_starts(found, "GFDL-"))
		return false;
	return lf_str_skip(&rest, found) &&
	       (lf_str_is(rest, "-only") || lf_str_is(rest, "-or-later") || lf_str_is(rest, "+"));
}

/* ---- differences ---- */

static void add_diff(struct check *c, const struct lf_license_hit *h, const char *is,
		     const char *override)
{
	lf_vec_push(&c->diffs, ((struct lf_license_diff){.path = h->path,
							 .should = h->name,
							 .type = h->type,
							 .is = is,
							 .override = override}));
}

static void compare(struct check *c, const struct lf_license_hit *h)
{
	bool found = false;

	if (!is_confident(h))
		return;
	for (size_t i = 0; i < c->said.n; i++) {
		const struct said *s = &c->said.v[i];
		bool agrees = lf_license_agrees(h->name, s->name);

		if (strcmp(h->path, s->path) != 0) {
			found = found || (agrees && !*s->path);
			continue;
		}
		found = true;
		if (agrees)
			continue;
		if (strcmp(s->override, h->name) != 0)
			add_diff(c, h, s->name, s->override);
		break;
	}
	if (!found)
		add_diff(c, h, "", "");
}

static void tell_diff(const struct lf_ctx *ctx, const struct lf_license_diff *d)
{
	if (!*d->is)
		lf_warn(ctx, "  %s: %s not found", d->path, d->should);
	else if (*d->override)
		lf_warn(ctx, "  %s: requested override from %s to %s, but now detecting as %s",
			d->path, d->override, d->is, d->should);
	else
		lf_warn(ctx, "  %s: %s != %s", d->path, d->should, d->is);
	if (strcmp(d->type, "unencumbered") != 0 && strcmp(d->type, "notice") != 0)
		lf_warn(ctx,
			"  NOTE! %s: %s might be a restrictive license, please proceed with "
			"caution",
			d->path, d->should);
}

static void compare_all(struct check *c, const struct lf_recipe *r, struct lf_license_report *ret)
{
	lf_info(c->ctx, "checking gathered license information against the configuration");
	for (size_t i = 0; i < r->package.copyright.n; i++)
		gather_said(c, &r->package.copyright.v[i]);
	for (size_t i = 0; i < ret->n_hits; i++)
		compare(c, &ret->hit[i]);
	ret->n_diffs = c->diffs.n;
	ret->diff = lf_new_n(c->arena, struct lf_license_diff, c->diffs.n);
	if (!ret->n_diffs) {
		lf_warn(c->ctx, "no license differences detected");
		return;
	}
	lf_warn(c->ctx, "detected license differences:");
	for (size_t i = 0; i < c->diffs.n; i++) {
		ret->diff[i] = c->diffs.v[i];
		tell_diff(c->ctx, &ret->diff[i]);
	}
	lf_warn(c->ctx, "detected license differences, please check the configuration");
}

/* ---- all of it ---- */

static void tell_hits(const struct lf_ctx *ctx, const struct lf_license_report *r)
{
	for (size_t i = 0; i < r->n_hits; i++) {
		const struct lf_license_hit *h = &r->hit[i];

		lf_info(ctx, "  %s: %s (%f%s) (%s)", h->path, h->name, h->confidence,
			is_confident(h) ? "" : " low-confidence", h->type);
	}
}

static void tell_unsure(const struct lf_ctx *ctx, const struct lf_license_report *r)
{
	bool any = false;

	for (size_t i = 0; i < r->n_hits; i++) {
		const struct lf_license_hit *h = &r->hit[i];

		if (is_confident(h))
			continue;
		if (!any)
			lf_warn(ctx, "following license files could not be confidently assessed:");
		any = true;
		if (h->nearest)
			lf_warn(ctx, "  %s: %s (%f) (%s), most like %s (%f)", h->path, h->name,
				h->confidence, h->type, h->nearest->name, h->nearness);
		else
			lf_warn(ctx, "  %s: %s (%f) (%s)", h->path, h->name, h->confidence,
				h->type);
	}
	if (any)
		lf_warn(ctx, "could not identify some licenses, please check the configuration");
}

bool lf_licenses_check(const struct lf_ctx *ctx, const char *dir, const struct lf_recipe *r,
		       bool deep, struct lf_arena *arena, struct lf_license_report *ret,
		       struct lf_err *err)
{
	LF_CLEANUP(check_fini) struct check c = {.ctx = ctx, .arena = arena};

	lf_info(ctx, "checking license information");
	if (!lf_licenses_find(ctx, dir, r, deep, arena, ret, err))
		return lf_fail(err, "collecting license info");
	if (!ret->n_hits) {
		lf_info(ctx, "no license files detected");
		return true;
	}
	tell_hits(ctx, ret);
	if (r)
		compare_all(&c, r, ret);
	tell_unsure(ctx, ret);
	lf_info(ctx, "license information check complete");
	return true;
}
