/*
 * The installed database, scripts.tar and the triggers file, as apko writes them. In: a package
 * record with its paths; out: the text or tar entries to append. docs/formats/installed.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/installed.h"

#include "base/map.h"

#include "base/banned.h"

/* ---- the order of paths ---- */

static bool is_dir(const struct lf_apk_path *p)
{
	return p->type == '5';
}

/* A path and the bytes that it is sorted by. */
struct sortable {
	const struct lf_apk_path *path;
	struct lf_str key;
};

/* Per level: what is no directory, then directories, each in byte order; a directory is followed by
 * its content. So each component gets a letter in front that tells which it is, and a NUL behind.
 */
static struct lf_str make_key(const struct lf_apk_path *p, struct lf_arena *arena)
{
	char *key = lf_arena_alloc(arena, 2, strlen(p->path) + 2), *to = key;

	for (struct lf_str rest = lf_str(p->path); rest.p;) {
		const struct lf_str name = lf_str_cut(&rest, '/');

		*to++ = rest.p || is_dir(p) ? 'd' : '-';
		memcpy(to, name.p, name.n);
		to += name.n;
		*to++ = '\0';
	}
	return (struct lf_str){key, (size_t)(to - key)};
}

static int by_key(const void *pa, const void *pb)
{
	const struct sortable *a = pa, *b = pb;
	const int c = lf_str_cmp(a->key, b->key);

	/* the same path twice: as they came */
	return c ? c : (a->path > b->path) - (a->path < b->path);
}

/* What is known of the directory above a path. */
struct parent {
	struct lf_str path;
	bool is_there;
};

/* Has the package an entry for each directory above this path? Mostly it is the same directory as
 * for the path before. */
static bool has_parents(const struct lf_map *dirs, const char *path, struct parent *last)
{
	const char *end = strrchr(path, '/');
	const struct lf_str above = {path, end ? (size_t)(end - path) : 0};

	if (!end || lf_str_eq(above, last->path))
		return !end || last->is_there;
	*last = (struct parent){above, true};
	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/'))
		last->is_there &= lf_map_has(dirs, (struct lf_str){path, (size_t)(slash - path)});
	return last->is_there;
}

static bool check_root(const struct lf_pkg *pkg, const struct lf_apk_path *p, struct lf_err *err)
{
	if (*p->path || ((p->mode & 07777) == 0755 && !p->uid && !p->gid))
		return true;
	return lf_fail_new(
		err, LF_E_FORMAT,
		"refusing to record ownership or permissions for the top-level directory "
		"of package \"%s\": %u:%u:%04o",
		pkg->name, p->uid, p->gid, p->mode & 07777);
}

/* ---- one record ---- */

static void print_text(struct lf_buf *out, char letter, const char *value)
{
	lf_buf_putc(out, letter);
	lf_buf_putc(out, ':');
	lf_index_print_value(out, value);
	lf_buf_putc(out, '\n');
}

static void print_joined(struct lf_buf *out, const struct lf_strv *list)
{
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			lf_buf_putc(out, ' ');
		lf_index_print_value(out, list->v[i]);
	}
}

static void print_list(struct lf_buf *out, char letter, const struct lf_strv *list)
{
	lf_buf_printf(out, "%c:", letter);
	print_joined(out, list);
	lf_buf_putc(out, '\n');
}

static void print_sha1(struct lf_buf *out, const uint8_t sha1[LF_SHA1_LEN])
{
	lf_buf_puts(out, "Q1");
	lf_base64(out, sha1, LF_SHA1_LEN);
}

static void print_package(struct lf_buf *out, const struct lf_pkg *p)
{
	print_text(out, 'P', p->name);
	print_text(out, 'V', p->version);
	print_text(out, 'A', p->arch);
	print_text(out, 'L', p->license);
	print_text(out, 'T', p->description);
	print_text(out, 'o', p->origin);
	print_text(out, 'm', p->maintainer);
	print_text(out, 'U', p->url);
	print_list(out, 'D', &p->depends);
	print_list(out, 'p', &p->provides);
	if (p->replaces.n)
		print_list(out, 'r', &p->replaces);
	print_text(out, 'c', p->commit);
	/* compat: the brackets are in every database that upstream writes */
	lf_buf_puts(out, "i:[");
	print_joined(out, &p->install_if);
	lf_buf_printf(out, "]\nt:%lld\nS:%llu\nI:%llu\nk:%llu\nC:", (long long)p->build_time,
		      (unsigned long long)p->size, (unsigned long long)p->installed_size,
		      (unsigned long long)p->provider_priority);
	print_sha1(out, p->checksum);
	lf_buf_putc(out, '\n');
}

