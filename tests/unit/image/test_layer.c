/*
 * Layers: grouping by origin, what each layer's tar holds, and the two stores.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/vec.h"
#include "codec/gzip.h"
#include "codec/tar.h"
#include "image/layer.h"

#include "base/banned.h"

#define MAX_PACKAGES 8

struct world {
	struct lf_ctx ctx;
	struct lf_image_run run;
	struct lf_image img;
	struct lf_package package[MAX_PACKAGES], *list[MAX_PACKAGES];
	struct lf_str record[MAX_PACKAGES];
};

/* Packages by blanks: "name/origin/size[/replaces]". */
static void start(struct world *w, const char *packages, int64_t budget)
{
	struct lf_str rest = lf_str(packages), word;

	*w = (struct world){.ctx = {.jobs = 1}};
	w->run.ctx = &w->ctx;
	w->img.run = &w->run;
	w->img.ctx = w->ctx;
	w->img.arch = "x86_64";
	w->img.oci = "amd64";
	w->img.tree = lf_tree_new();
	w->img.package = w->list;
	w->img.record = w->record;
	lf_image_config_init(&w->img.config);
	w->img.config.layering.set = budget >= 0;
	w->img.config.layering.strategy = "origin";
	w->img.config.layering.budget = budget;
	for (size_t i = 0; lf_str_word(&rest, &word); i++) {
		struct lf_pkg *p = &w->package[i].apk.pkg;

		p->name = lf_arena_str(&w->img.arena, lf_str_cut(&word, '/'));
		p->origin = lf_arena_str(&w->img.arena, lf_str_cut(&word, '/'));
		p->version = "1.5-r0";
		assert_true(lf_str_u64(lf_str_cut(&word, '/'), 10, &p->installed_size));
		if (word.p)
			lf_strv_add(&p->replaces, lf_arena_str(&w->img.arena, word));
		w->list[i] = &w->package[i];
		w->record[i] = lf_str(lf_arena_printf(&w->img.arena, "P:%s\n\n", p->name));
		w->img.solution.n = i + 1;
	}
}

static void end(struct world *w)
{
	for (size_t i = 0; i < w->img.solution.n; i++)
		lf_strv_fini(&w->package[i].apk.pkg.replaces);
	lf_tree_free(w->img.tree);
	lf_image_config_fini(&w->img.config);
	lf_arena_fini(&w->img.arena);
}

