/*
 * A `fetch` step done here: a file from a URL, checked, and what is in it put into a folder by tar.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <strings.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/proc.h"
#include "build/download.h"
#include "build/source_run.h"

#include "base/banned.h"

struct archive {
	const char *uri, *directory, *sha256, *sha512, *strip, *extract, *delete;
	const char *name; /* of the file */
};

/* The last part of the URL's path. */
static bool name_of(const struct lf_source_run *f, struct archive *a, struct lf_err *err)
{
	struct lf_str path = lf_str(a->uri);
	ptrdiff_t host = lf_str_search(path, LF_STR("://")), slash;

	path.n = strcspn(path.p, "?#");
	slash = host < 0 ? -1 : lf_str_find(lf_str_sub(path, (size_t)host + 3, path.n), '/');
	path = slash < 0 ? LF_STR("/") : lf_path_base(path);
	if (!path.n || lf_str_is(path, ".") || lf_str_is(path, "..") ||
	    lf_str_find(path, '/') >= 0 || *path.p == '-')
		return lf_fail_new(err, LF_E_CONFIG,
				   "could not determine a filename from uri \"%s\"", a->uri);
	a->name = lf_arena_str(f->arena, path);
	return true;
}

static bool check_sum(const char *family, const char *name, const char *is, const char *expected,
		      struct lf_err *err)
{
	struct lf_str e = lf_str_trim(lf_str(expected));

	return !e.n || (e.n == strlen(is) && strncasecmp(e.p, is, e.n) == 0) ||
	       lf_fail_new(err, LF_E_SIGNATURE,
			   "%s mismatch for \"%s\": expected " LF_STR_FMT ", got %s", family, name,
			   LF_STR_ARG(e), is);
}

static bool download(const struct lf_source_run *f, const struct archive *a, struct lf_err *err)
{
	const char *path = lf_arena_printf(f->arena, "%s/%s", f->dest, a->name);
	struct lf_download d;
	lf_auto_out out = {0};

	lf_info(f->ctx, "Fetching %s", a->uri);
	/* sources that are there may have a link of this name, which would be followed */
	if (unlinkat(f->root, a->name, 0) != 0 && errno != ENOENT)
		return lf_fail_errno(err, "creating \"%s\"", a->name);
	if (!lf_out_open(&out, path, 0666, err) || !lf_download(f->http, a->uri, out.fd, &d, err))
		return false;
	if (d.status != 200)
		return lf_fail_new(err, LF_E_NET, "fetching %s: unexpected status %u", a->uri,
				   d.status);
	return check_sum("sha256", a->name, d.sha256, a->sha256, err) &&
	       check_sum("sha512", a->name, d.sha512, a->sha512, err) && lf_out_commit(&out, err);
}

static bool extract(const struct lf_source_run *f, const struct archive *a, struct lf_err *err)
{
	lf_auto_fd dir = lf_source_open_dir(f->root, *a->directory ? a->directory : ".", err);
	const int keep[] = {dir, -1};

	if (dir < 0)
		return false;
	const char *const argv[] = {
		"tar",
		"-x",
		lf_arena_printf(f->arena, "--strip-components=%u", lf_source_number(a->strip, 1)),
		"--no-same-owner",
		"-C",
		lf_arena_printf(f->arena, "/proc/self/fd/%d", dir),
		"-f",
		lf_arena_printf(f->arena, "%s/%s", f->dest, a->name),
		NULL};
	const struct lf_proc p = {.argv = argv, .dir = f->dest, .keep_fds = keep};

	return lf_proc_run(f->ctx, &p, err) || lf_fail(err, "extracting \"%s\"", a->name);
}

bool lf_source_archive(const struct lf_source_run *f, const struct lf_step *step,
		       struct lf_err *err)
{
	struct archive a;
	const struct {
		const char **to, *name;
	} inputs[] = {
		{&a.uri, "uri"},
		{&a.directory, "directory"},
		{&a.sha256, "expected-sha256"},
		{&a.sha512, "expected-sha512"},
		{&a.strip, "strip-components"},
		{&a.extract, "extract"},
		{&a.delete, "delete"},
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(inputs); i++) {
		*inputs[i].to = lf_source_input(f, step, inputs[i].name, err);
		if (!*inputs[i].to)
			return false;
	}
	if (!name_of(f, &a, err) || !download(f, &a, err))
		return false;
	if (lf_source_bool(a.extract, true) && !extract(f, &a, err))
		return false;
	if (lf_source_bool(a.delete, false) && unlinkat(f->root, a.name, 0) != 0)
		return lf_fail_errno(err, "deleting \"%s\"", a.name);
	return true;
}
