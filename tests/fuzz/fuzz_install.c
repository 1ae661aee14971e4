/*
 * A data section as two packages one after the other into a tree, and the tree as tar: no entry may
 * break either.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>

#include "image/install.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void install(struct lf_image *img, struct lf_installing *in, const uint8_t *data,
		    size_t size)
{
	lf_auto_reader *src = lf_reader_mem(data, size);
	struct lf_tar_in *tar = lf_tar_in_new(src, &img->arena);
	struct lf_tar_entry e;
	bool more;

	in->package->data =
		(struct lf_blob){.mem = data, .fd = -1, .size = size, .path = "package"};
	while (lf_tar_next(tar, &e, &more, NULL) && more)
		(void)(lf_install_entry(in, &e, NULL) || !more);
	lf_tar_in_free(tar);
}

static void print(struct lf_image *img)
{
	lf_auto_buf out = {.max = 64 << 20};
	lf_auto_err err = {0};
	struct lf_writer *w = lf_writer_buf(&out);

	/* What an entry claims to hold may lie behind the end of the data: an error, no more. */
	if (lf_tree_tar(img->tree, w, &err) && out.n % 512 != 0)
		abort();
	if (!lf_writer_close(w, NULL))
		return;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lf_ctx ctx = {0};
	struct lf_image_run run = {.ctx = &ctx};
	struct lf_image img = {.run = &run};
	struct lf_package package[2] = {0}, *list[2] = {&package[0], &package[1]};
	const size_t half = size / 1024 * 512;

	img.tree = lf_tree_new();
	img.package = list;
	for (uint32_t i = 0; i < 2; i++) {
		struct lf_installing in = {.img = &img, .package = list[i], .index = i};

		package[i].apk.pkg.name = i ? "b" : "a";
		package[i].apk.pkg.origin = "same";
		install(&img, &in, data + (i ? half : 0), i ? size - half : half);
		lf_installing_fini(&in);
	}
	print(&img);
	lf_tree_free(img.tree);
	lf_arena_fini(&img.arena);
	return 0;
}
