/*
 * Opens a file of a tree for the ELF reader. Most files are told from ELF by their first bytes; one
 * that lies on disk as a whole is read in place, one that is a range of an archive is copied to an
 * unnamed file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/elf_file.h"

#include <fcntl.h>
#include <string.h>

#include "base/fs.h"

#include "base/banned.h"

static bool copy_to(const struct lf_node *n, int fd, struct lf_err *err)
{
	struct lf_writer *w = lf_writer_fd(fd, false);
	bool ok = lf_blob_copy(n->blob, n->offset, n->size, w, err);

	return lf_writer_close(w, ok ? err : NULL) && ok;
}

static int open_file(const struct lf_node *n, struct lf_err *err)
{
	int fd;

	if (n->blob->fd < 0 && n->offset == 0 && n->size == n->blob->size)
		return lf_open_beneath(n->blob->root, n->blob->path, O_RDONLY, 0, err);
	fd = lf_temp_file(err);
	if (fd >= 0 && !copy_to(n, fd, err))
		lf_close_p(&fd);
	return fd;
}

bool lf_node_elf(const struct lf_node *node, struct lf_arena *arena, struct lf_elf *ret,
		 bool *ret_is_elf, struct lf_err *err)
{
	const struct lf_node *n = lf_node_content(node);
	lf_auto_fd fd = -1;
	char magic[4];

	*ret_is_elf = false;
	if (!n || n->type != LF_NODE_FILE || !n->blob || n->size < 64)
		return true;
	if (!lf_blob_read(n->blob, n->offset, magic, sizeof(magic), err))
		return false;
	if (memcmp(magic, "\177ELF", 4) != 0)
		return true;
	if (n->blob->mem)
		return lf_elf_read_mem(n->blob->mem + n->offset, n->size, arena, ret, ret_is_elf,
				       err);
	fd = open_file(n, err);
	return fd >= 0 && lf_elf_read(fd, arena, ret, ret_is_elf, err);
}
