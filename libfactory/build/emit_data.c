/*
 * The data section of a package, as upstream orders and describes its entries: in comes a tree, out
 * go tar bytes through the compressor to a file, digested on the way. Each file is read once to
 * know its checksum, which stands in front of it, and once more to be written, unless it is small.
 * docs/formats/apk.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/emit_data.h"

#include "codec/gzip.h"
#include "codec/tar.h"

#include "base/banned.h"

#define LEVEL      6
#define SMALL_FILE ((uint64_t)1 << 20)

struct section {
	struct lf_writer *tar;
	const struct lf_names *names;
	int64_t mtime;
	bool faithful;
	uint64_t file_size;
	struct lf_buf header, content;
	struct lf_arena arena; /* text of one entry; freed as a whole at the end */
};

static char tar_type(const struct lf_node *n)
{
	switch ((enum lf_node_type)n->type) {
	case LF_NODE_DIR:
		return '5';
	case LF_NODE_SYMLINK:
		return '2';
	case LF_NODE_CHAR:
		return '3';
	case LF_NODE_BLOCK:
		return '4';
	case LF_NODE_FIFO:
		return '6';
	case LF_NODE_HARDLINK:
		return '1';
	case LF_NODE_FILE:
		return '0';
	}
	return '0';
}

static bool digest_file(const struct lf_node *file, uint8_t sha1[LF_SHA1_LEN], struct lf_err *err)
{
	struct lf_digest_writer d;
	bool ok;

	lf_digest_writer_init(&d, LF_SHA1, NULL);
	ok = lf_blob_copy(file->blob, file->offset, file->size, &d.w, err);
	if (ok)
		lf_digest_final(d.digest, sha1);
	lf_digest_writer_fini(&d);
	return ok;
}

/* Small files are kept for the second use. */
static bool checksum(struct section *s, const struct lf_node *n, uint8_t sha1[LF_SHA1_LEN],
		     struct lf_err *err)
{
	lf_buf_clear(&s->content);
	if (n->type == LF_NODE_SYMLINK) {
		lf_hash_mem(LF_SHA1, n->link, strlen(n->link), sha1);
		return true;
	}
	if (n->size > SMALL_FILE)
		return digest_file(n, sha1, err);
	lf_buf_reserve(&s->content, (size_t)n->size);
	if (n->size && !lf_blob_read(n->blob, n->offset, s->content.p, (size_t)n->size, err))
		return false;
	s->content.n = (size_t)n->size;
	lf_hash_mem(LF_SHA1, s->content.p, s->content.n, sha1);
	return true;
}

/* The checksum of files and links, and the attributes of files. */
static size_t list_pax(struct section *s, const struct lf_node *n, const uint8_t *sha1,
		       struct lf_tar_pax **ret)
{
	size_t max = 1, k = 0;
	char hex[2 * LF_SHA1_LEN + 1];

	for (const struct lf_xattr *x = n->xattr; x; x = x->next)
		max++;
	*ret = lf_new_n(&s->arena, struct lf_tar_pax, max);
	if (sha1) {
		lf_hex(sha1, LF_SHA1_LEN, hex);
		(*ret)[k++] = (struct lf_tar_pax){LF_STR("APK-TOOLS.checksum.SHA1"),
						  lf_str(lf_arena_strdup(&s->arena, hex))};
	}
	for (const struct lf_xattr *x = n->xattr; (s->faithful || n->type == LF_NODE_FILE) && x;
	     x = x->next)
		(*ret)[k++] = (struct lf_tar_pax){
			lf_str(lf_arena_printf(&s->arena, "SCHILY.xattr." LF_STR_FMT,
					       LF_STR_ARG(x->key))),
			x->value,
		};
	return k;
}

