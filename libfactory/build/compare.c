/*
 * Two packages side by side: the files of their control and data sections, in the order of their
 * names. Told is what differs of each: kind, mode, owner, target, attributes, content; short texts
 * are shown as a diff. Compressed bytes do not count: they are another tool's choice.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/diff.h"
#include "base/map.h"
#include "build/rebuild.h"

#include "base/banned.h"

#define MAX_SHOWN ((uint64_t)64 << 10)

struct comparison {
	struct lf_buf *out;
	const struct lf_tree *old_tree, *new_tree;
	struct lf_arena arena;
	struct lf_map nodes[2]; /* path → struct lf_node */
};

/* ---- text ---- */

static bool is_text(struct lf_str s)
{
	return lf_str_find(s, '\0') < 0;
}

static void show(struct comparison *c, const char *path, struct lf_str old, struct lf_str new)
{
	if (lf_str_eq(old, new))
		return;
	lf_buf_printf(c->out, "changed: %s\n", path);
	if (is_text(old) && is_text(new))
		lf_diff_unified(c->out, lf_arena_printf(&c->arena, "a/%s", path), old,
				lf_arena_printf(&c->arena, "b/%s", path), new);
}

/* ---- data section ---- */

static bool add_node(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	struct lf_map *map = ((void **)data)[0];
	struct lf_arena *arena = ((void **)data)[1];

	(void)err;
	lf_map_set(map, lf_str(lf_arena_strdup(arena, path)), n);
	return true;
}

static bool list_nodes(struct comparison *c, int side, struct lf_tree *tree, struct lf_err *err)
{
	void *data[] = {&c->nodes[side], &c->arena};

	return lf_tree_walk(tree, add_node, data, err);
}

static void describe_xattrs(struct lf_buf *out, const struct lf_node *n)
{
	for (const struct lf_xattr *x = n->xattr; x; x = x->next) {
		lf_auto_free char *hex = lf_alloc(2 * x->value.n + 1);
		lf_hex(x->value.p, x->value.n, hex);
		lf_buf_printf(out, ", " LF_STR_FMT "=%s", LF_STR_ARG(x->key), hex);
	}
}

/* What a listing would tell of it, but for the content. */
static void describe(struct lf_buf *out, const struct lf_node *n)
{
	static const char *const kinds[] = {
		[LF_NODE_DIR] = "directory", [LF_NODE_FILE] = "file",
		[LF_NODE_SYMLINK] = "link",  [LF_NODE_HARDLINK] = "hard link",
		[LF_NODE_CHAR] = "device",   [LF_NODE_BLOCK] = "block device",
		[LF_NODE_FIFO] = "fifo",
	};

	lf_buf_printf(out, "%s %04o %u:%u", kinds[n->type], (unsigned)n->mode, n->uid, n->gid);
	if (n->type == LF_NODE_FILE)
		lf_buf_printf(out, ", %llu bytes", (unsigned long long)n->size);
	if (n->link)
		lf_buf_printf(out, ", to %s", n->link);
	if (n->type == LF_NODE_CHAR || n->type == LF_NODE_BLOCK)
		lf_buf_printf(out, ", %u:%u", n->devmajor, n->devminor);
	if (n->mtime)
		lf_buf_printf(out, ", time %lld", (long long)n->mtime);
	describe_xattrs(out, n);
}

static bool digest(const struct lf_node *n, char hex[2 * LF_SHA256_LEN + 1], struct lf_err *err)
{
	uint8_t sha256[LF_SHA256_LEN];
	struct lf_digest_writer d;
	bool ok;

	lf_digest_writer_init(&d, LF_SHA256, NULL);
	ok = lf_blob_copy(n->blob, n->offset, n->size, &d.w, err);
	lf_digest_final(d.digest, sha256);
	lf_digest_writer_fini(&d);
	lf_hex(sha256, sizeof(sha256), hex);
	return ok;
}

