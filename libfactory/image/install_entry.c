/*
 * One entry of a package's data into the tree, with upstream's rules for what is there already:
 * equal content stays, `replaces` and a common origin decide, anything else is a conflict. Owners
 * are dropped (all becomes root's), modes of directories lose their special bits. Names that an
 * honest package has no use for are refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/install.h"

#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "base/banned.h"

#define MAX_COMPARED (1024 * 1024)

void lf_installing_fini(struct lf_installing *in)
{
	lf_free(in->path);
	lf_free(in->node);
	in->path = NULL;
	in->node = NULL;
}

static const struct lf_pkg *package_of(const struct lf_installing *in, uint32_t owner)
{
	return &in->img->package[owner]->apk.pkg;
}

/* ---- the record that the installed database is printed from ---- */

static struct lf_str trim_slashes(struct lf_str s)
{
	while (s.n && s.p[0] == '/')
		s = lf_str_sub(s, 1, s.n);
	while (s.n && s.p[s.n - 1] == '/')
		s.n--;
	return s;
}

static struct lf_apk_path *add_path(struct lf_installing *in, const struct lf_tar_entry *e,
				    struct lf_str path)
{
	if (in->n_paths == in->cap) {
		in->cap = in->cap ? 2 * in->cap : 64;
		in->path = lf_realloc(in->path, in->cap, sizeof(*in->path));
		in->node = lf_realloc(in->node, in->cap, sizeof(*in->node));
	}
	struct lf_apk_path *p = &in->path[in->n_paths];

	*p = (struct lf_apk_path){
		.path = lf_arena_str(&in->img->arena, path),
		.type = e->type,
		.mode = e->mode,
		.uid = e->uid,
		.gid = e->gid,
	};
	p->has_sha1 = lf_apk_checksum(e, p->sha1);
	in->node[in->n_paths++] = NULL;
	return p;
}

/* ---- directories ---- */

static void set_xattrs(struct lf_tree *t, struct lf_node *n, const struct lf_tar_entry *e)
{
	for (size_t i = 0; i < e->n_pax; i++) {
		struct lf_str key = e->pax[i].key;

		if (lf_str_skip(&key, "SCHILY.xattr."))
			lf_tree_set_xattr(t, n, key, e->pax[i].value);
	}
}

static bool add_dir(struct lf_installing *in, const struct lf_tar_entry *e, const char *path,
		    struct lf_err *err)
{
	struct lf_node *there = lf_tree_find(in->img->tree, path, false);

	if (there && there->type == LF_NODE_SYMLINK) {
		there = lf_tree_find(in->img->tree, path, true);
		if (there && there->type == LF_NODE_DIR)
			return true;
	}
	struct lf_node *dir = lf_tree_mkdirs(in->img->tree, path, e->mode & 0777, err);

	if (!dir)
		return false;
	dir->mtime = e->mtime;
	set_xattrs(in->img->tree, dir, e);
	in->node[in->n_paths - 1] = dir;
	return true;
}

/* ---- what may take a name that is taken ---- */

enum verdict { KEEP, REPLACE, CONFLICT };

static bool conflict_with_made(const struct lf_installing *in, const struct lf_node *there,
			       const char *path, const uint8_t sha1[LF_SHA1_LEN],
			       struct lf_err *err)
{
	lf_auto_buf text = {0};
	uint8_t found[LF_SHA1_LEN];
	char want_hex[2 * LF_SHA1_LEN + 1], found_hex[2 * LF_SHA1_LEN + 1];

	if (!lf_tree_read(in->img->tree, there, MAX_COMPARED, &text, err))
		return false;
	lf_hash_mem(LF_SHA1, text.p, text.n, found);
	if (memcmp(found, sha1, LF_SHA1_LEN) == 0)
		return true;
	lf_hex(sha1, LF_SHA1_LEN, want_hex);
	lf_hex(found, LF_SHA1_LEN, found_hex);
	return lf_fail_new(err, LF_E_FORMAT,
			   "conflicting file for \"%s\" with checksum %s, existing has checksum %s",
			   path, want_hex, found_hex);
}

static bool conflict_of(const struct lf_pkg *a, const struct lf_pkg *b, const char *path,
			struct lf_err *err)
{
	bool swap = strcmp(a->name, b->name) > 0;
	const struct lf_pkg *first = swap ? b : a, *second = swap ? a : b;

