/*
 * `apko lock`: what an image would be made of, as a lock file. Unlike when building, each
 * architecture is solved alone. Packages are fetched: the ranges of their parts are recorded.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/lock.h"

#include <factory/image.h>

#include <string.h>

#include "base/fs.h"
#include "image/setup.h"
#include "repo/discover.h"
#include "trust/digest.h"
#include "base/banned.h"

struct locking {
	struct lf_image_setup setup;
	struct lf_lock lock;
};

static const char *without_scheme(const char *url)
{
	struct lf_str s = lf_str(url);

	/* compat: the one after the other. */
	(void)lf_str_skip(&s, "https://");
	(void)lf_str_skip(&s, "http://");
	return s.p;
}

/* ---- keys ---- */

static bool lock_key(struct locking *l, const char *location, struct lf_err *err)
{
	struct lf_arena *arena = &l->setup.arena;
	struct lf_keyring ring = {0};

	if (!lf_fetch_key(l->setup.run.fetcher, location, &ring, err))
		return lf_fail(err, "failed to load keyring %s", location);
	struct lf_str pem = ring.entry[0].pem;
	const struct lf_lock_key key = {
		.name = without_scheme(location),
		.url = location,
		.content = {lf_arena_dup(arena, pem.p, pem.n), pem.n},
	};

	lf_vec_push(&l->lock.keys, key);
	lf_keyring_fini(&ring);
	return true;
}

static bool is_found(const struct locking *l, size_t from, const char *url)
{
	for (size_t i = from; i < l->lock.keys.n; i++)
		if (strcmp(l->lock.keys.v[i].url, url) == 0)
			return true;
	return false;
}

static bool discover_of(struct locking *l, const char *repository, struct lf_announced_keys *keys,
			struct lf_err *err)
{
	struct lf_image_setup *s = &l->setup;
	lf_auto_err why = {0};

	for (size_t i = 0; i < s->archs.n; i++)
		if (!lf_announced_by_alpine(s->run.fetcher, repository, lf_arch_apk(s->archs.v[i]),
					    &s->arena, keys, err))
			return lf_fail(err, "failed to discover keys: failed to fetch Alpine keys");
	if (!lf_announced_by_set(s->run.fetcher, repository, &s->arena, keys, &why))
		lf_debug(s->run.ctx, "no keys found at %s: %s", repository, lf_err_text(&why));
	return lf_check_cancel(s->run.ctx, err);
}

static bool discover(struct locking *l, struct lf_err *err)
{
	const struct lf_contents *c = &l->setup.config.contents;
	lf_auto_strv all = lf_strv_union(&c->build_repositories, &c->runtime_repositories);
	lf_auto_strv repositories = lf_strv_union(&all, &c->repositories);
	struct lf_announced_keys keys = {0};
	const size_t from = l->lock.keys.n;
	bool ok = true;

	for (size_t i = 0; ok && i < repositories.n; i++)
		ok = discover_of(l, repositories.v[i], &keys, err);
	for (size_t i = 0; ok && i < keys.n; i++) {
		const struct lf_lock_key key = {without_scheme(keys.v[i].url), keys.v[i].url,
						keys.v[i].pem};

		if (!is_found(l, from, key.url))
			lf_vec_push(&l->lock.keys, key);
	}
	lf_vec_fini(&keys);
	lf_info(l->setup.run.ctx, "Discovered %zu auto-discovered keys", l->lock.keys.n - from);
	return ok;
}

static int by_name(const void *a, const void *b)
{
	const struct lf_lock_key *x = a, *y = b;
	int c = strcmp(x->name, y->name);

	return c ? c : strcmp(x->url, y->url);
}

static bool lock_keys(struct locking *l, struct lf_err *err)
{
	const struct lf_strv *keys = &l->setup.config.contents.keyring;

	for (size_t i = 0; i < keys->n; i++)
		if (!lock_key(l, keys->v[i], err))
			return false;
	if (!discover(l, err))
		return false;
	lf_vec_sort(&l->lock.keys, by_name);
	return true;
}

/* ---- repositories ---- */

/* "@tag URL" without the tag. */
static const char *without_tag(const char *line)
{
	while (*line == '@') {
		const char *blank = strchr(line, ' ');

		if (!blank)
			return line;
		line = blank + 1;
	}
	return line;
}

static void lock_repositories(struct lf_arena *arena, const struct lf_strv *lines, const char *arch,
			      struct lf_lock_repositories *ret)
{
	for (size_t i = 0; i < lines->n; i++) {
		const char *line = lf_arena_printf(arena, "%s/%s", lines->v[i], arch);
		const struct lf_lock_repository r = {
			/* compat: a scheme behind a tag stays. */
			.name = without_tag(without_scheme(line)),
			.url = lf_arena_printf(arena, "%s/APKINDEX.tar.gz", without_tag(line)),
			.arch = arch,
		};

		lf_vec_push(ret, r);
	}
}

/* ---- packages ---- */

