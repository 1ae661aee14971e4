/*
 * Writing an index: packages on disk in, APKINDEX.tar.gz out, merged with one that is there and
 * signed on request. Packages are opened by several threads and taken in order; only their records
 * stay in memory. docs/formats/index.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/index.h>

#include <fcntl.h>
#include <sys/file.h>

#include "apk/archive.h"
#include "base/fs.h"
#include "base/map.h"
#include "base/pool.h"
#include "repo/index_cache.h"
#include "repo/index_json.h"
#include "repo/index_sign.h"

#include "base/banned.h"

#define MAX_INDEX ((size_t)1 << 30)
#define AT_ONCE   64

/* One package file being read. */
struct item {
	const char *path;
	const struct lf_index_cache *known;
	struct lf_arena arena;
	struct lf_pkg pkg;
	struct lf_index_stamp stamp;
	bool is_new; /* to be remembered */
};

struct writing {
	const struct lf_ctx *ctx;
	const struct lf_index_options *o;
	struct lf_index_cache *known;
	struct lf_arena arena; /* texts of all records */
	struct lf_index index;
	struct lf_map place; /* "name\nversion" → place in the index + 1 */
	struct lf_buf added; /* "name-version ..." for the log */
};

/* ---- packages ---- */

/* One that changes meanwhile is not remembered. */
static bool read_item(struct item *i, int fd, struct lf_err *err)
{
	struct lf_index_stamp after;
	struct lf_apk apk;

	if (lf_apk_open(fd, NULL, 0, &i->arena, &apk, err)) {
		i->pkg = apk.pkg;
		i->is_new = lf_index_stamp(fd, &after) && lf_index_stamp_eq(&i->stamp, &after);
		return true;
	}
	if (!lf_starts(lf_err_text(err), "parsing .PKGINFO"))
		lf_fail(err, "splitting apk");
	return lf_fail(err, "failed to parse package %s", i->path);
}

static bool open_item(void *job, unsigned worker, struct lf_err *err)
{
	struct item *i = job;
	lf_auto_fd fd = lf_open_read(i->path, err);

	(void)worker;
	if (fd < 0)
		return lf_fail(err, "failed to open package %s", i->path);
	if (lf_index_stamp(fd, &i->stamp) &&
	    lf_index_cache_find(i->known, i->path, &i->stamp, &i->arena, &i->pkg))
		return true;
	return read_item(i, fd, err);
}

static void put(struct writing *w, const struct lf_pkg *from)
{
	const char *identity = lf_arena_printf(&w->arena, "%s\n%s", from->name, from->version);
	void **at = lf_map_at(&w->place, lf_str(identity));
	struct lf_pkg pkg;

	lf_pkg_copy(&w->arena, from, &pkg);
	if (*at) {
		w->index.pkg[(uintptr_t)*at - 1] = pkg;
		return;
	}
	lf_index_add(&w->index, &pkg);
	*at = (void *)(uintptr_t)w->index.n;
}

static void add_item(struct writing *w, const struct item *i)
{
	const struct lf_pkg *pkg = &i->pkg;
	const char *arch = w->o->arch;

	if (i->is_new)
		lf_index_cache_add(w->known, i->path, &i->stamp, pkg);
	if (arch && *arch && strcmp(arch, pkg->arch) != 0) {
		lf_warn(w->ctx, "%s-%s: found unexpected architecture %s, expecting %s", pkg->name,
			pkg->version, pkg->arch, arch);
		return;
	}
	lf_buf_printf(&w->added, "%s%s-%s", w->added.n ? " " : "", pkg->name, pkg->version);
	put(w, pkg);
}

static bool add_some(struct writing *w, struct item *item, size_t n, struct lf_err *err)
{
	bool ok;

	for (size_t i = 0; i < n; i++)
		lf_info(w->ctx, "processing package %s", item[i].path);
	ok = lf_parallel(lf_jobs(w->ctx), item, n, sizeof(*item), open_item, err);
	for (size_t i = 0; ok && i < n; i++)
		add_item(w, &item[i]);
	for (size_t i = 0; i < n; i++)
		lf_arena_fini(&item[i].arena);
	return ok;
}

