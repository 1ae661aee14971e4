/*
 * The solvers on small repositories made from the bytes: where the greedy solver succeeds its
 * result stands; what the complete search finds is sound; where it finds nothing, no set of the
 * packages is sound, which trying them all shows.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>

#include <factory/ctx.h>

#include "apk/solve.h"
#include "base/buf.h"

#include "../unit/apk/sound.h"
#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_PKGS  9
#define MAX_WORLD 4

struct input {
	const uint8_t *p;
	size_t n;
};

static unsigned take(struct input *in, unsigned below)
{
	unsigned v;

	if (!in->n)
		return 0;
	v = *in->p++ % below;
	in->n--;
	return v;
}

static void add_name(struct lf_buf *b, struct input *in)
{
	static const char *const names[] = {"a", "b", "c", "d", "e", "x", "y", "so:z"};

	lf_buf_puts(b, names[take(in, LF_ARRAY_LEN(names))]);
}

static void add_dep(struct lf_buf *b, struct input *in)
{
	static const char *const ops[] = {"", "", "=", "<", ">", "<=", ">=", "~", "="};
	unsigned op;

	add_name(b, in);
	op = take(in, LF_ARRAY_LEN(ops));
	if (op > 1)
		lf_buf_printf(b, "%s%u", ops[op], take(in, 4));
}

static void add_depends(struct lf_buf *b, struct input *in)
{
	unsigned n = take(in, 4);

	lf_buf_puts(b, "D:");
	for (unsigned i = 0; i < n; i++) {
		lf_buf_puts(b, take(in, 6) ? "" : "!");
		add_dep(b, in);
		lf_buf_putc(b, ' ');
	}
	lf_buf_putc(b, '\n');
}

static void add_provides(struct lf_buf *b, struct input *in)
{
	unsigned n = take(in, 3);

	lf_buf_puts(b, "p:");
	for (unsigned i = 0; i < n; i++) {
		add_name(b, in);
		if (take(in, 2))
			lf_buf_printf(b, "=%u", take(in, 4));
		lf_buf_putc(b, ' ');
	}
	lf_buf_putc(b, '\n');
}

static void add_package(struct lf_buf *b, struct input *in)
{
	static const char *const names[] = {"a", "b", "c", "d", "e"};
	unsigned version;

	lf_buf_printf(b, "P:%s\n", names[take(in, LF_ARRAY_LEN(names))]);
	version = take(in, 9);
	if (version == 8)
		lf_buf_puts(b, "V:no\n");
	else
		lf_buf_printf(b, "V:%u\n", version % 4);
	add_depends(b, in);
	add_provides(b, in);
	if (!take(in, 5)) {
		lf_buf_puts(b, "i:");
		add_name(b, in);
		lf_buf_putc(b, '\n');
	}
	lf_buf_printf(b, "k:%u\no:o%u\n\n", take(in, 3), take(in, 3));
}

static void make_index(struct input *in, struct lf_arena *a, struct lf_index *ret)
{
	lf_auto_buf b = {0};
	unsigned n = take(in, MAX_PKGS) + 1;

	for (unsigned i = 0; i < n; i++)
		add_package(&b, in);
	if (!lf_index_parse(lf_buf_view(&b), a, ret, NULL))
		abort();
}

static void make_world(struct input *in, struct lf_arena *a, bool tagged, struct lf_strv *ret)
{
	unsigned n = take(in, MAX_WORLD) + 1;

	for (unsigned i = 0; i < n; i++) {
		lf_auto_buf b = {0};

		add_dep(&b, in);
		if (tagged && take(in, 2))
			lf_buf_puts(&b, "@t");
		lf_strv_add(ret, lf_arena_str(a, lf_buf_view(&b)));
	}
	lf_strv_sort(ret);
	lf_strv_uniq(ret);
}

static bool same(const struct lf_solution *a, const struct lf_solution *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++)
		if (a->install[i].pkg != b->install[i].pkg)
			return false;
	return a->n == b->n;
}

static bool is_sound(const struct lf_solve_input *in, const struct lf_solution *s)
{
	lf_auto_buf why = {0};

	return sound(in, s->install, s->n, &why);
}

static bool is_solvable(const struct lf_solve_input *in)
{
	const struct lf_index *index = in->repo[0].index;

	for (size_t set = 0; set < (size_t)1 << index->n; set++) {
		struct lf_solve_choice c[MAX_PKGS];
		struct lf_solution s = {.install = c};

		for (size_t i = 0; i < index->n; i++)
			if (set >> i & 1)
				c[s.n++] = (struct lf_solve_choice){&index->pkg[i], &in->repo[0]};
		if (is_sound(in, &s))
			return true;
	}
	return false;
}

static void check(bool ok)
{
	if (!ok)
		abort();
}

static void compare(const struct lf_solve_input *in, struct lf_arena *a)
{
	struct lf_solution greedy = {0}, complete = {0}, whole = {0};
	lf_auto_err e1 = {0}, e2 = {0}, e3 = {0};
	bool greedy_ok = lf_solve(in, a, &greedy, &e1);
	bool complete_ok = lf_solve_complete(in, a, &complete, &e2);
	const struct lf_ctx silent = {0};

	check(lf_solve_world(&silent, in, a, &whole, &e3) == (greedy_ok || complete_ok));
	if (greedy_ok || complete_ok)
		check(same(&whole, greedy_ok ? &greedy : &complete));
	else
		check(lf_starts(lf_err_text(&e3), lf_err_text(&e1)));
	if (complete_ok)
		check(is_sound(in, &complete));
	else
		check(lf_starts(lf_err_text(&e2), "why "));
	if (!complete_ok && in->n_repos == 1)
		check(!is_solvable(in));
	for (size_t i = 0; i < whole.n; i++) {
		lf_auto_buf why = {0};

		check(lf_solve_why(&silent, in, whole.install[i].pkg->name, a, &why, &e3));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	struct lf_index index[2] = {0};
	const struct lf_solve_repo repo[2] = {{.tag = "", .url = "r", .index = &index[0]},
					      {.tag = "t", .url = "s", .index = &index[1]}};
	struct lf_solve_input input = {.repo = repo, .n_repos = 1 + !take(&in, 4)};
	lf_auto_arena a = {0};

	make_world(&in, &a, input.n_repos > 1, &input.world);
	for (size_t i = 0; i < input.n_repos; i++)
		make_index(&in, &a, &index[i]);
	compare(&input, &a);
	lf_index_fini(&index[0]);
	lf_index_fini(&index[1]);
	lf_strv_fini(&input.world);
	return 0;
}
