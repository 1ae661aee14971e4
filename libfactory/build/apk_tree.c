/*
 * .apk → tree: the data section is inflated once into an unnamed file, and every node refers to its
 * range there.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/apk_tree.h"

#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "codec/gzip.h"
#include "codec/tar.h"

#include "base/banned.h"

#define MAX_DATA (16ull << 30)

static bool node_type(char c, enum lf_node_type *ret)
{
	static const struct {
		char c;
		enum lf_node_type type;
	} types[] = {
		{'0', LF_NODE_FILE}, {'1', LF_NODE_HARDLINK}, {'2', LF_NODE_SYMLINK},
		{'3', LF_NODE_CHAR}, {'4', LF_NODE_BLOCK},    {'5', LF_NODE_DIR},
		{'6', LF_NODE_FIFO},
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(types); i++) {
		if (types[i].c != c)
			continue;
		*ret = types[i].type;
		return true;
	}
	return false;
}

static void fill(struct lf_tree *t, struct lf_node *n, const struct lf_tar_entry *e,
		 const struct lf_blob *blob)
{
	n->mode = (uint16_t)(e->mode & 07777);
	n->uid = e->uid;
	n->gid = e->gid;
	n->mtime = e->mtime;
	n->devmajor = e->devmajor;
	n->devminor = e->devminor;
	if (n->type == LF_NODE_FILE) {
		n->blob = blob;
		n->offset = e->offset;
		n->size = e->size;
	} else if (n->type == LF_NODE_SYMLINK || n->type == LF_NODE_HARDLINK) {
		n->link = lf_arena_strdup(lf_tree_arena(t), e->linkname);
	}
	if (n->type == LF_NODE_HARDLINK)
		n->target = lf_tree_find(t, n->link, false);
}

static void fill_xattrs(struct lf_tree *t, struct lf_node *n, const struct lf_tar_entry *e)
{
	for (size_t i = 0; i < e->n_pax; i++) {
		struct lf_str key = e->pax[i].key;

		if (lf_str_skip(&key, "SCHILY.xattr."))
			lf_tree_set_xattr(t, n, key, e->pax[i].value);
	}
}

static bool add_entry(struct lf_tree *t, const struct lf_tar_entry *e, const struct lf_blob *blob,
		      struct lf_err *err)
{
	lf_auto_free char *path = lf_path_clean(e->name), *folder = NULL;
	struct lf_str parent = lf_path_dir(lf_str(path)), name = lf_path_base(lf_str(path));
	struct lf_node *dir, *n;
	enum lf_node_type type;

	if (!node_type(e->type, &type))
		return lf_fail_new(err, LF_E_FORMAT, "%s: unknown type of file", e->name);
	if (lf_str_is(name, ".") || lf_str_is(name, "/") || lf_str_is(name, ".."))
		return true;
	folder = lf_alloc(parent.n + 1);
	memcpy(folder, parent.p, parent.n);
	folder[parent.n] = '\0';
	dir = strcmp(folder, ".") == 0 ? lf_tree_root(t) : lf_tree_mkdirs(t, folder, 0755, err);
	if (!dir)
		return false;
	n = lf_tree_child(t, dir, name);
	if (n && (n->type != LF_NODE_DIR || type != LF_NODE_DIR))
		return lf_fail_new(err, LF_E_FORMAT, "%s: twice in the package", e->name);
	if (!n)
		n = lf_tree_add(t, dir, name, type);
	fill(t, n, e, blob);
	fill_xattrs(t, n, e);
	return true;
}

static bool read_tar(struct lf_tree *t, int fd, const char *path, uint64_t size, struct lf_err *err)
{
	lf_auto_reader *src = lf_reader_range(fd, 0, size);
	struct lf_arena *arena = lf_tree_arena(t);
	struct lf_blob *blob = lf_new(arena, struct lf_blob);
	struct lf_tar_in *in = lf_tar_in_new(src, arena);
	bool ok, more = true;

	*blob = (struct lf_blob){
		.fd = fd, .root = -1, .size = size, .path = lf_arena_strdup(arena, path)};
	do {
		struct lf_tar_entry e;

		ok = lf_tar_next(in, &e, &more, err) && (!more || add_entry(t, &e, blob, err));
	} while (ok && more);
	lf_tar_in_free(in);
	return ok;
}

static bool inflate(int apk_fd, const struct lf_apk *apk, int fd, uint64_t *ret_size,
		    struct lf_err *err)
{
	lf_auto_reader *range = lf_reader_range(apk_fd, apk->data.offset, apk->data.size);
	lf_auto_reader *plain = lf_gzip_reader(range);
	lf_auto_reader *limited = lf_reader_limit(plain, MAX_DATA);
	struct lf_writer *w = lf_writer_fd(fd, false);
	bool ok = lf_copy(limited, w, ret_size, err);

	return lf_writer_close(w, ok ? err : NULL) && ok;
}

static bool unpack(int apk_fd, const struct lf_apk *apk, const char *path, struct lf_tree *t,
		   struct lf_err *err)
{
	int fd = lf_temp_file(err);
	uint64_t size;

	if (fd < 0)
		return false;
	lf_tree_own_fd(t, fd);
	return inflate(apk_fd, apk, fd, &size, err) && read_tar(t, fd, path, size, err);
}

bool lf_apk_tree_read(int fd, const char *name, struct lf_arena *arena, struct lf_apk *ret_apk,
		      struct lf_tree **ret_tree, struct lf_err *err)
{
	struct lf_tree *t;

	if (!lf_apk_open(fd, name, 0, arena, ret_apk, err))
		return false;
	t = lf_tree_new();
	if (!unpack(fd, ret_apk, name, t, err)) {
		lf_tree_free(t);
		return lf_fail(err, "reading %s", name);
	}
	*ret_tree = t;
	return true;
}

bool lf_apk_tree_open(const char *path, struct lf_arena *arena, struct lf_apk *ret_apk,
		      struct lf_tree **ret_tree, struct lf_err *err)
{
	lf_auto_fd fd = lf_open_read(path, err);

	return fd >= 0 && lf_apk_tree_read(fd, path, arena, ret_apk, ret_tree, err);
}
