/*
 * EROFS images: all names, attributes and contents, as a layer over itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include "codec/erofs.h"
#include "tree/tree.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct lf_erofs_source src = {.mem = data, .fd = -1, .size = size, .path = "x"};
	struct lf_tree *t = lf_tree_new();
	lf_auto_buf content = {0};
	struct lf_erofs image;
	struct lf_erofs_inode i;

	if (lf_tree_add_erofs(t, &src, false, NULL))
		(void)!lf_tree_add_erofs(t, &src, true, NULL);
	lf_tree_free(t);
	if (!lf_erofs_open(&image, &src, NULL))
		return 0;
	for (uint64_t nid = 0; nid < 64; nid++)
		if (lf_erofs_get_inode(&image, nid, &i, NULL))
			(void)!lf_erofs_read(&image, &i, 1 << 20, &content, NULL);
	return 0;
}