static bool compare_content(struct comparison *c, const char *path, const struct lf_node *old,
			    const struct lf_node *new, struct lf_err *err)
{
	char was[2 * LF_SHA256_LEN + 1], is[2 * LF_SHA256_LEN + 1];
	lf_auto_buf a = {0}, b = {0};

	if (!digest(old, was, err) || !digest(new, is, err))
		return false;
	if (!strcmp(was, is))
		return true;
	if (old->size <= MAX_SHOWN && new->size <= MAX_SHOWN) {
		if (!lf_tree_read(c->old_tree, old, MAX_SHOWN, &a, err) ||
		    !lf_tree_read(c->new_tree, new, MAX_SHOWN, &b, err))
			return false;
		show(c, path, lf_buf_view(&a), lf_buf_view(&b));
	} else {
		lf_buf_printf(c->out, "changed: %s\n", path);
	}
	lf_buf_printf(c->out, "  sha256 %s -> %s\n", was, is);
	return true;
}

static bool compare_nodes(struct comparison *c, const char *path, const struct lf_node *old,
			  const struct lf_node *new, struct lf_err *err)
{
	lf_auto_buf was = {0}, is = {0};

	describe(&was, old);
	describe(&is, new);
	if (!lf_str_eq(lf_buf_view(&was), lf_buf_view(&is)))
		lf_buf_printf(c->out, "changed: %s\n  %s -> %s\n", path, lf_buf_c(&was),
			      lf_buf_c(&is));
	if (old->type != LF_NODE_FILE || new->type != LF_NODE_FILE)
		return true;
	return compare_content(c, path, old, new, err);
}

static bool compare_data(struct comparison *c, struct lf_err *err)
{
	for (size_t i = 0; i < c->nodes[0].n; i++) {
		struct lf_str path = c->nodes[0].entry[i].key;
		const struct lf_node *new = lf_map_get(&c->nodes[1], path);
		if (!new)
			lf_buf_printf(c->out, "removed: " LF_STR_FMT "\n", LF_STR_ARG(path));
		else if (!compare_nodes(c, path.p, c->nodes[0].entry[i].value, new, err))
			return false;
	}
	for (size_t i = 0; i < c->nodes[1].n; i++) {
		struct lf_str path = c->nodes[1].entry[i].key;
		if (!lf_map_has(&c->nodes[0], path))
			lf_buf_printf(c->out, "added: " LF_STR_FMT "\n", LF_STR_ARG(path));
	}
	return true;
}

/* ---- control section ---- */

/* The digest is of compressed bytes. */
static void without_datahash(struct lf_buf *out, struct lf_str pkginfo)
{
	struct lf_str line;

	while (lf_str_line(&pkginfo, &line))
		if (!lf_str_starts(line, "datahash = "))
			lf_buf_printf(out, LF_STR_FMT "\n", LF_STR_ARG(line));
}

static void compare_control(struct comparison *c, const struct lf_apk *old,
			    const struct lf_apk *new)
{
	lf_auto_buf was = {0}, is = {0};

	without_datahash(&was, old->pkginfo);
	without_datahash(&is, new->pkginfo);
	show(c, ".PKGINFO", lf_buf_view(&was), lf_buf_view(&is));
	for (size_t i = 0; i < old->n_files; i++) {
		const struct lf_apk_control_file *f = &old->file[i],
						 *g = lf_apk_control_file(new, f->name);
		if (g)
			show(c, f->name, f->content, g->content);
		else
			lf_buf_printf(c->out, "removed: %s\n", f->name);
	}
	for (size_t i = 0; i < new->n_files; i++)
		if (!lf_apk_control_file(old, new->file[i].name))
			lf_buf_printf(c->out, "added: %s\n", new->file[i].name);
}

bool lf_published_compare(const struct lf_published *old, const struct lf_published *new,
			  struct lf_buf *out, struct lf_err *err)
{
	struct comparison c = {.out = out, .old_tree = old->tree, .new_tree = new->tree};
	bool ok;

	compare_control(&c, &old->apk, &new->apk);
	ok = list_nodes(&c, 0, old->tree, err) && list_nodes(&c, 1, new->tree, err) &&
	     compare_data(&c, err);
	lf_map_fini(&c.nodes[0]);
	lf_map_fini(&c.nodes[1]);
	lf_arena_fini(&c.arena);
	return ok;
}
