/*
 * Entries of packages into the tree: what is made, what stays when names meet, what is refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/vec.h"
#include "image/install.h"

#include "base/banned.h"

#define MAX_PACKAGES 4

struct world {
	struct lf_ctx ctx;
	struct lf_image_run run;
	struct lf_image img;
	struct lf_package package[MAX_PACKAGES];
	struct lf_installing installing[MAX_PACKAGES];
	size_t n;
};

static void start(struct world *w)
{
	*w = (struct world){0};
	w->run.ctx = &w->ctx;
	w->img.run = &w->run;
	w->img.tree = lf_tree_new();
	w->img.package = lf_new_n(&w->img.arena, struct lf_package *, MAX_PACKAGES);
}

static void end(struct world *w)
{
	for (size_t i = 0; i < w->n; i++) {
		lf_installing_fini(&w->installing[i]);
		lf_strv_fini(&w->package[i].apk.pkg.replaces);
	}
	lf_tree_free(w->img.tree);
	lf_arena_fini(&w->img.arena);
}

/* "name/origin[/replaces]" */
static struct lf_installing *add_package(struct world *w, const char *spec)
{
	struct lf_str rest = lf_str(spec);
	struct lf_pkg *p = &w->package[w->n].apk.pkg;

	p->name = lf_arena_str(&w->img.arena, lf_str_cut(&rest, '/'));
	p->origin = lf_arena_str(&w->img.arena, lf_str_cut(&rest, '/'));
	p->version = "1-r0";
	p->arch = "x86_64";
	if (rest.p)
		lf_strv_add(&p->replaces, lf_arena_str(&w->img.arena, rest));
	w->img.package[w->n] = &w->package[w->n];
	w->installing[w->n] = (struct lf_installing){
		.img = &w->img, .package = &w->package[w->n], .index = (uint32_t)w->n};
	return &w->installing[w->n++];
}

/* "d MODE path", "f MODE path text", "l MODE path target", "h MODE path target", "n MODE path" (a
 * file without checksum), "c MODE path" */
static bool add_entry(struct lf_installing *in, const char *spec, struct lf_err *err)
{
	struct lf_str rest = lf_str(spec), kind = rest, mode_text = rest, path = rest,
		      more = LF_STR("");
	uint64_t mode = 0;
	uint8_t sha1[LF_SHA1_LEN];
	char hex[2 * LF_SHA1_LEN + 1];

	assert_true(lf_str_word(&rest, &kind) && lf_str_word(&rest, &mode_text) &&
		    lf_str_word(&rest, &path));
	assert_true(lf_str_u64(mode_text, 8, &mode));
	(void)lf_str_word(&rest, &more);
	lf_hash_mem(LF_SHA1, more.p, more.n, sha1);
	lf_hex(sha1, sizeof(sha1), hex);
	const struct lf_tar_pax pax = {LF_STR("APK-TOOLS.checksum.SHA1"), lf_str(hex)};
	const char *target = lf_arena_str(&in->img->arena, more);
	char type = *strchr("d5f0l2h1n0c3", kind.p[0]) ? strchr("d5f0l2h1n0c3", kind.p[0])[1] : '?';
	struct lf_tar_entry e = {
		.name = lf_arena_str(&in->img->arena, path),
		.linkname = type == '1' || type == '2' ? target : "",
		.type = type,
		.mode = (uint32_t)mode,
		.uid = 501,
		.mtime = 100 + in->index,
		.size = type == '0' ? more.n : 0,
		.pax = &pax,
		.n_pax = kind.p[0] == 'f' || kind.p[0] == 'l',
	};

	return lf_install_entry(in, &e, err);
}

static bool list(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	const struct lf_node *c = lf_node_content(n);

	(void)err;
	lf_buf_printf(data, "%s %o %d%s%s\n", path, c->mode,
		      n->owner == LF_OWNER_NONE ? -1 : (int)n->owner, n->link ? " " : "",
		      n->link ? n->link : "");
	return true;
}

static void check(const char *const *packages, const char *want)
{
	struct world w;
	lf_auto_buf got = {0};
	lf_auto_err err = {0};
	struct lf_installing *in = NULL;
	bool ok = true;

	start(&w);
	for (; ok && *packages; packages++) {
		if (strchr(*packages, ' '))
			ok = add_entry(in, *packages, &err);
		else
			in = add_package(&w, *packages);
	}
	if (!ok)
		lf_buf_puts(&got, lf_err_text(&err));
	else
		assert_true(lf_tree_walk(w.img.tree, list, &got, &err));
	assert_string_equal(lf_buf_c(&got), want);
	end(&w);
}

#define CHECK(want, ...) check((const char *const[]){__VA_ARGS__, NULL}, want)

