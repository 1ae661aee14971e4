/* Architecture names: apk's, Go's (OCI), triplets. upstream: apko pkg/build/types.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stddef.h>

struct lf_arch {
	const char *apk;         /* x86_64 */
	const char *oci;         /* amd64; "arm/v7" */
	const char *oci_arch;    /* arm */
	const char *oci_variant; /* v7, or "" */
	const char *gnu_triplet; /* "x86_64-pc-linux-": the libc flavour follows (with eabihf:
				    "arm-unknown-linux-" + "gnueabihf") */
	const char *rust_triplet;
	const char *abi; /* "eabihf" or "" */
};

/* All known ones, in upstream's order of "all" (386, amd64, arm64, arm/v6, arm/v7, loong64,
 * ppc64le, riscv64, s390x). */
extern const struct lf_arch lf_archs[];
extern const size_t lf_n_archs;

/* By any accepted spelling; NULL when unknown (the caller passes the text through). */
const struct lf_arch *lf_arch_find(const char *name);
const char *lf_arch_apk(const char *name); /* apk spelling, or name itself */
const char *lf_arch_oci(const char *name);
const struct lf_arch *lf_arch_host(void); /* of this machine */
