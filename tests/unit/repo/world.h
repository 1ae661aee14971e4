/*
 * A little world for tests: a key, two packages and a signed index in a temporary folder.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "apk/archive.h"
#include "base/fs.h"
#include "base/mem.h"
#include "codec/gzip.h"
#include "codec/tar.h"
#include "repo/repo.h"
#include "trust/key.h"

struct world {
	char *dir, *repo, *arch_dir, *cache, *key_path;
	struct lf_key *key;
	struct lf_keyring ring;
	struct lf_arena arena;
	struct lf_index index;
	struct lf_buf log; /* what was logged, a line each */
	struct lf_ctx ctx;
	struct lf_repo_options o;
};

static inline void take_log(void *data, enum lf_level level, const char *text, const char *attrs)
{
	struct world *w = data;

	(void)level;
	lf_buf_printf(&w->log, "%s%s\n", text, attrs);
}

static inline char *world_path(const struct world *w, const char *name)
{
	return lf_path_join(w->arch_dir, name);
}

static inline void world_write(const struct world *w, const char *name, struct lf_str s)
{
	lf_auto_free char *path = world_path(w, name);
	lf_auto_err err = {0};

	if (!lf_write_file(path, s.p, s.n, 0644, &err))
		fail_msg("%s", err.text);
}

/* A data member with one file. */
static inline void make_data(const char *content, struct lf_buf *ret)
{
	lf_auto_buf tar = {0};
	uint8_t sum[LF_SHA1_LEN];
	char hex[2 * LF_SHA1_LEN + 1];

	lf_hash_mem(LF_SHA1, content, strlen(content), sum);
	lf_hex(sum, sizeof(sum), hex);
	const struct lf_tar_pax pax = {LF_STR("APK-TOOLS.checksum.SHA1"), lf_str(hex)};
	const struct lf_tar_entry e = {.name = "file",
				       .type = '0',
				       .mode = 0644,
				       .size = strlen(content),
				       .pax = &pax,
				       .n_pax = 1};
	lf_tar_file(&tar, &e, content);
	lf_tar_end(&tar);
	lf_gzip_member(tar.p, tar.n, 6, LF_GZIP_ZERO_TIME, ret);
}

/* NAME-1.apk and its record in the index. */
static inline void world_add(struct world *w, const char *name, const char *content)
{
	lf_auto_buf data = {0}, apk = {0}, info = {0}, file = {0};
	uint8_t hash[LF_SHA256_LEN];
	char hex[2 * LF_SHA256_LEN + 1];
	lf_auto_err err = {0};
	struct lf_apk parsed;

	make_data(content, &data);
	lf_hash_mem(LF_SHA256, data.p, data.n, hash);
	lf_hex(hash, sizeof(hash), hex);
	lf_buf_printf(&info, "pkgname = %s\npkgver = 1\narch = x86_64\ndatahash = %s\n", name, hex);
	const struct lf_apk_section_file control = {".PKGINFO", 0644, lf_buf_view(&info)};
	lf_apk_section(&apk, &control, 1, 0, LF_GZIP_ZERO_TIME);
	lf_buf_str(&apk, lf_buf_view(&data));
	lf_buf_printf(&file, "%s-1.apk", name);
	world_write(w, file.p, lf_buf_view(&apk));

	lf_auto_free char *path = world_path(w, file.p);
	lf_auto_fd fd = lf_open_read(path, &err);
	if (!lf_apk_open(fd, path, 0, &w->arena, &parsed, &err))
		fail_msg("%s", err.text);
	lf_index_add(&w->index, &parsed.pkg);
}

static inline void world_index(struct world *w, bool signature)
{
	lf_auto_buf index = {0}, all = {0};
	lf_auto_err err = {0};

	lf_index_write(&index, &w->index);
	if (signature && !lf_apk_signature(&all, w->key, "test.rsa", index.p, index.n, 0, &err))
		fail_msg("%s", err.text);
	lf_buf_str(&all, lf_buf_view(&index));
	world_write(w, "APKINDEX.tar.gz", lf_buf_view(&all));
}

