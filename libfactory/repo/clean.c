/*
 * `apko clean`: the cache, removed whole. Entries of other programs are safe from it only by lying
 * elsewhere, so what is no directory, or the top of everything, is refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/machine.h>

#include <errno.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "repo/fetcher.h"

#include "base/banned.h"

static bool add_size(void *data, int dirfd, const char *name, const char *rel,
		     const struct stat *st, struct lf_err *err)
{
	(void)dirfd;
	(void)name;
	(void)rel;
	(void)err;
	if (!S_ISDIR(st->st_mode))
		*(uint64_t *)data += (uint64_t)st->st_size;
	return true;
}

/* "27.9 KB": with one decimal, rounded to even like C and Go round. */
static void print_size(struct lf_buf *out, uint64_t size)
{
	static const char units[] = "KMGTPE";
	double value = (double)size;
	size_t unit = 0;

	if (size < 1024) {
		lf_buf_printf(out, "%ju B", (uintmax_t)size);
		return;
	}
	for (uint64_t n = size / 1024; n >= 1024; n /= 1024)
		unit++;
	for (size_t i = 0; i <= unit; i++)
		value /= 1024;
	lf_buf_printf(out, "%.1f %cB", value, units[unit]);
}

static bool clean(const struct lf_ctx *ctx, const char *dir, bool dry_run, struct lf_err *err)
{
	lf_auto_buf shown = {0};
	uint64_t size = 0;

	if (!lf_walk(dir, add_size, &size, err))
		return lf_fail(err, "failed to calculate cache size");
	print_size(&shown, size);
	lf_info(ctx, "Cache size: %s", shown.p);
	if (dry_run) {
		lf_info(ctx, "Dry run mode: cache directory will not be deleted");
		return true;
	}
	if (!lf_remove_all(dir, err))
		return lf_fail(err, "failed to remove cache directory");
	lf_info(ctx, "Cache directory cleaned successfully");
	return true;
}

static char *find_dir(const char *given, struct lf_err *err)
{
	const char *why;
	char *dir;

	if (given && *given) {
		dir = lf_path_abs(given, err);
		if (!dir)
			(void)lf_fail(err, "failed to resolve cache directory path");
		return dir;
	}
	dir = lf_cache_find_dir(&why);
	if (!dir)
		(void)lf_fail_new(err, LF_E_CONFIG, "failed to determine user cache directory: %s",
				  why);
	return dir;
}

bool lf_clean_cache(const struct lf_ctx *ctx, const char *given, bool dry_run, struct lf_err *err)
{
	lf_auto_free char *dir = find_dir(given, err);
	struct stat st;

	if (!dir)
		return false;
	lf_info(ctx, "Cleaning cache directory: %s", dir);
	if (stat(dir, &st) != 0) {
		if (errno != ENOENT)
			return lf_fail_errno(err, "failed to stat cache directory: stat %s", dir);
		lf_info(ctx, "Cache directory does not exist, nothing to clean");
		return true;
	}
	if (!S_ISDIR(st.st_mode) || strcmp(dir, "/") == 0)
		return lf_fail_new(err, LF_E_USAGE, "cache path is not a directory%s: %s",
				   S_ISDIR(st.st_mode) ? " of a cache" : "", dir);
	return clean(ctx, dir, dry_run, err);
}
