/*
 * Steps that bring sources, done on this machine. Values of a recipe are data here: URLs, names of
 * files below the folder, words of tar and patch.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/source_run.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/proc.h"
#include "build/checkout.h"
#include "build/download.h"
#include "build/workspace.h"
#include "recipe/sources.h"

#include "base/banned.h"

#define MAX_PATCH ((size_t)64 << 20)

static void fetching_fini(struct lf_source_run *f)
{
	lf_close_p(&f->root);
	lf_http_free(f->http);
	lf_vars_fini(&f->vars);
}

const char *lf_source_input(const struct lf_source_run *f, const struct lf_step *step,
			    const char *name, struct lf_err *err)
{
	const char *value = lf_pairs_get(&step->with, name);

	return value ? lf_vars_expand(&f->vars, value, f->arena, err) : "";
}

unsigned lf_source_number(const char *text, unsigned otherwise)
{
	uint64_t n;

	return lf_str_u64(lf_str_trim(lf_str(text)), 10, &n) && n < 1000 ? (unsigned)n : otherwise;
}

bool lf_source_bool(const char *text, bool otherwise)
{
	struct lf_str s = lf_str_trim(lf_str(text));

	return s.n ? lf_str_is(s, "true") : otherwise;
}

int lf_source_open_dir(int root, const char *path, struct lf_err *err)
{
	struct lf_str rest = lf_str(path);
	lf_auto_buf done = {0};
	int dir = -1;

	lf_buf_putc(&done, '.');
	do {
		struct lf_str part = lf_str_cut(&rest, '/');
		lf_auto_buf name = {0};

		lf_close_p(&dir);
		dir = lf_open_in_root(root, lf_buf_c(&done), O_RDONLY | O_DIRECTORY, 0, err);
		if (dir < 0 || !part.n)
			continue;
		lf_buf_str(&name, part);
		if (!lf_str_is(part, ".") && !lf_str_is(part, ".."))
			(void)mkdirat(dir, lf_buf_c(&name), 0777); /* it may be there */
		lf_buf_printf(&done, "/%s", lf_buf_c(&name));
	} while (dir >= 0 && rest.p);
	lf_close_p(&dir);
	return lf_open_in_root(root, lf_buf_c(&done), O_RDONLY | O_DIRECTORY, 0, err);
}

/* ---- git-checkout ---- */

/* The path, free of links, of a folder below the root. */
static const char *real_directory(const struct lf_source_run *f, const char *path,
				  struct lf_err *err)
{
	lf_auto_fd dir = lf_source_open_dir(f->root, path, err);
	char link[64], real[4096];
	ssize_t n;

	if (dir < 0)
		return NULL;
	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", dir);
	n = readlink(link, real, sizeof(real));
	if (n <= 0 || (size_t)n == sizeof(real)) {
		lf_fail_errno(err, "readlink %s", link);
		return NULL;
	}
	return lf_arena_dup(f->arena, real, (size_t)n);
}

static bool run_checkout(const struct lf_source_run *f, const struct lf_step *step,
			 struct lf_err *err)
{
	const char *destination = lf_source_input(f, step, "destination", err);
	struct lf_checkout c = {.destination = f->dest};
	const char *submodules = NULL;

	if (destination && *destination && strcmp(destination, ".") != 0) {
		c.destination = real_directory(f, destination, err);
		if (!c.destination)
			return false;
	}
	if (!destination || !(c.repository = lf_source_input(f, step, "repository", err)) ||
	    !(c.commit = lf_source_input(f, step, "expected-commit", err)) ||
	    !(c.cherry_picks = lf_source_input(f, step, "cherry-picks", err)) ||
	    !(submodules = lf_source_input(f, step, "recurse-submodules", err)))
		return false;
	c.submodules = lf_source_bool(submodules, false);
	return lf_checkout(f->ctx, &c, err);
}

/* ---- patch ---- */

static bool read_below(const struct lf_source_run *f, const char *path, struct lf_buf *ret,
		       struct lf_err *err)
{
	lf_auto_fd fd = lf_open_in_root(f->root, path, O_RDONLY, 0, err);

	if (fd < 0)
		return false;
	lf_auto_reader *r = lf_reader_fd(fd, false);

	return lf_read_all(r, MAX_PATCH, ret, err);
}

static bool apply(const struct lf_source_run *f, struct lf_str name, const char *const *argv,
		  struct lf_err *err)
{
	const char *path = lf_arena_str(f->arena, name);
	lf_auto_buf text = {0};

