/*
 * One package on its way into the tree: between install.c and install_entry.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "apk/installed.h"
#include "codec/tar.h"
#include "image/image.h"

struct lf_installing {
	struct lf_image *img;
	struct lf_package *package;
	uint32_t index; /* of the package: the owner of its nodes */
	/* Every entry of the data section, and the node it became (NULL when it did not). */
	struct lf_apk_path *path;
	struct lf_node **node;
	size_t n_paths, cap;
	/* The directory of the last entry that was put, and the text that led there; NULL: none. */
	struct lf_node *dir;
	struct lf_str dir_path;
};

bool lf_install_entry(struct lf_installing *in, const struct lf_tar_entry *e,
		      struct lf_err *err) LF_MUST_CHECK;
void lf_installing_fini(struct lf_installing *in);