static void print_mode(struct lf_buf *out, char letter, const struct lf_apk_path *p, uint32_t usual)
{
	uint32_t mode = p->mode & 07777;

	if (p->uid || p->gid || mode != usual)
		lf_buf_printf(out, "%c:%u:%u:%04o\n", letter, p->uid, p->gid, mode);
}

static void print_file(struct lf_buf *out, const struct lf_apk_path *p)
{
	const char *slash = strrchr(p->path, '/');

	print_text(out, 'R', slash ? slash + 1 : p->path);
	print_mode(out, 'a', p, 0644);
	if (p->has_sha1) {
		lf_buf_puts(out, "Z:");
		print_sha1(out, p->sha1);
		lf_buf_putc(out, '\n');
	}
}

static void print_paths(struct lf_buf *out, const struct sortable *sorted, size_t n)
{
	bool root = false;

	for (size_t i = 0; i < n; i++) {
		const struct lf_apk_path *p = sorted[i].path;

		if (is_dir(p)) {
			print_text(out, 'F', p->path);
			print_mode(out, 'M', p, 0755);
			continue;
		}
		if (!root && !strchr(p->path, '/')) {
			lf_buf_puts(out, "F:\n");
			root = true;
		}
		print_file(out, p);
	}
}

/* The paths that are recorded, in order. */
static bool select_paths(const struct lf_pkg *pkg, const struct lf_apk_path *path, size_t n,
			 struct lf_arena *arena, struct sortable *ret, size_t *ret_n,
			 struct lf_err *err)
{
	lf_auto_map dirs = {0};
	struct parent last = {0};
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		if (!check_root(pkg, &path[i], err))
			return false;
		if (is_dir(&path[i]))
			(void)lf_map_at(&dirs, lf_str(path[i].path));
	}
	for (size_t i = 0; i < n; i++)
		if (*path[i].path && !path[i].dropped && has_parents(&dirs, path[i].path, &last))
			ret[k++] = (struct sortable){&path[i], make_key(&path[i], arena)};
	if (k)
		qsort(ret, k, sizeof(*ret), by_key);
	*ret_n = k;
	return true;
}

bool lf_installed_print(struct lf_buf *out, const struct lf_pkg *pkg,
			const struct lf_apk_path *path, size_t n, struct lf_err *err)
{
	lf_auto_free struct sortable *selected = lf_calloc(n + 1, sizeof(*selected));
	lf_auto_arena keys = {0};
	size_t k;

	if (!*pkg->name)
		return lf_fail_new(err, LF_E_FORMAT,
				   "refusing to add a package with an empty name: version \"%s\"",
				   pkg->version);
	if (!select_paths(pkg, path, n, &keys, selected, &k, err))
		return false;
	print_package(out, pkg);
	print_paths(out, selected, k);
	lf_buf_putc(out, '\n');
	return true;
}

/* ---- scripts and triggers ---- */

/* compat: everything that all may read and execute counts as a script, whatever its name. */
static void add_script(struct lf_buf *out, const struct lf_pkg *pkg,
		       const struct lf_apk_control_file *f, int64_t mtime)
{
	lf_auto_buf name = {0};
	struct lf_tar_entry e = {
		.linkname = "",
		.uname = f->uname,
		.gname = f->gname,
		.type = '0',
		.mode = f->mode,
		.uid = f->uid,
		.gid = f->gid,
		.mtime = mtime,
		.size = f->content.n,
	};

	lf_buf_printf(&name, "%s-%s.", pkg->name, pkg->version);
	print_sha1(&name, pkg->checksum);
	lf_buf_puts(&name, f->name);
	e.name = lf_buf_c(&name);
	lf_tar_file(out, &e, f->content.p);
}

void lf_installed_scripts(struct lf_buf *out, const struct lf_apk *apk, int64_t mtime)
{
	for (size_t i = 0; i < apk->n_files; i++)
		if ((apk->file[i].mode & 0555) == 0555)
			add_script(out, &apk->pkg, &apk->file[i], mtime);
}

void lf_installed_triggers(struct lf_buf *out, const struct lf_pkg *pkg)
{
	for (size_t i = 0; i < pkg->triggers.n; i++) {
		print_sha1(out, pkg->checksum);
		lf_buf_putc(out, ' ');
		lf_index_print_value(out, pkg->triggers.v[i]);
		lf_buf_putc(out, '\n');
	}
}
