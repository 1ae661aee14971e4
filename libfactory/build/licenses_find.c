/*
 * Looking for licence files in a folder and for licences in them. The folder may be what a sandbox
 * left behind: links are not followed, and a file is read up to a limit.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/licenses.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/stream.h"

#include "base/banned.h"

#define MAX_DEPTH  256
#define MAX_FILES  100000
#define MAX_TEXT   (4u << 20) /* of a file; the rest is not looked at */
#define OUTPUT_DIR "melange-out"

struct candidate {
	const char *path;
	double weight;
	size_t nth; /* keeps the order of equal ones */
};

struct search {
	const struct lf_ctx *ctx;
	struct lf_arena *arena;
	bool deep;
	LF_VEC(struct candidate) found;
	LF_VEC(struct lf_license_hit) hits;
};

static void search_fini(struct search *s)
{
	lf_vec_fini(&s->found);
	lf_vec_fini(&s->hits);
}

/* ---- files ---- */

static void add_candidate(struct search *s, const char *path, double weight)
{
	lf_vec_push(&s->found, ((struct candidate){path, weight, s->found.n}));
}

static bool search_dir(struct search *s, int dir, const char *path, unsigned depth,
		       struct lf_err *err);

static bool search_below(struct search *s, int dir, const char *name, const char *path,
			 unsigned depth, struct lf_err *err)
{
	lf_auto_fd below = -1;

	if (depth >= (s->deep ? MAX_DEPTH : 1u) || strstr(path, OUTPUT_DIR) ||
	    (!s->deep && !strcmp(name, "vendor")))
		return true;
	below = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (below < 0)
		return lf_fail_errno(err, "open %s", path);
	return search_dir(s, below, path, depth + 1, err);
}

static bool search_entry(struct search *s, int dir, const char *name, const char *path,
			 unsigned depth, struct lf_err *err)
{
	struct stat st;
	double weight;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return lf_fail_errno(err, "lstat %s", path);
	if (S_ISDIR(st.st_mode))
		return search_below(s, dir, name, path, depth, err);
	if (!S_ISREG(st.st_mode) || strstr(path, OUTPUT_DIR))
		return true;
	weight = lf_license_file_weight(path, false);
	if (weight > 0) {
		if (s->found.n >= MAX_FILES)
			return lf_fail_new(err, LF_E_LIMIT, "more than %d licence files",
					   MAX_FILES);
		add_candidate(s, lf_arena_strdup(s->arena, path), weight + (depth ? 0 : 0.5));
	}
	return true;
}

static bool search_dir(struct search *s, int dir, const char *path, unsigned depth,
		       struct lf_err *err)
{
	LF_CLEANUP(lf_dir_names_fini) struct lf_strv names = {0};

	if (!lf_dir_names(dir, &names, err) || !lf_check_cancel(s->ctx, err))
		return false;
	for (size_t i = 0; i < names.n; i++) {
		lf_auto_free char *below = lf_path_join(path, names.v[i]);

		if (!search_entry(s, dir, names.v[i], below, depth, err))
			return false;
	}
	return true;
}

static int by_weight(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->weight < y->weight || x->weight > y->weight)
		return x->weight > y->weight ? -1 : 1;
	return x->nth < y->nth ? -1 : x->nth > y->nth;
}

static void add_named(struct search *s, const struct lf_recipe *r)
{
	for (size_t i = 0; r && i < r->package.copyright.n; i++) {
		const char *path = r->package.copyright.v[i].license_path;
		bool known = !*path;

		for (size_t k = 0; k < s->found.n; k++)
			known = known || !strcmp(s->found.v[k].path, path);
		if (!known)
			add_candidate(s, path, 1);
	}
}

/* ---- what they hold ---- */

static bool read_text(int root, const char *path, struct lf_buf *ret, struct lf_err *err)
{
	lf_auto_fd fd = lf_open_in_root(root, path, O_RDONLY | O_NONBLOCK, 0, err);
	struct stat st;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) != 0)
		return lf_fail_errno(err, "stat %s", path);
	if (!S_ISREG(st.st_mode))
		return lf_fail_new(err, LF_E_IO, "read %s: is not a file", path);
	size_t n = st.st_size < (off_t)MAX_TEXT ? (size_t)st.st_size : MAX_TEXT;
	lf_auto_reader *r = lf_reader_range(fd, 0, n);

	return lf_read_all(r, MAX_TEXT, ret, err);
}

static bool identify(struct search *s, int root, const char *path, struct lf_err *err)
{
	struct lf_licenses found;
	lf_auto_buf text = {0};

	if (!read_text(root, path, &text, err))
		return lf_fail(err, "identifying license");
	lf_license_detect(lf_buf_view(&text), &found);
	for (size_t i = 0; i < found.n; i++)
		lf_vec_push(&s->hits,
			    ((struct lf_license_hit){.path = path,
						     .name = found.v[i].license->name,
						     .type = found.v[i].license->type,
						     .confidence = found.v[i].confidence}));
	if (!found.n)
		lf_vec_push(&s->hits,
			    ((struct lf_license_hit){.path = path,
						     .name = "NOASSERTION",
						     .type = "unknown",
						     .nearest = found.nearest.license,
						     .nearness = found.nearest.confidence}));
	return true;
}

static void give(struct search *s, struct lf_license_report *ret)
{
	*ret = (struct lf_license_report){
		.hit = lf_new_n(s->arena, struct lf_license_hit, s->hits.n), .n_hits = s->hits.n};
	for (size_t i = 0; i < s->hits.n; i++)
		ret->hit[i] = s->hits.v[i];
}

bool lf_licenses_find(const struct lf_ctx *ctx, const char *dir, const struct lf_recipe *r,
		      bool deep, struct lf_arena *arena, struct lf_license_report *ret,
		      struct lf_err *err)
{
	LF_CLEANUP(search_fini)
	struct search s = {.ctx = ctx, .arena = arena, .deep = deep};
	lf_auto_fd root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (root < 0)
		return lf_fail_errno(err, "open %s", dir);
	if (!search_dir(&s, root, "", 0, err))
		return lf_fail(err, "finding license files");
	lf_vec_sort(&s.found, by_weight);
	add_named(&s, r);
	for (size_t i = 0; i < s.found.n; i++)
		if (!lf_check_cancel(ctx, err) || !identify(&s, root, s.found.v[i].path, err))
			return false;
	give(&s, ret);
	return true;
}