static inline int world_make(void **state)
{
	struct world *w = lf_calloc(1, sizeof(*w));
	lf_auto_err err = {0};

	w->dir = lf_temp_dir("lf-repo", &err);
	w->repo = lf_path_join(w->dir, "repo");
	w->arch_dir = lf_path_join(w->repo, "x86_64");
	w->cache = lf_path_join(w->dir, "cache");
	w->key_path = lf_path_join(w->dir, "test.rsa");
	w->ctx = (struct lf_ctx){
		.jobs = 2, .log_level = LF_LOG_INFO, .log = take_log, .log_data = w};
	w->o = (struct lf_repo_options){.cache_dir = w->cache, .pause_ms = 1};
	if (!lf_mkdirs(w->arch_dir, 0755, &err) || !lf_key_generate(w->key_path, 2048, &err))
		fail_msg("%s", err.text);
	w->key = lf_key_load_private(w->key_path, &err);
	lf_auto_free char *public = lf_path_join(w->dir, "test.rsa.pub");
	lf_auto_buf pem = {0};
	if (!w->key || !lf_read_file(public, 65536, &pem, &err))
		fail_msg("%s", err.text);
	lf_keyring_add(&w->ring, "test.rsa.pub", lf_buf_view(&pem));
	world_add(w, "a", "content of a");
	world_add(w, "b", "content of b");
	world_index(w, true);
	*state = w;
	return 0;
}

static inline int world_drop(void **state)
{
	struct world *w = *state;

	(void)lf_remove_all(w->dir, NULL);
	lf_free(w->dir);
	lf_free(w->repo);
	lf_free(w->arch_dir);
	lf_free(w->cache);
	lf_free(w->key_path);
	lf_key_free(w->key);
	lf_keyring_fini(&w->ring);
	lf_index_fini(&w->index);
	lf_arena_fini(&w->arena);
	lf_buf_fini(&w->log);
	lf_free(w);
	return 0;
}

/* Indexes of one line, all their packages fetched: "a b: a=content of a b=content of b", or the
 * error. */
static inline char *world_fetch(struct world *w, const char *line)
{
	lf_auto_err err = {0};
	lf_auto_arena arena = {0};
	lf_auto_strv lines = {0};
	struct lf_repos repos = {0};
	struct lf_solve_choice choice[8];
	struct lf_package *package[8] = {0};
	struct lf_buf out = {0};
	size_t n = 0;

	lf_buf_clear(&w->log);
	lf_auto_fetcher *f = lf_fetcher_new(&w->ctx, &w->o, &err);
	lf_strv_add(&lines, line);
	if (!f || !lf_fetch_indexes(f, &lines, "x86_64", &w->ring, &arena, &repos, &err)) {
		lf_buf_puts(&out, err.text);
		return lf_buf_detach(&out);
	}
	if (!repos.n) {
		lf_buf_puts(&out, "none");
		return lf_buf_detach(&out);
	}
	for (; n < repos.repo[0].index->n && n < 8; n++)
		choice[n] = (struct lf_solve_choice){.pkg = &repos.repo[0].index->pkg[n],
						     .repo = &repos.repo[0]};
	if (!lf_fetch_packages(f, choice, n, &w->ring, &arena, package, &err)) {
		lf_buf_puts(&out, err.text);
		return lf_buf_detach(&out);
	}
	for (size_t i = 0; i < n; i++) {
		char text[13] = {0};

		/* the pax header takes two blocks, then the file's own */
		if (!lf_blob_read(&package[i]->data, 3 * 512, text, 12, &err))
			fail_msg("%s", err.text);
		lf_buf_printf(&out, "%s%s=%s", i ? " " : "", package[i]->apk.pkg.name, text);
	}
	lf_packages_close(package, n);
	return lf_buf_detach(&out);
}
