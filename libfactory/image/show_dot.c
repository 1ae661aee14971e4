/*
 * `apko dot`: which package is there because of which. World, packages with their dependencies and
 * then what they provide become nodes and edges, in upstream's order.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/image.h>

#include <string.h>

#include "base/mem.h"
#include "image/dot.h"
#include "image/dot_web.h"
#include "image/setup.h"
#include "base/banned.h"

struct drawing {
	const struct lf_dot_options *o;
	const char *config; /* as given */
	struct lf_image_setup setup;
	struct lf_image *img;
	struct lf_dot dot;
	struct lf_map package; /* by name → struct lf_solve_choice */
	struct lf_map wanted;  /* what something depends on */
	struct lf_map reached; /* with -S: what has an edge to it already */
	struct lf_buf text;
};

/* ---- texts ---- */

/* "a=1" and "a~1" without what follows. Views into s. */
static struct lf_str bare(const char *s)
{
	struct lf_str rest = lf_str(s), name = lf_str_cut(&rest, '=');

	if (rest.p)
		return name;
	rest = lf_str(s);
	return lf_str_cut(&rest, '~');
}

/* The package's page in a registry explorer: its URL as a path. */
static const char *page_of(struct drawing *d, const struct lf_solve_choice *c)
{
	const char *url = lf_package_url(c, &d->dot.arena);
	lf_auto_buf out = {0};

	lf_buf_printf(&out, "https://%s/", d->o->explorer);
	for (char last = '/'; *url; url++) {
		const char at = *url == ':' ? '/' : *url;

		if (at != '/' || last != '/')
			lf_buf_putc(&out, at);
		last = at;
	}
	return lf_arena_strdup(&d->dot.arena, out.p);
}

static void link_page(struct drawing *d, struct lf_dot_node *n, const struct lf_solve_choice *c)
{
	if (!d->o->web || !c)
		return;
	n->url = page_of(d, c);
	n->target = "_blank";
	n->tooltip = c->pkg->description;
}

static void add_edge(struct drawing *d, const struct lf_dot_node *from,
		     const struct lf_dot_node *to, const char *why)
{
	lf_auto_buf tooltip = {0};

	if (d->o->web)
		lf_buf_printf(&tooltip, "%s → %s (%s)", from->name, to->name, why);
	lf_dot_edge(&d->dot, from, to, d->o->web ? tooltip.p : NULL);
}

static void want(struct drawing *d, const struct lf_dot_node *n)
{
	(void)lf_map_set(&d->wanted, lf_str(n->name), d);
}

/* With -S a node is reached only once. */
static bool may_reach(struct drawing *d, const char *name)
{
	return !d->o->spanning_tree || !lf_map_has(&d->reached, lf_str(name));
}

static void reach(struct drawing *d, const struct lf_dot_node *n)
{
	(void)lf_map_set(&d->reached, lf_str(n->name), d);
}

static struct lf_dot_node *node_of(struct drawing *d, struct lf_str name)
{
	return lf_dot_node(&d->dot, lf_arena_str(&d->dot.arena, name));
}

/* ---- the parts ---- */

static void draw_world(struct drawing *d, const struct lf_dot_node *file)
{
	const struct lf_strv *world = &d->setup.config.contents.packages;

	for (size_t i = 0; i < world->n; i++) {
		struct lf_dot_node *n = lf_dot_node(&d->dot, world->v[i]), *p;
		struct lf_str name = bare(world->v[i]);

		add_edge(d, file, n, "required");
		if (name.n == strlen(world->v[i])) {
			want(d, n);
			continue;
		}
		p = node_of(d, name);
		add_edge(d, n, p,
			 strchr(world->v[i], '=') ? "exact version" : "compatible version");
		link_page(d, n, lf_map_get(&d->package, name));
		want(d, p);
	}
}

static struct lf_dot_node *package_node(struct drawing *d, const struct lf_pkg *p)
{
	struct lf_dot_node *n = lf_dot_node(&d->dot, p->name);

	n->label = lf_arena_printf(&d->dot.arena, "%s-%s", p->name, p->version);
	n->tooltip = p->description;
	return n;
}

static void draw_depends(struct drawing *d, const struct lf_solve_choice *c)
{
	const struct lf_pkg *p = c->pkg;
	struct lf_dot_node *n = package_node(d, p);

	link_page(d, n, c);
	for (size_t i = 0; i < p->depends.n; i++) {
		struct lf_str name = bare(p->depends.v[i]);
		struct lf_dot_node *dep;

		if (name.n == 0)
			continue;
		dep = node_of(d, name);
		if (!strchr(dep->name, ':'))
			link_page(d, dep, lf_map_get(&d->package, name));
		if (may_reach(d, dep->name) && dep != n) {
			add_edge(d, n, dep, "dependency");
			reach(d, dep);
		}
		want(d, dep);
	}
}

