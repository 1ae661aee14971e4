/*
 * A small set of facts that cannot hold together, told to people: from each item of the world down,
 * what could meet it and what stands in its way. Each request and each pair is told once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/solve_core.h"

#include "base/banned.h"

#define MAX_LINES 40
#define MAX_LEVEL 12
#define MAX_NAMES 6 /* of one line */

struct telling {
	const struct lf_core *core;
	struct lf_problem *p;
	struct lf_buf *out;
	unsigned lines;
	bool *told_pair; /* by pair */
};

static bool begin_line(struct telling *t, unsigned level)
{
	if (t->lines == MAX_LINES)
		lf_buf_puts(t->out, "  ... and so on\n");
	if (t->lines++ >= MAX_LINES)
		return false;
	lf_buf_fill(t->out, ' ', 2 * (size_t)level);
	return true;
}

static void print_label(struct lf_buf *b, const struct lf_cand *c)
{
	lf_buf_printf(b, "%s-%s", c->pkg->name, c->pkg->version);
	if (*c->repo->tag)
		lf_buf_printf(b, "@%s", c->repo->tag);
}

/* ---- why an option is out ---- */

static bool tell_bars(const struct telling *t, const struct lf_node *node, struct lf_buf *b)
{
	for (size_t i = 0; i < t->core->fact.n; i++) {
		const struct lf_fact *f = &t->core->fact.v[i];
		bool mine = f->node == node;

		if (f->kind != LF_FACT_BAR || (!mine && f->other != node))
			continue;
		lf_buf_puts(b, mine ? "does not go with " : "is excluded by ");
		print_label(b, mine ? f->other->cand : f->node->cand);
		lf_buf_printf(b, " (!" LF_STR_FMT ")",
			      LF_STR_ARG(f->node->cand->want[f->item].dep.text));
		return true;
	}
	return false;
}

static struct lf_node *partner(const struct lf_core_pair *pair, const struct lf_node *node)
{
	return pair->a == node ? pair->b : pair->b == node ? pair->a : NULL;
}

static void print_clash(struct telling *t, const struct lf_core_pair *pair, struct lf_buf *b)
{
	struct lf_str name = t->p->s->ids.entry[pair->name].key;

	if (pair->a->cand->name == pair->name && pair->b->cand->name == pair->name)
		lf_buf_printf(b, ": one version of " LF_STR_FMT " only", LF_STR_ARG(name));
	else
		lf_buf_printf(b, ": only one can have the name " LF_STR_FMT, LF_STR_ARG(name));
}

/* False when nothing new is to be told. */
static bool tell_pairs(struct telling *t, const struct lf_node *node, struct lf_buf *b)
{
	const struct lf_core_pair *first = NULL;
	unsigned n = 0;

	for (size_t i = 0; i < t->core->pair.n; i++) {
		const struct lf_core_pair *pair = &t->core->pair.v[i];
		const struct lf_node *other = partner(pair, node);

		if (!other || t->told_pair[i])
			continue;
		t->told_pair[i] = true;
		first = first ? first : pair;
		if (n++ >= MAX_NAMES)
			continue;
		lf_buf_puts(b, n == 1 ? "cannot stand beside " : ", ");
		print_label(b, other->cand);
	}
	if (n > MAX_NAMES)
		lf_buf_printf(b, " and %u more", n - MAX_NAMES);
	if (first)
		print_clash(t, first, b);
	return first != NULL;
}

/* ---- requests ---- */

static void tell_request(struct telling *t, struct lf_request *r, unsigned level);

/* Options that follow each other, have the same name and the same reason share a line. */
struct group {
	struct lf_buf labels, reason;
	const char *name;
	unsigned n;
};

static void end_group(struct telling *t, struct group *g, unsigned level)
{
	if (g->n && begin_line(t, level)) {
		lf_buf_str(t->out, lf_buf_view(&g->labels));
		if (g->n > MAX_NAMES)
			lf_buf_printf(t->out, " and %u more", g->n - MAX_NAMES);
		lf_buf_printf(t->out, " %s\n", lf_buf_c(&g->reason));
	}
	lf_buf_fini(&g->labels);
	lf_buf_fini(&g->reason);
	*g = (struct group){0};
}

