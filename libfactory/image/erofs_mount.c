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
#include <stdlib.h>
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
	struct lf_erofs_source_name source;
	struct lf_strv layers;
};

static const char *below(struct mounting *m, const char *name)
{
	return lf_arena_printf(&m->arena, "%s/%s", m->state.dest, name);
}

/* No link on the way from dest: what is mounted or unmounted is below it. */
static bool check_place(struct mounting *m, const char *name, struct lf_err *err)
{
	lf_auto_free char *top = realpath(m->state.dest, NULL);
	lf_auto_free char *real = realpath(below(m, name), NULL);

	if (!top || !real)
		return lf_fail_errno(err, "%s", below(m, name));
	return strcmp(real, lf_arena_printf(&m->arena, "%s/%s", top, name)) == 0 ||
	       lf_fail_new(err, LF_E_USAGE, "refusing %s: it is %s, by a symbolic link",
			   below(m, name), real);
}

static bool make_place(struct mounting *m, const char *name, struct lf_err *err)
{
	return lf_mkdirs(below(m, name), 0755, err) && check_place(m, name, err);
}

/* ---- the way back ---- */

/* Without err, on the way back from a failed mount, it does so quietly. */
static bool unmount_all(struct mounting *m, struct lf_err *err)
{
	const struct lf_strv *v = &m->state.mounts;

	for (size_t i = v->n; i-- > 0;) {
		const char *dir = below(m, v->v[i]);

		if (!lf_is_mounted(dir))
			continue;
		if (!check_place(m, v->v[i], err) || !lf_unmount(m->ctx, dir, err))
			return false;
		if (err)
			lf_info(m->ctx, "unmounted %s", dir);
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
	if (rmdir(below(m, "upper")) < 0 && errno == ENOTEMPTY)
		lf_info(m->ctx, "writes made through the mount are left in %s", below(m, "upper"));
}

/* ---- mounting ---- */

/* A layer of a layout is called by its digest. */
static const char *layer_name(struct mounting *m, const char *path)
{
	const char *slash = strrchr(path, '/');

	return m->source.is_layout && slash ? lf_arena_printf(&m->arena, "sha256:%s", slash + 1)
					    : path;
}

static bool mount_at(struct mounting *m, const char *name, const char *image, struct lf_err *err)
{
	const char *dir = below(m, name);

	if (!make_place(m, name, err) || !lf_mount_erofs(m->ctx, m->state.fuse, image, dir, err))
		return false;
	lf_strv_add(&m->state.mounts, name);
	return true;
}

/* What was written through an earlier mount must not come up in another image. */
static bool make_upper(struct mounting *m, struct lf_err *err)
{
	const char *upper = below(m, "upper");

	if (!make_place(m, "work", err) || !make_place(m, "upper", err))
		return false;
	if (rmdir(upper) < 0)
		return errno == ENOTEMPTY
			       ? lf_fail_new(err, LF_E_USAGE,
					     "%s is not empty (written through an earlier --rw "
					     "mount); move or remove it first",
					     upper)
			       : lf_fail_errno(err, "removing %s", upper);
	return lf_mkdirs(upper, 0755, err);
}

static bool mount_over(struct mounting *m, struct lf_err *err)
{
	lf_auto_strv lower = {0};
	const char *upper = m->state.writable ? below(m, "upper") : NULL;

	for (size_t i = 0; i < m->state.mounts.n; i++)
		lf_strv_add(&lower, below(m, m->state.mounts.v[i]));
	if (!make_place(m, "merged", err) ||
	    !lf_mount_overlay(m->ctx, m->state.fuse, &lower, upper, upper ? below(m, "work") : NULL,
			      below(m, "merged"), err))
		return false;
	lf_info(m->ctx, "merged %zu layer(s) at %s", lower.n, below(m, "merged"));
	lf_strv_add(&m->state.mounts, "merged");
	return true;
}

static bool mount_single(struct mounting *m, struct lf_err *err)
{
	const char *path = m->layers.v[0];

	if (!mount_at(m, "merged", path, err))
		return false;
	lf_info(m->ctx, "mounted single layer (%s) read-only at %s", layer_name(m, path),
		below(m, "merged"));
	return true;
}

static bool mount_layers(struct mounting *m, struct lf_err *err)
{
	const struct lf_strv *v = &m->layers;

	if (v->n == 1 && !m->state.writable)
		return mount_single(m, err);
	if (m->state.writable && !make_upper(m, err))
		return false;
	for (size_t i = 0; i < v->n; i++) {
		const char *name = lf_arena_printf(&m->arena, "layers/%02zu", i);

		if (!mount_at(m, name, v->v[i], err))
			return false;
		lf_info(m->ctx, "mounted layer %zu (%s) at %s", i, layer_name(m, v->v[i]),
			below(m, name));
	}
	return mount_over(m, err);
}

static bool mount_image(struct mounting *m, struct lf_err *err)
{
	if (lf_erofs_state_exists(m->state.dest))
		return lf_fail_new(err, LF_E_USAGE,
				   "dest %s already has a mount state file; an image is mounted "
				   "there: umount first",
				   m->state.dest);
	if (mount_layers(m, err) && lf_erofs_state_write(&m->state, err))
		return true;
	(void)!unmount_all(m, NULL);
	/* Not in the list when its mount failed. */
	(void)rmdir(below(m, "merged"));
	for (size_t i = 0; i < m->layers.n; i++)
		(void)rmdir(below(m, lf_arena_printf(&m->arena, "layers/%02zu", i)));
	remove_dirs(m);
	return false;
}

static bool choose_mode(const char *mode, bool *ret_fuse, struct lf_err *err)
{
	if (strcmp(mode, "auto") != 0 && strcmp(mode, "kernel") != 0 && strcmp(mode, "fuse") != 0)
		return lf_fail_new(err, LF_E_USAGE,
				   "unknown mount mode \"%s\" (must be \"auto\", \"kernel\" or "
				   "\"fuse\")",
				   mode);
	*ret_fuse = strcmp(mode, "fuse") == 0 || (*mode == 'a' && geteuid() != 0);
	return true;
}

static bool mount_source(struct mounting *m, const struct lf_erofs_mount_options *o,
			 struct lf_err *err)
{
	lf_auto_free char *dest = NULL;

	if (!lf_erofs_parse_source(m->state.source, &m->arena, &m->source, err) ||
	    !choose_mode(o->mode, &m->state.fuse, err) || !lf_mount_check(m->state.fuse, err) ||
	    !lf_erofs_find_layers(&m->source, o->arch, &m->arena, &m->layers, err))
		return false;
	dest = lf_path_abs(o->dest, err);
	if (!dest || !lf_mkdirs(dest, 0755, err))
		return false;
	m->state.dest = lf_arena_strdup(&m->arena, dest);
	if (m->source.is_layout || m->state.writable)
		return mount_image(m, err);
	if (!lf_mount_erofs(m->ctx, m->state.fuse, m->layers.v[0], dest, err))
		return false;
	lf_info(m->ctx, "mounted %s at %s (%s)", m->layers.v[0], dest,
		m->state.fuse ? "fuse" : "kernel");
	return true;
}

static void fini(struct mounting *m)
{
	lf_strv_fini(&m->state.mounts);
	lf_strv_fini(&m->layers);
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
	if (!lf_unmount(m->ctx, dest, err))
		return false;
	lf_info(m->ctx, "unmounted %s", dest);
	return true;
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