/* A provided name that is wanted: as it stands, or without its version as a box. */
static void draw_provided(struct drawing *d, const struct lf_dot_node *n, const char *provided)
{
	struct lf_str name = bare(provided);
	struct lf_dot_node *p;

	if (lf_map_has(&d->wanted, lf_str(provided))) {
		p = lf_dot_node(&d->dot, provided);
		if (may_reach(d, n->name)) {
			add_edge(d, p, n, "provides");
			reach(d, n);
		}
		return;
	}
	if (name.n == strlen(provided) || !lf_map_has(&d->wanted, name))
		return;
	p = node_of(d, name);
	p->shape = "rect";
	add_edge(d, p, n, "provides");
}

static void draw_solution(struct drawing *d)
{
	const struct lf_solution *s = &d->img->solution;

	for (size_t i = 0; i < s->n; i++)
		(void)lf_map_set(&d->package, lf_str(s->install[i].pkg->name), &s->install[i]);
	draw_world(d, lf_dot_node(&d->dot, d->config));
	for (size_t i = 0; i < s->n; i++)
		draw_depends(d, &s->install[i]);
	for (size_t i = 0; i < s->n; i++) {
		const struct lf_pkg *p = s->install[i].pkg;
		const struct lf_dot_node *n = package_node(d, p);

		for (size_t k = 0; k < p->provides.n; k++)
			draw_provided(d, n, p->provides.v[k]);
	}
}

static void draw_failure(struct drawing *d, const char *text)
{
	const struct lf_dot_node *top = lf_dot_node(&d->dot, "❌ error");
	lf_auto_buf name = {0};

	lf_buf_printf(&name, "❌ %s", text);
	lf_dot_edge(&d->dot, top, lf_dot_node(&d->dot, name.p), NULL);
}

/* ---- all ---- */

static bool start(struct drawing *d, struct lf_err *err)
{
	struct lf_image_setup *s = &d->setup;

	lf_setup_tell_archs(s);
	s->image = d->img = lf_new(&s->arena, struct lf_image);
	s->n_images = 1;
	return lf_source_date(s->flag_date, &s->run.build_date, &s->run.date_fixed, err) &&
	       lf_image_init(d->img, &s->run, &s->config, s->archs.v[0], err);
}

/* A failure is part of the picture. compat: only what cannot be solved is one of the run too. */
static bool draw(struct drawing *d, struct lf_err *err)
{
	lf_auto_err why = {0};
	bool solved = lf_image_solve(d->img, &why);

	if (!solved)
		(void)lf_fail(&why, "resolving apk packages");
	draw_solution(d);
	if (!solved)
		draw_failure(d, lf_err_text(&why));
	lf_dot_print(&d->text, &d->dot);
	if (solved)
		lf_info(d->setup.run.ctx, "finished gathering apk info");
	else
		lf_log(d->setup.run.ctx, LF_LOG_ERROR, "failed to get package list for image: %s",
		       lf_err_text(&why));
	if (solved || why.class != LF_E_SOLVE || d->o->web)
		return true;
	lf_err_move(err, &why);
	return lf_fail(err, "failed to get package list for image");
}

static bool run(struct drawing *d, const struct lf_ctx *ctx, const struct lf_image_options *o,
		struct lf_err *err)
{
	if (!lf_setup_init(&d->setup, ctx, o, err) || !start(d, err) || !draw(d, err))
		return false;
	return !d->o->web || lf_dot_serve(ctx, lf_buf_view(&d->text), d->o->explorer, err);
}

bool lf_image_dot(const struct lf_ctx *ctx, const struct lf_image_options *o,
		  const struct lf_dot_options *dot, char **ret, struct lf_err *err)
{
	struct drawing d = {.o = dot, .config = o->config};
	bool ok = run(&d, ctx, o, err);

	*ret = d.text.n && !dot->web ? lf_buf_detach(&d.text) : NULL;
	lf_buf_fini(&d.text);
	lf_dot_fini(&d.dot);
	lf_map_fini(&d.package);
	lf_map_fini(&d.wanted);
	lf_map_fini(&d.reached);
	lf_setup_fini(&d.setup);
	return ok;
}