static void makes_files_and_directories(void **state)
{
	(void)state;
	CHECK("usr 755 -1\nusr/x 4755 0\n", "a/a", "d 1755 usr", "f 4755 usr/x text");
	CHECK("usr 700 -1\nusr/y 700 -1\n", "a/a", "d 700 usr/y/");
	CHECK("a 644 0\nb 644 0 a\n", "a/a", "f 644 a t", "h 644 b a");
}

static void follows_links_to_directories(void **state)
{
	(void)state;
	CHECK("lib 777 0 usr/lib\nusr 755 -1\nusr/lib 755 -1\nusr/lib/x 644 1\n", "a/a",
	      "d 755 usr/lib", "l 777 lib usr/lib", "b/b", "d 700 lib", "f 644 lib/x t");
}

static void lets_the_first_stay(void **state)
{
	(void)state;
	/* the same content; a link with the same target; the owner replaces the newcomer */
	CHECK("x 644 0\n", "a/a", "f 644 x t", "b/b", "f 600 x t");
	CHECK("x 777 0 y\n", "a/a", "l 777 x y", "b/b", "l 700 x y");
	CHECK("x 644 0\n", "a/a/b", "f 644 x t", "b/b", "f 600 x other");
	CHECK("x 644 0\n", "a/a/b", "f 644 x t", "b/b/a", "f 600 x other");
}

static void lets_the_second_win(void **state)
{
	(void)state;
	CHECK("x 600 1\n", "a/a", "f 644 x t", "b/b/a", "f 600 x other");
	CHECK("x 600 1\n", "a/same", "f 644 x t", "b/same", "f 600 x other");
	CHECK("x 600 1\n", "a/", "f 644 x t", "b/", "f 600 x other");
}

static void refuses(void **state)
{
	(void)state;
	CHECK("writing header for \"x\": packages map[a:oa b:ob] has conflicting file: \"x\"",
	      "b/ob", "f 644 x t", "a/oa", "f 644 x other");
	CHECK("writing header for \"x\": packages map[a:oa b:ob] has conflicting file: \"x\"",
	      "a/oa/b<2", "f 644 x t", "b/ob", "f 644 x other");
	CHECK("writing header for \"d/x\": file does not exist", "a/a", "f 644 d/x t");
	CHECK("writing header for \"../../x\": file does not exist", "a/a", "f 644 ../../x t");
	CHECK("writing header for \"./x\": file does not exist", "a/a", "f 644 ./x t");
	CHECK("writing header for \"d\": conflicting file for \"d\" has no tar entry", "a/a",
	      "d 755 d", "f 644 d t");
	CHECK("error creating directory x: path is not a directory", "a/a", "f 644 x t", "d 755 x");
	CHECK("checksum is nil for x", "a/a", "n 644 x t");
	CHECK("linking \"x\" to \"y\": file does not exist", "a/a", "h 644 x y");
	CHECK("linking \"y\" to \"x\": file already exists", "a/a", "f 644 x t", "f 644 y t",
	      "h 644 y x");
	CHECK("refusing \"/x\": its path is absolute", "a/a", "f 644 /x t");
	CHECK("refusing \"d/../x\": its path leads upwards", "a/a", "d 755 d/../x");
	CHECK("refusing \"x\001y\": a control character is in its name", "a/a", "f 644 x\001y t");
	CHECK("writing header for \"x\": the package has two of this name", "a/a", "f 644 x t",
	      "f 644 x t");
	CHECK("unsupported file type x 51", "a/a", "c 644 x");
}

static void compares_with_what_apko_made(void **state)
{
	struct world w;
	lf_auto_err err = {0};

	(void)state;
	start(&w);
	assert_non_null(lf_tree_write(w.img.tree, "key", "k", 1, 0644, &err));
	struct lf_installing *in = add_package(&w, "a/a");

	assert_true(add_entry(in, "f 600 key k", &err));
	assert_int_equal(lf_tree_find(w.img.tree, "key", false)->mode, 0644);
	assert_false(add_entry(in, "f 600 key other", &err));
	assert_string_equal(
		lf_err_text(&err),
		"writing header for \"key\": conflicting file for \"key\" with checksum "
		"d0941e68da8f38151ff86a61fc59f7c5cf9fcaa2, existing has checksum "
		"13fbd79c3d390e5d6585a21e11ff5ec1970cff0c");
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_files_and_directories),
		cmocka_unit_test(follows_links_to_directories),
		cmocka_unit_test(lets_the_first_stay),
		cmocka_unit_test(lets_the_second_win),
		cmocka_unit_test(refuses),
		cmocka_unit_test(compares_with_what_apko_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