static void groups_by_origin(void **state)
{
	static const struct {
		const char *packages;
		int64_t budget;
		const char *want; /* groups by "|" */
	} cases[] = {
		{"a/x/1 b/y/2 c/x/3", 9, "a c|b"},
		{"a/x/1 b/y/2 c/z/3", 9, "c|b|a"},
		{"a/x/1 b/y/2 c/z/3", 2, "c|a b"},
		{"a/x/1 b/y/2 c/z/3", 1, "a b c"},
		{"a/x/2 b/y/2 c/z/2", 9, "a|b|c"},
		{"a/x/1 b/y/2/a c/z/9", 9, "c|a b"},
		{"a/x/1 b/y/2/a<1 c/z/9", 9, "c|b|a"},
		{"a/x/1 b/y/2/a<2 c/z/9", 9, "c|a b"},
		{"a//1 b//1", 9, "a b"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		struct world w;
		struct lf_layering l;
		lf_auto_buf got = {0};

		start(&w, cases[i].packages, cases[i].budget);
		lf_layering_make(&w.img, &l);
		for (size_t k = 0; k + 1 < l.n_layers; k++) {
			lf_buf_puts(&got, k ? "|" : "");
			for (const uint32_t *m = l.member[k]; *m != UINT32_MAX; m++)
				lf_buf_printf(&got, "%s%s", m > l.member[k] ? " " : "",
					      w.package[*m].apk.pkg.name);
		}
		assert_string_equal(lf_buf_c(&got), cases[i].want);
		end(&w);
	}
}

static void add(struct world *w, const char *path, uint32_t owner, int64_t mtime)
{
	const char *dir = lf_root_dirname(&w->img, path);

	assert_non_null(lf_tree_mkdirs(w->img.tree, dir, 0755, NULL));
	struct lf_node *n = lf_tree_write(w->img.tree, path, "text", 4, 0644, NULL);

	assert_non_null(n);
	n->owner = owner;
	n->mtime = mtime;
}

static void list_tar(const struct lf_buf *tar, struct lf_buf *got)
{
	lf_auto_arena arena = {0};
	lf_auto_reader *r = lf_reader_mem(tar->p, tar->n);
	struct lf_tar_in *in = lf_tar_in_new(r, &arena);
	struct lf_tar_entry e;
	lf_auto_err err = {0};
	bool more;

	while (lf_tar_next(in, &e, &more, &err) && more)
		lf_buf_printf(got, "%s@%jd ", e.name, (intmax_t)e.mtime);
	assert_int_equal(err.class, LF_E_NONE);
	assert_int_equal(lf_tar_trailing(in), 1024);
	lf_tar_in_free(in);
}

static void repeats_directories_above(void **state)
{
	struct world w;
	struct lf_layering l;
	const char *want[] = {
		"etc@7 etc/apk@7 etc/apk/keys@7 etc/group@7 usr@0 usr/lib@0 usr/lib/apk@0 "
		"usr/lib/apk/db@0 "
		"usr/lib/apk/db/installed@0 ",
		"etc@0 etc/apk@0 etc/apk/keys@0 etc/apk/keys/k@0 usr@0 usr/lib@0 usr/lib/apk@0 "
		"usr/lib/apk/db@0 usr/lib/apk/db/installed@0 ",
	};

	(void)state;
	start(&w, "a/x/1", 9);
	add(&w, "etc/apk/keys/k", LF_OWNER_NONE, 0);
	/* The walk's stack still holds etc/apk/keys when it comes to this file. */
	add(&w, "etc/group", 0, 7);
	add(&w, "usr/lib/apk/db/installed", LF_OWNER_NONE, 0);
	lf_layering_make(&w.img, &l);
	assert_int_equal(l.n_layers, 2);
	for (size_t i = 0; i < l.n_layers; i++) {
		lf_auto_buf tar = {0}, got = {0};
		struct lf_writer *out = lf_writer_buf(&tar);
		struct lf_tar_to_writer to;

		lf_tar_to_writer_init(&to, out);
		assert_true(lf_layering_tar(&w.img, &l, i, &to.sink, NULL));
		assert_true(lf_writer_close(out, NULL));
		list_tar(&tar, &got);
		assert_string_equal(got.p, want[i]);
	}
	end(&w);
}

/* ---- stores ---- */

static void fill_image(struct world *w)
{
	lf_auto_free char *big = lf_calloc(1, 3000000);

	for (size_t i = 0; i < 3000000; i++)
		big[i] = (char)(i * i >> 7);
	add(w, "etc/f", 0, 1);
	assert_non_null(lf_tree_write(w->img.tree, "big", big, 3000000, 0644, NULL));
}

static bool build_to(const char *path, unsigned jobs, struct lf_oci_image *ret,
		     struct lf_arena *arena)
{
	struct world w;
	lf_auto_err err = {0};
	lf_auto_buf index = {0};
	struct lf_oci_image image;
	struct lf_store *store = lf_is_dir(path) ? lf_store_layout(path, &err)
						 : lf_store_tarball(path, "gold/app:v1", &err);

	assert_non_null(store);
	start(&w, "a/x/1", -1);
	w.img.ctx.jobs = jobs;
	fill_image(&w);
	assert_true(lf_image_store(&w.img, store, &image, &err));
	lf_oci_print_index(&index, &w.img.config, lf_moment_utc(0), &image, 1);
	bool ok = store->ops->finish(store, &image, 1, lf_buf_view(&index), &err);

	*ret = image;
	ret->layer = lf_new(arena, struct lf_layer);
	*ret->layer = *image.layer;
	lf_store_free(store);
	end(&w);
	return ok;
}

static void check_layer(const char *path, const struct lf_layer *layer)
{
	lf_auto_buf blob = {0}, tar = {0}, got = {0};
	lf_auto_err err = {0};
	uint8_t digest[LF_SHA256_LEN];

	assert_true(lf_read_file(path, SIZE_MAX, &blob, &err));
	assert_int_equal(blob.n, layer->size);
	lf_hash_mem(LF_SHA256, blob.p, blob.n, digest);
	assert_memory_equal(digest, layer->digest, sizeof(digest));
	lf_auto_reader *r = lf_reader_mem(blob.p, blob.n);
	lf_auto_reader *plain = lf_gzip_reader(r);

	assert_true(lf_read_all(plain, 10000000, &tar, &err));
	lf_hash_mem(LF_SHA256, tar.p, tar.n, digest);
	assert_memory_equal(digest, layer->diff_id, sizeof(digest));
	list_tar(&tar, &got);
	assert_string_equal(got.p, "big@0 etc@0 etc/f@1 ");
}

static void fills_a_layout(void **state)
{
	lf_auto_err err = {0};
	lf_auto_free char *dir = lf_temp_dir("lf-layout-", &err);
	lf_auto_arena arena = {0};
	struct lf_oci_image one, two;
	char hex[2 * LF_SHA256_LEN + 1];

	(void)state;
	assert_true(build_to(dir, 1, &one, &arena));
	assert_true(build_to(dir, 3, &two, &arena));
	assert_memory_equal(one.layer->digest, two.layer->digest, LF_SHA256_LEN);
	lf_hex(one.layer->digest, LF_SHA256_LEN, hex);
	check_layer(lf_arena_printf(&arena, "%s/blobs/sha256/%s", dir, hex), one.layer);
	assert_true(lf_exists(lf_arena_printf(&arena, "%s/index.json", dir)));
	assert_true(lf_exists(lf_arena_printf(&arena, "%s/oci-layout", dir)));
	assert_false(lf_exists(lf_arena_printf(&arena, "%s/blobs/sha256/incoming", dir)));
	assert_true(lf_remove_all(dir, &err));
}

static void fills_a_tarball(void **state)
{
	lf_auto_err err = {0};
	lf_auto_free char *dir = lf_temp_dir("lf-tarball-", &err);
	lf_auto_arena arena = {0};
	lf_auto_buf text = {0}, again = {0}, got = {0};
	struct lf_oci_image image;
	const char *path = lf_arena_printf(&arena, "%s/x.tar", dir);

	(void)state;
	assert_true(build_to(path, 1, &image, &arena));
	assert_true(lf_read_file(path, SIZE_MAX, &text, &err));
	assert_true(build_to(path, 3, &image, &arena));
	assert_true(lf_read_file(path, SIZE_MAX, &again, &err));
	assert_int_equal(text.n, again.n);
	assert_memory_equal(text.p, again.p, text.n);
	list_tar(&text, &got);
	assert_int_equal(strncmp(got.p, "sha256:", 7), 0);
	assert_non_null(strstr(got.p, ".tar.gz@0 manifest.json@0 sha256:"));
	assert_non_null(strstr(got.p, " index.json@0 "));
	assert_true(lf_remove_all(dir, &err));
}

static void leaves_nothing_without_finish(void **state)
{
	lf_auto_err err = {0};
	lf_auto_free char *dir = lf_temp_dir("lf-tarball-", &err);
	lf_auto_arena arena = {0};

	(void)state;
	lf_store_free(lf_store_tarball(lf_arena_printf(&arena, "%s/x.tar", dir), "aa", &err));
	assert_int_equal(rmdir(dir), 0);
	assert_null(lf_store_tarball("x.tar", "BAD REF", &err));
	assert_null(lf_store_tarball("/no/such/dir/x.tar", "aa", &err));
	assert_string_equal(lf_err_text(&err), "failed to open outfile /no/such/dir/x.tar: open "
					       "/no/such/dir/x.tar: no such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_by_origin),
		cmocka_unit_test(repeats_directories_above),
		cmocka_unit_test(fills_a_layout),
		cmocka_unit_test(fills_a_tarball),
		cmocka_unit_test(leaves_nothing_without_finish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
