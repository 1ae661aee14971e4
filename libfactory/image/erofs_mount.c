/*
 * `apko erofs mount` and `umount`. A single file is mounted at the destination itself. An image's
 * layers are mounted below it (layers/00, the lowest, and so on) and over each other at merged,
 * with upper and work where it shall be writable; a single layer that is only read is mounted at
 * merged at once. A state file tells umount what there is. What was mounted is taken back when a
 * later step fails.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/erofs.h>

#include <errno.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/vec.h"
#include "image/erofs_source.h"
#include "image/erofs_state.h"
#include "image/mounting.h"
#include "base/banned.h"

struct mounting {
	const struct lf_ctx *ctx;
	struct lf_arena arena;
	struct lf_erofs_state state;
	struct lf_erofs_layers layers;
};

static const char *below(struct mounting *m, const char *name)
{
	return lf_arena_printf(&m->arena, "%s/%s", m->state.dest, name);
}

/* ---- the way back ---- */

static bool unmount_all(struct mounting *m, struct lf_err *err)
{
	const struct lf_strv *v = &m->state.mounts;

	for (size_t i = v->n; i-- > 0;) {
		const char *dir = below(m, v->v[i]);

		if (lf_is_mounted(dir) && !lf_unmount(m->ctx, m->state.fuse, dir, err))
			return false;
	}
	return true;
}

/* Directories that hold something, such as changes in upper, stay. */
static void remove_dirs(struct mounting *m)
{
	for (size_t i = 0; i < m->state.mounts.n; i++)
		(void)rmdir(below(m, m->state.mounts.v[i]));
	(void)rmdir(below(m, "layers"));
	if (!m->state.writable)
		return;
	(void)lf_remove_all(below(m, "work"), NULL);
	(void)rmdir(below(m, "upper"));
}

/* ---- mounting ---- */

static bool mount_at(struct mounting *m, const char *name, const char *image, struct lf_err *err)
{
	const char *dir = below(m, name);

	if (!lf_mkdirs(dir, 0755, err) || !lf_mount_erofs(m->ctx, m->state.fuse, image, dir, err))
		return false;
	lf_strv_add(&m->state.mounts, name);
	return true;
}

static bool mount_over(struct mounting *m, struct lf_err *err)
{
	lf_auto_strv lower = {0};
	const char *dir = below(m, "merged"), *upper = NULL, *work = NULL;

	for (size_t i = 0; i < m->state.mounts.n; i++)
		lf_strv_add(&lower, below(m, m->state.mounts.v[i]));
	if (m->state.writable) {
		upper = below(m, "upper");
		work = below(m, "work");
	}
	if (!lf_mkdirs(dir, 0755, err) ||
	    (upper && (!lf_mkdirs(upper, 0755, err) || !lf_mkdirs(work, 0755, err))) ||
	    !lf_mount_overlay(m->ctx, m->state.fuse, &lower, upper, work, dir, err))
		return false;
	lf_strv_add(&m->state.mounts, "merged");
	return true;
}

static bool mount_layers(struct mounting *m, struct lf_err *err)
{
	const struct lf_strv *v = &m->layers.paths;

	if (v->n == 1 && !m->state.writable)
		return mount_at(m, "merged", v->v[0], err);
	for (size_t i = 0; i < v->n; i++)
		if (!mount_at(m, lf_arena_printf(&m->arena, "layers/%02zu", i), v->v[i], err))
			return false;
	return mount_over(m, err);
}

static bool mount_image(struct mounting *m, struct lf_err *err)
{
	if (lf_erofs_state_exists(m->state.dest))
		return lf_fail_new(err, LF_E_USAGE, "%s: an image is mounted there already",
				   m->state.dest);
	if (mount_layers(m, err) && lf_erofs_state_write(&m->state, err))
		return true;
	(void)!unmount_all(m, NULL);
	/* Not in the list when its mount failed. */
	(void)rmdir(below(m, "merged"));
	for (size_t i = 0; i < m->layers.paths.n; i++)
		(void)rmdir(below(m, lf_arena_printf(&m->arena, "layers/%02zu", i)));
	remove_dirs(m);
	return false;
}

static bool choose_mode(const char *mode, bool *ret_fuse, struct lf_err *err)
{
	if (strcmp(mode, "auto") != 0 && strcmp(mode, "kernel") != 0 && strcmp(mode, "fuse") != 0)
		return lf_fail_new(err, LF_E_USAGE,
				   "invalid --mode \"%s\" (must be \"auto\", \"kernel\" or "
				   "\"fuse\")",
				   mode);
	*ret_fuse = strcmp(mode, "fuse") == 0 || (*mode == 'a' && geteuid() != 0);
	return true;
}

static bool mount_source(struct mounting *m, const struct lf_erofs_mount_options *o,
			 struct lf_err *err)
{
	lf_auto_free char *dest = NULL;

	if (!choose_mode(o->mode, &m->state.fuse, err) ||
	    !lf_erofs_find_layers(m->state.source, o->arch, &m->arena, &m->layers, err))
		return false;
	dest = lf_path_abs(o->dest, err);
	if (!dest || !lf_mkdirs(dest, 0755, err))
		return false;
	m->state.dest = lf_arena_strdup(&m->arena, dest);
	if (m->layers.is_layout || m->state.writable)
		return mount_image(m, err);
	return lf_mount_erofs(m->ctx, m->state.fuse, m->layers.paths.v[0], dest, err);
}

static void fini(struct mounting *m)
{
	lf_strv_fini(&m->state.mounts);
	lf_strv_fini(&m->layers.paths);
	lf_arena_fini(&m->arena);
}

bool lf_erofs_mount(const struct lf_ctx *ctx, const char *source,
		    const struct lf_erofs_mount_options *o, struct lf_err *err)
{
	struct mounting m = {.ctx = ctx, .state = {.source = source, .writable = o->writable}};
	bool ok = mount_source(&m, o, err);

	fini(&m);
	return ok;
}

/* ---- unmounting ---- */

/* Without a state file a single file may be mounted at the directory itself. */
static bool unmount_single(struct mounting *m, struct lf_err *err)
{
	const char *dest = m->state.dest;
	struct statfs fs;
	const bool dead = statfs(dest, &fs) < 0 && errno == ENOTCONN;
	const bool fuse = dead || fs.f_type == FUSE_SUPER_MAGIC;

	if (!lf_is_mounted(dest) || (!fuse && fs.f_type != EROFS_SUPER_MAGIC_V1))
		return lf_fail_new(err, LF_E_NOT_FOUND, "%s: no image is mounted there", dest);
	return lf_unmount(m->ctx, fuse, dest, err);
}

static bool unmount_dest(struct mounting *m, struct lf_err *err)
{
	if (!lf_erofs_state_exists(m->state.dest))
		return unmount_single(m, err);
	if (!lf_erofs_state_read(m->state.dest, &m->arena, &m->state, err) || !unmount_all(m, err))
		return false;
	remove_dirs(m);
	return lf_erofs_state_remove(m->state.dest, err);
}

bool lf_erofs_umount(const struct lf_ctx *ctx, const char *dest, struct lf_err *err)
{
	struct mounting m = {.ctx = ctx};
	lf_auto_free char *path = lf_path_abs(dest, err);

	m.state.dest = path;
	bool ok = path && unmount_dest(&m, err);

	fini(&m);
	return ok;
}
