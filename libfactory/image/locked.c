/*
 * From a lock file to the packages of an image: no index is read and nothing is solved. Keys and
 * repositories are still the configuration's; each package must have the checksum that the file
 * tells.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/lock.h"

#include <string.h>

#include "base/fs.h"
#include "trust/digest.h"
#include "base/banned.h"

#define MAX_FILE (64U << 20)

static bool check_config(const struct lf_ctx *ctx, const struct lf_lock *lock, const char *path,
			 const char *config_name, struct lf_str bytes, struct lf_arena *arena,
			 struct lf_err *err)
{
	if (!lock->has_config) {
		lf_warn(ctx, "The lock file does not contain checksum of the config. Please "
			     "regenerate.");
		return true;
	}
	if (strcmp(lock->config_checksum, lf_lock_config_checksum(bytes, arena)) == 0)
		return true;
	return lf_fail_new(err, LF_E_CONFIG,
			   "checksum in the lock file '%s' does not match that of the config '%s' "
			   "(regenerate the lock file)",
			   path, config_name);
}

bool lf_lock_load(const struct lf_ctx *ctx, const char *path, const char *config_name,
		  struct lf_str config_bytes, struct lf_arena *arena, struct lf_lock *ret,
		  struct lf_err *err)
{
	lf_auto_buf text = {0};
	struct lf_lock lock;

	if (!lf_read_file(path, MAX_FILE, &text, err))
		return lf_fail(err, "failed to load lockfile");
	if (!lf_lock_parse(lf_buf_view(&text), path, arena, &lock, err))
		return false;
	if (!check_config(ctx, &lock, path, config_name, config_bytes, arena, err)) {
		lf_lock_fini(&lock);
		return false;
	}
	*ret = lock;
	return true;
}

/* ---- as a solution ---- */

static bool set_checksum(struct lf_pkg *p, const struct lf_lock_package *from, struct lf_err *err)
{
	struct lf_str text = lf_str(from->checksum);
	size_t n;

	if (text.n == 0)
		return lf_fail_new(err, LF_E_CONFIG,
				   "locked package %s has missing checksum (please regenerate the "
				   "lock file with apko 0.13 or later)",
				   from->name);
	if (!lf_str_skip(&text, "Q1") || !lf_unbase64(text, p->checksum, sizeof(p->checksum), &n) ||
	    n != sizeof(p->checksum))
		return lf_fail_new(err, LF_E_CONFIG,
				   "locked package %s has a checksum that is none: %s", from->name,
				   from->checksum);
	p->has_checksum = true;
	return true;
}

static bool is_complete(const struct lf_lock_package *p, struct lf_err *err)
{
	if (*p->name && *p->version && *p->url)
		return true;
	return lf_fail_new(err, LF_E_CONFIG, "locked package \"%s\" has no %s", p->name,
			   !*p->name ? "name"
			   : *p->url ? "version"
				     : "url");
}

/* The repository is only for messages: its last part is the architecture. */
static bool choose(struct lf_image *img, const struct lf_lock_package *from,
		   const struct lf_solve_repo *repo, struct lf_solve_choice *ret,
		   struct lf_err *err)
{
	struct lf_pkg *p = lf_new(&img->arena, struct lf_pkg);

	p->name = from->name;
	p->version = from->version;
	p->arch = from->arch;
	*ret = (struct lf_solve_choice){.pkg = p, .repo = repo, .url = from->url};
	return is_complete(from, err) && set_checksum(p, from, err);
}

/* The packages of the configuration become those of the file, in its order. */
static bool take_config(struct lf_image *img, struct lf_arena *arena, struct lf_err *err)
{
	struct lf_image_config locked;
	struct lf_strv list = {0};

	for (size_t i = 0; i < img->solution.n; i++) {
		const struct lf_pkg *p = img->solution.install[i].pkg;

		lf_strv_add(&list, lf_arena_printf(arena, "%s=%s", p->name, p->version));
	}
	lf_image_config_of(img, list, arena, &locked);
	bool ok = lf_image_lock(img, &locked, err);

	lf_image_config_fini(&locked);
	return ok;
}

bool lf_lock_apply(const struct lf_lock *lock, const char *path, struct lf_image *img,
		   struct lf_arena *arena, bool *ret_any, struct lf_err *err)
{
	struct lf_solve_repo *repo = lf_new(&img->arena, struct lf_solve_repo);

	repo->tag = "";
	repo->url = lf_arena_printf(&img->arena, "%s/%s", path, img->arch);
	img->lockfile = path;
	img->solution.install = lf_new_n(&img->arena, struct lf_solve_choice, lock->packages.n + 1);
	img->solution.n = 0;
	for (size_t i = 0; i < lock->packages.n; i++) {
		const struct lf_lock_package *p = &lock->packages.v[i];

		if (strcmp(lf_arch_oci(p->arch), img->oci) == 0 &&
		    !choose(img, p, repo, &img->solution.install[img->solution.n++], err))
			return false;
	}
	*ret_any = img->solution.n > 0;
	if (!take_config(img, arena, err))
		return false;
	lf_image_drop_base(img);
	return true;
}
