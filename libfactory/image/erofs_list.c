/*
 * `apko erofs ls`: what an image would show when mounted, as aligned columns: mode, owner, size (or
 * device), time, path.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/erofs.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/date.h"
#include "base/fs.h"
#include "codec/erofs.h"
#include "image/erofs_source.h"
#include "tree/tree.h"
#include "base/banned.h"

#define CELL 32
/* Years 0 to 9999. */
#define FIRST_TIME INT64_C(-62167219200)
#define LAST_TIME  INT64_C(253402300799)

struct listing {
	struct lf_buf out;
	size_t owner_width, size_width;
	bool print; /* otherwise only the widths are found */
};

/* ---- cells ---- */

/* The x of a group of bits, or the letter for a special bit in its place. */
static char execute(bool x, bool special, char letter)
{
	if (!special)
		return x ? 'x' : '-';
	return x ? letter : (char)(letter - 'a' + 'A');
}

static void print_mode(const struct lf_node *n, char out[11])
{
	static const char types[] = {
		[LF_NODE_DIR] = 'd',      [LF_NODE_FILE] = '-', [LF_NODE_SYMLINK] = 'l',
		[LF_NODE_HARDLINK] = '-', [LF_NODE_CHAR] = 'c', [LF_NODE_BLOCK] = 'b',
		[LF_NODE_FIFO] = 'p',
	};

	out[0] = types[n->type];
	for (unsigned i = 0; i < 9; i++)
		out[1 + i] = n->mode >> (8 - i) & 1 ? "rwxrwxrwx"[i] : '-';
	out[3] = execute(n->mode & S_IXUSR, n->mode & S_ISUID, 's');
	out[6] = execute(n->mode & S_IXGRP, n->mode & S_ISGID, 's');
	out[9] = execute(n->mode & S_IXOTH, n->mode & S_ISVTX, 't');
	out[10] = '\0';
}

static size_t print_owner(const struct lf_node *n, char out[CELL])
{
	return (size_t)snprintf(out, CELL, "%u/%u", n->uid, n->gid);
}

static size_t print_size(const struct lf_node *n, char out[CELL])
{
	if (n->type == LF_NODE_CHAR || n->type == LF_NODE_BLOCK)
		return (size_t)snprintf(out, CELL, "%u,%u", n->devmajor, n->devminor);
	if (n->type == LF_NODE_SYMLINK)
		return (size_t)snprintf(out, CELL, "%zu", strlen(n->link));
	return (size_t)snprintf(out, CELL, "%ju", (uintmax_t)n->size);
}

/* "2020-09-13 12:26" of "2020-09-13T12:26:40Z" */
static void print_time(int64_t seconds, struct lf_buf *out)
{
	char date[LF_DATE_MAX];

	if (seconds < FIRST_TIME || seconds > LAST_TIME)
		seconds = seconds < 0 ? FIRST_TIME : LAST_TIME;
	lf_date_print(seconds, date);
	struct lf_str rest = lf_str(date), day = lf_str_cut(&rest, 'T');

	lf_buf_str(out, day);
	lf_buf_putc(out, ' ');
	lf_buf_str(out, lf_str_sub(rest, 0, 5));
}

/* Names are strangers': nothing in them reaches a terminal as a command. */
static void print_name(const char *name, struct lf_buf *out)
{
	for (; *name; name++)
		if ((unsigned char)*name < ' ' || *name == 127)
			lf_buf_printf(out, "\\x%02x", (unsigned char)*name);
		else
			lf_buf_putc(out, *name);
}

/* ---- lines ---- */

static bool list_node(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	struct listing *l = data;
	char mode[11], owner[CELL], size[CELL];
	const size_t owner_n = print_owner(n, owner), size_n = print_size(n, size);

	(void)err;
	if (!l->print) {
		l->owner_width = owner_n > l->owner_width ? owner_n : l->owner_width;
		l->size_width = size_n > l->size_width ? size_n : l->size_width;
		return true;
	}
	print_mode(n, mode);
	lf_buf_printf(&l->out, "%s  %-*s  %-*s  ", mode, (int)l->owner_width, owner,
		      (int)l->size_width, size);
	print_time(n->mtime, &l->out);
	lf_buf_puts(&l->out, "  ");
	print_name(path, &l->out);
	if (n->type == LF_NODE_SYMLINK) {
		lf_buf_puts(&l->out, " -> ");
		print_name(n->link, &l->out);
	}
	lf_buf_putc(&l->out, '\n');
	return true;
}

static bool read_layer(struct lf_tree *t, const char *path, bool over, struct lf_err *err)
{
	lf_auto_fd fd = lf_open_read(path, err);
	struct stat st;

	if (fd < 0)
		return lf_fail(err, "open layers");
	if (fstat(fd, &st) < 0)
		return lf_fail_errno(err, "stat %s", path);
	const struct lf_erofs_source src = {.fd = fd, .size = (uint64_t)st.st_size, .path = path};

	return lf_tree_add_erofs(t, &src, over, err);
}

static bool list_layers(const struct lf_ctx *ctx, const struct lf_strv *layers, struct lf_tree *t,
			struct listing *l, struct lf_err *err)
{
	for (size_t i = 0; i < layers->n; i++)
		if (!lf_check_cancel(ctx, err) || !read_layer(t, layers->v[i], layers->n > 1, err))
			return false;
	if (!lf_tree_walk(t, list_node, l, err))
		return false;
	l->print = true;
	return lf_tree_walk(t, list_node, l, err);
}

bool lf_erofs_list(const struct lf_ctx *ctx, const char *source, const char *arch, char **ret,
		   struct lf_err *err)
{
	lf_auto_arena arena = {0};
	struct lf_erofs_source_name name;
	lf_auto_strv layers = {0};
	struct listing l = {0};
	struct lf_tree *t = lf_tree_new();
	bool ok = lf_erofs_parse_source(source, &arena, &name, err);

	if (ok) {
		ok = lf_erofs_find_layers(&name, arch, &arena, &layers, err) ||
		     lf_fail(err, "open layers");
	}
	ok = ok && list_layers(ctx, &layers, t, &l, err);
	if (ok)
		*ret = lf_buf_detach(&l.out);
	lf_buf_fini(&l.out);
	lf_tree_free(t);
	return ok;
}