static bool add_packages(struct writing *w, struct lf_err *err)
{
	struct item item[AT_ONCE];

	for (size_t i = 0, n; i < w->o->files.n; i += n) {
		n = w->o->files.n - i < AT_ONCE ? w->o->files.n - i : AT_ONCE;
		for (size_t k = 0; k < n; k++) {
			item[k] = (struct item){.path = w->o->files.v[i + k], .known = w->known};
			lf_index_cache_load(w->known, item[k].path);
		}
		if (!lf_check_cancel(w->ctx, err) || !add_some(w, item, n, err))
			return lf_fail(err, "updating index");
	}
	return true;
}

/* ---- the index that is there ---- */

static bool read_source(struct writing *w, struct lf_err *err)
{
	lf_auto_buf file = {0};
	struct lf_index old = {0};

	if (!w->o->merge || !w->o->source || !*w->o->source)
		return true;
	if (!lf_read_file(w->o->source, MAX_INDEX, &file, err)) {
		if (err->class != LF_E_NOT_FOUND)
			return false;
		lf_err_fini(err);
		return true;
	}
	if (!lf_index_read(file.p, file.n, 0, w->o->source, &w->arena, &old, err))
		return lf_fail(err, "failed to read index");
	w->index.description = old.description;
	for (size_t i = 0; i < old.n; i++)
		put(w, &old.pkg[i]);
	lf_info(w->ctx, "loaded %zu/%zu packages from index %s", old.n, old.n, w->o->source);
	lf_index_fini(&old);
	return true;
}

/* ---- writing ---- */

static bool sign(struct writing *w, const struct lf_buf *archive, struct lf_buf *out,
		 struct lf_err *err)
{
	const char *key = w->o->signing_key;

	if (!key || !*key)
		return true;
	lf_info(w->ctx, "signing apk index at %s", w->o->output);
	if (!lf_index_append_signature(w->ctx, w->o->output, key, lf_buf_view(archive), out, err))
		return lf_fail(err, "failed to sign apk index");
	lf_info(w->ctx, "writing signed index to %s", w->o->output);
	return true;
}

static bool write_index(struct writing *w, struct lf_err *err)
{
	lf_auto_buf archive = {0};
	lf_auto_buf out = {0};

	lf_info(w->ctx, "updating index at %s with new packages: [%s]", w->o->output,
		lf_buf_c(&w->added));
	lf_index_write(&archive, &w->index);
	if (!sign(w, &archive, &out, err))
		return lf_fail(err, "writing index");
	lf_buf_add(&out, archive.p, archive.n);
	if (!lf_write_file(w->o->output, out.p, out.n, 0666, err)) {
		lf_fail(err, "failed to create archive file");
		return lf_fail(err, "writing index");
	}
	if (w->o->signing_key && *w->o->signing_key)
		lf_info(w->ctx, "signed index %s with key %s", w->o->output, w->o->signing_key);
	return true;
}

static bool write_json(struct writing *w, struct lf_err *err)
{
	const char *path = w->o->json;
	lf_auto_buf out = {0};

	if (!path || !*path)
		return true;
	lf_index_print_json(&out, &w->index);
	return lf_write_file(path, out.p, out.n, 0666, err) ||
	       lf_fail(err, "writing index as JSON");
}

/* Of those that merge into indexes of one folder one works at a time, or entries would get lost.
 * Where locks are not to be had there is none. */
static int lock_folder(const struct lf_index_options *o)
{
	lf_auto_arena arena = {0};
	const char *folder = lf_arena_str(&arena, lf_path_dir(lf_str(o->output)));
	int fd = o->merge ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (fd >= 0)
		(void)flock(fd, LOCK_EX);
	return fd;
}

bool lf_index_update(const struct lf_ctx *ctx, const struct lf_index_options *o, struct lf_err *err)
{
	struct writing w = {.ctx = ctx, .o = o, .index.description = ""};
	lf_auto_fd lock = lock_folder(o);
	bool ok;

	w.known = o->remember ? lf_index_cache_open(ctx) : NULL;
	ok = read_source(&w, err) && add_packages(&w, err) && write_index(&w, err) &&
	     write_json(&w, err);
	lf_index_cache_save(w.known);
	lf_index_cache_close(w.known);
	lf_index_fini(&w.index);
	lf_map_fini(&w.place);
	lf_buf_fini(&w.added);
	lf_arena_fini(&w.arena);
	return ok;
}
