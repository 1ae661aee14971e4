/*
 * The commands of apko, one line each: extern const struct lf_cmd apko_cmd_<name>, defined in
 * cmd_<name>.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "cli/cli.h"

extern const struct lf_cmd apko_cmd_build;
extern const struct lf_cmd apko_cmd_build_cpio;
extern const struct lf_cmd apko_cmd_build_minirootfs;
extern const struct lf_cmd apko_cmd_clean;
extern const struct lf_cmd apko_cmd_dot;
extern const struct lf_cmd apko_cmd_erofs;
extern const struct lf_cmd apko_cmd_install_keys;
extern const struct lf_cmd apko_cmd_lock;
extern const struct lf_cmd apko_cmd_login;
extern const struct lf_cmd apko_cmd_publish;
extern const struct lf_cmd apko_cmd_resolve;
extern const struct lf_cmd apko_cmd_show_config;
extern const struct lf_cmd apko_cmd_show_packages;