static void add_to_group(struct telling *t, struct group *g, const struct lf_cand *c,
			 const char *reason, unsigned level)
{
	if (g->n &&
	    (strcmp(g->name, c->pkg->name) != 0 || strcmp(lf_buf_c(&g->reason), reason) != 0))
		end_group(t, g, level);
	if (!g->n)
		lf_buf_puts(&g->reason, reason);
	g->name = c->pkg->name;
	if (g->n++ >= MAX_NAMES)
		return;
	lf_buf_puts(&g->labels, g->n > 1 ? ", " : "");
	print_label(&g->labels, c);
}

/* A candidate whose own needs cannot be met has lines below it. */
static void tell_need(struct telling *t, struct group *g, const struct lf_fact *need,
		      unsigned level)
{
	lf_auto_buf reason = {0};
	bool known = need->request->told;

	lf_buf_printf(&reason, "needs " LF_STR_FMT "%s", LF_STR_ARG(need->request->want.dep.text),
		      known ? " (see above)" : "");
	add_to_group(t, g, need->node->cand, lf_buf_c(&reason), level);
	if (known)
		return;
	end_group(t, g, level);
	tell_request(t, need->request, level + 1);
}

/* False when it is not its own needs that rule the node out. */
static bool tell_needs(struct telling *t, struct group *g, const struct lf_node *node,
		       unsigned level)
{
	bool found = false;

	for (size_t i = 0; i < t->core->fact.n; i++) {
		const struct lf_fact *f = &t->core->fact.v[i];

		if (f->kind != LF_FACT_NEED || f->node != node)
			continue;
		found = true;
		tell_need(t, g, f, level);
	}
	return found;
}

static void tell_options(struct telling *t, struct lf_request *r, unsigned level)
{
	struct group g = {0};

	for (uint32_t i = 0; i < r->n_options; i++) {
		lf_auto_buf reason = {0};

		if (tell_needs(t, &g, r->option[i], level))
			continue;
		if (!tell_bars(t, r->option[i], &reason) && !tell_pairs(t, r->option[i], &reason))
			lf_buf_puts(&reason, "(see above)");
		add_to_group(t, &g, r->option[i]->cand, lf_buf_c(&reason), level);
	}
	end_group(t, &g, level);
}

static void tell_near(struct telling *t, const struct lf_request *r, unsigned level)
{
	struct lf_str near[LF_NEAR_MAX];
	size_t n = lf_near_names(t->p->s, r->want.dep.name, near);

	if (!begin_line(t, level))
		return;
	if (r->want.dep.name.n && r->want.dep.name.p[0] == '!') {
		lf_buf_puts(t->out, "the world cannot exclude packages: \"!\" is for what "
				    "packages depend on\n");
		return;
	}
	lf_buf_printf(t->out, "nothing is called " LF_STR_FMT, LF_STR_ARG(r->want.dep.name));
	for (size_t i = 0; i < n; i++)
		lf_buf_printf(t->out, "%s" LF_STR_FMT, i ? ", " : "; there is ",
			      LF_STR_ARG(near[i]));
	lf_buf_putc(t->out, '\n');
}

static void tell_request(struct telling *t, struct lf_request *r, unsigned level)
{
	lf_auto_buf lost = {0};

	r->told = true;
	if (level >= MAX_LEVEL) {
		if (begin_line(t, level))
			lf_buf_puts(t->out, "...\n");
		return;
	}
	if (r->want.name == LF_NO_NAME) {
		tell_near(t, r, level);
		return;
	}
	tell_options(t, r, level);
	if (r->n_options && r->want.dep.op == LF_OP_ANY)
		return;
	lf_lost_print(t->p, r, &lost);
	for (struct lf_str rest = lf_buf_view(&lost), line; lf_str_line(&rest, &line);)
		if (begin_line(t, level))
			lf_buf_printf(t->out, LF_STR_FMT "\n", LF_STR_ARG(line));
}

void lf_core_print(const struct lf_core *core, struct lf_problem *p, struct lf_buf *out)
{
	struct telling t = {.core = core, .p = p, .out = out};

	t.told_pair = lf_calloc(core->pair.n, sizeof(*t.told_pair));
	for (size_t i = 0; i < p->n_world; i++) {
		for (size_t k = 0; k < core->fact.n; k++) {
			const struct lf_fact *f = &core->fact.v[k];

			if (f->kind != LF_FACT_WORLD || f->item != i || !begin_line(&t, 1))
				continue;
			lf_buf_printf(out, "the world asks for " LF_STR_FMT "\n",
				      LF_STR_ARG(f->request->want.dep.text));
			tell_request(&t, f->request, 2);
		}
	}
	lf_free(t.told_pair);
}
