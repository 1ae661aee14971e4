/*
 * Where the tar of a layer is cut into pieces.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/vec.h"
#include "image/cut.h"

#include "base/banned.h"

/* Pieces as text: entries by name, content as offset+size, ~padding, "end" for the trailer. */
struct recorded {
	struct lf_cut cut;
	struct lf_buf text;
	struct lf_strv piece;
	struct lf_arena arena;
};

static bool record_entry(struct lf_cut *c, const struct lf_tar_entry *e, struct lf_err *err)
{
	struct recorded *r = (struct recorded *)c;

	(void)err;
	lf_buf_printf(&r->text, "%s%s", r->text.n ? " " : "", e->name);
	return true;
}

static bool record_content(struct lf_cut *c, const struct lf_blob *b, uint64_t offset, uint64_t n,
			   size_t pad, struct lf_err *err)
{
	struct recorded *r = (struct recorded *)c;

	(void)b;
	(void)err;
	lf_buf_printf(&r->text, "%s%ju+%ju~%zu", r->text.n ? " " : "", (uintmax_t)offset,
		      (uintmax_t)n, pad);
	return true;
}

static bool record_trailer(struct lf_cut *c, struct lf_err *err)
{
	struct recorded *r = (struct recorded *)c;

	(void)err;
	lf_buf_printf(&r->text, "%send", r->text.n ? " " : "");
	return true;
}

static bool record_end(struct lf_cut *c, struct lf_err *err)
{
	struct recorded *r = (struct recorded *)c;

	(void)err;
	lf_strv_add(&r->piece, lf_arena_strdup(&r->arena, lf_buf_c(&r->text)));
	lf_buf_clear(&r->text);
	return true;
}

static void begin(struct recorded *r)
{
	static const struct lf_cut_ops ops = {record_entry, record_content, record_trailer,
					      record_end};

	*r = (struct recorded){0};
	lf_cut_init(&r->cut, &ops);
}

static void add(struct recorded *r, const char *name, uint64_t size)
{
	const struct lf_blob blob = {.fd = -1, .size = size};
	const struct lf_tar_entry e = {.name = name, .type = '0', .size = size};
	struct lf_tar_sink *s = &r->cut.sink;

	assert_true(s->entry(s, &e, NULL));
	assert_true(size == 0 || s->content(s, &blob, 0, size, NULL));
}

static void end(struct recorded *r)
{
	assert_true(r->cut.sink.end(&r->cut.sink, NULL));
	assert_int_equal(r->text.n, 0);
}

static void fini(struct recorded *r)
{
	lf_buf_fini(&r->text);
	lf_strv_fini(&r->piece);
	lf_arena_fini(&r->arena);
}

static void joins(const struct recorded *r, struct lf_buf *out)
{
	for (size_t i = 0; i < r->piece.n; i++)
		lf_buf_printf(out, "%s%s", i ? "|" : "", r->piece.v[i]);
}

static void cuts_by_size(void **state)
{
	static const struct {
		const char *entries, *want; /* "name=size"; pieces by "|" */
	} cases[] = {
		{"", "end"},
		{"a=0 b=1", "a b 0+1~511 end"},
		{"a=65535 b=2", "a 0+65535~1 b 0+2~510 end"},
		{"a=65536 b=0", "a|0+65536~0|b end"},
		{"a=65537", "a|0+65537~511|end"},
		{"a=524289", "a|0+524288~0|524288+1~511|end"},
		{"a=1048576", "a|0+524288~0|524288+524288~0|end"},
		{"a=1 b=70000 c=1", "a 0+1~511 b|0+70000~144|c 0+1~511 end"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		struct lf_str rest = lf_str(cases[i].entries), word;
		lf_auto_buf got = {0};
		struct recorded r;

		begin(&r);
		while (lf_str_word(&rest, &word)) {
			const char *name = lf_arena_str(&r.arena, lf_str_cut(&word, '='));
			uint64_t size;

			assert_true(lf_str_u64(word, 10, &size));
			add(&r, name, size);
		}
		end(&r);
		joins(&r, &got);
		assert_string_equal(lf_buf_c(&got), cases[i].want);
		fini(&r);
	}
}

#define N_SMALL 600

/* Small files, one of them left out (N_SMALL: none) and one a bit larger. */
static void add_small(struct recorded *r, size_t without, size_t larger)
{
	begin(r);
	for (size_t i = 0; i < N_SMALL; i++) {
		const char *name = lf_arena_printf(&r->arena, "usr/lib/file-%zu", i);

		if (i != without)
			add(r, name, i == larger ? 9000 : 5000);
	}
	end(r);
}

/* How many pieces of a are none of b. */
static size_t n_other(const struct recorded *a, const struct recorded *b)
{
	size_t n = 0;

	for (size_t i = 0; i < a->piece.n; i++)
		n += !lf_strv_has(&b->piece, a->piece.v[i]);
	return n;
}

/* Mostly the piece that it is in and one behind it. */
static void a_change_stays_where_it_is(void **state)
{
	struct recorded all;
	size_t n_changes = 0, n_changed = 0;

	(void)state;
	add_small(&all, N_SMALL, N_SMALL);
	assert_in_range(all.piece.n, 6, 25); /* 128 to 512 KiB each, of 3.3 MB */
	for (size_t i = 0; i < N_SMALL; i += 7) {
		struct recorded fewer, grown;

		add_small(&fewer, i, N_SMALL);
		add_small(&grown, N_SMALL, i);
		assert_true(n_other(&all, &fewer) > 0 && n_other(&all, &grown) > 0);
		n_changed += n_other(&all, &fewer) + n_other(&all, &grown);
		n_changes += 2;
		fini(&fewer);
		fini(&grown);
	}
	assert_in_range(n_changed, n_changes, 2 * n_changes);
	fini(&all);
}

static void a_run_without_edges_ends_all_the_same(void **state)
{
	struct recorded r;

	(void)state;
	begin(&r);
	for (size_t i = 0; i < 100; i++)
		add(&r, "same", 32768); /* no edge, or one each time */
	end(&r);
	assert_in_range(r.piece.n, 6, 26);
	fini(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_by_size),
		cmocka_unit_test(a_change_stays_where_it_is),
		cmocka_unit_test(a_run_without_edges_ends_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