	return lf_fail_new(err, LF_E_FORMAT,
			   "packages map[%s:%s %s:%s] has conflicting file: \"%s\"", first->name,
			   first->origin, second->name, second->origin, path);
}

/* Both have to be read together: the first match decides. False: an error, or a conflict. */
static bool judge(const struct lf_installing *in, const struct lf_node *there, const char *path,
		  const uint8_t sha1[LF_SHA1_LEN], enum verdict *ret, struct lf_err *err)
{
	const struct lf_node *content = lf_node_content(there);
	bool is_file = content->type == LF_NODE_FILE;

	*ret = KEEP;
	if (there->owner == LF_OWNER_NONE && is_file)
		return conflict_with_made(in, content, path, sha1, err);
	if (there->owner == LF_OWNER_NONE || (!is_file && content->type != LF_NODE_SYMLINK))
		return lf_fail_new(err, LF_E_FORMAT, "conflicting file for \"%s\" has no tar entry",
				   path);
	if (content->has_sha1 && memcmp(content->sha1, sha1, LF_SHA1_LEN) == 0)
		return true;
	const struct lf_pkg *owner = package_of(in, there->owner);
	const struct lf_pkg *self = &in->package->apk.pkg;

	if (lf_strv_has(&owner->replaces, self->name))
		return true;
	*ret = REPLACE;
	if (lf_strv_has(&self->replaces, owner->name) || strcmp(owner->origin, self->origin) == 0)
		return true;
	return conflict_of(owner, self, path, err);
}

/* ---- files and links ---- */

static bool not_there(struct lf_err *err)
{
	return lf_fail_new(err, LF_E_NOT_FOUND, "file does not exist");
}

static bool is_dots(struct lf_str name)
{
	return lf_str_is(name, ".") || lf_str_is(name, "..");
}

/* compat: "." and ".." are plain names here, and nothing has such a name. */
static bool has_dots(struct lf_str path)
{
	while (path.p) {
		if (is_dots(lf_str_cut(&path, '/')))
			return true;
	}
	return false;
}

static bool has_parent(struct lf_str path)
{
	while (path.p) {
		if (lf_str_is(lf_str_cut(&path, '/'), ".."))
			return true;
	}
	return false;
}

/* The directory that this text leads to. Most entries follow one of the same directory, and what is
 * only added to a tree does not change where a path leads. */
static struct lf_node *directory(struct lf_installing *in, struct lf_str path)
{
	if (in->dir && lf_str_eq(in->dir_path, path))
		return in->dir;
	const char *text = lf_arena_str(&in->img->arena, path);
	struct lf_node *n = has_dots(path) ? NULL : lf_tree_find(in->img->tree, text, true);

	in->dir = n && n->type == LF_NODE_DIR ? n : NULL;
	in->dir_path = (struct lf_str){text, path.n};
	return in->dir;
}

static struct lf_node *parent_of(struct lf_installing *in, const char *path,
				 struct lf_str *ret_name, struct lf_err *err)
{
	const char *slash = strrchr(path, '/');
	const struct lf_str dir = {path, slash ? (size_t)(slash + 1 - path) : 0};
	const struct lf_str name = lf_str(path + dir.n);
	struct lf_node *n = name.n && !is_dots(name) ? directory(in, dir) : NULL;

	*ret_name = name;
	if (!n)
		(void)not_there(err);
	return n;
}

static void place(struct lf_installing *in, struct lf_node *dir, struct lf_str name,
		  const struct lf_tar_entry *e, const struct lf_apk_path *p)
{
	struct lf_tree *t = in->img->tree;
	struct lf_node *n =
		lf_tree_add(t, dir, name, e->type == '2' ? LF_NODE_SYMLINK : LF_NODE_FILE);

	n->owner = in->index;
	n->mode = (uint16_t)(e->mode & 07777);
	n->mtime = e->mtime;
	n->has_sha1 = p->has_sha1;
	memcpy(n->sha1, p->sha1, LF_SHA1_LEN);
	in->node[in->n_paths - 1] = n;
	if (e->type == '2') {
		struct lf_node *target;

		n->link = lf_arena_strdup(lf_tree_arena(t), e->linkname);
		if (e->n_pax && (target = lf_tree_find(t, p->path, true)))
			set_xattrs(t, target, e);
		return;
	}
	n->blob = &in->package->data;
	n->offset = e->offset;
	n->size = e->size;
	set_xattrs(t, n, e);
}

