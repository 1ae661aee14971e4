/*
 * The commands of melange, one line each: extern const struct lf_cmd melange_cmd_<name>, defined in
 * cmd_<name>.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <factory/builtins.h>

#include "cli/cli.h"

/* The pipeline definitions below pipelines/. */
extern const struct lf_builtins melange_builtins;

/* The linters that run when no others are named. */
#define MELANGE_LINT_REQUIRE \
	"dev,infodir,libtool/la-files,setuidgid,tempdir,usrmerge,varempty,worldwrite"
#define MELANGE_LINT_WARN                                                                     \
	"binaryarch,cudaruntimelib,dll,duplicate,dylib,lddcheck,maninfo,nonlinux,object,opt," \
	"pkgconf,python/docs,python/multiple,python/test,sbom,srv,staticarchive,strip,"       \
	"unsupportedarch,usrlocal"

extern const struct lf_cmd melange_cmd_build;
extern const struct lf_cmd melange_cmd_bump;
extern const struct lf_cmd melange_cmd_compile;
extern const struct lf_cmd melange_cmd_index;
extern const struct lf_cmd melange_cmd_initramfs;
extern const struct lf_cmd melange_cmd_keygen;
extern const struct lf_cmd melange_cmd_license_check;
extern const struct lf_cmd melange_cmd_lint;
extern const struct lf_cmd melange_cmd_package_version;
extern const struct lf_cmd melange_cmd_query;
extern const struct lf_cmd melange_cmd_rebuild;
extern const struct lf_cmd melange_cmd_scan;
extern const struct lf_cmd melange_cmd_sign;
extern const struct lf_cmd melange_cmd_sign_index;
extern const struct lf_cmd melange_cmd_source;
extern const struct lf_cmd melange_cmd_test;
extern const struct lf_cmd melange_cmd_update_cache;
extern const struct lf_cmd melange_cmd_verify;