static struct lf_lock_part part(struct lf_arena *arena, const struct lf_apk_member *m,
				const char *algorithm, const uint8_t *digest, size_t n)
{
	lf_auto_buf checksum = {0};

	if (m->size == 0)
		return (struct lf_lock_part){"", ""};
	lf_buf_printf(&checksum, "%s-", algorithm);
	lf_base64(&checksum, digest, n);
	return (struct lf_lock_part){lf_arena_printf(arena, "bytes=%ju-%ju", (uintmax_t)m->offset,
						     (uintmax_t)(m->offset + m->size - 1)),
				     lf_arena_strdup(arena, checksum.p)};
}

static bool lock_package(struct locking *l, const struct lf_solve_choice *c,
			 const struct lf_package *p, struct lf_err *err)
{
	struct lf_arena *arena = &l->setup.arena;
	const struct lf_apk *apk = &p->apk;
	uint8_t data[LF_SHA256_LEN];
	lf_auto_buf checksum = {0};

	if (!lf_unhex(lf_str(apk->pkg.datahash), data, sizeof(data)))
		return lf_fail_new(err, LF_E_FORMAT, "package \"%s\" has no datahash",
				   c->pkg->name);
	lf_buf_puts(&checksum, "Q1");
	lf_base64(&checksum, apk->pkg.checksum, LF_SHA1_LEN);
	const struct lf_lock_package locked = {
		.name = lf_arena_strdup(arena, c->pkg->name),
		.url = lf_package_url(c, arena),
		.version = lf_arena_strdup(arena, c->pkg->version),
		.arch = lf_arena_strdup(arena, c->pkg->arch),
		.signature = part(arena, &apk->signature, "sha1", apk->signature_sha1, LF_SHA1_LEN),
		.control = part(arena, &apk->control, "sha1", apk->pkg.checksum, LF_SHA1_LEN),
		.data = part(arena, &apk->data, "sha256", data, sizeof(data)),
		.checksum = lf_arena_strdup(arena, checksum.p),
	};

	lf_vec_push(&l->lock.packages, locked);
	return true;
}

static bool lock_packages(struct locking *l, struct lf_image *img, struct lf_err *err)
{
	lf_image_drop_base(img);
	const size_t n = img->solution.n;
	struct lf_package **package = lf_new_n(&img->arena, struct lf_package *, n + 1);
	bool ok = true;

	if (!lf_fetch_packages(img->run->fetcher, img->solution.install, n, &img->keyring,
			       &img->arena, package, err))
		return false;
	for (size_t i = 0; ok && i < n; i++)
		ok = lock_package(l, &img->solution.install[i], package[i], err);
	lf_packages_close(package, n);
	return ok;
}

/* ---- all ---- */

static bool lock_arch(struct locking *l, const char *arch, struct lf_err *err)
{
	const struct lf_contents *c = &l->setup.config.contents;
	struct lf_arena *arena = &l->setup.arena;
	struct lf_image img = {0};
	bool ok = lf_image_init(&img, &l->setup.run, &l->setup.config, arch, err);

	if (ok && (!lf_image_solve(&img, err) || !lock_packages(l, &img, err)))
		ok = lf_fail(err, "failed to get package list for image");
	if (ok) {
		const char *apk = lf_arena_strdup(arena, img.arch);

		lock_repositories(arena, &c->build_repositories, apk, &l->lock.build_repositories);
		lock_repositories(arena, &c->runtime_repositories, apk,
				  &l->lock.runtime_repositories);
		lock_repositories(arena, &c->repositories, apk, &l->lock.repositories);
	}
	lf_image_fini(&img);
	return ok;
}

static bool write_lock(const struct lf_lock *lock, const char *output, struct lf_err *err)
{
	lf_auto_buf text = {0};

	lf_lock_print(&text, lock);
	return lf_write_file(output, text.p, text.n, 0777, err);
}

static bool run(struct locking *l, const struct lf_image_options *o, const char *output,
		struct lf_err *err)
{
	struct lf_image_setup *s = &l->setup;

	lf_setup_tell_archs(s);
	l->lock.has_config = true;
	l->lock.config_name = o->config;
	l->lock.config_checksum = lf_lock_config_checksum(lf_buf_view(&s->bytes), &s->arena);
	if (!lf_source_date(s->flag_date, &s->run.build_date, &s->run.date_fixed, err) ||
	    !lock_keys(l, err))
		return false;
	for (size_t i = 0; i < s->archs.n; i++)
		if (!lock_arch(l, s->archs.v[i], err))
			return false;
	return write_lock(&l->lock, output, err);
}

bool lf_image_write_lock(const struct lf_ctx *ctx, const struct lf_image_options *o,
			 const char *output, struct lf_err *err)
{
	struct locking l = {0};
	bool ok = lf_setup_init(&l.setup, ctx, o, err) && run(&l, o, output, err);

	lf_lock_fini(&l.lock);
	lf_setup_fini(&l.setup);
	return ok;
}