/* Has this package an entry of the very name already? Two names may well lead to one place: what is
 * below a link and below what it points to. */
static bool is_duplicate(const struct lf_installing *in, const struct lf_node *there,
			 const struct lf_apk_path *p)
{
	if (!there || there->owner != in->index)
		return false;
	for (size_t i = 0; i + 1 < in->n_paths; i++) {
		if (in->node[i] == there && strcmp(in->path[i].path, p->path) == 0)
			return true;
	}
	return false;
}

static bool put(struct lf_installing *in, const struct lf_tar_entry *e, const struct lf_apk_path *p,
		struct lf_err *err)
{
	struct lf_str name;
	struct lf_node *dir = parent_of(in, p->path, &name, err);
	enum verdict verdict;

	if (!dir)
		return false;
	struct lf_node *there = lf_tree_child(in->img->tree, dir, name);

	if (there && e->type == '2' && there->type == LF_NODE_SYMLINK &&
	    !is_duplicate(in, there, p) && strcmp(there->link, e->linkname) == 0)
		return true;
	if (is_duplicate(in, there, p))
		return lf_fail_new(err, LF_E_FORMAT, "the package has two of this name");
	if (there) {
		if (!judge(in, there, p->path, p->sha1, &verdict, err))
			return false;
		if (verdict == KEEP)
			return true;
		lf_tree_remove(in->img->tree, there);
		in->dir = NULL; /* it may have been a link on the way */
	}
	place(in, dir, name, e, p);
	return true;
}

static bool add_file(struct lf_installing *in, const struct lf_tar_entry *e,
		     const struct lf_apk_path *p, struct lf_err *err)
{
	if (!p->has_sha1)
		return lf_fail_new(err, LF_E_FORMAT, "checksum is nil for %s", e->name);
	return put(in, e, p, err) || lf_fail(err, "writing header for \"%s\"", e->name);
}

static bool put_hardlink(struct lf_installing *in, const struct lf_tar_entry *e,
			 const struct lf_apk_path *p, struct lf_err *err)
{
	struct lf_tree *t = in->img->tree;
	struct lf_str name;
	struct lf_node *dir = parent_of(in, p->path, &name, err);
	struct lf_node *target =
		has_dots(lf_str(e->linkname)) ? NULL : lf_tree_find(t, e->linkname, false);

	if (!dir)
		return false;
	if (!target || target->type == LF_NODE_DIR)
		return not_there(err);
	if (lf_tree_child(t, dir, name))
		return lf_fail_new(err, LF_E_FORMAT, "file already exists");
	struct lf_node *n = lf_tree_add(t, dir, name, LF_NODE_HARDLINK);

	n->owner = in->index;
	n->target = (struct lf_node *)lf_node_content(target);
	n->link = lf_arena_strdup(lf_tree_arena(t), e->linkname);
	in->node[in->n_paths - 1] = n;
	return true;
}

static bool add_hardlink(struct lf_installing *in, const struct lf_tar_entry *e,
			 const struct lf_apk_path *p, struct lf_err *err)
{
	return put_hardlink(in, e, p, err) ||
	       lf_fail(err, "linking \"%s\" to \"%s\"", e->name, e->linkname);
}

/* Upstream installs these, without owner in the database or beside where they say. */
static bool check_name(const struct lf_tar_entry *e, struct lf_err *err)
{
	const char *why = NULL;

	if (e->name[0] == '/')
		why = "its path is absolute";
	else if (e->type == '5' && has_parent(lf_str(e->name)))
		why = "its path leads upwards";
	for (const char *p = e->name; *p && !why; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			why = "a control character is in its name";
	}
	return !why || lf_fail_new(err, LF_E_FORMAT, "refusing \"%s\": %s", e->name, why);
}

bool lf_install_entry(struct lf_installing *in, const struct lf_tar_entry *e, struct lf_err *err)
{
	if (!check_name(e, err))
		return false;
	const struct lf_apk_path *p = add_path(in, e, trim_slashes(lf_str(e->name)));

	switch (e->type) {
	case '5':
		return add_dir(in, e, p->path, err);
	case '0':
	case '2':
		return add_file(in, e, p, err);
	case '1':
		return add_hardlink(in, e, p, err);
	default:
		return lf_fail_new(err, LF_E_FORMAT, "unsupported file type %s %d", e->name,
				   e->type);
	}
}
