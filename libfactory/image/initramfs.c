/*
 * melange initramfs: packages in, one cpio archive out. There is no configuration: the root is what
 * the packages have.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/image.h>

#include "apk/arch.h"
#include "base/buf.h"
#include "base/vec.h"
#include "base/banned.h"

static void tell_list(const struct lf_ctx *ctx, const char *what, const struct lf_strv *v)
{
	lf_auto_buf list = {0};

	for (size_t i = 0; i < v->n; i++)
		lf_buf_printf(&list, "%s%s", i ? " " : "", v->v[i]);
	if (v->n)
		lf_info(ctx, "  %s: [%s]", what, lf_buf_c(&list));
}

static bool build(const struct lf_ctx *ctx, const struct lf_initramfs_options *o,
		  struct lf_err *err)
{
	lf_auto_strv packages = {0};

	lf_strv_add(&packages, o->init_package);
	lf_strv_addv(&packages, &o->packages);
	const struct lf_image_options image = {
		.build_repositories = o->repositories, .keyring = o->keyring, .packages = packages};

	return lf_image_build_cpio(ctx, &image, o->arch, o->output, err) ||
	       lf_fail(err, "failed to generate initramfs");
}

bool lf_initramfs_build(const struct lf_ctx *ctx, const struct lf_initramfs_options *o,
			struct lf_err *err)
{
	if (!*o->arch)
		return lf_fail_new(err, LF_E_USAGE, "--arch is required (e.g., x86_64, aarch64)");
	lf_info(ctx, "Generating base initramfs for %s", lf_arch_oci(o->arch));
	lf_info(ctx, "  Init package: %s", o->init_package);
	tell_list(ctx, "Repositories", &o->repositories);
	tell_list(ctx, "Additional packages", &o->packages);
	tell_list(ctx, "Extra keys", &o->keyring);
	if (!build(ctx, o, err))
		return false;
	lf_info(ctx, "Successfully wrote initramfs to %s", o->output);
	lf_info(ctx, "To use this initramfs in builds, set: QEMU_BASE_INITRAMFS=%s", o->output);
	return true;
}