static bool write_content(struct section *s, const struct lf_node *file, struct lf_err *err)
{
	static const char zeros[LF_TAR_BLOCK];
	bool ok;

	if (file->size > SMALL_FILE)
		ok = lf_blob_copy(file->blob, file->offset, file->size, s->tar, err);
	else
		ok = lf_write(s->tar, s->content.p, s->content.n, err);
	return ok && lf_write(s->tar, zeros, lf_tar_pad(file->size), err);
}

/* compat: unless faithful, a hard link is written as an independent file: n is what stands behind
 * it. */
static bool write_node(struct section *s, const struct lf_node *n, const char *path,
		       struct lf_err *err)
{
	bool is_link = n->type == LF_NODE_SYMLINK || n->type == LF_NODE_HARDLINK;
	bool is_file = n->type == LF_NODE_FILE, has_sum = is_file || n->type == LF_NODE_SYMLINK;
	uint8_t sha1[LF_SHA1_LEN];
	struct lf_tar_pax *pax;
	struct lf_tar_entry e = {
		.name = path,
		.linkname = is_link ? n->link : "",
		.uname = s->names ? lf_names_user(s->names, n->uid) : "",
		.gname = s->names ? lf_names_group(s->names, n->gid) : "",
		.type = tar_type(n),
		.mode = n->mode,
		.uid = n->uid,
		.gid = n->gid,
		.devmajor = n->devmajor,
		.devminor = n->devminor,
		.mtime = s->mtime,
		.size = is_file ? n->size : 0,
	};

	if (has_sum && !checksum(s, n, sha1, err))
		return lf_fail(err, "%s", path);
	e.n_pax = list_pax(s, n, has_sum ? sha1 : NULL, &pax);
	e.pax = pax;
	lf_buf_clear(&s->header);
	lf_tar_header(&s->header, &e);
	if (n->type != LF_NODE_HARDLINK)
		s->file_size += is_file ? n->size : strlen(e.linkname);
	return lf_write(s->tar, s->header.p, s->header.n, err) &&
	       (!is_file || write_content(s, n, err));
}

static bool visit(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	struct section *s = data;
	bool ok = write_node(s, s->faithful ? n : lf_node_content(n), path, err);

	lf_arena_fini(&s->arena);
	return ok;
}

static bool write_tree(struct section *s, struct lf_tree *tree, struct lf_err *err)
{
	if (!lf_tree_walk(tree, visit, s, err))
		return false;
	lf_buf_clear(&s->header);
	lf_tar_end(&s->header);
	return lf_write(s->tar, s->header.p, s->header.n, err);
}

/* tree → tar → gzip → digest → out */
static bool compress_tree(const struct lf_ctx *ctx, struct section *s, struct lf_tree *tree,
			  struct lf_writer *out, struct lf_err *err)
{
	lf_auto_err second = {0};
	bool ok, closed;

	s->tar = lf_gzip_writer(out, lf_jobs(ctx), LEVEL, LF_GZIP_ZERO_TIME, true);
	ok = write_tree(s, tree, err);
	closed = lf_writer_close(s->tar, ok ? err : &second); /* the first error counts */
	lf_buf_fini(&s->header);
	lf_buf_fini(&s->content);
	return ok && closed;
}

bool lf_emit_data(const struct lf_ctx *ctx, struct lf_tree *tree, int64_t mtime,
		  const struct lf_names *names, bool faithful, int fd, struct lf_data_section *ret,
		  struct lf_err *err)
{
	struct lf_writer *file = lf_writer_fd(fd, false);
	struct section s = {.names = names, .mtime = mtime, .faithful = faithful};
	struct lf_digest_writer digest;
	lf_auto_err second = {0};
	bool ok, closed;

	lf_digest_writer_init(&digest, LF_SHA256, file);
	ok = compress_tree(ctx, &s, tree, &digest.w, err);
	closed = lf_writer_close(file, ok ? err : &second);
	ok = ok && closed;
	if (ok) {
		ret->size = digest.n;
		ret->file_size = s.file_size;
		lf_digest_final(digest.digest, ret->sha256);
	}
	lf_digest_writer_fini(&digest);
	return ok;
}