	lf_info(f->ctx, "Applying patch %s/%s", f->dest, path);
	if (!read_below(f, path, &text, err))
		return lf_fail(err, "opening patch \"%s\"", path);
	struct lf_str in = lf_buf_view(&text);

	return lf_run_logged(f->ctx, f->dest, argv, &in, err) ||
	       lf_fail(err, "applying patch \"%s\"", path);
}

/* A quilt series: one name a line, "#" begins a comment. */
static bool read_series(const struct lf_source_run *f, const char *series, struct lf_buf *names,
			struct lf_err *err)
{
	lf_auto_buf text = {0};
	struct lf_str rest, line;

	if (!read_below(f, series, &text, err))
		return lf_fail(err, "reading series file \"%s\"", series);
	rest = lf_buf_view(&text);
	while (lf_str_line(&rest, &line)) {
		line = lf_str_trim(line);
		if (!line.n || *line.p == '#')
			continue;
		lf_buf_str(names, line);
		lf_buf_putc(names, ' ');
	}
	return true;
}

static bool run_patch(const struct lf_source_run *f, const struct lf_step *step, struct lf_err *err)
{
	const char *patches = lf_source_input(f, step, "patches", err);
	const char *series = patches ? lf_source_input(f, step, "series", err) : NULL;
	const char *strip = series ? lf_source_input(f, step, "strip-components", err) : NULL;
	const char *fuzz = strip ? lf_source_input(f, step, "fuzz", err) : NULL;
	lf_auto_buf names = {0};
	struct lf_str rest, word;

	if (!fuzz)
		return false;
	lf_buf_puts(&names, patches);
	if (!lf_str_trim(lf_str(patches)).n && lf_str_trim(lf_str(series)).n) {
		if (!read_series(f, series, &names, err))
			return false;
	} else if (!lf_str_trim(lf_str(patches)).n) {
		return lf_fail_new(err, LF_E_CONFIG,
				   "patch step: neither 'patches' nor 'series' was set");
	}
	const char *const argv[] = {
		"patch", lf_arena_printf(f->arena, "-p%u", lf_source_number(strip, 1)),
		lf_arena_printf(f->arena, "--fuzz=%u", lf_source_number(fuzz, 2)), NULL};

	rest = lf_buf_view(&names);
	while (lf_str_word(&rest, &word))
		if (!apply(f, word, argv, err))
			return false;
	return true;
}

/* ---- steps ---- */

static bool run_step(const struct lf_source_run *f, const struct lf_step *step, struct lf_err *err)
{
	static const struct {
		const char *uses;
		bool (*run)(const struct lf_source_run *f, const struct lf_step *step,
			    struct lf_err *err);
	} kinds[] = {
		{"fetch", lf_source_archive}, {"git-checkout", run_checkout}, {"patch", run_patch}};

	for (size_t i = 0; i < LF_ARRAY_LEN(kinds); i++) {
		if (strcmp(step->uses, kinds[i].uses) != 0)
			continue;
		if (kinds[i].run == run_patch && !f->f->files) {
			lf_warn(f->ctx, "Skipping patch step as we do not have patches available "
					"inside apk metadata yet.");
			return true;
		}
		lf_info(f->ctx, "Found source fetching step: %s.\nFetching source to %s\n",
			step->uses, f->dest);
		return kinds[i].run(f, step, err) || lf_fail(err, "failed to run step");
	}
	return true;
}

bool lf_source_fetch(const struct lf_source_fetch *f, struct lf_err *err)
{
	lf_auto_arena arena = {0};
	LF_CLEANUP(fetching_fini)
	struct lf_source_run g = {
		.f = f, .ctx = f->ctx, .dest = f->dest, .root = -1, .arena = &arena};

	if (!lf_sources_vars(f->recipe, &g.vars, err))
		return lf_fail(err, "failed to create substitution map");
	if (!lf_mkdirs(f->dest, 0755, err))
		return lf_fail(err, "failed to create destination directory");
	if (f->files && lf_is_dir(f->files)) {
		lf_info(f->ctx, "Found melange directory: %s\nCopying contents to %s\n", f->files,
			f->dest);
		if (!lf_workspace_populate(f->ctx, f->dest, f->files, false, err))
			return lf_fail(err, "failed to copy melange directory contents");
	}
	g.root = open(f->dest, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (g.root < 0)
		return lf_fail_errno(err, "open %s", f->dest);
	g.http = lf_download_client(f->ctx);
	for (size_t i = 0; i < f->recipe->pipeline.n; i++)
		if (!lf_check_cancel(f->ctx, err) || !run_step(&g, &f->recipe->pipeline.v[i], err))
			return false;
	return true;
}
